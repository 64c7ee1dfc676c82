"""Shortage: standard workers missing at a stated wage, and vacancies left open."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine.panel import ByGroupTrade, ByTrade
from sim.engine.worker_columns import Array
from sim.measures.comparison import Comparison, FullScaleBranch, computed_once, ratio
from sim.measures.measure import (
    AT_BASELINE_WAGES,
    BASELINE,
    PAIRED,
    Measure,
    TotalAndTrades,
    summed,
)


class Gap(NamedTuple):
    """Standard workers, f8[T, K], by which a branch's labour falls short of the baseline's.

    missing: what firms of the trade look for as they do in the baseline, judged by vacancies.
    idled: the rest, which firms do not look for because complementary trades are missing.
    """

    missing: Array
    idled: Array


def labour_gap(baseline: FullScaleBranch, branch: FullScaleBranch) -> Gap:
    """max(0, E_k of the baseline - E_k of the branch), split by how far vacancies reach."""
    # Trade by trade before anything is added up: too many workers of one trade make up for no
    # missing ones of another.
    gap = np.maximum(0.0, baseline.labour_by_trade() - branch.labour_by_trade())
    wanted = wanted_share(branch.of(ByTrade.VACANCY_STOCK), baseline.of(ByTrade.VACANCY_STOCK))
    return Gap(wanted * gap, (1.0 - wanted) * gap)


def wanted_share(vacancies: Array, vacancies_baseline: Array) -> Array:
    """Share of a gap that firms try to fill: vacancies over the baseline's, at most 1.

    Where the baseline has no vacancies the whole gap counts as wanted.
    """
    at_most_one: Array = np.divide(
        np.minimum(vacancies, vacancies_baseline),
        vacancies_baseline,
        out=np.ones_like(vacancies_baseline),
        where=vacancies_baseline > 0.0,
    )
    return at_most_one


@computed_once
def shortfall(branches: Comparison) -> Gap:
    """The gap of the policy branch at baseline wages."""
    return labour_gap(branches.baseline, branches.policy_at_baseline_wages)


@computed_once
def remaining_gap(branches: Comparison) -> Gap:
    """The gap of the policy branch, in which wages have answered."""
    return labour_gap(branches.baseline, branches.policy)


def percent_of_baseline_labour(branches: Comparison, gap: Array) -> Array:
    """A gap of all trades in percent of the labour employed in the baseline."""
    labour = branches.baseline.labour_by_trade().sum(axis=1)
    return 100.0 * ratio(gap.sum(axis=1), labour)


def unfilled_vacancies(branch: FullScaleBranch) -> TotalAndTrades:
    """Vacancies open at month end."""
    return summed(branch.of(ByTrade.VACANCIES_UNFILLED))


def naive_loss(branches: Comparison) -> Array:
    """Crew members gone x efficiency: f8[T] standard workers, as if nobody reacted to it."""
    lost = np.zeros(branches.scenario.months)
    for group, efficiency in zip(branches.crews, crew_efficiencies(branches), strict=True):
        lost += efficiency * heads_gone(branches, group)
    return lost


def heads_gone(branches: Comparison, group: int) -> Array:
    """Employed heads of a group in the baseline less those of the policy branch: f8[T]."""
    heads, heads_baseline = (
        branch.of(ByGroupTrade.HEADS_EMPLOYED) for branch in (branches.policy, branches.baseline)
    )
    gone: Array = (heads_baseline - heads)[:, group].sum(axis=1)
    return gone


def crew_efficiencies(branches: Comparison) -> list[float]:
    """Standard workers a head, of each crew."""
    groups = list(branches.scenario.population.values())
    return [getattr(groups[group], "efficiency", 1.0) for group in branches.crews]


SHORTFALL = "Shortfall at the baseline wage (missing labour)"
SHORTFALL_IDLED = "Idled by the missing labour, at the baseline wage"
REMAINING_GAP = "Remaining gap at the policy branch's own wage"
REMAINING_GAP_IDLED = "Idled by the missing labour, at the policy branch's own wage"
PERCENT = "percent of the baseline's labour"

SHORTAGE = {
    "shortfall_workers": Measure(
        "standard workers",
        SHORTFALL,
        lambda branches: summed(shortfall(branches).missing),
        AT_BASELINE_WAGES,
        by_trade=True,
    ),
    "shortfall_percent": Measure(
        PERCENT,
        SHORTFALL,
        lambda branches: percent_of_baseline_labour(branches, shortfall(branches).missing),
        AT_BASELINE_WAGES,
    ),
    "shortfall_idled_workers": Measure(
        "standard workers",
        SHORTFALL_IDLED,
        lambda branches: summed(shortfall(branches).idled),
        AT_BASELINE_WAGES,
        by_trade=True,
    ),
    "shortfall_idled_percent": Measure(
        PERCENT,
        SHORTFALL_IDLED,
        lambda branches: percent_of_baseline_labour(branches, shortfall(branches).idled),
        AT_BASELINE_WAGES,
    ),
    "remaining_gap_workers": Measure(
        "standard workers",
        REMAINING_GAP,
        lambda branches: summed(remaining_gap(branches).missing),
        PAIRED,
        by_trade=True,
    ),
    "remaining_gap_percent": Measure(
        PERCENT,
        REMAINING_GAP,
        lambda branches: percent_of_baseline_labour(branches, remaining_gap(branches).missing),
        PAIRED,
    ),
    "remaining_gap_idled_workers": Measure(
        "standard workers",
        REMAINING_GAP_IDLED,
        lambda branches: summed(remaining_gap(branches).idled),
        PAIRED,
        by_trade=True,
    ),
    "remaining_gap_idled_percent": Measure(
        PERCENT,
        REMAINING_GAP_IDLED,
        lambda branches: percent_of_baseline_labour(branches, remaining_gap(branches).idled),
        PAIRED,
    ),
    "unfilled_vacancies": Measure(
        "vacancies",
        "Vacancies unfilled at month end",
        lambda branches: unfilled_vacancies(branches.policy),
        by_trade=True,
    ),
    "unfilled_vacancies_baseline": Measure(
        "vacancies",
        "Vacancies unfilled at month end without the expulsion",
        lambda branches: unfilled_vacancies(branches.baseline).total,
        BASELINE,
    ),
    "naive_loss_workers": Measure(
        "standard workers", "Naive rule: {crews} gone x efficiency", naive_loss, PAIRED
    ),
}
