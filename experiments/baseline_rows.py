"""The prototype's numbers (source of every one: MODEL.md 10) and how each is read off a paired run of this engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from experiments.panel_reading import (
    by_trade,
    drift_percent_a_year,
    group_heads,
    hires_per_head,
    job_to_job_share,
    market,
    output_percent,
    shortage,
    vacancy_days,
    vacancy_rate,
)
from sim.paired import PairedRuns
from sim.population import Array
from sim.scenario import Scenario

BAN, MID_2018, END_2018, DEADLINE, FOUR_YEARS_LATER = 21, 30, 35, 47, 95
MONTH_AFTER = DEADLINE + 1


Reading = Callable[[Scenario, PairedRuns], float]


@dataclass(frozen=True)
class Row:
    """One number of MODEL.md 10: what it is, its unit, the prototype's value, how far apart counts as agreeing, how it is read."""

    name: str
    unit: str
    prototype: float
    close: float
    read: Reading
    sample: str = "policy"
    switched: bool = False


def twin_mean(measure: Callable[..., Array], factor: float = 1.0) -> Reading:
    """Ten-year mean of a measure of the twin."""
    return lambda scenario, runs: factor * float(np.mean(measure(runs.twin)))


def stock_percent(month: int) -> Reading:
    """North Koreans at work in a month, percent of those before the ban."""

    def read(scenario: Scenario, runs: PairedRuns) -> float:
        there = group_heads(runs.policy, scenario, "north_korean")
        return float(100.0 * there[month] / there[BAN - 1])

    return read


def stock_percent_mid_july(scenario: Scenario, runs: PairedRuns) -> float:
    """Half way between the ends of June and July 2018."""
    return 0.5 * (stock_percent(MID_2018 - 1)(scenario, runs) + stock_percent(MID_2018)(scenario, runs))


def shortfall(month: int) -> Reading:
    """Missing hands at the twin's wage, standard workers."""
    return lambda scenario, runs: float(shortage(runs.twin, runs.pinned).missing[month])


def shortfall_with_idled(month: int) -> Reading:
    """Missing and idled hands at the twin's wage, standard workers."""

    def read(scenario: Scenario, runs: PairedRuns) -> float:
        found = shortage(runs.twin, runs.pinned)
        return float(found.missing[month] + found.idled[month])

    return read


def shortfall_percent(month: int) -> Reading:
    """Missing hands at the twin's wage, percent of the twin's labour."""
    return lambda scenario, runs: float(shortage(runs.twin, runs.pinned).percent[month])


def gap(month: int) -> Reading:
    """Remaining gap, standard workers."""
    return lambda scenario, runs: float(shortage(runs.twin, runs.policy).missing[month])


def wage_drift(month: int) -> Reading:
    """Mean posted real wage over the twin's, percent."""
    return lambda scenario, runs: float(100.0 * (market(runs.policy, "wage_real")[month] / market(runs.twin, "wage_real")[month] - 1.0))


def output_change(month: int) -> Reading:
    """Output against the twin, percent."""
    return lambda scenario, runs: float(output_percent(runs)[month] - 100.0)


def extra_vacancies(scenario: Scenario, runs: PairedRuns) -> float:
    """Vacancy stock above the twin's, mean of the year after the deadline."""
    year = slice(DEADLINE + 1, DEADLINE + 13)
    stocks = [by_trade(run, "vacancy_stock").sum(axis=1)[year].mean() for run in (runs.policy, runs.twin)]
    return float(stocks[0] - stocks[1])


def chinese_inflow(scenario: Scenario, runs: PairedRuns) -> float:
    """Chinese above the twin's four years after the deadline."""
    return float(sum(sign * group_heads(run, scenario, "chinese")[FOUR_YEARS_LATER] for sign, run in ((1, runs.policy), (-1, runs.twin))))


ROWS = (
    Row("hires a month", "% of employed", 5.2, 0.2, twin_mean(hires_per_head, 100.0), "no policy"),
    Row("job vacancy rate", "%", 3.4, 0.3, twin_mean(vacancy_rate, 100.0), "no policy", switched=True),
    Row("vacancy duration", "working days", 14.0, 1.0, twin_mean(vacancy_days), "no policy", switched=True),
    Row("drift of employment", "% a year", 0.03, 0.05, lambda scenario, runs: drift_percent_a_year(runs.twin), "no policy"),
    Row("job-to-job share of hires", "%", 40.0, 2.0, twin_mean(job_to_job_share, 100.0), "no policy"),
    Row("North Koreans left, mid-July 2018", "% of those before the ban", 51.0, 2.0, stock_percent_mid_july),
    Row("North Koreans left, end of 2018", "% of those before the ban", 37.0, 2.0, stock_percent(END_2018)),
    Row("shortfall at the twin's wage, end of 2018", "standard workers", 11_800.0, 600.0, shortfall(END_2018), switched=True),
    Row("end of 2018 with idled trades", "standard workers", 11_800.0, 600.0, shortfall_with_idled(END_2018), switched=True),
    Row("shortfall at the twin's wage, deadline", "standard workers", 18_300.0, 900.0, shortfall(DEADLINE), switched=True),
    Row("deadline with idled trades", "standard workers", 18_300.0, 900.0, shortfall_with_idled(DEADLINE), switched=True),
    Row("shortfall at the twin's wage, month after the deadline", "standard workers", 18_300.0, 900.0, shortfall(MONTH_AFTER)),
    Row("shortfall at the twin's wage, deadline (percent)", "% of labour", 26.0, 1.3, shortfall_percent(DEADLINE)),
    Row("shortfall four years after the deadline", "standard workers", 18_300.0, 900.0, shortfall(FOUR_YEARS_LATER)),
    Row("four years later with idled trades", "standard workers", 18_300.0, 900.0, shortfall_with_idled(FOUR_YEARS_LATER)),
    Row("shortfall at the deadline, efficiency 1.2", "standard workers", 11_700.0, 600.0, shortfall(DEADLINE), "efficiency 1.2"),
    Row(
        "deadline with idled trades, efficiency 1.2", "standard workers", 11_700.0, 600.0, shortfall_with_idled(DEADLINE), "efficiency 1.2"
    ),
    Row("shortfall at the deadline, efficiency 2.4", "standard workers", 24_900.0, 1200.0, shortfall(DEADLINE), "efficiency 2.4"),
    Row(
        "deadline with idled trades, efficiency 2.4", "standard workers", 24_900.0, 1200.0, shortfall_with_idled(DEADLINE), "efficiency 2.4"
    ),
    Row("remaining gap, deadline", "standard workers", 17_700.0, 900.0, gap(DEADLINE)),
    Row("remaining gap, four years later", "standard workers", 14_400.0, 900.0, gap(FOUR_YEARS_LATER), switched=True),
    Row("wage over the twin's, four years later", "%", 16.0, 2.0, wage_drift(FOUR_YEARS_LATER), switched=True),
    Row("output, end of 2018", "% against the twin", -17.0, 1.5, output_change(END_2018), switched=True),
    Row("output, deadline", "% against the twin", -26.0, 1.5, output_change(DEADLINE), switched=True),
    Row("extra vacancies, year after the deadline", "vacancies", 3_000.0, 600.0, extra_vacancies),
    Row("extra Chinese, four years later", "workers", 0.0, 300.0, chinese_inflow),
)
