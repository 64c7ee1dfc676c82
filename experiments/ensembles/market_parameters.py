"""Which of the shipped parameters a market has, and at which key.

Prior and posterior describe the krai. How people and firms behave is taken to another market with
them; what describes the krai or its crews is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.calibration.posterior import is_behaviour
from experiments.configuration.parameter_values import FITTED_MARKET, KRAI_RESIDENTS, RESIDENT
from sim.inputs.dated_inputs import parameters
from sim.inputs.dotted_keys import value_at
from sim.scenario import Scenario


def market_parameters(configuration: Mapping[str, Any] | Scenario) -> dict[str, str]:
    """The shipped key of every parameter by its key in a market.

    In the krai every parameter is at its own key. Elsewhere only behaviour is, and that of the
    krai's residents goes to every group of residents.
    """
    if value_at(configuration, "market.name", None) == FITTED_MARKET:
        return {key: key for key in parameters()}
    return {
        there: key
        for key in parameters()
        if is_behaviour(key)
        for there in keys_elsewhere(key, configuration)
    }


def keys_elsewhere(key: str, configuration: Mapping[str, Any] | Scenario) -> list[str]:
    """The keys of a behaviour parameter in another market."""
    if not key.startswith(KRAI_RESIDENTS):
        return [key]
    return [
        for_residents(key, name)
        for name in value_at(configuration, "population", {})
        if value_at(configuration, f"population.{name}.kind", None) == RESIDENT
    ]


def for_residents(key: str, group: str) -> str:
    """The key of what is sampled for the krai's residents, for another group; others stay."""
    return key.replace(KRAI_RESIDENTS, f"population.{group}.")
