"""The three branches of one replicate at full scale, from which every measure is computed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.engine.panel import TABLES, ByGroupTrade, Panel, PanelMeasure
from sim.engine.worker_columns import BURN_IN_MONTHS, Array
from sim.inputs.dated_inputs import DatedInputs
from sim.paired import PairedBranches
from sim.scenario import ContractCrew, Scenario

IS_LEVEL = {
    part: np.array([not measure.is_mean for measure in table]) for part, table in TABLES.items()
}
"""Levels grow with `market.scale`; means, prices and ratios do not."""


class FullScaleBranch:
    """One branch's panel as the whole market would count it: levels divided by the scale."""

    def __init__(self, panel: Panel, scale: float) -> None:
        self.panel = Panel(
            *(
                at_full_scale(array, IS_LEVEL[part], scale)
                for part, array in panel._asdict().items()
            )
        )
        self._by_trade: dict[PanelMeasure, Array] = {}

    def of(self, measure: PanelMeasure) -> Array:
        """One measure of the panel: f8[T], and by group, trade or paper along further axes."""
        return self.panel.of(measure)

    def labour_by_trade(self) -> Array:
        """Standard workers employed at month end: f8[T, K]."""
        return self.summed_over_groups(ByGroupTrade.EFFECTIVE_LABOUR)

    def heads_by_trade(self) -> Array:
        """Employed heads at month end: f8[T, K]."""
        return self.summed_over_groups(ByGroupTrade.HEADS_EMPLOYED)

    def summed_over_groups(self, measure: ByGroupTrade) -> Array:
        """A measure of all groups together: f8[T, K]."""
        if measure not in self._by_trade:
            self._by_trade[measure] = self.of(measure).sum(axis=1)
        return self._by_trade[measure]


def at_full_scale(array: Array, is_level: Array, scale: float) -> Array:
    """Measures (axis 1) that are levels divided by the scale."""
    divisors = np.where(is_level, scale, 1.0).reshape(-1, *(1,) * (array.ndim - 2))
    scaled: Array = array / divisors
    return scaled


@dataclass(frozen=True, eq=False)
class Comparison:
    """The three branches of one replicate, with the scenario and the dated inputs behind them."""

    scenario: Scenario
    inputs: DatedInputs
    baseline: FullScaleBranch
    policy: FullScaleBranch
    policy_at_baseline_wages: FullScaleBranch
    known: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def crews(self) -> list[int]:
        """Positions of the groups sent by their state: the ones an expulsion concerns."""
        return [
            i
            for i, group in enumerate(self.scenario.population.values())
            if isinstance(group, ContractCrew)
        ]

    def dated(self, name: str) -> Array:
        """A dated input from `start` on; the last axis is the month."""
        values: Array = getattr(self.inputs, name)[..., BURN_IN_MONTHS:]
        return values


def computed_once[**P, Result](function: Callable[P, Result]) -> Callable[P, Result]:
    """Keep what a function of a Comparison and positions gives: several measures share it."""

    @functools.wraps(function)
    def kept(*args: P.args, **named: P.kwargs) -> Result:
        branches, key = args[0], (function, args[1:])
        assert isinstance(branches, Comparison)
        if key not in branches.known:
            branches.known[key] = function(*args, **named)
        result: Result = branches.known[key]
        return result

    return kept


def comparison(pair: PairedBranches, scenario: Scenario, inputs: DatedInputs) -> Comparison:
    """A replicate's panels as the whole market would count them."""
    scale = scenario.market.scale
    baseline, policy, policy_at_baseline_wages = (
        FullScaleBranch(panel, scale)
        for panel in (pair.baseline, pair.policy, pair.policy_at_baseline_wages)
    )
    return Comparison(scenario, inputs, baseline, policy, policy_at_baseline_wages)


def ratio(part: Array, whole: Array) -> Array:
    """Part over whole, and NaN (not zero, not infinity) where there is no whole."""
    blank: Array = np.full(np.broadcast(part, whole).shape, np.nan)
    np.divide(part, whole, out=blank, where=np.asarray(whole) != 0)
    return blank
