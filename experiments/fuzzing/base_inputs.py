"""What cases start from: every shipped market with its people, and every policy and lever."""

from __future__ import annotations

import copy
import functools
from dataclasses import dataclass
from typing import Any, NamedTuple

from experiments.configuration.settings import load_settings
from experiments.configuration.shipped_files import CONFIGS
from sim.inputs.dated_inputs import series
from sim.inputs.problems import name_text

MARKETS = tuple(sorted(path.stem for path in (CONFIGS / "market").glob("*.yaml")))
POLICIES = tuple(sorted(path.stem for path in (CONFIGS / "policy").glob("*.yaml")))
LEVERS = tuple(sorted(path.stem for path in (CONFIGS / "levers").glob("*.yaml")))
POLICY_YEAR = 2017
"""The first date of the shipped policies; markets of another time are run without a policy."""


@dataclass(frozen=True)
class Base:
    """A shipped market and the month from which its dated series can be read."""

    market: str
    start: str

    def overrides(self) -> list[str]:
        """What chooses it on the command line."""
        chosen = [f"market={self.market}", f"population={self.market}", f"start={self.start}"]
        return chosen if self.has_policies() else [*chosen, "policy=none"]

    def has_policies(self) -> bool:
        """Whether the shipped policies and levers fall into its time."""
        return int(self.start[:4]) <= POLICY_YEAR


@functools.cache
def bases() -> tuple[Base, ...]:
    """Every shipped market, from the first month in which all its series have values."""
    return tuple(Base(market, first_month(market)) for market in MARKETS)


def first_month(market: str) -> str:
    """The first month in which every series that a market and its people name has a value."""
    resolved = load_settings([f"market={market}", f"population={market}", "start=2020-01",
                              "policy=none"]).resolved  # fmt: skip
    names = [resolved["market"]["inputs"][key] for key in ("consumer_prices", "rub_per_usd")]
    for group in resolved["population"].values():
        names += [group[key] for key in ("home_pay", "home_currency_per_usd") if key in group]
        names += [group["heads"]] if group["kind"] == "commuter" else []
    return max(series()[name].first for name in names)


@functools.cache
def _market(base: Base) -> dict[str, Any]:
    """The resolved configuration of a base without a policy."""
    return load_settings([*base.overrides(), "policy=none"]).resolved


@functools.cache
def _chosen(group: str, name: str) -> Any:
    """The section that a file of configs/policy or configs/levers describes."""
    return load_settings(["policy=none", f"{group}={name}"]).resolved[group]


def configuration(base: Base, policy: str, levers: str) -> dict[str, Any]:
    """The resolved configuration of a base under a policy and levers; it may be changed."""
    given = copy.deepcopy(_market(base))
    if base.has_policies():
        given["policy"] = copy.deepcopy(_chosen("policy", policy))
        given["levers"] = copy.deepcopy(_chosen("levers", levers))
    return given


class Entry(NamedTuple):
    """A value of a configuration, the section that it is in, and its dotted key."""

    section: dict[Any, Any]
    name: Any
    key: str

    @property
    def value(self) -> Any:
        """The value."""
        return self.section[self.name]


def entries(section: dict[Any, Any], prefix: str = "") -> list[Entry]:
    """Every value and every section in a configuration."""
    found = []
    for name, value in section.items():
        found.append(Entry(section, name, f"{prefix}{name_text(name)}"))
        if isinstance(value, dict):
            found += entries(value, f"{found[-1].key}.")
    return found


def values(section: dict[Any, Any]) -> list[Entry]:
    """Every value that is no section."""
    return [entry for entry in entries(section) if not isinstance(entry.value, dict)]
