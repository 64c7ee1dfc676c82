"""Scenarios for tests, composed from the shipped configuration as a user would."""

from __future__ import annotations

import copy
import dataclasses
import functools
import gc
from collections.abc import Iterator, Mapping
from typing import Any, get_type_hints

from experiments.configuration.settings import Settings, load_settings
from sim.model import LabourMarket
from sim.scenario import Quantity, Scenario


@functools.cache
def make_settings(*overrides: str) -> Settings:
    """Checked settings for these overrides; composed once a session."""
    return load_settings(overrides)


def make_scenario(*overrides: str) -> Scenario:
    """The scenario for these overrides: `make_scenario("policy=none", "market.scale=0.02")`."""
    return make_settings(*overrides).scenario


def make_raw(changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The shipped configuration as `build_scenario` takes it, with values set by dotted key."""
    raw = {name: copy.deepcopy(make_settings().resolved[name]) for name in get_type_hints(Scenario)}
    for key, value in (changes or {}).items():
        section, last = descend(raw, key)
        section[last] = value
    return raw


def descend(raw: dict[str, Any], key: str) -> tuple[dict[str, Any], str]:
    """The section of a nested mapping that holds a dotted key, and the key's last part."""
    *sections, last = key.split(".")
    for name in sections:
        raw = raw[name]
    return raw, last


def quantities(record: Any, prefix: str = "") -> Iterator[tuple[str, Quantity]]:
    """Dotted key and range of every number of a scenario."""
    for name, hint in get_type_hints(type(record), include_extras=True).items():
        value, key = getattr(record, name), f"{prefix}{name}"
        annotated = [
            part for part in (hint, *getattr(hint, "__args__", ())) if hasattr(part, "__metadata__")
        ]
        if annotated and isinstance(annotated[0].__metadata__[0], Quantity):
            yield key, annotated[0].__metadata__[0]
        elif dataclasses.is_dataclass(value):
            yield from quantities(value, f"{key}.")
        elif name == "population":
            for group, numbers in value.items():
                yield from quantities(numbers, f"{key}.{group}.")


def markets_alive() -> int:
    """Number of markets still in memory.

    Found by exact type, because the referent of a weak reference may be gone.
    """
    return sum(type(each) is LabourMarket for each in gc.get_objects())
