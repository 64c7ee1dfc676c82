"""Vacancies per seeker: what whoever has no job makes of them, beside the wage."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.panel import Panel
from sim.engine.worker_columns import BURN_IN_MONTHS, Array
from sim.model import LabourMarket
from sim.paired import PairedBranches, run_paired
from tests.support.panel_reading import by_group_trade, by_trade
from tests.support.shipped_scenarios import make_scenario

RUSSIAN = 2
WAGES_FREE = BURN_IN_MONTHS - 12
"""Row of the panel in the first month in which wages move and tightness has a normal."""


@pytest.fixture(scope="module")
def markets() -> dict[float, PairedBranches]:
    """The letter of the resolution, with and without weight on the chance of a job."""
    letter = (
        "policy=un2397",
        "market.scale=0.2",
        "market.wages.adjustment_per_month=0",
        "months=60",
    )
    return {
        elasticity: run_paired(
            make_scenario(*letter, f"population.russian.job_finding_elasticity={elasticity}"), 0
        )
        for elasticity in (0.0, 0.5)
    }


def history(*overrides: str) -> Panel:
    """Burn-in and 60 months without policy."""
    model = LabourMarket(make_scenario("policy=none", "months=60", *overrides))
    model.run_to_end()
    return model.panel


def inside(panel: Panel) -> Array:
    """Russians in construction by month."""
    heads = by_group_trade(panel, "heads_employed") + by_group_trade(panel, "heads_seeking")
    return heads[:, RUSSIAN].sum(axis=1)  # type: ignore[no-any-return]


def tightness(panel: Panel) -> Array:
    """Vacancies opened per head that seeks at month end."""
    return by_trade(panel, "vacancies_opened").sum(axis=1) / by_group_trade(
        panel, "heads_seeking"
    ).sum(axis=(1, 2))


def test_the_chance_of_a_job_counts_from_when_the_normal_one_is_known() -> None:
    alone, beside = (
        inside(history("market.scale=0.1", f"population.russian.job_finding_elasticity={e}"))
        for e in (0.0, 0.5)
    )
    assert np.array_equal(alone[:WAGES_FREE], beside[:WAGES_FREE])
    assert not np.array_equal(alone, beside)


def test_where_hands_are_missing_the_chance_of_a_job_brings_more_residents_at_the_same_wage(
    markets: dict[float, PairedBranches],
) -> None:
    alone, beside = (
        (inside(runs.policy) - inside(runs.baseline))[-12:].mean() for runs in markets.values()
    )
    assert beside > alone + 100.0


def test_more_seekers_leave_fewer_vacancies_to_each(markets: dict[float, PairedBranches]) -> None:
    alone, beside = (
        np.log(tightness(runs.policy) / tightness(runs.baseline))[-12:].mean()
        for runs in markets.values()
    )
    assert 0.0 < beside < alone


def test_without_policy_tightness_stays_about_normal() -> None:
    """A tenth of a log point times the elasticity moves nobody to speak of."""
    steady = ("market.scale=1", "market.inputs.held_at_start=true")
    found = np.log(tightness(history(*steady)))
    normal = found[BURN_IN_MONTHS - 21 : BURN_IN_MONTHS - 12].mean()
    assert found[BURN_IN_MONTHS:].mean() == pytest.approx(normal, abs=0.1)
