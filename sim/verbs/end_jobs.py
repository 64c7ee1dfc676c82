"""Verb 3: jobs end, leavers leave, learners finish, last month's layoffs are carried out. Reads wages and tightness of last month."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine.compiling import allocating_part, part
from sim.engine.draws import Decision
from sim.engine.elementary import log
from sim.engine.kernels import state_kernel
from sim.engine.panel import Flow
from sim.engine.prefetching import fetch_leavers
from sim.engine.row_search import INSIDE, list_with_event_now
from sim.engine.state import CANDIDATES, ON_THE_JOB_SEARCHERS, State
from sim.engine.worker_columns import (
    AWAY,
    EMPLOYED,
    NEVER,
    STANDARD_WORKER,
    UNTRAINED,
    Array,
)
from sim.firms.demand import layoff_probability
from sim.market.jobs import (
    book,
    draw_each,
    draw_of,
    go_away,
    lose_job,
    may_be_dismissed,
    months_to_next_event,
    next_event_month,
)
from sim.workers.resident import (
    JOB_ENDS,
    RECONSIDERS,
    SEARCHES_ON_THE_JOB,
    event,
    inside_probability,
    log_pay_expected,
)

PASSED_AT_ONCE = 4


class Room(NamedTuple):
    """Room for the events of one group."""

    acting: Array  # i4 those among them for whom something may happen
    by_kind: Array  # i4[3, n] those for whom an event of a kind has come
    draws: Array  # f8
    tastes: Array  # f8 log outside options
    chances: Array  # f8


@state_kernel
def end_jobs(state: State) -> None:
    """Visit residents and commuters inside construction whose event has come, then carry out layoffs."""
    now = state.now[0]
    now.on_the_job_searchers = 0
    now.log_wage_inside = log(now.mean_wage * (1.0 + now.wage_subsidy_share))
    for group in range(state.groups.size):
        if state.groups[group].has_events:
            hold_events(state, group)
    lay_off(state)


@allocating_part
def hold_events(state: State, group: int) -> None:
    """A learner's date acts first; then reconsidering, on-the-job search or the job's end; at last the next event is drawn."""
    rows = list_with_event_now(state, group, INSIDE)
    room = Room(
        np.empty(rows.size, np.int32),
        np.empty((3, rows.size), np.int32),
        np.empty(rows.size),
        np.empty(rows.size),
        np.empty(rows.size),
    )
    acting = list_acting(state, group, rows, room)
    reconsidering, looking, jobs_ending = sort_by_kind(state, group, acting, room)
    ending = room.by_kind[JOB_ENDS, :jobs_ending]
    for i in range(ending.size):
        fetch_leavers(state, ending, i)
        row = ending[i]
        state.flows[group, state.workers[row].trade, Flow.JOB_ENDED] += 1
        lose_job(state, row)
    now = state.now[0]
    for row in room.by_kind[SEARCHES_ON_THE_JOB, :looking]:
        state.lists[ON_THE_JOB_SEARCHERS, now.on_the_job_searchers] = row
        now.on_the_job_searchers += 1
    reconsider(state, group, room.by_kind[RECONSIDERS, :reconsidering], room)
    draw_next_events(state, group, rows, Decision.WAIT, room.draws)


@allocating_part
def list_acting(state: State, group: int, rows: Array, room: Room) -> Array:
    """Learners whose date has come finish; they have an event besides by chance, the others have one for certain."""
    month, count = state.now[0].month, 0
    for row in rows:
        happens = True
        if state.workers[row].experienced_from == month:
            finish_learning(state, row)
            happens = draw_of(state, Decision.EVENT, row) < event_rate(state, row)
        room.acting[count] = row
        count += happens
    return room.acting[:count]


@part
def sort_by_kind(state: State, group: int, acting: Array, room: Room) -> tuple[int, int, int]:
    """List rows by the kind of their event; without a job there is nothing but reconsidering. Returns how many of each."""
    here = state.groups[group]
    draw_each(state, Decision.KIND, group, acting, room.draws)
    reconsidering, looking, ending = 0, 0, 0
    for i in range(acting.size):
        kind = event(
            room.draws[i], here.reconsider_rate, here.on_the_job_search_rate, here.job_end_rate
        )
        kind = kind if state.workers[acting[i]].status == EMPLOYED else RECONSIDERS
        # Written in any case: where it does not belong the next one is written over it.
        room.by_kind[RECONSIDERS, reconsidering] = room.by_kind[
            SEARCHES_ON_THE_JOB, looking
        ] = room.by_kind[JOB_ENDS, ending] = acting[i]
        reconsidering += kind == RECONSIDERS
        looking += kind == SEARCHES_ON_THE_JOB
        ending += kind == JOB_ENDS
    return reconsidering, looking, ending


@part
def reconsider(state: State, group: int, rows: Array, room: Room) -> None:
    """Whoever reconsiders stays with the probability of his pay, or what a seeker expects, and taste, or leaves construction."""
    now, here = state.now[0], state.groups[group]
    log_wage = now.log_wage_inside
    log_pay_of_seekers = log_pay_expected(
        log_wage, now.log_tightness, now.log_tightness_normal, here.job_finding_elasticity
    )
    draw_each(state, Decision.STAY, group, rows, room.draws)
    for i in range(rows.size):
        worker = state.workers[rows[i]]
        log_pay = log_wage if worker.status == EMPLOYED else log_pay_of_seekers
        room.chances[i], room.tastes[i] = log_pay, worker.taste / 1000.0
    weigh(room.chances, room.tastes, rows.size, here.attachment, here.choice_noise)
    leaving = 0
    for i in range(rows.size):
        room.acting[leaving] = rows[i]
        leaving += room.draws[i] >= room.chances[i]
    leavers = room.acting[:leaving]
    for i in range(leavers.size):
        fetch_leavers(state, leavers, i)
        leave_construction(state, leavers[i])


@part
def weigh(pay: Array, tastes: Array, count: int, attachment: float, choice_noise: float) -> None:
    """In place of the log pay of each the chance that he is inside for it (a loop that the compiler turns into vector instructions)."""
    for i in range(count):
        pay[i] = inside_probability(pay[i], attachment, tastes[i], choice_noise)


@part
def event_rate(state: State, row: int) -> float:
    """Sum of the rates of a worker's status: all three with a job, reconsidering only without."""
    worker = state.workers[row]
    group = state.groups[worker.group]
    return float(group.event_rate_employed if worker.status == EMPLOYED else group.reconsider_rate)


