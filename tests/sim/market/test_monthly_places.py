"""Places a month at small scale."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.calendar import month_index
from sim.market.monthly_places import places_in_month
from sim.paired import run_paired
from tests.support.panel_reading import by_group
from tests.support.shipped_scenarios import make_scenario


@given(st.floats(0.0, 500.0), st.integers(0, 100), st.integers(1, 200))
def test_no_part_of_a_place_is_lost_or_made_up(per_month: float, first: int, months: int) -> None:
    offered = sum(places_in_month(per_month, month) for month in range(first, first + months))
    assert abs(offered - per_month * months) < 1.0 + 1e-6


@given(st.integers(0, 5000), st.integers(0, 500))
def test_whole_places_are_offered_every_month(per_month: int, month: int) -> None:
    assert places_in_month(float(per_month), month) == per_month


@pytest.mark.parametrize("per_month", [4, 9])
def test_a_twentieth_of_the_krai_sends_home_a_twentieth_of_what_transport_takes(
    per_month: int,
) -> None:
    scenario = make_scenario(
        "market.scale=0.05", "months=60", "policy=un2397", f"policy.transport_per_month={per_month}"
    )
    gone = by_group(run_paired(scenario, 0).policy, "heads_repatriated")[-1, 0]
    months_with_a_queue = 60 - month_index(dt.date(2018, 1, 1), scenario.start)
    assert gone == pytest.approx(per_month * 0.05 * months_with_a_queue, abs=1.0)
