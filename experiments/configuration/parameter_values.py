"""Numbers of a configuration read by dotted key, and scenarios with other numbers at such keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.inputs.dated_inputs import own_priors, parameters
from sim.inputs.dotted_keys import declared_keys, replace_at, value_at
from sim.inputs.scenario_reader import build_scenario
from sim.scenario import Scenario

FITTED_MARKET = "primorye"
"""The market that the shipped prior and posterior describe."""
KRAI_RESIDENTS, RESIDENT = "population.russian.", "resident"
WHOLE_UNITS = frozenset({"workers", "months", "firms"})
"""Units of parameters that are counted in whole numbers."""


def number_at(configuration: Mapping[str, Any] | Scenario, key: str) -> float | None:
    """The number at a dotted key; None if there is none."""
    value = value_at(configuration, key, None)
    return value if isinstance(value, int | float) else None


def shipped_key(key: str, configuration: Mapping[str, Any] | Scenario) -> str:
    """The key of the shipped parameter that is sampled for a key of a market.

    In a market other than the krai, residents behave as the krai's do. Any other key is its own.
    """
    section, _, rest = key.partition(".")
    group, _, name = rest.partition(".")
    if section != "population" or value_at(configuration, "market.name", None) == FITTED_MARKET:
        return key
    kind = value_at(configuration, f"population.{group}.kind", None)
    return f"{KRAI_RESIDENTS}{name}" if kind == RESIDENT else key


def scenario_with(resolved: Mapping[str, Any], values: Mapping[str, float]) -> Scenario:
    """The scenario of a composed configuration with other numbers at these dotted keys.

    Raises ScenarioError if the numbers contradict one another or the rest.
    """
    raw: Any = {name: resolved[name] for name in declared_keys(Scenario) if name in resolved}
    for key, value in in_own_units(resolved, values).items():
        raw = replace_at(raw, key, value)
    return build_scenario(raw)


def in_own_units(
    resolved: Mapping[str, Any], values: Mapping[str, float]
) -> dict[str, float | int]:
    """Numbers for a configuration: whole where what they count is."""
    return {
        key: round(value) if is_whole(key, value_at(resolved, key)) else float(value)
        for key, value in values.items()
    }


def is_whole(key: str, present: object) -> bool:
    """Whether the number at a key must be whole, judged by its unit and its present value."""
    known = parameters().get(key) or own_priors().get(key)
    counted = known is None or known.unit in WHOLE_UNITS
    return counted and isinstance(present, int)
