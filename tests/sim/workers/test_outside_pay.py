"""Pay outside construction: wages follow it, and nobody moves because it grows."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.panel import OfMarket, measure_named
from sim.engine.worker_columns import BURN_IN_MONTHS
from sim.inputs.dated_inputs import dated_inputs
from sim.measures.comparison import FullScaleBranch
from sim.paired import run_paired
from tests.support.shipped_scenarios import make_scenario

SLOW_WAGES, NO_CHINESE = (
    "market.wages.adjustment_per_month=0.002",
    "population.chinese.quota_heads=0",
)
RISING = ("market.scale=0.05", "months=60", "policy=un2397", SLOW_WAGES, NO_CHINESE)
"""Nobody compares with pay in other money, and no wage would be cut if money wages could be."""


@pytest.fixture(scope="module")
def markets() -> list[FullScaleBranch]:
    """Policy runs with the krai's pay outside and with one that follows prices."""
    runs = (
        run_paired(make_scenario(*RISING, *more), 0).policy
        for more in ((), ("market.inputs.outside_pay=null",))
    )
    return [FullScaleBranch(run, 0.05) for run in runs]


def test_hands_and_work_do_not_depend_on_how_fast_pay_outside_grows(
    markets: list[FullScaleBranch],
) -> None:
    rising, flat = markets
    for measure in ("heads_employed", "hires", "separations"):
        assert (
            rising.of(measure_named(measure)).tobytes() == flat.of(measure_named(measure)).tobytes()
        )
    assert rising.of(OfMarket.OUTPUT).tobytes() == flat.of(OfMarket.OUTPUT).tobytes()


def test_wages_grow_with_pay_outside(markets: list[FullScaleBranch]) -> None:
    rising, flat = markets
    inputs = dated_inputs(make_scenario(*RISING))
    real = (inputs.outside_pay / inputs.consumer_prices)[BURN_IN_MONTHS:]
    assert real[-1] > 1.1
    for measure in ("wage_real_rub", "wage_nominal_rub", "wage_usd"):
        np.testing.assert_allclose(
            rising.of(measure_named(measure)) / flat.of(measure_named(measure)), real, rtol=1e-12
        )
