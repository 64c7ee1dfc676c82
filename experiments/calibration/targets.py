"""The calibration's targets: observations with their errors, and their simulated values.

Target values are shares and ratios, so that figures for all Russia can be held against one krai.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.calibration.split import refuse_untrained, training_facts, training_series
from sim.branches import POLICY
from sim.calendar import WORKING_DAYS_A_MONTH, month_index
from sim.engine.panel import ByGroup, ByGroupTrade, ByPaper, ByTrade, OfMarket
from sim.engine.worker_columns import PAPERS, Array
from sim.inputs.strict_yaml import load_mapping
from sim.measures.comparison import FullScaleBranch
from sim.model import LabourMarket
from sim.paired import after_burn_in
from sim.policy.programme import fork_month
from sim.scenario import ContractCrew, Scenario, TemporaryMigrant

TARGETS = Path(__file__).with_name("targets.yaml")


@dataclass(frozen=True)
class Target:
    """An observed value with the error allowed; `kind`: a point, or a bound (at_most, at_least)."""

    kind: str
    value: float
    error: float
    unit: str
    source: str
    reason: str
    fitted: bool

    def miss(self, simulated: float) -> float:
        """Simulated less observed, in errors; 0 on the right side of a bound."""
        gap = (simulated - self.value) / self.error
        return {"point": gap, "at_most": max(0.0, gap), "at_least": min(0.0, gap)}[self.kind]


def read_targets() -> dict[str, Target]:
    """All targets by name, in the order of targets.yaml.

    Raises ScenarioError if one is not a training target: a fit reads nothing that is held out.
    """
    raw, evidence = load_mapping(TARGETS), {**training_facts(), **training_series()}
    refuse_untrained(raw)
    return {name: target(entry, evidence) for name, entry in raw.items()}


def target(entry: Mapping[str, str], evidence: Mapping[str, object]) -> Target:
    """One target. Raises KeyError if the training evidence lacks the figure it is derived from."""
    if entry["from"] not in evidence:
        raise KeyError(
            f"targets.yaml: {entry['from']} is neither a fact nor a series that a fit may read"
        )
    return Target(
        entry["kind"],
        float(entry["value"]),
        float(entry["error"]),
        entry["unit"],
        entry["from"],
        entry["reason"],
        bool(entry.get("fitted", True)),
    )


def distance(simulated: Mapping[str, float], targets: Mapping[str, Target]) -> float:
    """Root mean square miss over the fitted targets, in errors; infinite if a value is missing."""
    misses = [known.miss(simulated[name]) for name, known in targets.items() if known.fitted]
    found = math.sqrt(sum(miss * miss for miss in misses) / len(misses))
    return found if math.isfinite(found) else math.inf


def simulate_targets(scenario: Scenario, replicate: int) -> dict[str, float]:
    """Target values of one replicate; only its policy branch is simulated."""
    return target_values(policy_branch(market_before_policy(scenario, replicate)), scenario)


def market_before_policy(scenario: Scenario, replicate: int) -> LabourMarket:
    """The market at the start of the month in which the policy first binds."""
    market = LabourMarket(scenario, replicate)
    market.run_to(months_before_policy(scenario))
    return market


def policy_branch(market: LabourMarket) -> FullScaleBranch:
    """The market continued to its end under its policy: the months from `start` on."""
    branch = market.fork(POLICY, market.specification)
    branch.run_to_end()
    return FullScaleBranch(after_burn_in(branch.panel), market.specification.market.scale)


def months_before_policy(scenario: Scenario) -> int:
    """Number of months from `start` in which the policy does not yet bind."""
    month = fork_month(scenario)
    return scenario.months if month is None else month


def vacancy_rate(market: LabourMarket) -> float:
    """Mean job vacancy rate from `start` to the month that the market has reached."""
    branch = FullScaleBranch(after_burn_in(market.panel), market.specification.market.scale)
    return turnover_targets(branch, market.month)["job_vacancy_rate"]


def target_values(branch: FullScaleBranch, scenario: Scenario) -> dict[str, float]:
    """The simulated value of every target."""
    return (
        paper_targets(branch, scenario)
        | turnover_targets(branch, months_before_policy(scenario))
        | pay_and_building_targets(branch, scenario)
    )


def paper_targets(branch: FullScaleBranch, scenario: Scenario) -> dict[str, float]:
    """Permits and registrations of North Koreans, and Chinese who came without a tied contract."""
    groups = list(scenario.population.values())
    crew = next(number for number, group in enumerate(groups) if isinstance(group, ContractCrew))
    permits = branch.of(ByPaper.HEADS_EMPLOYED_BY_PAPER)[:, crew, PAPERS.index("work")]
    registrations = {
        paper: branch.of(ByPaper.REGISTRATIONS)[:, crew, PAPERS.index(paper)]
        for paper in ("work", "student", "tourist")
    }
    permits_end_2017 = permits[month_at(2017, 12, scenario)]
    in_2017, in_2018 = (year_slice(year, scenario) for year in (2017, 2018))
    # A stock is counted at the end of a month: mid-July lies between the ends of June and July.
    mid_july = slice(month_at(2018, 6, scenario), month_at(2018, 8, scenario))
    counts = {
        "permits_left_mid_july_2018": permits[mid_july].mean(),
        "permits_left_end_2018": permits[month_at(2018, 12, scenario)],
        "student_registrations_2018": registrations["student"][in_2018].sum(),
        "tourist_registrations_2018": registrations["tourist"][in_2018].sum(),
        "work_registrations_2017": registrations["work"][in_2017].sum(),
    }
    return {
        **{name: count / permits_end_2017 for name, count in counts.items()},
        "spontaneous_chinese": spontaneous_share(branch, scenario),
    }


def spontaneous_share(branch: FullScaleBranch, scenario: Scenario) -> float:
    """Candidates of the temporary migrants who are in the krai, as a share of all candidates."""
    number, group = next(
        (n, g)
        for n, g in enumerate(scenario.population.values())
        if isinstance(g, TemporaryMigrant)
    )
    return 1.0 - float(branch.of(ByGroup.HEADS_AWAY)[:, number].mean()) / group.candidates


def turnover_targets(branch: FullScaleBranch, months: int) -> dict[str, float]:
    """Hires, moves and vacancies in the first `months` months, in which no policy binds."""
    hires, separations, moves = (
        branch.of(counter)[:months].sum()
        for counter in (
            ByGroupTrade.HIRES,
            ByGroupTrade.SEPARATIONS,
            ByGroupTrade.JOB_TO_JOB_MOVES,
        )
    )
    heads = branch.heads_by_trade()[:months].sum()
    vacancies = branch.of(ByTrade.VACANCY_STOCK)[:months].sum()
    return {
        "hires": hires / heads,
        "moves_from_job_to_job": moves / separations,
        "job_vacancy_rate": vacancies / (vacancies + heads),
        "vacancy_duration": WORKING_DAYS_A_MONTH * vacancies / hires,
    }


def pay_and_building_targets(branch: FullScaleBranch, scenario: Scenario) -> dict[str, float]:
    """Construction pay over the krai's mean pay, and completions of 2018 over those of 2016."""
    built = branch.of(OfMarket.COMPLETIONS)
    mean_pay = training_series()["pay_primorye_all_sectors"].at("2016-09")
    pay = branch.of(OfMarket.WAGE_NOMINAL_RUB)[month_at(2016, 9, scenario)]
    in_2016, in_2018 = (built[year_slice(year, scenario)].sum() for year in (2016, 2018))
    return {"pay_against_krai_mean": pay / mean_pay, "completions_2018": in_2018 / in_2016}


def month_at(year: int, month: int, scenario: Scenario) -> int:
    """Number of a calendar month, counted from `start`."""
    return month_index(dt.date(year, month, 1), scenario.start)


def year_slice(year: int, scenario: Scenario) -> slice:
    """The months of a calendar year, counted from `start`."""
    return slice(month_at(year, 1, scenario), month_at(year + 1, 1, scenario))


def as_row(simulated: Mapping[str, float], targets: Mapping[str, Target]) -> Array:
    """Target values as an array in the order of the targets."""
    return np.array([simulated[name] for name in targets])
