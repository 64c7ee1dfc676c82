"""What a sweep is read off for: the measures people ask about first, and the months at which they ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.results.summary import policy_dates
from experiments.sweeps.design.plan import Plan
from experiments.sweeps.store.shards import Layout
from sim.engine.worker_columns import Array
from sim.measures.revenue import PUBLIC_TOTALS
from sim.scenario import ContractCrew, Scenario

ADOPTED, DEADLINE = "resolution adopted", "deadline to leave"
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


def headlines(layout: Layout, scenario: Scenario) -> list[str]:
    """Measures of a sweep's summary: those people ask about first, and everybody's heads."""
    wanted = [*HEADLINES, *(f"{name}_heads" for name in scenario.population)]
    return [name for name in wanted if name in layout.measures]


@dataclass(frozen=True)
class Moments:
    """When a sweep is read: months by what they are, each cell's own month, and whether that is the month of its own deadline."""

    named: dict[str, str]
    own: tuple[str, ...]
    is_deadline: tuple[bool, ...]

    @property
    def months(self) -> list[str]:
        """Every month once."""
        return list(dict.fromkeys([*self.named.values(), *self.own]))

    @property
    def main(self) -> str | None:
        """The month of all cells; None where each has its own."""
        return self.own[0] if len(set(self.own)) == 1 else None

    def at_own(self, array: Array, months: Sequence[str]) -> Array:
        """f[cells, draws, replicates]: of an array f[cells, draws, replicates, months], each cell in its own month."""
        return np.stack(
            [cell[..., months.index(month)] for cell, month in zip(array, self.own, strict=True)]
        )


def moments(plan: Plan, layout: Layout) -> Moments:
    """Ends of the years of adoption, deadlines, end of the run, as far as some point has them."""
    dates = [dates_of(scenario) for scenario in cell_scenarios(plan)]
    adopted = sorted({found[ADOPTED] for found in dates if ADOPTED in found})
    named = {f"end of {month[:4]}": f"{month[:4]}-12" for month in adopted}
    return assembled(named, [found.get(DEADLINE) for found in dates], layout.months)


def assembled(
    named: Mapping[str, str], deadlines: Sequence[str | None], months: Sequence[str]
) -> Moments:
    """Moments of points with these deadlines. A point without one is read at the last deadline of the others, else at the end."""
    given = sorted({month for month in deadlines if month})
    titles = (
        {"deadline": given[0]}
        if len(given) == 1
        else {f"deadline {month}": month for month in given}
    )
    otherwise = given[-1] if given else months[-1]
    known = (
        {title: month for title, month in named.items() if month in months}
        | titles
        | {"end of run": months[-1]}
    )
    known = dict(sorted(known.items(), key=lambda item: item[1]))
    return Moments(
        known,
        tuple(month or otherwise for month in deadlines),
        tuple(month is not None for month in deadlines),
    )


def dates_of(scenario: Scenario) -> dict[str, str]:
    """When the resolution is adopted and when the deadline falls, as far as that is within the run."""
    return {
        event["title"]: event["month"]
        for event in policy_dates(scenario)
        if event["title"] in (ADOPTED, DEADLINE)
    }


def cell_scenarios(plan: Plan) -> Iterator[Scenario]:
    """Each cell's scenario under the first draw, as draws set no dates; its values unchecked against one another."""
    draws = len(plan.design.draws)
    return (
        plan.design.unchecked(plan.values[cell * draws]) for cell in range(len(plan.design.cells))
    )


def crews(scenario: Scenario) -> list[str]:
    """Groups that the expulsion concerns."""
    return [name for name, group in scenario.population.items() if isinstance(group, ContractCrew)]
