"""What emerges from the model of the krai, beside what its design led to expect.

Flows and elasticities without a policy, and the path of the expulsion; no parameter was fitted to
any of these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from experiments.configuration.parameter_values import scenario_with
from experiments.configuration.settings import load_settings
from experiments.validation.elasticities import (
    demand_elasticities,
    supply_elasticities,
    supply_overrides,
)
from experiments.validation.natural_experiments import ParameterDraws
from experiments.validation.replicates import all_replicates
from sim.calendar import WORKING_DAYS_A_MONTH, label, month_containing
from sim.engine.panel import ByGroupTrade, ByTrade
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import dated_inputs
from sim.inputs.strict_yaml import load_mapping
from sim.measures.comparison import FullScaleBranch
from sim.measures.monthly import measure
from sim.model import LabourMarket
from sim.paired import PairedBranches, after_burn_in, run_paired
from sim.scenario import ContractCrew, Scenario

EXPECTATIONS = Path(__file__).parent / "expectations.yaml"
# Prices and pay outside construction would otherwise move the market too.
INPUTS_HELD = "market.inputs.held_at_start=true"
TEN_YEARS_WITHOUT_POLICY = ("policy=none", INPUTS_HELD, "months=120")
SIX_YEARS_WITHOUT_POLICY = ("policy=none", INPUTS_HELD, "months=72")
FOUR_YEARS_AFTER_DEADLINE = ("months=96",)
UP_TO_DEADLINE = ("months=48",)
EFFICIENCY, EFFICIENCIES = "population.north_korean.efficiency", (1.2, 2.4)

Reading = Callable[[Scenario, int], dict[str, float]]
"""From a scenario and the number of a replicate to quantities by name."""


def emergent_values(draws: ParameterDraws, extra: Sequence[str] = ()) -> dict[str, Array]:
    """Every quantity of expectations.yaml, one value a draw.

    What an experiment sets by its overrides is not taken from the draws.
    """
    supply = supply_overrides(load_settings(SIX_YEARS_WITHOUT_POLICY).scenario.start)
    experiments: list[tuple[Sequence[str], Reading]] = [
        (TEN_YEARS_WITHOUT_POLICY, undisturbed_market),
        ((*SIX_YEARS_WITHOUT_POLICY, *supply), supply_quantities),
        (SIX_YEARS_WITHOUT_POLICY, demand_quantities),
        (FOUR_YEARS_AFTER_DEADLINE, expulsion_path),
        *(
            ((*UP_TO_DEADLINE, f"{EFFICIENCY}={value:g}"), shortfall_at_efficiency)
            for value in EFFICIENCIES
        ),
    ]
    found: dict[str, Array] = {}
    for overrides, reading in experiments:
        found |= values_by_name(reading, scenarios_of(draws, overrides, extra))
    return found


def scenarios_of(
    draws: ParameterDraws, overrides: Sequence[str], extra: Sequence[str]
) -> list[Scenario]:
    """The scenario of each draw under some overrides, which come before the draw's own values."""
    resolved = load_settings((*overrides, *extra)).resolved
    given = {text.split("=")[0] for text in overrides}
    return [
        scenario_with(resolved, {key: value for key, value in draw.items() if key not in given})
        for draw in draws
    ]


def values_by_name(reading: Reading, scenarios: Sequence[Scenario]) -> dict[str, Array]:
    """Quantities read in each scenario, one replicate each: f8[R] by name."""
    rows = all_replicates(
        lambda number: reading(scenarios[number], number),
        len(scenarios),
        reading.__name__.replace("_", " "),
    )
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def read_expectations() -> dict[str, tuple[float | None, str]]:
    """For each quantity, the expected value if there is one, and the unit."""
    return {
        name: (entry["value"], entry["unit"]) for name, entry in load_mapping(EXPECTATIONS).items()
    }