@part
def draw_next_events(state: State, group: int, rows: Array, decision: int, draws: Array) -> None:
    """Draw the wait of many rows of a group anew."""
    draw_each(state, decision, group, rows, draws)
    for i in range(rows.size):
        come_back(state, rows[i], draws[i])


@part
def draw_next_event(state: State, row: int, decision: int) -> None:
    """Draw the wait of one worker anew."""
    come_back(state, row, draw_of(state, decision, row))


@part
def come_back(state: State, row: int, draw: float) -> None:
    """Set the next event by the rate of the status; a learner's date comes first if it is earlier."""
    month = state.now[0].month
    worker = state.workers[row]
    next_month = next_event_month(
        month, months_to_next_event(state, worker.group, worker.status == EMPLOYED, draw)
    )
    learned = worker.experienced_from
    state.next_event[row] = min(next_month, learned if learned > month else NEVER)


@part
def leave_construction(state: State, row: int) -> None:
    """A resident goes outside; what he learned is lost."""
    worker = state.workers[row]
    state.flows[
        worker.group, worker.trade, Flow.LEFT_JOB if worker.status == EMPLOYED else Flow.GAVE_UP
    ] += 1
    go_away(state, row, AWAY)
    worker.experienced_from = UNTRAINED
    worker.efficiency = STANDARD_WORKER


