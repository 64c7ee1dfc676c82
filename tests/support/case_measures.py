"""What a case may ask for: monthly numbers of one replicate, in krai units."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.engine.panel import Panel
from sim.engine.worker_columns import PAPERS, Array
from sim.paired import PairedBranches
from sim.scenario import Scenario
from tests.support.panel_reading import (
    by_group_trade,
    by_paper,
    by_trade,
    group_heads,
    heads,
    labour,
    market,
    shortage,
    vacancy_rate,
)

Measure = Callable[[Scenario, PairedBranches], Array]


def counted(name: str) -> Measure:
    """Employed heads of a nationality."""
    return lambda scenario, runs: group_heads(runs.policy, scenario, name) / scenario.market.scale


def above_baseline(name: str) -> Measure:
    """Employed heads of a nationality, less the baseline's."""
    return lambda s, runs: (
        (group_heads(runs.policy, s, name) - group_heads(runs.baseline, s, name)) / s.market.scale
    )


def inside(name: str) -> Measure:
    """Heads of a nationality with a job or seeking one."""

    def measure(scenario: Scenario, runs: PairedBranches) -> Array:
        group = list(scenario.population).index(name)
        both = by_group_trade(runs.policy, "heads_employed") + by_group_trade(
            runs.policy, "heads_seeking"
        )
        return both[:, group].sum(axis=1) / scenario.market.scale

    return measure


def of_year(monthly: Array) -> Array:
    """Sum of the twelve months up to each; NaN in the first eleven."""
    sums = np.convolve(monthly, np.ones(12))[: monthly.size]
    sums[:11] = np.nan
    return sums


def cover_registrations_of_year(scenario: Scenario, runs: PairedBranches) -> Array:
    """Student and tourist registrations of North Koreans in twelve months."""
    by = by_paper(runs.policy, "registrations")[:, 0]
    return (
        of_year(by[:, PAPERS.index("student")] + by[:, PAPERS.index("tourist")])
        / scenario.market.scale
    )


def on_work_papers(scenario: Scenario, runs: PairedBranches) -> Array:
    """North Koreans at work on a work paper."""
    return (
        by_paper(runs.policy, "heads_employed_by_paper")[:, 0, PAPERS.index("work")]
        / scenario.market.scale
    )


def under_cover(scenario: Scenario, runs: PairedBranches) -> Array:
    """North Koreans at work on a student's or tourist's paper."""
    by = by_paper(runs.policy, "heads_employed_by_paper")[:, 0]
    return (by[:, PAPERS.index("student")] + by[:, PAPERS.index("tourist")]) / scenario.market.scale


def percent_of_baseline(name: str) -> Measure:
    """A measure of the market, in percent of the baseline's."""
    return lambda scenario, runs: 100.0 * market(runs.policy, name) / market(runs.baseline, name)


def lost_percent(measure: Callable[[Panel], Array], runs: PairedBranches) -> Array:
    """What the policy run has less than the baseline, in percent."""
    return 100.0 * (1.0 - measure(runs.policy) / measure(runs.baseline))


def output_lost_less_heads_lost(scenario: Scenario, runs: PairedBranches) -> Array:
    """Percentage points by which output falls more than heads."""
    return lost_percent(lambda panel: market(panel, "output"), runs) - lost_percent(heads, runs)


def labour_lost_per_head_lost(scenario: Scenario, runs: PairedBranches) -> Array:
    """Standard workers lost for each head lost, all nationalities."""
    lost = labour(runs.baseline).sum(axis=1) - labour(runs.policy).sum(axis=1)
    return lost / np.maximum(1.0, heads(runs.baseline) - heads(runs.policy))


def shortfall_and_idled(scenario: Scenario, runs: PairedBranches) -> Array:
    """Standard workers missing or idled at the baseline wage."""
    found = shortage(runs.baseline, runs.policy_at_baseline_wages)
    return (found.missing + found.idled) / scenario.market.scale


def delay_months(scenario: Scenario, runs: PairedBranches) -> Array:
    """Backlog over output, less the baseline's."""
    return market(runs.policy, "backlog") / market(runs.policy, "output") - market(
        runs.baseline, "backlog"
    ) / market(runs.baseline, "output")


def russian_labour_per_head(scenario: Scenario, runs: PairedBranches) -> Array:
    """Standard workers for each Russian at work."""
    group = list(scenario.population).index("russian")
    return by_group_trade(runs.policy, "effective_labour")[:, group].sum(axis=1) / group_heads(
        runs.policy, scenario, "russian"
    )


MEASURES: dict[str, Measure] = {
    "north_koreans": counted("north_korean"),
    "north_koreans_on_work_papers": on_work_papers,
    "north_koreans_under_cover": under_cover,
    "cover_registrations_of_year": cover_registrations_of_year,
    "chinese": counted("chinese"),
    "chinese_inside": inside("chinese"),
    "chinese_above_baseline": above_baseline("chinese"),
    "russians_inside": inside("russian"),
    "russians_above_baseline": above_baseline("russian"),
    "russian_labour_per_head": russian_labour_per_head,
    "output_percent_of_baseline": percent_of_baseline("output"),
    "completions_percent_of_baseline": percent_of_baseline("completions"),
    "completions_of_year": lambda scenario, runs: of_year(market(runs.policy, "completions")),
    "output_lost_less_heads_lost_percent": output_lost_less_heads_lost,
    "labour_lost_per_head_lost": labour_lost_per_head_lost,
    "shortfall_and_idled": shortfall_and_idled,
    "delay_months": delay_months,
    "wage_above_baseline_percent": lambda scenario, runs: (
        percent_of_baseline("wage_real")(scenario, runs) - 100.0
    ),
    "vacancy_rate_percent": lambda scenario, runs: 100.0 * vacancy_rate(runs.policy),
    "vacancies": lambda scenario, runs: (
        by_trade(runs.policy, "vacancy_stock").sum(axis=1) / scenario.market.scale
    ),
}
