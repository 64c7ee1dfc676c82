"""Money: what the sending state takes and loses, and what levers cost the public."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from sim.engine.panel import ByGroup, OfMarket
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import fact_range
from sim.inputs.evidence_files import ReportedMarket
from sim.measures.comparison import Comparison, FullScaleBranch, computed_once, ratio
from sim.measures.measure import BASELINE, PAIRED, Measure
from sim.measures.names import has_reported_crews, reported_of
from sim.scenario import Scenario

EXTRAPOLATED = "extrapolation, not simulated: "
PUBLIC = {
    "public_cost": "Public cost of all levers",
    "public_revenue": "Public revenue from all levers",
}
"""Name prefixes of measures of a lever's public cost or revenue, with the label of the total."""


def levy_usd(branches: Comparison, branch: FullScaleBranch) -> Array:
    """What the sending state takes of the month's pay, all crews together: f8[T]."""
    levy: Array = branch.of(ByGroup.LEVY_USD)[:, branches.crews].sum(axis=1)
    return levy


@computed_once
def levy_lost_usd(branches: Comparison) -> Array:
    """Levy of the baseline less that of the policy branch: f8[T] USD a month."""
    return levy_usd(branches, branches.baseline) - levy_usd(branches, branches.policy)


def lost_in_country_usd(branches: Comparison) -> Array:
    """Levy lost if all permits of the country had gone as the market's crews did, cumulated."""
    permits, _ = fact_range(reported(branches).permits_in_country)
    groups = list(branches.scenario.population.values())
    heads = sum(getattr(groups[group], "heads", 0) for group in branches.crews)
    return np.cumsum(levy_lost_usd(branches)) * (permits / heads if heads else 0.0)


def lost_in_all_hosts_usd(branches: Comparison, revenue_usd_a_year: float) -> Array:
    """Revenue lost if every host lost the share of it that the market does, cumulated."""
    share = ratio(levy_lost_usd(branches), levy_usd(branches, branches.baseline))
    lost: Array = revenue_usd_a_year * (np.cumsum(np.nan_to_num(share)) / 12.0)
    return lost


def reported(branches: Comparison) -> ReportedMarket:
    """What is reported of the market."""
    market = reported_of(branches.scenario)
    assert market is not None
    return market


def is_extrapolated(scenario: Scenario) -> bool:
    """Whether there are reported numbers to scale by."""
    return reported_of(scenario) is not None and has_reported_crews(scenario)


def cumulated(parts: Sequence[OfMarket], branches: Comparison) -> Array:
    """The sum of some measures of the market, added up from the start on: f8[T]."""
    return np.cumsum(sum(branches.policy.of(part) for part in parts))


def public_totals() -> dict[str, Measure]:
    """Total public cost and revenue of all levers since the start, where any lever has one."""
    totals = {}
    for kind, label in PUBLIC.items():
        parts = tuple(measure for measure in OfMarket if measure.key.startswith(f"{kind}_"))
        if parts:
            total = functools.partial(cumulated, parts)
            totals[f"{kind}_rub"] = Measure("nominal {money}, cumulated", label, total)
    return totals


PUBLIC_TOTALS = public_totals()


MONEY = {
    "dprk_state_revenue_usd": Measure(
        "USD a month",
        "{Sender}'s levy on its builders in {place}",
        lambda branches: levy_usd(branches, branches.policy),
    ),
    "dprk_state_revenue_baseline_usd": Measure(
        "USD a month",
        "{Sender}'s levy without the expulsion",
        lambda branches: levy_usd(branches, branches.baseline),
        BASELINE,
    ),
    "dprk_revenue_lost_usd": Measure(
        "USD, cumulated",
        "Levy lost by {sender}, builders in {place}",
        lambda branches: np.cumsum(levy_lost_usd(branches)),
        PAIRED,
    ),
    "dprk_revenue_lost_russia_extrapolated_usd": Measure(
        "USD, cumulated",
        "Levy lost in all {country}, scaled by heads",
        lost_in_country_usd,
        EXTRAPOLATED + "{permits} permits",
        is_reported=is_extrapolated,
    ),
    "dprk_revenue_lost_all_hosts_low_extrapolated_usd": Measure(
        "USD, cumulated",
        "Levy lost if all hosts did the same, low",
        lambda branches: lost_in_all_hosts_usd(
            branches, fact_range(reported(branches).revenue_of_all_hosts_usd)[0]
        ),
        EXTRAPOLATED + "{low} million USD a year",
        is_reported=is_extrapolated,
    ),
    "dprk_revenue_lost_all_hosts_high_extrapolated_usd": Measure(
        "USD, cumulated",
        "Levy lost if all hosts did the same, high",
        lambda branches: lost_in_all_hosts_usd(
            branches, fact_range(reported(branches).revenue_of_all_hosts_usd)[1]
        ),
        EXTRAPOLATED + "{high} million USD a year",
        is_reported=is_extrapolated,
    ),
    **PUBLIC_TOTALS,
}