def undisturbed_market(scenario: Scenario, replicate: int) -> dict[str, float]:
    """Mean flows of a market that nothing happens to."""
    market = LabourMarket(scenario, replicate)
    market.run_to_end()
    branch = FullScaleBranch(after_burn_in(market.panel), scenario.market.scale)
    hires, moves = (
        branch.of(counter).sum(axis=(1, 2))
        for counter in (ByGroupTrade.HIRES, ByGroupTrade.JOB_TO_JOB_MOVES)
    )
    vacancies = branch.of(ByTrade.VACANCY_STOCK).sum(axis=1)
    heads = branch.heads_by_trade().sum(axis=1)
    # From the middle of the first year to the middle of the last: means over whole years hide the
    # seasons.
    years = (scenario.months - 12) / 12.0
    growth = np.log(heads[-12:].mean() / heads[:12].mean())
    found = {
        "hires": 100.0 * (hires / heads).mean(),
        "job vacancy rate": 100.0 * (vacancies / (vacancies + heads)).mean(),
        "vacancy duration": WORKING_DAYS_A_MONTH * vacancies.sum() / hires.sum(),
        "drift of employment": 100.0 * growth / years,
        "hires from job to job": 100.0 * moves.sum() / hires.sum(),
    }
    return {f"no policy, ten years, {name}": value for name, value in found.items()}


def supply_quantities(scenario: Scenario, replicate: int) -> dict[str, float]:
    """Supply elasticities by name."""
    return {
        f"labour supply, elasticity after {months} months": value
        for months, value in supply_elasticities(scenario, replicate).items()
    }


def demand_quantities(scenario: Scenario, replicate: int) -> dict[str, float]:
    """Demand elasticities by name."""
    return {
        f"{name}, demand elasticity after {months} months": value
        for name, by_months in demand_elasticities(scenario, replicate).items()
        for months, value in by_months.items()
    }


def expulsion_path(scenario: Scenario, replicate: int) -> dict[str, float]:
    """Stocks, shortage, wage and output under the letter of the resolution."""
    pair = run_paired(scenario, replicate)
    dated = by_date(measure(pair, scenario, dated_inputs(scenario)), scenario)
    crew, output = dated["north_korean_heads"], dated["output_percent_of_baseline"]
    chinese = dated["chinese_heads"]["2023-12"] - dated["chinese_heads_baseline"]["2023-12"]
    found = {
        "North Koreans left in July 2018": 100.0 * crew["2018-07"] / crew["2017-12"],
        "North Koreans left in December 2018": 100.0 * crew["2018-12"] / crew["2017-12"],
        **in_thousands(dated, "shortfall", ("2018", "2019", "2023")),
        "shortfall in December 2019, share": dated["shortfall_percent"]["2019-12"],
        "vacancies over the baseline's in 2020": extra_vacancies(pair, scenario) / 1000.0,
        "Chinese over the baseline's in December 2023": chinese / 1000.0,
        **in_thousands(dated, "remaining_gap", ("2019", "2023")),
        "wage in December 2023": dated["wage_drift_percent"]["2023-12"],
        "output in December 2018": output["2018-12"] - 100.0,
        "output in December 2019": output["2019-12"] - 100.0,
    }
    return {f"compliance 1, {name}": value for name, value in found.items()}


def shortfall_at_efficiency(scenario: Scenario, replicate: int) -> dict[str, float]:
    """The shortfall at the deadline if a North Korean's work counts for less or more."""
    pair, group = run_paired(scenario, replicate), scenario.population["north_korean"]
    assert isinstance(group, ContractCrew)
    dated = by_date(measure(pair, scenario, dated_inputs(scenario)), scenario)
    return {
        f"efficiency {group.efficiency:g}, {name}": value
        for name, value in in_thousands(dated, "shortfall", ("2019",)).items()
    }


def by_date(values: Mapping[str, Array], scenario: Scenario) -> dict[str, dict[str, float]]:
    """Monthly measures by name and by date ('2018-07')."""
    dates = [label(month, scenario.start) for month in range(scenario.months)]
    return {name: dict(zip(dates, map(float, row), strict=True)) for name, row in values.items()}


def in_thousands(
    dated: Mapping[str, Mapping[str, float]], name: str, years: Sequence[str]
) -> dict[str, float]:
    """A number of workers at the end of some years, in thousands."""
    words = name.replace("_", " ")
    return {
        f"{words} in December {year}": dated[f"{name}_workers"][f"{year}-12"] / 1000.0
        for year in years
    }


def extra_vacancies(pair: PairedBranches, scenario: Scenario) -> float:
    """Open vacancies above the baseline's, mean of the twelve months after the deadline."""
    assert scenario.policy.leave_by is not None
    after = month_containing(scenario.policy.leave_by, scenario.start) + 1
    with_policy, without = (
        FullScaleBranch(panel, scenario.market.scale)
        .of(ByTrade.VACANCY_STOCK)
        .sum(axis=1)[after : after + 12]
        .mean()
        for panel in (pair.policy, pair.baseline)
    )
    return float(with_policy - without)
