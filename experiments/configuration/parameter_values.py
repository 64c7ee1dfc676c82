"""Numbers of a configuration read by dotted key, and scenarios with other numbers at such keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.inputs.dated_inputs import parameters
from sim.inputs.dotted_keys import declared_keys, replace_at, value_at
from sim.inputs.scenario_reader import build_scenario
from sim.scenario import Scenario

WHOLE_UNITS = frozenset({"workers", "months", "firms"})
"""Units of parameters that are counted in whole numbers."""


def number_at(configuration: Mapping[str, Any] | Scenario, key: str) -> float | None:
    """The number at a dotted key; None if there is none."""
    value = value_at(configuration, key, None)
    return value if isinstance(value, int | float) else None


def scenario_with(resolved: Mapping[str, Any], values: Mapping[str, float]) -> Scenario:
    """The scenario of a composed configuration with other numbers at these dotted keys.

    Raises ScenarioError if the numbers contradict one another or the rest.
    """
    raw: Any = {name: resolved[name] for name in declared_keys(Scenario) if name in resolved}
    for key, value in values.items():
        whole = is_whole(key, value_at(raw, key))
        raw = replace_at(raw, key, round(value) if whole else float(value))
    return build_scenario(raw)


def is_whole(key: str, present: object) -> bool:
    """Whether the number at a key must be whole, judged by its unit and its present value."""
    known = parameters().get(key)
    counted = known is None or known.unit in WHOLE_UNITS
    return counted and isinstance(present, int)
