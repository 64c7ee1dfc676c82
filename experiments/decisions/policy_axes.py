"""The keys over which policies are searched, and what the readings of a policy are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.calibration.posterior import POSTERIOR
from experiments.configuration.parameter_values import FITTED_MARKET
from experiments.configuration.variants import (
    Value,
    annotation_at,
    quantity_at,
    takes_whole_numbers,
)
from experiments.decisions.dated_measures import months_of
from experiments.decisions.goals import Reading, number_in
from experiments.decisions.methods.policy_sets import GRID
from experiments.decisions.paired_runs import Wanted, question_sweep, run_values
from experiments.ensembles.uncertainty import fitting_draws
from experiments.sweeps.design.sweep_settings import SweepSettings
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import parameters
from sim.inputs.dotted_keys import declared_keys
from sim.inputs.problems import ScenarioError, plain, refused, unknown
from sim.scenario import Scenario

PART = re.compile(r"(?P<key>[\w.]+)(?::(?P<low>[^.:]+(?:\.\d+)?)\.\.(?P<high>[^:]+))?")
MOST_AXES = max(GRID)
DIGITS = 6
"""Decimals kept of a policy's number."""


@dataclass(frozen=True)
class PolicyAxis:
    """A key of policy or levers that is searched from `low` to `high`, in whole numbers or not."""

    key: str
    low: float
    high: float
    whole: bool

    def value(self, place: float) -> float | int:
        """The value at a place from 0 to 1."""
        number = self.low + place * (self.high - self.low)
        return round(number) if self.whole else round(number, DIGITS)

    def place(self, value: float) -> float:
        """The place of a value."""
        return (value - self.low) / (self.high - self.low)


def read_policy_axes(text: str, scenario: Scenario) -> tuple[list[PolicyAxis], list[str]]:
    """Axes from 'KEY, KEY:LOW..HIGH', and what is wrong with them."""
    axes: list[PolicyAxis] = []
    problems: list[str] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        axis, wrong = read_policy_axis(part, scenario)
        problems += wrong
        axes += [axis] if axis else []
    if len(axes) > MOST_AXES:
        problems.append(refused("over", text, f"1 to {MOST_AXES} keys", "give fewer"))
    if len({axis.key for axis in axes}) < len(axes):
        problems.append(refused("over", text, "each key once", "leave one out"))
    return axes, problems


def read_policy_axis(part: str, scenario: Scenario) -> tuple[PolicyAxis | None, list[str]]:
    """One axis; without a range, from end to end of the prior or of what may be given."""
    match = PART.fullmatch(part)
    if match is None:
        return None, [refused("over", part, "KEY or KEY:LOW..HIGH", "write it so")]
    key = match["key"]
    known = number_keys(scenario)
    quantity = quantity_at(scenario, key)
    if quantity is None or key not in known:
        return None, [f"over: {unknown(key, part, known, 'number of policy or levers')}"]
    prior = parameters()[key].prior if key in parameters() else None
    low, high = prior or (quantity.low, quantity.high)
    if match["low"] is not None:
        ends = number_in(match["low"]), number_in(match["high"])
        allowed = f"{plain(quantity.low)} to {plain(quantity.high)} ({quantity.unit})"
        if (
            ends[0] is None
            or ends[1] is None
            or not (quantity.low <= ends[0] < ends[1] <= quantity.high)
        ):
            return None, [refused(f"over: {key}", part.partition(":")[2], allowed, "change it")]
        low, high = ends[0], ends[1]
    return PolicyAxis(key, low, high, takes_whole_numbers(annotation_at(scenario, key))), []


def number_keys(scenario: Scenario) -> list[str]:
    """Keys of policy and levers that hold a number."""
    return [
        name
        for name in declared_keys(Scenario)
        if name.startswith(("policy.", "levers.")) and quantity_at(scenario, name)
    ]


def posterior_draws(
    settings: SweepSettings, count: int, over: Sequence[str], kind: str = POSTERIOR
) -> list[Any]:
    """Draws of a shipped fit that fit the configuration, without the keys that are searched.

    Raises ScenarioError if there are too few.
    """
    resolved = settings.base.resolved
    if resolved["market"]["name"] != FITTED_MARKET:
        given = resolved["market"]["name"]
        allowed = f"{FITTED_MARKET}, which the posterior describes"
        raise ScenarioError([refused("market", given, allowed, "leave it out")])
    held = {**resolved, "held": list(over)}
    draws = fitting_draws([held], kind, count, settings.design.scenario.seed)
    return [values for (values,) in draws]


@dataclass(frozen=True)
class PolicyReader:
    """Simulates policies under the same draws and seeds, and reads them."""

    settings: SweepSettings
    draws: Sequence[Mapping[str, Value]]
    readings: Sequence[Reading]
    first_seed: int = 0

    def values(self, policies: Sequence[Mapping[str, Value]]) -> Array:
        """Readings of policies, each a mapping of keys to values: f8[policies, draws, readings].

        A draw is simulated under one seed, the same under every policy; `first_seed` is the number
        of the first seed.
        """
        seeds = min(self.settings.design.replicates, len(self.draws))
        mappings = [{**draw, **policy} for policy in policies for draw in self.draws]
        sweep = question_sweep(self.settings, mappings, self.first_seed + seeds)
        count = len(self.draws)
        runs = [
            Wanted(number * count + draw, self.first_seed + draw % seeds)
            for number in range(len(policies))
            for draw in range(count)
        ]
        return self.read(run_values(sweep, runs, self.measures, self.months), len(policies))

    def read(self, values: Mapping[str, Array], policies: int) -> Array:
        """Readings f8[policies, draws, readings] of values f8[runs, months] by measure."""
        found = [reading.of(values[reading.measure], self.months) for reading in self.readings]
        stacked: Array = np.stack(found, axis=-1).reshape(policies, -1, len(self.readings))
        missing = [
            reading.text
            for place, reading in enumerate(self.readings)
            if np.isnan(stacked[..., place]).any()
        ]
        if missing:
            raise ScenarioError(
                [f"{text}: the measure has no value there; read another" for text in missing]
            )
        return stacked

    @property
    def measures(self) -> list[str]:
        """Measures that are read, each once."""
        return list(dict.fromkeys(reading.measure for reading in self.readings))

    @property
    def months(self) -> list[str]:
        """Months that are read, in order."""
        return [
            month
            for month in months_of(self.settings.design.scenario)
            if any(reading.first <= month <= reading.last for reading in self.readings)
        ]
