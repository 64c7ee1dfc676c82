"""A scenario from a composed configuration with some numbers set by key: how drawn parameters enter a run."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from sim.checking import build_scenario, keys_of
from sim.inputs import parameters
from sim.scenario import Scenario

WHOLE = frozenset({"workers", "months", "firms"})
"""Units of numbers that must be whole."""


def scenario_with(resolved: Mapping[str, Any], values: Mapping[str, float]) -> Scenario:
    """The scenario with each value at its dotted key. Raises ScenarioError if the values do not fit together."""
    raw = {name: copy.deepcopy(resolved[name]) for name in keys_of(Scenario) if name in resolved}
    for key, value in values.items():
        *sections, last = key.split(".")
        section: dict[str, Any] = raw
        for name in sections:
            section = section[name]
        section[last] = round(value) if is_whole(key, section[last]) else float(value)
    return build_scenario(raw)


def is_whole(key: str, present: object) -> bool:
    """Whether the number at a key must be whole."""
    known = parameters().get(key)
    return known.unit in WHOLE and isinstance(present, int) if known else isinstance(present, int)
