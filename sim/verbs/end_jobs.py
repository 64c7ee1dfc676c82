"""Verb 3: jobs end, residents leave construction, learners finish, firms lay off.

Reads wages and tightness of last month.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine.compiling import allocating_part, part
from sim.engine.draws import Decision
from sim.engine.elementary import log
from sim.engine.kernels import state_kernel
from sim.engine.panel import Flow
from sim.engine.prefetching import prefetch_separation
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
    book_employment,
    exit_to,
    lose_job,
    may_be_dismissed,
    months_to_next_event,
    next_event_month,
    worker_draw,
    worker_draws,
)
from sim.market.ranking import sort
from sim.structure import Separations
from sim.workers.incumbent import (
    job_end_is_due,
    layoff_probability_after_notice,
    layoff_rank,
)
from sim.workers.resident import (
    JOB_ENDS,
    RECONSIDERS,
    SEARCHES_ON_THE_JOB,
    employed_event_kind,
    inside_probability,
    log_expected_pay,
)

ROWS_PER_CHECK = 4
"""Rows of workers whose firms are checked together."""


class EventBuffers(NamedTuple):
    """Arrays for the events of one group."""

    with_event: Array  # i4 rows that have an event
    by_kind: Array  # i4[3, n] rows by kind of event
    draws: Array  # f8
    tastes: Array  # f8 log outside options
    chances: Array  # f8 log pay, then probabilities of being in construction


@state_kernel
def end_jobs(state: State) -> None:
    """Process events of residents and commuters in construction, then carry out layoffs."""
    now = state.now[0]
    now.on_the_job_searchers = 0
    now.log_wage_inside = log(now.mean_wage * (1.0 + now.wage_subsidy_share))
    for group in range(state.groups.size):
        if state.groups[group].has_events:
            process_events(state, group)
    lay_off(state)


@allocating_part
def process_events(state: State, group: int) -> None:
    """Process the events of one group in this month.

    Learners finish first; then workers reconsider, start on-the-job search or lose their jobs;
    last, everyone's next event is drawn.
    """
    rows = list_with_event_now(state, group, INSIDE)
    buffers = EventBuffers(
        np.empty(rows.size, np.int32),
        np.empty((3, rows.size), np.int32),
        np.empty(rows.size),
        np.empty(rows.size),
        np.empty(rows.size),
    )
    with_event = list_with_event(state, group, rows, buffers)
    reconsidering, searching, jobs_ending = sort_by_kind(state, group, with_event, buffers)
    if state.structure[0].separations == Separations.SENIORITY:
        jobs_ending = spare_the_senior(state, group, jobs_ending, buffers)
    ending = buffers.by_kind[JOB_ENDS, :jobs_ending]
    for i in range(ending.size):
        prefetch_separation(state, ending, i)
        row = ending[i]
        state.flows[group, state.workers[row].trade, Flow.JOB_ENDED] += 1
        lose_job(state, row)
    now = state.now[0]
    for row in buffers.by_kind[SEARCHES_ON_THE_JOB, :searching]:
        state.lists[ON_THE_JOB_SEARCHERS, now.on_the_job_searchers] = row
        now.on_the_job_searchers += 1
    reconsider(state, group, buffers.by_kind[RECONSIDERS, :reconsidering], buffers)
    # All rows, not only those with an event: the end of learning was stored in the same place.
    draw_next_events(state, group, rows, Decision.NEXT_EVENT, buffers.draws)


@allocating_part
def list_with_event(state: State, group: int, rows: Array, buffers: EventBuffers) -> Array:
    """List the rows that have an event this month, after learners have become standard workers.

    A row whose learning ends now has an event besides only by chance, as the wait for events has no
    memory; every other row is here because of an event.
    """
    month, count = state.now[0].month, 0
    for row in rows:
        has_event = True
        if state.workers[row].experienced_from == month:
            finish_learning(state, row)
            has_event = worker_draw(state, Decision.EVENT_AFTER_LEARNING, row) < event_rate(
                state, row
            )
        buffers.with_event[count] = row
        count += has_event
    return buffers.with_event[:count]


@part
def sort_by_kind(
    state: State, group: int, with_event: Array, buffers: EventBuffers
) -> tuple[int, int, int]:
    """List rows by the kind of their event; returns how many there are of each.

    Workers without a job can only reconsider.
    """
    here = state.groups[group]
    worker_draws(state, Decision.EVENT_KIND, group, with_event, buffers.draws)
    reconsidering, searching, ending = 0, 0, 0
    for i in range(with_event.size):
        kind = employed_event_kind(
            buffers.draws[i], here.reconsider_rate, here.on_the_job_search_rate, here.job_end_rate
        )
        kind = kind if state.workers[with_event[i]].status == EMPLOYED else RECONSIDERS
        # Written to all lists: the next entry overwrites it where it does not belong, which is
        # faster than a branch that the processor often predicts wrongly.
        buffers.by_kind[RECONSIDERS, reconsidering] = buffers.by_kind[
            SEARCHES_ON_THE_JOB, searching
        ] = buffers.by_kind[JOB_ENDS, ending] = with_event[i]
        reconsidering += kind == RECONSIDERS
        searching += kind == SEARCHES_ON_THE_JOB
        ending += kind == JOB_ENDS
    return reconsidering, searching, ending


@part
def spare_the_senior(state: State, group: int, jobs_ending: int, buffers: EventBuffers) -> int:
    """Keep the rows whose jobs do end, as tenure makes it rarer; returns how many there are."""
    ending = buffers.by_kind[JOB_ENDS, :jobs_ending]
    seniority_months = state.parameters[0].seniority_months
    worker_draws(state, Decision.JOB_END_BY_TENURE, group, ending, buffers.draws)
    count = 0
    for i in range(ending.size):
        row = ending[i]
        months = state.now[0].month - state.workers[row].contract_end
        ending[count] = row
        count += job_end_is_due(buffers.draws[i], months, seniority_months)
    return count


@part
def reconsider(state: State, group: int, rows: Array, buffers: EventBuffers) -> None:
    """Let workers stay in construction or leave it, by pay and their taste for the outside option.

    A seeker counts the pay expected from a job yet to be found.
    """
    now, here = state.now[0], state.groups[group]
    log_wage = now.log_wage_inside
    log_pay_of_seekers = log_expected_pay(
        log_wage, now.log_tightness, now.log_tightness_normal, here.job_finding_elasticity
    )
    worker_draws(state, Decision.STAY_IN_CONSTRUCTION, group, rows, buffers.draws)
    for i in range(rows.size):
        worker = state.workers[rows[i]]
        log_pay = log_wage if worker.status == EMPLOYED else log_pay_of_seekers
        buffers.chances[i], buffers.tastes[i] = log_pay, worker.taste / 1000.0
    replace_pay_by_inside_probability(
        buffers.chances, buffers.tastes, rows.size, here.attachment, here.choice_noise
    )
    leaving = 0
    for i in range(rows.size):
        buffers.with_event[leaving] = rows[i]
        leaving += buffers.draws[i] >= buffers.chances[i]
    leavers = buffers.with_event[:leaving]
    for i in range(leavers.size):
        prefetch_separation(state, leavers, i)
        leave_construction(state, leavers[i])


@part
def replace_pay_by_inside_probability(
    pay: Array, tastes: Array, count: int, attachment: float, choice_noise: float
) -> None:
    """Replace the log pay of each worker by the probability of being in construction at it.

    A loop of its own, so that the compiler turns it into vector instructions.
    """
    for i in range(count):
        pay[i] = inside_probability(pay[i], attachment, tastes[i], choice_noise)


@part
def event_rate(state: State, row: int) -> float:
    """Hazard rate of any event: all three kinds with a job, reconsidering alone without one."""
    worker = state.workers[row]
    group = state.groups[worker.group]
    return float(group.event_rate_employed if worker.status == EMPLOYED else group.reconsider_rate)


@part
def draw_next_events(state: State, group: int, rows: Array, decision: int, draws: Array) -> None:
    """Draw the next event of many rows of a group."""
    worker_draws(state, decision, group, rows, draws)
    for i in range(rows.size):
        schedule_next_event(state, rows[i], draws[i])


@part
def draw_next_event(state: State, row: int, decision: int) -> None:
    """Draw the next event of one worker."""
    schedule_next_event(state, row, worker_draw(state, decision, row))


@part
def schedule_next_event(state: State, row: int, draw: float) -> None:
    """Set the month of the next event, or of the end of learning if that is earlier."""
    month = state.now[0].month
    worker = state.workers[row]
    next_month = next_event_month(
        month, months_to_next_event(state, worker.group, worker.status == EMPLOYED, draw)
    )
    # One month is stored for both: the later of the two is found again when the earlier is due.
    learned = worker.experienced_from
    state.next_event[row] = min(next_month, learned if learned > month else NEVER)


@part
def leave_construction(state: State, row: int) -> None:
    """A resident leaves construction and loses what he has learned."""
    worker = state.workers[row]
    state.flows[
        worker.group, worker.trade, Flow.LEFT_JOB if worker.status == EMPLOYED else Flow.GAVE_UP
    ] += 1
    exit_to(state, row, AWAY)
    worker.experienced_from = UNTRAINED
    worker.efficiency = STANDARD_WORKER


@part
def finish_learning(state: State, row: int) -> None:
    """Make a learner a standard worker, and correct his firm's labour if he has a job."""
    worker = state.workers[row]
    if worker.status == EMPLOYED:
        book_employment(state, row, -1)
        worker.efficiency = STANDARD_WORKER
        book_employment(state, row, 1)
    else:
        worker.efficiency = STANDARD_WORKER


