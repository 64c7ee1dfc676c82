"""The three branches of one replicate, counted in full whatever the scale of the model: what every reported measure is computed from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.engine.panel import TABLES, Panel
from sim.engine.worker_columns import BURN_IN_MONTHS, Array
from sim.inputs.dated_inputs import DatedInputs
from sim.paired import PairedBranches
from sim.scenario import ContractCrew, Scenario

IS_SUM = {
    part: np.array([not measure.is_mean for measure in table]) for part, table in TABLES.items()
}
"""Sums grow with `market.scale`; means, prices and ratios do not."""


class FullScaleBranch:
    """One run's panel by measure name, sums divided by the scale of the run."""

    def __init__(self, panel: Panel, scale: float) -> None:
        self.panel = Panel(
            *(at_full_scale(array, IS_SUM[part], scale) for part, array in panel._asdict().items())
        )
        self._by_trade: dict[str, Array] = {}

    def by_group_trade(self, name: str) -> Array:
        """f8[T, G, K]."""
        return self._measure("by_group_trade", name)

    def by_group(self, name: str) -> Array:
        """f8[T, G]."""
        return self._measure("by_group", name)

    def by_paper(self, name: str) -> Array:
        """f8[T, G, 4] in the order of PAPERS."""
        return self._measure("by_paper", name)

    def by_trade(self, name: str) -> Array:
        """f8[T, K]."""
        return self._measure("by_trade", name)

    def market(self, name: str) -> Array:
        """f8[T]."""
        return self._measure("market", name)

    def labour_by_trade(self) -> Array:
        """E_k, standard workers at month end: f8[T, K]."""
        return self._of_all_groups("effective_labour")

    def heads_by_trade(self) -> Array:
        """Employed heads at month end: f8[T, K]."""
        return self._of_all_groups("heads_employed")

    def _measure(self, part: str, name: str) -> Array:
        values: Array = getattr(self.panel, part)[:, TABLES[part][name.upper()]]
        return values

    def _of_all_groups(self, name: str) -> Array:
        """Sum over groups, taken once."""
        if name not in self._by_trade:
            self._by_trade[name] = self.by_group_trade(name).sum(axis=1)
        return self._by_trade[name]


def at_full_scale(array: Array, is_sum: Array, scale: float) -> Array:
    """Measures (axis 1) that are sums divided by the scale."""
    divisors = np.where(is_sum, scale, 1.0).reshape(-1, *(1,) * (array.ndim - 2))
    scaled: Array = array / divisors
    return scaled


@dataclass(frozen=True, eq=False)
class Comparison:
    """Baseline, policy and policy branch at baseline wages of one replicate with the scenario and the dated inputs they were run on."""

    scenario: Scenario
    inputs: DatedInputs
    baseline: FullScaleBranch
    policy: FullScaleBranch
    policy_at_baseline_wages: FullScaleBranch

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


def comparison(pair: PairedBranches, scenario: Scenario, inputs: DatedInputs) -> Comparison:
    """A replicate's panels as the whole market would count them."""
    scale = scenario.market.scale
    return Comparison(
        scenario,
        inputs,
        *(
            FullScaleBranch(panel, scale)
            for panel in (pair.baseline, pair.policy, pair.policy_at_baseline_wages)
        ),
    )


def ratio(part: Array, whole: Array) -> Array:
    """Part over whole, and NaN (not zero, not infinity) where there is no whole."""
    blank: Array = np.full(np.broadcast(part, whole).shape, np.nan)
    np.divide(part, whole, out=blank, where=np.asarray(whole) != 0)
    return blank
