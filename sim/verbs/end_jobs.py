"""Verb 3: jobs end, leavers leave, learners finish, last month's layoffs are carried out. Reads wages as posted last month."""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import kernel, part
from sim.draws import Decision, waiting_months
from sim.firms.demand import layoff_probability
from sim.market.jobs import book, drawn, due_month, forget_placed_seekers, go_away, lose_job, may_be_dismissed
from sim.population import AWAY, COMMUTER, CONTRACT_CREW, EMPLOYED, RESIDENT, STANDARD_WORKER, UNTRAINED, Array
from sim.state import GAVE_UP, JOBS_ENDED, LAID_OFF, LEFT_JOB, LOOKERS, State
from sim.workers.resident import JOB_ENDS, LOOKS_AROUND, RECONSIDERS, inside_probability, occasion


@kernel
def end_jobs(state: State) -> None:
    """Visit residents and commuters inside construction whose occasion has come, then carry out layoffs."""
    now = state.now[0]
    now.lookers = 0
    now.log_wage_inside = math.log(now.mean_wage * (1.0 + now.subsidy_share))
    forget_placed_seekers(state)
    for group in range(state.groups.size):
        kind = state.groups[group].kind
        if kind in (RESIDENT, COMMUTER):
            for i in range(state.visit_ends[group], state.visit_ends[group + 1]):
                if state.workers[state.visits[i]].status != AWAY:
                    visit(state, state.visits[i])
    lay_off(state)


@part
def occasion_rate(state: State, row: int) -> float:
    """Sum of the rates of a worker's status: all three with a job, reconsidering only without."""
    worker = state.workers[row]
    group = state.groups[worker.group]
    return float(group.occasion_rate_employed if worker.status == EMPLOYED else group.reconsider_rate)


@part
def draw_next_occasion(state: State, row: int, decision: int) -> None:
    """Draw the wait anew with the rate of the status; a learner's date comes first if it is earlier."""
    month = state.now[0].month
    draw = drawn(state, decision, row)
    worker = state.workers[row]
    group = state.groups[worker.group]
    log_none = group.log_no_occasion_employed if worker.status == EMPLOYED else group.log_no_occasion
    next_month = due_month(month, waiting_months(draw, log_none))
    learned = worker.experienced_from
    if month < learned < next_month:
        next_month = learned
    state.due[row] = next_month


@part
def visit(state: State, row: int) -> None:
    """One occasion: the date acts first; then, perhaps, reconsidering, looking around or the job's end."""
    worker = state.workers[row]
    now = state.now[0]
    happens = True
    if worker.experienced_from == now.month:
        finish_learning(state, row)
        happens = drawn(state, Decision.OCCASION, row) < occasion_rate(state, row)
    if happens:
        act(state, row)
    draw_next_occasion(state, row, Decision.WAIT)


@part
def act(state: State, row: int) -> None:
    """Do what the occasion is for."""
    worker = state.workers[row]
    group = state.groups[worker.group]
    now = state.now[0]
    kind = RECONSIDERS
    if worker.status == EMPLOYED:
        draw = drawn(state, Decision.KIND, row)
        kind = occasion(draw, group.reconsider_rate, group.look_around_rate, group.job_end_rate)
    if kind == JOB_ENDS:
        state.flows[worker.group, worker.trade, JOBS_ENDED] += 1
        lose_job(state, row)
    elif kind == LOOKS_AROUND:
        state.lists[LOOKERS, now.lookers] = row
        now.lookers += 1
    else:
        stays = inside_probability(now.log_wage_inside, group.attachment, worker.taste / 1000.0, group.choice_noise)
        if drawn(state, Decision.STAY, row) >= stays:
            leave_construction(state, row)


@part
def leave_construction(state: State, row: int) -> None:
    """A resident goes outside; what he learned is lost."""
    worker = state.workers[row]
    state.flows[worker.group, worker.trade, LEFT_JOB if worker.status == EMPLOYED else GAVE_UP] += 1
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


@part
def lay_off(state: State) -> None:
    """Dismiss, each by his own draw, a share of what is left of the excess of the cells that gave notice last month."""
    notices = np.zeros(state.firms.size + 1, np.int8)
    if not give_notice(state, notices):
        return
    workers = state.workers
    for group in range(state.groups.size):
        kind = state.groups[group].kind
        if kind == CONTRACT_CREW:
            continue
        for row in range(state.groups[group].first, state.groups[group].last):
            if notices[workers[row].firm + 1]:
                draw_layoff(state, row, kind)


@part
def draw_layoff(state: State, row: int, kind: int) -> None:
    """Dismiss a worker of a firm that gave notice, with the chance of his trade there."""
    worker = state.workers[row]
    if may_be_dismissed(kind, worker.terms):
        chance = state.cells[worker.firm * state.trades.size + worker.trade].layoff_probability
        if chance > 0.0 and drawn(state, Decision.LAYOFF, row) < chance:
            dismiss(state, row, kind)


@part
def give_notice(state: State, notices: Array) -> bool:
    """Chance of dismissal in every cell from the excess left over last month's plan; marks firms (at firm + 1) that have one."""
    parameters = state.parameters[0]
    any_excess = False
    for cell in range(state.cells.size):
        at = state.cells[cell]
        at.layoff_probability = layoff_probability(
            at.efficiency / 1000.0, at.dismissible / 1000.0, at.planned_labour, parameters.hoarding_share, parameters.layoff_share
        )
        if at.layoff_probability > 0.0:
            notices[cell // state.trades.size + 1] = 1
            any_excess = True
    return any_excess


@part
def dismiss(state: State, row: int, kind: int) -> None:
    """End a job by layoff: the worker seeks; a migrant's stay runs on."""
    worker = state.workers[row]
    state.flows[worker.group, worker.trade, LAID_OFF] += 1
    lose_job(state, row)
    if kind in (RESIDENT, COMMUTER):
        draw_next_occasion(state, row, Decision.LAID_OFF_WAIT)