@allocating_part
def lay_off(state: State) -> None:
    """Lay off workers of cells whose labour still exceeds last month's plan.

    Each worker's own draw decides.
    """
    chances = np.zeros(state.cells.size)
    firm_lays_off = np.zeros(state.firms.size + 1, np.int8)
    any_excess = find_excess_labour(state, chances, firm_lays_off)
    if state.structure[0].separations == Separations.SENIORITY:
        give_notice(state, chances)
    # In most months no firm has too many workers, and then no row is looked at.
    if not any_excess:
        return
    last_in_first_out = state.structure[0].separations == Separations.LAST_IN_FIRST_OUT
    for group in range(state.groups.size):
        if not state.groups[group].is_crew:
            rows = list_at_risk_of_layoff(state, group, firm_lays_off)
            if last_in_first_out and state.groups[group].has_events:
                rows = list_hired_last(state, group, rows, chances)
            else:
                rows = draw_layoffs(state, group, rows, chances)
            for i in range(rows.size):
                prefetch_separation(state, rows, i)
                dismiss(state, rows[i])


@allocating_part
def list_at_risk_of_layoff(state: State, group: int, firm_lays_off: Array) -> Array:
    """Rows of a group whose firm has excess labour in some trade.

    Most firms have none, so several rows are checked at once before any is looked at alone.
    """
    rows, count = state.lists[CANDIDATES], 0
    first, last = state.groups[group].first, state.groups[group].last
    last_full_check = last - (last - first) % ROWS_PER_CHECK
    for start in range(first, last_full_check, ROWS_PER_CHECK):
        at_risk = 0
        for i in range(ROWS_PER_CHECK):
            at_risk |= firm_lays_off[np.uint32(state.workers[start + i].firm + 1)]
        if at_risk:
            count = append_at_risk(state, start, start + ROWS_PER_CHECK, firm_lays_off, rows, count)
    count = append_at_risk(state, last_full_check, last, firm_lays_off, rows, count)
    return rows[:count]  # type: ignore[no-any-return]


