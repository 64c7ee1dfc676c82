"""Parameters that a result varies with: planted causes are found, chance correlations are not."""

import dataclasses

import numpy as np
import pytest
from scipy.stats import spearmanr

from experiments.ensembles.drivers import drivers, rank_correlation
from sim.scenario import Scenario
from tests.support.shipped_scenarios import make_scenario

EFFICIENCY = "population.north_korean.efficiency"


def scenarios_with(efficiencies: list[float]) -> list[Scenario]:
    """The scenarios of two replicates per draw; draws differ in efficiency alone."""
    shipped = make_scenario("market.scale=0.01")
    crew = shipped.population["north_korean"]
    people = [
        {**shipped.population, "north_korean": dataclasses.replace(crew, efficiency=value)}
        for value in efficiencies
        for _ in range(2)
    ]
    return [dataclasses.replace(shipped, population=population) for population in people]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_planted_cause_is_found_with_its_sign(sign: float) -> None:
    efficiencies = [1.0 + 0.1 * number for number in range(14)]
    outcome = sign * np.repeat(efficiencies, 2)[:, None] * np.ones(24)
    (found,) = drivers(scenarios_with(efficiencies), {"shortfall_workers": outcome}, 2)
    assert found == {"parameter": EFFICIENCY, "rank_correlation": sign}


def test_chance_and_too_few_draws_give_no_drivers() -> None:
    efficiencies = [1.0 + 0.1 * number for number in range(14)]
    alternating = np.repeat([1.0, 2.0] * 7, 2)[:, None] * np.ones(24)
    assert drivers(scenarios_with(efficiencies), {"shortfall_workers": alternating}, 2) == []
    few = np.repeat(efficiencies[:9], 2)[:, None] * np.ones(24)
    assert drivers(scenarios_with(efficiencies[:9]), {"shortfall_workers": few}, 2) == []
    assert drivers(scenarios_with(efficiencies), {"shortfall_workers": np.zeros((28, 24))}, 2) == []


def test_rank_correlation_is_spearman_s() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 6, 40).astype(float), rng.normal(size=40)
    assert rank_correlation(first, second) == pytest.approx(spearmanr(first, second).statistic)
