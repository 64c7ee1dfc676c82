"""What the krai's market shows by itself: flows, elasticities, the path of the expulsion, beside what was expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from experiments.configuration.parameter_values import scenario_with
from experiments.configuration.settings import load_settings
from experiments.ensembles.ensemble import available_cores, in_order
from experiments.validation.elasticities import (
    demand_elasticities,
    supply_elasticities,
    supply_overrides,
)
from experiments.validation.natural_experiments import Draws
from experiments.validation.prototype_rows import (
    DEADLINE,
    chinese_inflow,
    extra_vacancies,
    shortfall,
    shortfall_percent,
)
from sim.calendar import label
from sim.engine.panel import ByTrade, measure_named
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import dated_inputs
from sim.inputs.strict_yaml import load_mapping
from sim.measures.comparison import FullScaleBranch, comparison
from sim.measures.monthly import measure
from sim.model import LabourMarket
from sim.paired import after_burn_in, run_paired
from sim.scenario import ContractCrew, Scenario

EXPECTATIONS = Path(__file__).parent / "expectations.yaml"
NO_POLICY, SHOCK = (
    ("policy=none", "market.inputs.held_at_start=true", "months=120"),
    ("policy=none", "months=72"),
)
EFFICIENCY, EFFICIENCIES = "population.north_korean.efficiency", (1.2, 2.4)
HELD = "market.inputs.held_at_start=true"
WORKING_DAYS = 21.0


def emergent(draws: Draws, extra: Sequence[str] = ()) -> dict[str, Array]:
    """Every quantity of expectations.yaml, one value a draw; what the overrides set here is not drawn."""
    found: dict[str, Array] = {}
    supply = supply_overrides(load_settings(SHOCK).scenario.start)
    for overrides, look in (
        (NO_POLICY, market_at_rest),
        ((*SHOCK, HELD, *supply), supply_answers),
        ((*SHOCK, HELD), demand_answers),
        (("months=96",), expulsion),
        *((("months=48", f"{EFFICIENCY}={value:g}"), shortfall_if) for value in EFFICIENCIES),
    ):
        resolved = load_settings((*overrides, *extra)).resolved
        given = {text.split("=")[0] for text in overrides}
        scenarios = [
            scenario_with(resolved, {key: value for key, value in draw.items() if key not in given})
            for draw in draws
        ]
        rows = list(
            in_order(
                lambda number, look=look, known=scenarios: look(known[number], number),  # type: ignore[misc]
                len(draws),
                available_cores(),
            )
        )
        found |= {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return found


def expectations() -> dict[str, tuple[float | None, str]]:
    """Expected value, if there is one, and unit of each quantity."""
    return {
        name: (entry["value"], entry["unit"]) for name, entry in load_mapping(EXPECTATIONS).items()
    }


def market_at_rest(scenario: Scenario, replicate: int) -> dict[str, float]:
    """Mean flows of a market that nothing happens to."""
    market = LabourMarket(scenario, replicate)
    market.run_to_end()
    run = FullScaleBranch(after_burn_in(market.panel), scenario.market.scale)
    hires, moves = (
        run.of(measure_named(name)).sum(axis=(1, 2)) for name in ("hires", "job_to_job_moves")
    )
    stock, heads = run.of(ByTrade.VACANCY_STOCK).sum(axis=1), run.heads_by_trade().sum(axis=1)
    years = (scenario.months - 12) / 12.0
    return {
        "no policy, ten years, hires": 100.0 * (hires / heads).mean(),
        "no policy, ten years, job vacancy rate": 100.0 * (stock / (stock + heads)).mean(),
        "no policy, ten years, vacancy duration": WORKING_DAYS * stock.sum() / hires.sum(),
        "no policy, ten years, drift of employment": 100.0
        * np.log(heads[-12:].mean() / heads[:12].mean())
        / years,
        "no policy, ten years, hires from job to job": 100.0 * moves.sum() / hires.sum(),
    }


def supply_answers(scenario: Scenario, replicate: int) -> dict[str, float]:
    """Supply elasticities by name."""
    return {
        f"labour supply, elasticity after {months} months": value
        for months, value in supply_elasticities(scenario, replicate).items()
    }


def demand_answers(scenario: Scenario, replicate: int) -> dict[str, float]:
    """Demand elasticities by name."""
    found = demand_elasticities(scenario, replicate)
    return {
        f"{name}, demand elasticity after {months} months": value
        for name, row in found.items()
        for months, value in row.items()
    }


def expulsion(scenario: Scenario, replicate: int) -> dict[str, float]:
    """The path under the letter of the resolution."""
    pair, inputs = run_paired(scenario, replicate), dated_inputs(scenario)
    runs, values = comparison(pair, scenario, inputs), measure(pair, scenario, inputs)
    months = {label(month, scenario.start): month for month in range(scenario.months)}
    at = {
        name: {date: float(row[month]) for date, month in months.items()}
        for name, row in values.items()
    }
    left = {
        date: 100.0 * heads / at["north_korean_heads"]["2017-12"]
        for date, heads in at["north_korean_heads"].items()
    }
    return {
        "compliance 1, North Koreans left in July 2018": left["2018-07"],
        "compliance 1, North Koreans left in December 2018": left["2018-12"],
        **thousands(at, "shortfall", ("2018", "2019", "2023")),
        "compliance 1, shortfall in December 2019, share": shortfall_percent(DEADLINE)(runs),
        "compliance 1, vacancies over the baseline's in 2020": extra_vacancies(runs) / 1000.0,
        "compliance 1, Chinese over the baseline's in December 2023": chinese_inflow(runs) / 1000.0,
        **thousands(at, "remaining_gap", ("2019", "2023")),
        "compliance 1, wage in December 2023": at["wage_drift_percent"]["2023-12"],
        **{
            f"compliance 1, output in December {year}": at["output_percent_of_baseline"][
                f"{year}-12"
            ]
            - 100.0
            for year in ("2018", "2019")
        },
    }


def shortfall_if(scenario: Scenario, replicate: int) -> dict[str, float]:
    """The shortfall at the deadline if a North Korean's work counts for less or more."""
    inputs, group = dated_inputs(scenario), scenario.population["north_korean"]
    assert isinstance(group, ContractCrew)
    found = shortfall(DEADLINE)(comparison(run_paired(scenario, replicate), scenario, inputs))
    return {f"efficiency {group.efficiency:g}, shortfall in December 2019": found / 1000.0}


def thousands(
    at: Mapping[str, Mapping[str, float]], name: str, years: Sequence[str]
) -> dict[str, float]:
    """A number of workers at the end of some years, in thousands."""
    words = name.replace("_", " ")
    return {
        f"compliance 1, {words} in December {year}": at[f"{name}_workers"][f"{year}-12"] / 1000.0
        for year in years
    }
