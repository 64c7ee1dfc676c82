"""Taking and leaving jobs: every count of firm, trade and market by hand, without kernels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.draws import SETUP_MONTH, Decision, log_no_event, stream, uniform, waiting_months
from sim.engine.state import Sizes
from sim.engine.waiting_times import tabulate_waits, waiting_table_of
from sim.engine.worker_columns import (
    AWAY,
    EMPLOYED,
    NEVER,
    NOWHERE,
    ORDINARY,
    REPATRIATED,
    RETAINED,
    SEEKING,
    STUDENT,
    TIED,
    WORK,
)
from sim.market.jobs import (
    change_firm,
    exit_to,
    index_by_share,
    lose_job,
    may_be_dismissed,
    months_to_next_event,
    newcomer_trade,
    next_event_month,
    setup_draw,
    start_seeking,
    take_job,
    worker_draw,
    worker_draws,
    worker_slot,
)
from tests.support.interpreted_state import InterpretedState
from tests.support.rule_checks import DRAW, real

CREW, RESIDENT = 0, 1
TRADES = 3
SIZES = Sizes(groups=2, trades=TRADES, firms=2, workers=6, months=30, pipeline_months=1)
COUNTS = ("cells", "staff", "stock", "papers", "groups_now")
ON_CREW, ON_RESIDENT = 1, 4


@pytest.fixture
def state() -> Any:
    """Rows 0 to 2 a crew, 3 to 5 residents; nobody has a job, all know trade 2."""
    state: Any = InterpretedState(SIZES)
    state.groups.is_crew[:] = [1, 0]
    state.groups.first[:] = [0, 3]
    state.workers.group[:] = [CREW] * 3 + [RESIDENT] * 3
    state.workers.trade[:] = 2
    state.workers.paper[:] = [STUDENT] * 3 + [WORK] * 3
    state.workers.efficiency[:] = [1800] * 3 + [900] * 3
    state.workers.levy_share[:] = [700] * 3 + [0] * 3
    state.workers.firm[:] = NOWHERE
    return state


def counts(state: Any) -> list[bytes]:
    """Every count that jobs change."""
    return [getattr(state.state, name).tobytes() for name in COUNTS]


def test_a_resident_who_takes_a_job_counts_in_his_firm_his_trade_and_the_market(state: Any) -> None:
    start_seeking(state, ON_RESIDENT)
    assert state.stock[RESIDENT, 2].tolist() == [0, 1, 0, 0]
    take_job(state, ON_RESIDENT, 1)
    worker, cell = state.workers[ON_RESIDENT], state.cells[1 * TRADES + 2]
    assert (worker.status, worker.firm, worker.trade) == (EMPLOYED, 1, 2)
    assert state.stock[RESIDENT, 2].tolist() == [0, 0, 1, 0]
    assert (cell.heads, cell.efficiency, cell.dismissible) == (1, 900, 900)
    staff = state.staff[1 * TRADES + 2, RESIDENT]
    assert (staff.heads, staff.efficiency) == (1, 900)
    assert state.papers[RESIDENT].tolist() == [0, 1, 0, 0]
    assert state.groups_now.levy_sum.tolist() == [0, 0]
    assert state.cells.heads.sum() == state.stock.sum() == state.papers.sum() == 1


def test_a_crew_member_is_never_dismissible_and_pays_a_levy(state: Any) -> None:
    take_job(state, ON_CREW, 0)
    cell = state.cells[2]
    assert (cell.heads, cell.efficiency, cell.dismissible) == (1, 1800, 0)
    assert state.groups_now.levy_sum.tolist() == [700, 0]
    assert state.papers[CREW].tolist() == [0, 0, 1, 0]
    assert state.stock[CREW, 2].tolist() == [0, 0, 1, 0]


def test_whoever_comes_from_outside_leaves_no_seeker_behind(state: Any) -> None:
    state.workers.status[ON_RESIDENT] = AWAY
    take_job(state, ON_RESIDENT, 0)
    assert state.stock[RESIDENT, 2].tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize("row", [ON_CREW, ON_RESIDENT])
def test_losing_a_job_takes_back_what_taking_it_booked(state: Any, row: int) -> None:
    start_seeking(state, row)
    before = counts(state)
    take_job(state, row, 1)
    assert counts(state) != before
    lose_job(state, row)
    assert counts(state) == before
    assert state.workers[row].status == SEEKING
    assert state.workers[row].firm == NOWHERE


@pytest.mark.parametrize("row", [ON_CREW, ON_RESIDENT])
def test_a_move_changes_the_two_firms_and_nothing_of_the_market(state: Any, row: int) -> None:
    take_job(state, row, 1)
    there = counts(state)
    lose_job(state, row)
    take_job(state, row, 0)
    market = [each.copy() for each in (state.stock, state.papers, state.groups_now.levy_sum)]
    change_firm(state, row, 1)
    assert counts(state) == there
    assert state.workers[row].firm == 1
    for before, after in zip(
        market, (state.stock, state.papers, state.groups_now.levy_sum), strict=True
    ):
        assert np.array_equal(before, after)


@pytest.mark.parametrize("status", [AWAY, REPATRIATED])
@pytest.mark.parametrize("was", [AWAY, SEEKING, EMPLOYED])
def test_who_leaves_the_market_is_counted_nowhere(state: Any, was: int, status: int) -> None:
    empty = counts(state)
    if was == SEEKING:
        start_seeking(state, ON_CREW)
    elif was == EMPLOYED:
        take_job(state, ON_CREW, 1)
    exit_to(state, ON_CREW, status)
    assert counts(state) == empty
    worker = state.workers[ON_CREW]
    assert (worker.status, worker.firm, worker.trade) == (status, NOWHERE, NOWHERE)


@pytest.mark.parametrize(
    ("is_crew", "terms", "may"),
    [
        (0, ORDINARY, True),
        (0, TIED, False),
        (1, ORDINARY, False),
        (1, TIED, False),
        (1, RETAINED, False),
    ],
)
def test_only_ordinary_workers_who_are_no_crew_may_be_dismissed(
    is_crew: int, terms: int, may: bool
) -> None:
    assert may_be_dismissed(is_crew, terms) == may


@pytest.mark.parametrize(
    ("month", "wait", "stored"),
    [(-24, 1, -23), (0, 126, 126), (120, 6, 126), (120, 7, NEVER), (-24, 1000, NEVER)],
)
def test_an_event_beyond_the_longest_simulation_never_comes(
    month: int, wait: int, stored: int
) -> None:
    assert next_event_month(month, wait) == stored


def test_waits_come_from_the_table_of_the_group_without_or_with_a_job(state: Any) -> None:
    rates = {(CREW, False): 0.5, (CREW, True): 0.05, (RESIDENT, False): 0.2, (RESIDENT, True): 0.9}
    for (group, is_employed), rate in rates.items():
        tabulate_waits(state, waiting_table_of(group, is_employed), log_no_event(rate))
    for (group, is_employed), rate in rates.items():
        for draw in (0.0, 0.3, 0.77, 0.999):
            wait = months_to_next_event(state, group, is_employed, draw)
            assert wait == waiting_months(draw, log_no_event(rate))


def test_each_worker_has_draws_of_his_own_by_group_and_place_in_it(state: Any) -> None:
    key, decision = 123_456_789, int(Decision.LAYOFF)
    state.keys[decision] = key
    slots = [worker_slot(state, row) for row in range(6)]
    assert slots == [0, 1, 2, *(2**40 + place for place in range(3))]
    with np.errstate(over="ignore"):
        draws = [worker_draw(state, decision, row) for row in range(6)]
        together = np.empty(2)
        worker_draws(state, decision, RESIDENT, np.array([3, 5]), together)
    assert draws == [uniform(key, slot) for slot in slots]
    assert together.tolist() == [draws[3], draws[5]]


def test_a_draw_for_the_whole_simulation_does_not_hang_on_the_month(state: Any) -> None:
    state.state.now["key"] = 42
    drawn = []
    for month in (0, 7):
        state.state.now["month"] = month
        drawn.append(setup_draw(state, 5, ON_RESIDENT))
    assert drawn == [uniform(stream(42, 5, SETUP_MONTH), 2**40 + 1)] * 2


@settings(max_examples=30)
@given(st.lists(real(0.01, 1.0), min_size=1, max_size=9), DRAW)
def test_the_share_drawn_is_the_first_whose_cumulated_share_exceeds_the_draw(
    parts: list[float], draw: float
) -> None:
    cumulated = np.cumsum(parts) / sum(parts)
    expected = min(int(np.searchsorted(cumulated, draw, side="right")), len(parts) - 1)
    assert index_by_share(cumulated, draw) == expected
    edge = cumulated[len(parts) // 2]
    assert index_by_share(cumulated, edge) == min(len(parts) // 2 + 1, len(parts) - 1)


@pytest.mark.parametrize(("draw", "trade"), [(0.0, 0), (0.74, 0), (0.75, 2), (0.999, 2), (1.0, 2)])
def test_a_newcomer_s_trade_is_drawn_by_the_vacancies_opened_last_month(
    state: Any, draw: float, trade: int
) -> None:
    """Of four openings three are in trade 0 and one in trade 2."""
    state.trades.opened_last[:] = [3, 0, 1]
    assert newcomer_trade(state, RESIDENT, draw) == trade


def test_a_newcomer_s_trade_is_the_group_s_where_nothing_was_opened(state: Any) -> None:
    state.entry_shares[:] = [[1.0, 1.0, 1.0], [0.25, 0.5, 1.0]]
    drawn = [newcomer_trade(state, RESIDENT, draw) for draw in (0.2, 0.25, 0.5, 0.9)]
    assert drawn == [0, 1, 2, 2]
    state.trades.opened_last[:] = [0, 1, 0]
    assert newcomer_trade(state, RESIDENT, 0.2) == 1
