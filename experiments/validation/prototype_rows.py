"""The numbers that the design's throw-away prototype showed, and how each is read off a paired run of this engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.engine.panel import ByGroupTrade, ByTrade, measure_named
from sim.engine.worker_columns import Array
from sim.measures.comparison import Comparison, FullScaleBranch
from sim.measures.shortage import labour_gap
from sim.measures.vacancies import job_vacancy_rate

BAN, MID_2018, END_2018, DEADLINE, FOUR_YEARS_LATER = 21, 30, 35, 47, 95
MONTH_AFTER = DEADLINE + 1


WORKING_DAYS = 21.0

Reading = Callable[[Comparison], float]


@dataclass(frozen=True)
class Row:
    """One number of the prototype: what it is, its unit, the prototype's value, how far apart counts as agreeing, how it is read."""

    name: str
    unit: str
    prototype: float
    close: float
    read: Reading
    sample: str = "policy"
    switched: bool = False


def baseline_mean(measure: Callable[[FullScaleBranch], Array]) -> Reading:
    """Ten-year mean of a measure of the baseline."""
    return lambda runs: float(np.mean(measure(runs.baseline)))


def all_hires(run: FullScaleBranch) -> Array:
    """Hires of the market, moves from job to job included: f8[T]."""
    return np.asarray(run.of(ByGroupTrade.HIRES).sum(axis=(1, 2)))


def hires_percent(run: FullScaleBranch) -> Array:
    """Hires of the month in percent of employed heads: f8[T]."""
    return np.asarray(100.0 * all_hires(run) / run.heads_by_trade().sum(axis=1))


def vacancy_days(run: FullScaleBranch) -> Array:
    """Working days a vacancy stays open: f8[T]."""
    return np.asarray(WORKING_DAYS * run.of(ByTrade.VACANCY_STOCK).sum(axis=1) / all_hires(run))


def job_to_job_percent(run: FullScaleBranch) -> Array:
    """Moves from firm to firm in percent of hires: f8[T]."""
    return np.asarray(
        100.0 * run.of(ByGroupTrade.JOB_TO_JOB_MOVES).sum(axis=(1, 2)) / all_hires(run)
    )


def drift_percent_a_year(runs: Comparison) -> float:
    """Trend growth of the baseline's employed heads: log heads regressed on the month."""
    heads = runs.baseline.heads_by_trade().sum(axis=1)
    return float(1200.0 * np.polyfit(np.arange(heads.size), np.log(heads), 1)[0])


def group_heads(runs: Comparison, run: FullScaleBranch, group: str) -> Array:
    """Employed heads of one nationality: f8[T]."""
    return np.asarray(
        run.of(ByGroupTrade.HEADS_EMPLOYED)[:, list(runs.scenario.population).index(group)].sum(
            axis=1
        )
    )


def stock_percent(month: int) -> Reading:
    """North Koreans at work in a month, percent of those before the ban."""

    def read(runs: Comparison) -> float:
        there = group_heads(runs, runs.policy, "north_korean")
        return float(100.0 * there[month] / there[BAN - 1])

    return read


def stock_percent_mid_july(runs: Comparison) -> float:
    """Half way between the ends of June and July 2018."""
    return 0.5 * (stock_percent(MID_2018 - 1)(runs) + stock_percent(MID_2018)(runs))


def shortfall(month: int) -> Reading:
    """Missing hands at the baseline wage, standard workers."""
    return lambda runs: float(
        labour_gap(runs.baseline, runs.policy_at_baseline_wages).missing[month].sum()
    )


def shortfall_with_idled(month: int) -> Reading:
    """Missing and idled labour at the baseline wage, standard workers."""
    return lambda runs: float(
        sum(part[month].sum() for part in labour_gap(runs.baseline, runs.policy_at_baseline_wages))
    )


def shortfall_percent(month: int) -> Reading:
    """Missing hands at the baseline wage, percent of the baseline's labour."""
    return lambda runs: (
        100.0 * shortfall(month)(runs) / float(runs.baseline.labour_by_trade()[month].sum())
    )


def gap(month: int) -> Reading:
    """Remaining gap, standard workers."""
    return lambda runs: float(labour_gap(runs.baseline, runs.policy).missing[month].sum())


def change_percent(measure: str, month: int) -> Reading:
    """A market measure of the policy run against the baseline's, percent."""
    return lambda runs: float(
        100.0
        * (
            runs.policy.of(measure_named(measure))[month]
            / runs.baseline.of(measure_named(measure))[month]
            - 1.0
        )
    )


def extra_vacancies(runs: Comparison) -> float:
    """Vacancy stock above the baseline's, mean of the year after the deadline."""
    year = slice(DEADLINE + 1, DEADLINE + 13)
    stocks = [
        run.of(ByTrade.VACANCY_STOCK).sum(axis=1)[year].mean()
        for run in (runs.policy, runs.baseline)
    ]
    return float(stocks[0] - stocks[1])


