"""What is compared with the observations: targets with their errors, and the same numbers from one simulated krai."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.branches import POLICY
from sim.calendar import month_index
from sim.engine.panel import ByGroup, ByPaper, ByTrade, OfMarket, measure_named
from sim.engine.worker_columns import PAPERS, Array
from sim.inputs.dated_inputs import facts, series
from sim.inputs.strict_yaml import load_mapping
from sim.measures.comparison import FullScaleBranch
from sim.model import LabourMarket
from sim.paired import after_burn_in
from sim.policy.programme import fork_month
from sim.scenario import ContractCrew, Scenario, TemporaryMigrant

MOMENTS = Path(__file__).with_name("targets.yaml")
WORKING_DAYS = 21.0


@dataclass(frozen=True)
class Moment:
    """An observation, the error allowed, and whether it is a point or a bound."""

    kind: str
    value: float
    error: float
    unit: str
    source: str
    reason: str
    fitted: bool

    def miss(self, simulated: float) -> float:
        """Distance in errors; 0 on the right side of a bound."""
        gap = (simulated - self.value) / self.error
        return {"point": gap, "at_most": max(0.0, gap), "at_least": min(0.0, gap)}[self.kind]


def moments() -> dict[str, Moment]:
    """The observations in the order of the file."""
    known = {**facts(), **series()}
    return {name: moment(entry, known) for name, entry in load_mapping(MOMENTS).items()}


def moment(entry: Mapping[str, str], known: Mapping[str, object]) -> Moment:
    """One observation; what it is taken from must be in the evidence."""
    if entry["from"] not in known:
        raise KeyError(f"moments.yaml: {entry['from']} is no fact or series")
    numbers = float(entry["value"]), float(entry["error"])
    return Moment(
        entry["kind"],
        *numbers,
        entry["unit"],
        entry["from"],
        entry["reason"],
        bool(entry.get("fitted", True)),
    )


def distance(simulated: Mapping[str, float], observed: Mapping[str, Moment]) -> float:
    """Root mean square miss over what is fitted, in errors; infinite where something cannot be compared."""
    misses = [known.miss(simulated[name]) for name, known in observed.items() if known.fitted]
    found = math.sqrt(sum(miss * miss for miss in misses) / len(misses))
    return found if math.isfinite(found) else math.inf


def simulate(scenario: Scenario, replicate: int) -> dict[str, float]:
    """The moments of one krai under the scenario's policy; no baseline is needed beyond the ban."""
    return measured(to_end(history(scenario, replicate)), scenario)


def history(scenario: Scenario, replicate: int) -> LabourMarket:
    """The krai up to the month in which the policy first binds."""
    market = LabourMarket(scenario, replicate)
    market.run_to(quiet_months(scenario))
    return market


def to_end(market: LabourMarket) -> FullScaleBranch:
    """A history that goes on under its policy, from `start` on."""
    run = market.fork(POLICY, market.specification)
    run.run_to_end()
    return FullScaleBranch(after_burn_in(run.panel), market.specification.market.scale)


def quiet_months(scenario: Scenario) -> int:
    """Months from `start` before the policy binds."""
    month = fork_month(scenario)
    return scenario.months if month is None else month


def vacancy_rate(market: LabourMarket) -> float:
    """Mean job vacancy rate from `start` to where a history has come."""
    return before_the_ban(
        FullScaleBranch(after_burn_in(market.panel), market.specification.market.scale),
        market.month,
    )["job_vacancy_rate"]


def measured(run: FullScaleBranch, scenario: Scenario) -> dict[str, float]:
    """Every moment from the months since `start`, which is 2016-01."""
    return (
        people_counted(run, scenario)
        | before_the_ban(run, quiet_months(scenario))
        | money_and_work(run, scenario)
    )


def people_counted(run: FullScaleBranch, scenario: Scenario) -> dict[str, float]:
    """Permits, registrations and Chinese candidates."""
    groups = list(scenario.population.values())
    crew = next(number for number, group in enumerate(groups) if isinstance(group, ContractCrew))
    permits = run.of(ByPaper.HEADS_EMPLOYED_BY_PAPER)[:, crew, PAPERS.index("work")]
    stock = permits[at(2017, 12, scenario)]
    papers = {
        paper: run.of(ByPaper.REGISTRATIONS)[:, crew, PAPERS.index(paper)]
        for paper in ("work", "student", "tourist")
    }
    year = slice(at(2018, 1, scenario), at(2018, 12, scenario) + 1)
    return {
        "permits_left_mid_july_2018": permits[at(2018, 6, scenario) : at(2018, 8, scenario)].mean()
        / stock,
        "permits_left_end_2018": permits[at(2018, 12, scenario)] / stock,
        "student_registrations_2018": papers["student"][year].sum() / stock,
        "tourist_registrations_2018": papers["tourist"][year].sum() / stock,
        "work_registrations_2017": papers["work"][at(2017, 1, scenario) : year.start].sum() / stock,
        "spontaneous_chinese": spontaneous(run, scenario),
    }


def spontaneous(run: FullScaleBranch, scenario: Scenario) -> float:
    """Temporary migrants in the krai beyond tied crews, share of the candidates."""
    number, group = next(
        (n, g)
        for n, g in enumerate(scenario.population.values())
        if isinstance(g, TemporaryMigrant)
    )
    return 1.0 - float(run.of(ByGroup.HEADS_AWAY)[:, number].mean()) / group.candidates


def before_the_ban(run: FullScaleBranch, quiet: int) -> dict[str, float]:
    """Flows and vacancies of the months in which no policy binds."""
    hires, ends, moves = (
        run.of(measure_named(name))[:quiet].sum()
        for name in ("hires", "separations", "job_to_job_moves")
    )
    heads, stock = run.heads_by_trade()[:quiet].sum(), run.of(ByTrade.VACANCY_STOCK)[:quiet].sum()
    return {
        "hires": hires / heads,
        "moves_from_job_to_job": moves / ends,
        "job_vacancy_rate": stock / (stock + heads),
        "vacancy_duration": WORKING_DAYS * stock / hires,
    }


def money_and_work(run: FullScaleBranch, scenario: Scenario) -> dict[str, float]:
    """Pay against the krai's mean, and completions."""
    built = run.of(OfMarket.COMPLETIONS)
    mean_pay = series()["pay_primorye_all_sectors"].at("2016-09")
    return {
        "pay_against_krai_mean": run.of(OfMarket.WAGE_NOMINAL_RUB)[at(2016, 9, scenario)]
        / mean_pay,
        "completions_2018": built[at(2018, 1, scenario) : at(2018, 12, scenario) + 1].sum()
        / built[:12].sum(),
    }


def at(year: int, month: int, scenario: Scenario) -> int:
    """Position of a calendar month in a run."""
    return month_index(scenario.start.replace(year=year, month=month), scenario.start)


def row(simulated: Mapping[str, float], names: Mapping[str, Moment]) -> Array:
    """The moments as numbers in the order of the observations."""
    return np.array([simulated[name] for name in names])
