"""What a sweep is read off for: the measures people ask about first, and the months at which they ask."""

from __future__ import annotations

from experiments.summary import events
from experiments.sweeps.plan import Plan
from experiments.sweeps.shards import Layout
from sim.policy.calendar import month_containing
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
    "wage_real_rub_twin",
    "wage_drift_percent",
    "output_percent_of_twin",
    "completions_percent_of_twin",
    "delay_months",
    "dprk_revenue_lost_usd",
    "public_cost_rub",
)


def headlines(layout: Layout, scenario: Scenario) -> list[str]:
    """Measures of a sweep's summary: those people ask about first, and everybody's heads."""
    wanted = [*HEADLINES, *(f"{name}_heads" for name in scenario.population)]
    return [name for name in wanted if name in layout.measures]


def moments(plan: Plan, layout: Layout) -> dict[str, str]:
    """Months by what they are: end of the year of adoption, deadline, end of the run, as far as some point has them."""
    dates: dict[str, str] = {}
    for cell in range(len(plan.design.cells)):
        scenario = first_scenario(plan, cell)
        dates |= {event["title"]: event["month"] for event in events(scenario) if event["title"] not in dates}
    adopted = f"{dates[ADOPTED][:4]}-12" if ADOPTED in dates else ""
    named = {f"end of {adopted[:4]}": adopted, "deadline": dates.get(DEADLINE, ""), "end of run": layout.months[-1]}
    return {title: month for title, month in named.items() if month in layout.months}


def first_scenario(plan: Plan, cell: int) -> Scenario:
    """The scenario of a cell under the first draw, its single values unchecked against one another."""
    return plan.design.base(plan.values[cell * len(plan.design.draws)])


def main_month(named: dict[str, str]) -> str:
    """The month to answer for: the deadline, else the end of the run."""
    return named.get("deadline", named["end of run"])


def crews(scenario: Scenario) -> list[str]:
    """Groups that the expulsion concerns."""
    return [name for name, group in scenario.population.items() if isinstance(group, ContractCrew)]


def has_deadline(scenario: Scenario) -> bool:
    """Whether a deadline binds within the run."""
    leave_by = scenario.policy.leave_by
    return leave_by is not None and 0 <= month_containing(leave_by, scenario.start) < scenario.months
