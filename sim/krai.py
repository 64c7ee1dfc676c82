"""The three runs of one replicate at the krai's scale: what every reported measure is computed from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.inputs import DatedInputs
from sim.paired import PairedRuns
from sim.panel import BY_GROUP, BY_GROUP_TRADE, BY_PAPER, BY_TRADE, MARKET, Panel
from sim.population import BURN_IN_MONTHS, Array
from sim.scenario import ContractCrew, Scenario

PAY = ("pay_per_head_rub", "pay_per_head_real_rub", "pay_per_head_usd")
WAGES = ("wage_posted_real", "wage_real", "wage_real_rub", "wage_nominal_rub", "wage_usd")
MEANS = frozenset((*PAY, *WAGES, "output_price", "labour_value", "labour_per_unit", "consumer_prices", "rub_per_usd"))
"""Panel measures that are means, prices or rates; all others are sums and grow with `market.scale`."""


@dataclass(frozen=True, eq=False)
class KraiRun:
    """One run's panel by measure name, sums divided by the scale of the run."""

    panel: Panel
    scale: float

    def by_group_trade(self, name: str) -> Array:
        """f8[T, G, K]."""
        return self._krai(self.panel.by_group_trade, BY_GROUP_TRADE, name)

    def by_group(self, name: str) -> Array:
        """f8[T, G]."""
        return self._krai(self.panel.by_group, BY_GROUP, name)

    def by_paper(self, name: str) -> Array:
        """f8[T, G, 4] in the order of PAPERS."""
        return self._krai(self.panel.by_paper, BY_PAPER, name)

    def by_trade(self, name: str) -> Array:
        """f8[T, K]."""
        return self._krai(self.panel.by_trade, BY_TRADE, name)

    def market(self, name: str) -> Array:
        """f8[T]."""
        return self._krai(self.panel.market, MARKET, name)

    def labour_by_trade(self) -> Array:
        """E_k, standard workers at month end: f8[T, K]."""
        labour: Array = self.by_group_trade("effective_labour").sum(axis=1)
        return labour

    def heads_by_trade(self) -> Array:
        """Employed heads at month end: f8[T, K]."""
        heads: Array = self.by_group_trade("heads_employed").sum(axis=1)
        return heads

    def _krai(self, array: Array, names: dict[str, str], name: str) -> Array:
        values: Array = array[:, list(names).index(name)]
        return values if name in MEANS else values / self.scale


@dataclass(frozen=True, eq=False)
class Comparison:
    """Twin, policy and pinned run of one replicate with the scenario and the dated inputs they were run on."""

    scenario: Scenario
    inputs: DatedInputs
    twin: KraiRun
    policy: KraiRun
    pinned: KraiRun

    @property
    def crews(self) -> list[int]:
        """Positions of the groups sent by their state (North Koreans): the ones an expulsion concerns."""
        return [i for i, group in enumerate(self.scenario.population.values()) if isinstance(group, ContractCrew)]

    def dated(self, name: str) -> Array:
        """A dated input from `start` on; the last axis is the month."""
        values: Array = getattr(self.inputs, name)[..., BURN_IN_MONTHS:]
        return values


def comparison(pair: PairedRuns, scenario: Scenario, inputs: DatedInputs) -> Comparison:
    """A replicate's panels as the krai would count them."""
    scale = scenario.market.scale
    return Comparison(scenario, inputs, *(KraiRun(panel, scale) for panel in (pair.twin, pair.policy, pair.pinned)))


def ratio(part: Array, whole: Array) -> Array:
    """Part over whole, and NaN (not zero, not infinity) where there is no whole."""
    blank: Array = np.full(np.broadcast(part, whole).shape, np.nan)
    np.divide(part, whole, out=blank, where=np.asarray(whole) != 0)
    return blank
