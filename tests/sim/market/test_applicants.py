"""Who applies this month, and in which weeks, without kernels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.engine.draws import Decision, uniform
from sim.engine.state import AT_ONCE, CANDIDATES, ON_THE_JOB_SEARCHERS, Sizes
from sim.engine.worker_columns import AWAY, EMPLOYED, SEEKING
from sim.market import applicants
from sim.market.applicants import (
    ApplicantPool,
    draw_in_pool,
    gather_applicants,
    list_applying,
    list_on_the_job_searchers,
)
from sim.market.matching import WEEKS, application_weeks, monthly_application_probability
from tests.support.interpreted_state import InterpretedState, rows_equal

Q = 0.4
KEY = 987_654_321
SIZES = Sizes(groups=2, trades=2, firms=1, workers=8, months=30, pipeline_months=1)


@pytest.fixture(autouse=True)
def _in_plain_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applicants, "list_rows_equal", rows_equal)


@pytest.fixture
def state() -> Any:
    """Rows 0, 4 and 6 seek; 1, 5 and 2 have looked for another job, but 5 has lost his."""
    state: Any = InterpretedState(SIZES)
    state.workers.group[:] = [0] * 4 + [1] * 4
    state.groups.first[:] = [0, 4]
    state.workers.trade[:] = [0, 1, 0, 1, 0, 1, 1, 0]
    state.workers.status[:] = AWAY
    state.workers.status[[0, 4, 6]] = SEEKING
    state.workers.status[[1, 2]] = EMPLOYED
    # Kernels widen what they read to 64 bits; plain Python has to be told.
    state.lists = state.state.lists.astype(np.int64)
    state.lists[ON_THE_JOB_SEARCHERS, :4] = [1, 5, 2, 3]
    state.state.now["on_the_job_searchers"] = 3
    state.state.parameters["application_probability"] = Q
    state.keys[Decision.APPLICATION_WEEKS] = KEY
    return state


def gathered(state: Any) -> ApplicantPool:
    with np.errstate(over="ignore"):
        return gather_applicants(state)


def test_seekers_come_first_then_on_the_job_searchers_who_still_have_their_job(state: Any) -> None:
    pool = gathered(state)
    assert pool.rows.tolist() == [0, 4, 6, 1, 2]
    assert pool.seekers == 3
    assert pool.trades.tolist() == [0, 0, 1, 1, 0]
    assert pool.slots.tolist() == [0, 2**40, 2**40 + 2, 1, 2]


def test_the_list_of_those_who_apply_has_room_to_note_several_at_once(state: Any) -> None:
    assert gathered(state).applying.size == 5 + AT_ONCE - 1


def test_seekers_apply_with_probability_q_a_week_and_searchers_in_at_least_one(state: Any) -> None:
    pool, once = gathered(state), monthly_application_probability(Q)
    draws = [uniform(KEY, int(slot)) for slot in pool.slots]
    limits = [1.0] * 3 + [once] * 2
    assert pool.weeks.tolist() == [
        application_weeks(limit * draw, Q) for limit, draw in zip(limits, draws, strict=True)
    ]
    assert (pool.weeks[3:] > 0).all()


def test_searchers_are_added_after_those_listed_before(state: Any) -> None:
    rows = np.full(12, -1, np.int32)
    assert list_on_the_job_searchers(state, rows, 4) == 6
    assert rows[4:7].tolist() == [1, 2, -1]
    state.state.now["on_the_job_searchers"] = 1
    assert list_on_the_job_searchers(state, rows, 0) == 1


def test_candidates_are_listed_where_the_state_has_room_for_them(state: Any) -> None:
    gathered(state)
    assert state.lists[CANDIDATES, :5].tolist() == [0, 4, 6, 1, 2]


@pytest.mark.parametrize("week", range(WEEKS))
def test_those_of_a_week_are_listed_by_their_position(state: Any, week: int) -> None:
    pool = gathered(state)
    pool.weeks[:] = [0b0001, 0b0110, 0b1111, 0, 0b1000]
    number = list_applying(pool, week)
    expected = [place for place, weeks in enumerate(pool.weeks) if weeks >> week & 1]
    assert pool.applying[:number].tolist() == expected


def test_draws_in_the_pool_are_those_of_the_worker_at_each_position(state: Any) -> None:
    pool, draws = gathered(state), np.empty(2)
    state.keys[Decision.JOB_MOVE] = 77
    with np.errstate(over="ignore"):
        draw_in_pool(state, pool, Decision.JOB_MOVE, np.array([4, 1]), draws)
    assert draws.tolist() == [uniform(77, 2), uniform(77, 2**40)]
