"""Named scenarios that a page keeps: in the page's state, in its address, and beside each other."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from experiments.explorer.address import (
    ExplorerScenario,
    from_pairs,
    from_query,
    query_pairs,
    to_query,
)
from experiments.explorer.controls import BY_KEY
from experiments.reporting.question import policy_title
from sim.inputs.problems import refused

MOST_KEPT, LONGEST_NAME = 12, 40
"""Scenarios that one page may keep, as visitors share the machine; characters of a name."""
NAME = "name"


class KeptScenario(NamedTuple):
    """A scenario under a name, with its query string."""

    name: str
    query: str


def kept_of(stored: Iterable[Sequence[str]] | None) -> list[KeptScenario]:
    """The scenarios that a page has stored."""
    return [KeptScenario(name, query) for name, query in stored or ()]


def with_kept(kept: Sequence[KeptScenario], name: str, query: str) -> list[KeptScenario]:
    """The kept scenarios and one more, in place of one of its name; the oldest makes room.

    A scenario without a name gets one that says what it is.
    """
    own = (name.strip() or scenario_title(query))[:LONGEST_NAME]
    others = [each for each in kept if each.name != own]
    return [*others, KeptScenario(own, query)][-MOST_KEPT:]


def pin_of(kept: KeptScenario) -> str:
    """A kept scenario as the value of `pin` in an address."""
    return f"{urlencode({NAME: kept.name})}&{kept.query}"


def kept_from_pin(text: str) -> KeptScenario:
    """The kept scenario of an address; raises ConfigError with everything that is wrong."""
    pairs = query_pairs(text)
    scenario = from_pairs(pair for pair in pairs if pair[0] != NAME)
    name = dict(pairs).get(NAME, "").strip()
    return KeptScenario(
        name[:LONGEST_NAME] or scenario_title(to_query(scenario)), to_query(scenario)
    )


def too_many(pins: Sequence[str]) -> list[str]:
    """A line if an address keeps more scenarios than a page may."""
    if len(pins) <= MOST_KEPT:
        return []
    return [refused("pin", f"{len(pins)} scenarios", f"up to {MOST_KEPT}", "leave some out")]


def simulated_like(kept: KeptScenario, shown: ExplorerScenario) -> str:
    """The query of a kept scenario, simulated with the draws and replicates of the shown one."""
    scenario = from_query(kept.query)
    return to_query(
        dataclasses.replace(scenario, uncertainty=shown.uncertainty, replicates=shown.replicates)
    )


def scenario_title(query: str | None) -> str:
    """A scenario in a legend: its policy and what differs from the policy's file."""
    scenario = from_query(query or "")
    changes = [f"{short_name(key)} {value}" for key, value in scenario.values.items()]
    return ", ".join([policy_title(scenario.policy), *changes])


def short_name(key: str) -> str:
    """A key in a title: the label of its slider in small letters, or the key's last part."""
    if key in BY_KEY:
        label = BY_KEY[key].label
        return label if label.startswith("North Korean") else label[:1].lower() + label[1:]
    return key.split(".")[-1].replace("_", " ")