def chinese_inflow(runs: Comparison) -> float:
    """Chinese above the baseline's four years after the deadline."""
    with_policy, without = (
        group_heads(runs, run, "chinese")[FOUR_YEARS_LATER] for run in (runs.policy, runs.baseline)
    )
    return float(with_policy - without)


ROWS = (
    Row("hires a month", "% of employed", 5.2, 0.2, baseline_mean(hires_percent), "no policy"),
    Row(
        "job vacancy rate",
        "%",
        3.4,
        0.3,
        baseline_mean(lambda branch: job_vacancy_rate(branch).total),
        "no policy",
        switched=True,
    ),
    Row(
        "vacancy duration",
        "working days",
        14.0,
        1.0,
        baseline_mean(vacancy_days),
        "no policy",
        switched=True,
    ),
    Row("drift of employment", "% a year", 0.03, 0.05, drift_percent_a_year, "no policy"),
    Row(
        "job-to-job share of hires", "%", 40.0, 2.0, baseline_mean(job_to_job_percent), "no policy"
    ),
    Row(
        "North Koreans left, mid-July 2018",
        "% of those before the ban",
        51.0,
        2.0,
        stock_percent_mid_july,
    ),
    Row(
        "North Koreans left, end of 2018",
        "% of those before the ban",
        37.0,
        2.0,
        stock_percent(END_2018),
    ),
    Row(
        "shortfall at the baseline wage, end of 2018",
        "standard workers",
        11_800.0,
        600.0,
        shortfall(END_2018),
        switched=True,
    ),
    Row(
        "end of 2018 with idled trades",
        "standard workers",
        11_800.0,
        600.0,
        shortfall_with_idled(END_2018),
        switched=True,
    ),
    Row(
        "shortfall at the baseline wage, deadline",
        "standard workers",
        18_300.0,
        900.0,
        shortfall(DEADLINE),
        switched=True,
    ),
    Row(
        "deadline with idled trades",
        "standard workers",
        18_300.0,
        900.0,
        shortfall_with_idled(DEADLINE),
        switched=True,
    ),
    Row(
        "shortfall at the baseline wage, month after the deadline",
        "standard workers",
        18_300.0,
        900.0,
        shortfall(MONTH_AFTER),
    ),
    Row(
        "shortfall at the baseline wage, deadline (percent)",
        "% of labour",
        26.0,
        1.3,
        shortfall_percent(DEADLINE),
    ),
    Row(
        "shortfall four years after the deadline",
        "standard workers",
        18_300.0,
        900.0,
        shortfall(FOUR_YEARS_LATER),
    ),
    Row(
        "four years later with idled trades",
        "standard workers",
        18_300.0,
        900.0,
        shortfall_with_idled(FOUR_YEARS_LATER),
    ),
    Row(
        "shortfall at the deadline, efficiency 1.2",
        "standard workers",
        11_700.0,
        600.0,
        shortfall(DEADLINE),
        "efficiency 1.2",
    ),
    Row(
        "deadline with idled trades, efficiency 1.2",
        "standard workers",
        11_700.0,
        600.0,
        shortfall_with_idled(DEADLINE),
        "efficiency 1.2",
    ),
    Row(
        "shortfall at the deadline, efficiency 2.4",
        "standard workers",
        24_900.0,
        1200.0,
        shortfall(DEADLINE),
        "efficiency 2.4",
    ),
    Row(
        "deadline with idled trades, efficiency 2.4",
        "standard workers",
        24_900.0,
        1200.0,
        shortfall_with_idled(DEADLINE),
        "efficiency 2.4",
    ),
    Row("remaining gap, deadline", "standard workers", 17_700.0, 900.0, gap(DEADLINE)),
    Row(
        "remaining gap, four years later",
        "standard workers",
        14_400.0,
        900.0,
        gap(FOUR_YEARS_LATER),
        switched=True,
    ),
    Row(
        "wage over the baseline's, four years later",
        "%",
        16.0,
        2.0,
        change_percent("wage_real", FOUR_YEARS_LATER),
        switched=True,
    ),
    Row(
        "output, end of 2018",
        "% against the baseline",
        -17.0,
        1.5,
        change_percent("output", END_2018),
        switched=True,
    ),
    Row(
        "output, deadline",
        "% against the baseline",
        -26.0,
        1.5,
        change_percent("output", DEADLINE),
        switched=True,
    ),
    Row("extra vacancies, year after the deadline", "vacancies", 3_000.0, 600.0, extra_vacancies),
    Row("extra Chinese, four years later", "workers", 0.0, 300.0, chinese_inflow),
)