@part
def finish_learning(state: State, row: int) -> None:
    """A learner becomes a standard worker."""
    worker = state.workers[row]
    if worker.status == EMPLOYED:
        book(state, row, -1)
        worker.efficiency = STANDARD_WORKER
        book(state, row, 1)
    else:
        worker.efficiency = STANDARD_WORKER


@allocating_part
def lay_off(state: State) -> None:
    """Dismiss, each by his own draw, a share of what is left of the excess of the cells that gave notice last month."""
    chances = np.zeros(state.cells.size)
    notices = np.zeros(state.firms.size + 1, np.int8)
    if not give_notice(state, chances, notices):
        return
    for group in range(state.groups.size):
        if not state.groups[group].is_crew:
            rows = draw_layoffs(state, group, list_noticed(state, group, notices), chances)
            for i in range(rows.size):
                fetch_leavers(state, rows, i)
                dismiss(state, rows[i])


@allocating_part
def list_noticed(state: State, group: int, notices: Array) -> Array:
    """Rows of a group whose firm gave notice: few, so that most rows are passed by several at once."""
    rows, found = state.lists[CANDIDATES], 0
    first, last = state.groups[group].first, state.groups[group].last
    together = last - (last - first) % PASSED_AT_ONCE
    for start in range(first, together, PASSED_AT_ONCE):
        noticed = 0
        for i in range(PASSED_AT_ONCE):
            noticed |= notices[np.uint32(state.workers[start + i].firm + 1)]
        if noticed:
            found = note_noticed(state, start, start + PASSED_AT_ONCE, notices, rows, found)
    found = note_noticed(state, together, last, notices, rows, found)
    return rows[:found]  # type: ignore[no-any-return]


@part
def note_noticed(
    state: State, first: int, last: int, notices: Array, rows: Array, found: int
) -> int:
    """Add the rows from first to last (exclusive) whose firm gave notice; returns how many are noted now."""
    for row in range(first, last):
        rows[found] = row
        found += notices[np.uint32(state.workers[row].firm + 1)]
    return found


@allocating_part
def draw_layoffs(state: State, group: int, rows: Array, chances: Array) -> Array:
    """Those who are dismissed among the rows of a group whose firm gave notice, each with the chance of his trade there."""
    draws = np.empty(rows.size)
    draw_each(state, Decision.LAYOFF, group, rows, draws)
    dismissed, is_crew = 0, state.groups[group].is_crew
    for i in range(rows.size):
        row = rows[i]
        worker = state.workers[row]
        rows[dismissed] = row
        chance = chances[worker.firm * state.trades.size + worker.trade]
        dismissed += draws[i] < chance and may_be_dismissed(is_crew, worker.terms)
    return rows[:dismissed]


@part
def give_notice(state: State, chances: Array, notices: Array) -> bool:
    """Chance of dismissal in every cell from the excess left over last month's plan; marks firms (at firm + 1) that have one."""
    parameters = state.parameters[0]
    any_excess = False
    for cell in range(state.cells.size):
        at = state.cells[cell]
        chances[cell] = layoff_probability(
            at.efficiency / 1000.0,
            at.dismissible / 1000.0,
            at.planned_labour,
            parameters.hoarding_share,
            parameters.layoff_share,
        )
        if chances[cell] > 0.0:
            notices[cell // state.trades.size + 1] = 1
            any_excess = True
    return any_excess


@part
def dismiss(state: State, row: int) -> None:
    """End a job by layoff: the worker seeks; a migrant's stay runs on."""
    worker = state.workers[row]
    state.flows[worker.group, worker.trade, Flow.LAID_OFF] += 1
    lose_job(state, row)
    if state.groups[worker.group].has_events:
        draw_next_event(state, row, Decision.LAID_OFF_WAIT)
