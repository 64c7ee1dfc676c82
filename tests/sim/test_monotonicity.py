"""More compliance keeps no North Korean, a larger carve-out loses none.

Worker by worker, and with feedback in the mean.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from sim.branches import POLICY
from sim.engine.worker_columns import EMPLOYED, Array
from sim.model import LabourMarket
from sim.paired import run_paired
from tests.support.panel_reading import group_heads
from tests.support.shipped_scenarios import make_scenario

FROZEN = (
    "market.scale=0.05",
    "market.inputs.held_at_start=true",
    "market.wages.adjustment_per_month=0",
    "policy.transport_per_month=null",
    "population.north_korean.dispatch_rate_per_month=0",
)


def histories(levels: Sequence[tuple[str, ...]]) -> list[Array]:
    """Who of the North Koreans is at work in each month under each setting: bool[T, N]."""
    found = []
    for level in levels:
        model = LabourMarket(make_scenario(*FROZEN, *level), branch=POLICY)
        crew = slice(int(model.state.groups["first"][0]), int(model.state.groups["last"][0]))
        rows = []
        while model.month < model.specification.months:
            model.run_to(model.month + 1)
            rows.append(model.state.workers["status"][crew] == EMPLOYED)
        found.append(np.array(rows))
    return found


def never_fewer(settings: list[Array]) -> bool:
    """Whoever is there under one setting is there under the next."""
    return all(bool(np.all(few <= many)) for few, many in itertools.pairwise(settings))


@pytest.mark.parametrize(
    "other",
    [
        (),
        ("policy.permit_renewal=0.7",),
        ("policy.quiet_renewal=0.5",),
        ("policy.inspection_rate=0.15",),
    ],
)
def test_more_compliance_never_keeps_a_worker(other: tuple[str, ...]) -> None:
    there = histories(
        [(f"policy.compliance={compliance}", *other) for compliance in (1.0, 0.7, 0.3, 0.0)]
    )
    assert never_fewer(there)
    assert there[0][-1].sum() < there[1][-1].sum() < there[-1][-1].sum()


@pytest.mark.parametrize("other", [(), ("policy.compliance=0.5",)])
def test_a_larger_carve_out_never_loses_a_worker(other: tuple[str, ...]) -> None:
    there = histories(
        [(f"policy.retained_workers={places}", *other) for places in (0, 2000, 6000, 12000)]
    )
    assert never_fewer(there)
    assert there[0][-1].sum() < there[-1][-1].sum()


def mean_stock(*overrides: str) -> Array:
    """North Koreans at work, mean of twenty replicates with all feedback."""
    scenario = make_scenario("market.scale=0.1", *overrides)
    return np.mean(
        [
            group_heads(run_paired(scenario, seed).policy, scenario, "north_korean")
            for seed in range(20)
        ],
        axis=0,
    )


@pytest.mark.slow
def test_with_feedback_more_compliance_leaves_fewer() -> None:
    stocks = [mean_stock(f"policy.compliance={compliance}") for compliance in (1.0, 0.8, 0.5, 0.2)]
    assert all(np.all(strict <= lax + 1e-9) for strict, lax in itertools.pairwise(stocks))


@pytest.mark.slow
def test_with_feedback_a_larger_carve_out_leaves_more() -> None:
    stocks = [mean_stock(f"policy.retained_workers={places}") for places in (0, 3000, 6000, 10_000)]
    assert all(np.all(few <= many + 1e-9) for few, many in itertools.pairwise(stocks))