@part
def append_at_risk(
    state: State, first: int, last: int, firm_lays_off: Array, rows: Array, count: int
) -> int:
    """Append the rows from first to last (exclusive) whose firm lays off; returns the new count."""
    for row in range(first, last):
        rows[count] = row
        count += firm_lays_off[np.uint32(state.workers[row].firm + 1)]
    return count


@allocating_part
def draw_layoffs(state: State, group: int, rows: Array, chances: Array) -> Array:
    """Rows that are laid off among those at risk, each with the probability of its cell."""
    draws = np.empty(rows.size)
    worker_draws(state, Decision.LAYOFF, group, rows, draws)
    dismissed, is_crew = 0, state.groups[group].is_crew
    for i in range(rows.size):
        row = rows[i]
        worker = state.workers[row]
        rows[dismissed] = row
        chance = chances[worker.firm * state.trades.size + worker.trade]
        dismissed += draws[i] < chance and may_be_dismissed(is_crew, worker.terms)
    return rows[:dismissed]


@allocating_part
def list_hired_last(state: State, group: int, rows: Array, chances: Array) -> Array:
    """Rows that are laid off: in each cell as many as by lot, but those who were hired last."""
    draws, to_go = np.empty(rows.size), np.zeros(state.cells.size, np.int64)
    worker_draws(state, Decision.LAYOFF, group, rows, draws)
    count = 0
    for i in range(rows.size):
        row = rows[i]
        worker = state.workers[row]
        cell = worker.firm * state.trades.size + worker.trade
        if chances[cell] > 0.0 and may_be_dismissed(0, worker.terms):
            to_go[cell] += draws[i] < chances[cell]
            rows[count] = row
            draws[count] = layoff_rank(draws[i], worker.contract_end)
            count += 1
    sort(rows, draws, count)
    dismissed = 0
    for i in range(count):
        row = rows[i]
        worker = state.workers[row]
        cell = worker.firm * state.trades.size + worker.trade
        rows[dismissed] = row
        dismissed += to_go[cell] > 0
        to_go[cell] -= 1
    return rows[:dismissed]


@part
def give_notice(state: State, chances: Array) -> None:
    """Lower the layoff probabilities to what was due a month ago too, and note what is due now."""
    for cell in range(state.cells.size):
        due, at = chances[cell], state.cells[cell]
        chances[cell] = layoff_probability_after_notice(due, at.layoff_notice)
        at.layoff_notice = due


@part
def find_excess_labour(state: State, chances: Array, firm_lays_off: Array) -> bool:
    """Find the layoff probability of every cell, and mark firms (at index firm + 1) that lay off.

    Returns whether any firm does. Index 0 stands for workers without a firm.
    """
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
            firm_lays_off[cell // state.trades.size + 1] = 1
            any_excess = True
    return any_excess


@part
def dismiss(state: State, row: int) -> None:
    """End a job by layoff: the worker seeks another; a migrant's stay does not change."""
    worker = state.workers[row]
    state.flows[worker.group, worker.trade, Flow.LAID_OFF] += 1
    lose_job(state, row)
    # Events come at another rate without a job, so that the wait is drawn anew.
    if state.groups[worker.group].has_events:
        draw_next_event(state, row, Decision.EVENT_AFTER_LAYOFF)
