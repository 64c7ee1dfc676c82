"""Which measures a sweep's summary has, and in which months they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.results.summary import policy_dates
from experiments.results.summary_reader import ADOPTED, DEADLINE
from experiments.sweeps.design.plan import Plan
from experiments.sweeps.store.shards import ShardColumns
from sim.engine.worker_columns import Array
from sim.measures.revenue import PUBLIC_TOTALS
from sim.scenario import ContractCrew, Scenario

HEADLINES = (
    "shortfall_percent",
    "shortfall_workers",
    "shortfall_idled_percent",
    "remaining_gap_percent",
    "remaining_gap_workers",
    "unfilled_vacancies",
    "job_vacancy_rate",
    "wage_real_rub",
    "wage_real_rub_baseline",
    "wage_drift_percent",
    "output_percent_of_baseline",
    "completions_percent_of_baseline",
    "delay_months",
    "dprk_revenue_lost_usd",
    *PUBLIC_TOTALS,
)
"""Measures that people ask about first; a summary of all would be a hundred times as long."""


def headlines(columns: ShardColumns, scenario: Scenario) -> list[str]:
    """Measures in a sweep's summary: the headlines, and the heads of every nationality."""
    wanted = [*HEADLINES, *(f"{name}_heads" for name in scenario.population)]
    return [name for name in wanted if name in columns.measures]


@dataclass(frozen=True)
class ReadingMonths:
    """The months in which a sweep is read.

    `by_title` names months of interest to every point, such as the end of the run;
    `of_cell` is the month of each cell of the grid; `has_deadline` is whether that is the month of
    the cell's own deadline.
    """

    by_title: dict[str, str]
    of_cell: tuple[str, ...]
    has_deadline: tuple[bool, ...]

    @property
    def all(self) -> list[str]:
        """Every reading month once."""
        return list(dict.fromkeys([*self.by_title.values(), *self.of_cell]))

    @property
    def common(self) -> str | None:
        """The month of every cell; None if cells have different ones."""
        return self.of_cell[0] if len(set(self.of_cell)) == 1 else None

    def in_own_month(self, array: Array, months: Sequence[str]) -> Array:
        """Of f[cells, draws, replicates, months], each cell in its own month.

        Returns f[cells, draws, replicates].
        """
        cells = zip(array, self.of_cell, strict=True)
        return np.stack([cell[..., months.index(month)] for cell, month in cells])


def reading_months_of_plan(plan: Plan, columns: ShardColumns) -> ReadingMonths:
    """The reading months of a design."""
    dates = [binding_months(scenario) for scenario in cell_scenarios(plan)]
    adopted = [found.get(ADOPTED) for found in dates]
    return reading_months(adopted, [found.get(DEADLINE) for found in dates], columns.months)


def reading_months(
    adopted: Sequence[str | None], deadlines: Sequence[str | None], months: Sequence[str]
) -> ReadingMonths:
    """Reading months of cells with these months of adoption and deadlines, None where none.

    They are the ends of the years of adoption, the deadlines and the last month. A cell without a
    deadline is read at the latest deadline of the others, or in the last month.
    """
    adoption_years = sorted({month[:4] for month in adopted if month})
    year_ends = {f"end of {year}": f"{year}-12" for year in adoption_years}
    known = sorted({month for month in deadlines if month})
    by_title = {title: month for title, month in year_ends.items() if month in months}
    by_title |= {"deadline" if len(known) == 1 else f"deadline {month}": month for month in known}
    by_title |= {"end of run": months[-1]}
    default = known[-1] if known else months[-1]
    return ReadingMonths(
        dict(sorted(by_title.items(), key=lambda item: item[1])),
        tuple(month or default for month in deadlines),
        tuple(month is not None for month in deadlines),
    )


def binding_months(scenario: Scenario) -> Mapping[str, str]:
    """The months of adoption and deadline by title, as far as they are simulated."""
    return {
        date["title"]: date["month"]
        for date in policy_dates(scenario)
        if date["title"] in (ADOPTED, DEADLINE)
    }


def cell_scenarios(plan: Plan) -> Iterator[Scenario]:
    """The scenario of each cell under its first draw, as draws set no dates."""
    draws = len(plan.design.draws)
    return (
        plan.design.unchecked(plan.values[cell * draws]) for cell in range(len(plan.design.cells))
    )


def crew_groups(scenario: Scenario) -> list[str]:
    """Nationalities that work in contract crews: those whom the expulsion concerns."""
    return [name for name, group in scenario.population.items() if isinstance(group, ContractCrew)]
