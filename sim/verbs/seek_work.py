"""Verb 7: who starts to seek work, by a rule for each kind; agencies place workers directly."""

from __future__ import annotations

import numpy as np

from sim.engine.compiling import allocating_part, part
from sim.engine.draws import AGENCY_SPACE, Decision, rounded_at_random, slot, uniform
from sim.engine.elementary import log
from sim.engine.kernels import state_kernel
from sim.engine.panel import ByTrade, Flow
from sim.engine.row_search import ALL_BITS, OUTSIDE, list_rows_equal, list_with_event_now
from sim.engine.state import AT_ONCE, CANDIDATES, WAITING, State
from sim.engine.worker_columns import (
    AWAY,
    BURN_IN_MONTHS,
    EMPLOYED,
    REPATRIATED,
    SEEKING,
    STANDARD_WORKER,
    STUDENT,
    TOURIST,
    UNTRAINED,
    WORK,
    Array,
)
from sim.market.jobs import (
    exit_to,
    months_to_next_event,
    newcomer_trade,
    next_event_month,
    start_seeking,
    take_job,
    worker_draw,
    worker_draws,
)
from sim.market.monthly_places import places_in_month
from sim.market.ranking import choose_lowest, choose_lowest_in_order
from sim.structure import MigrantEntry
from sim.verbs.end_jobs import draw_next_event, draw_next_events, replace_pay_by_inside_probability
from sim.verbs.review_papers import is_kept, register
from sim.workers.commuter import heads_to_move
from sim.workers.contract_crew import cover_paper_months
from sim.workers.kinds import Kind
from sim.workers.resident import (
    entry_wage,
    grant_as_wage,
    log_expected_pay,
    log_tightness,
)
from sim.workers.temporary_migrant import (
    NO_QUOTA,
    QUOTA_YEAR_MONTHS,
    comes,
    gain_with_network,
    log_gain_from_migrating,
    pay_kept_rub,
    pay_per_head_rub,
    quota_in_force,
    recruits_wanted,
    revised_quota,
)


@state_kernel
def seek_work(state: State) -> None:
    """Let every group seek work by the rule of its kind, then train newcomers."""
    state.now[0].newcomers = 0
    update_tightness(state)
    for group in range(state.groups.size):
        kind = state.groups[group].kind
        if kind == Kind.RESIDENT:
            residents_enter(state, group)
        elif kind == Kind.TEMPORARY_MIGRANT:
            migrants_arrive(state, group)
        elif kind == Kind.COMMUTER:
            commuters_follow_series(state, group)
        elif kind == Kind.CONTRACT_CREW:
            agency_dispatches(state, group)
    train_newcomers(state)


@part
def update_tightness(state: State) -> None:
    """Set labour market tightness from opened vacancies and seekers of all groups and trades.

    Until normal tightness has been measured, the present one counts as normal.
    """
    now = state.now[0]
    opened, seekers = 0, 0
    for trade in range(state.trades.size):
        opened += state.trades[trade].opened
        for group in range(state.groups.size):
            seekers += state.stock[group, trade, SEEKING]
    now.log_tightness = log_tightness(opened, seekers)
    if not now.wages_free:
        # So expected pay does not move before there is a normal to move from.
        now.log_tightness_normal = now.log_tightness


@part
def enter(state: State, row: int) -> None:
    """An outsider enters construction, with a newcomer's trade, and seeks work."""
    worker = state.workers[row]
    draw = worker_draw(state, Decision.NEWCOMER_TRADE, row)
    worker.trade = newcomer_trade(state, worker.group, draw)
    state.flows[worker.group, worker.trade, Flow.ENTERED] += 1
    start_seeking(state, row)


@allocating_part
def residents_enter(state: State, group: int) -> None:
    """Residents outside who reconsider enter with probability p(x) at the pay they expect."""
    now = state.now[0]
    here = state.groups[group]
    grant_wage = grant_as_wage(
        now.relocation_grant_rub,
        state.parameters[0].base_wage_rub,
        now.consumer_prices,
        now.outside_pay,
    )
    log_wage = log(entry_wage(now.mean_wage, now.wage_subsidy_share, grant_wage))
    log_pay = log_expected_pay(
        log_wage, now.log_tightness, now.log_tightness_normal, here.job_finding_elasticity
    )
    rows = list_with_event_now(state, group, OUTSIDE)
    entering, draws = np.empty(rows.size, np.int32), np.empty(rows.size)
    chances, tastes = np.empty(rows.size), np.empty(rows.size)
    worker_draws(state, Decision.ENTER, group, rows, draws)
    for i in range(rows.size):
        chances[i], tastes[i] = log_pay, state.workers[rows[i]].taste / 1000.0
    replace_pay_by_inside_probability(
        chances, tastes, rows.size, here.attachment, here.choice_noise
    )
    count = 0
    for i in range(rows.size):
        entering[count] = rows[i]
        count += draws[i] < chances[i]
    for row in entering[:count]:
        state.workers[row].efficiency = here.learner_efficiency
        state.workers[row].experienced_from = UNTRAINED
        enter(state, row)
        # Training is given by lot among the newcomers of all groups, once all have entered.
        state.lists[WAITING, now.newcomers] = row
        now.newcomers += 1
    draw_next_events(state, group, rows, Decision.NEXT_EVENT, draws)


@part
def train_newcomers(state: State) -> None:
    """Give training places to newcomers by lot; they start as experienced standard workers."""
    now = state.now[0]
    places = places_in_month(now.training_places_per_month, now.month)
    if places <= 0:
        return
    rows = state.lists[WAITING]
    for i in range(now.newcomers):
        state.numbers[i] = worker_draw(state, Decision.TRAINING_PLACE, rows[i])
    for i in range(choose_lowest(rows, state.numbers, now.newcomers, places)):
        worker = state.workers[rows[i]]
        worker.efficiency = STANDARD_WORKER
        worker.experienced_from = now.month
        state.flows[worker.group, worker.trade, Flow.TRAINED] += 1


@part
def heads_inside(state: State, group: int) -> int:
    """Heads of a group in construction, seeking or employed."""
    heads = 0
    for trade in range(state.trades.size):
        heads += state.stock[group, trade, SEEKING] + state.stock[group, trade, EMPLOYED]
    return heads


@allocating_part
def migrants_arrive(state: State, group: int) -> None:
    """Candidates come by the rule in force, while the border is open and the quota has room.

    If there are more than the quota takes, they are chosen by lot.
    """
    now, here, entry = state.now[0], state.groups[group], state.structure[0].migrant_entry
    reconsidering = list_with_event_now(state, group, OUTSIDE)
    draws = np.empty(reconsidering.size)
    worker_draws(state, Decision.NEXT_EVENT, group, reconsidering, draws)
    for i in range(reconsidering.size):
        state.next_event[reconsidering[i]] = next_event_month(
            now.month, months_to_next_event(state, group, False, draws[i])
        )
    if entry == MigrantEntry.STEPPED_QUOTAS and now.month % QUOTA_YEAR_MONTHS == 0:
        of_year = state.groups_now[group]
        of_year.quota = revised_quota(
            of_year.quota, heads_inside(state, group), here.quota_step_share
        )
    rows, gain = state.lists[CANDIDATES], gain_of(state, group)
    if now.border_closed:
        willing, places = 0, 0
    elif entry == MigrantEntry.VACANCIES:
        willing, places = list_recruits(state, group, gain, rows)
    else:
        willing = list_willing(state, group, gain, reconsidering, draws, rows)
        places = willing
    worker_draws(state, Decision.QUOTA_PLACE, group, rows[:willing], state.numbers)
    quota = quota_in_force(state.groups_now[group].quota, now.chinese_quota_heads)
    for i in range(
        choose_lowest(rows, state.numbers, willing, min(places, quota - heads_inside(state, group)))
    ):
        worker = state.workers[rows[i]]
        worker.paper = WORK
        worker.contract_end = worker.paper_end = now.month + here.stay_months
        state.registrations[group, WORK] += 1
        enter(state, rows[i])
        state.next_event[rows[i]] = next_event_month(worker.contract_end, 0)


@part
def gain_of(state: State, group: int) -> float:
    """What coming is worth to a candidate this month, in log points."""
    now, here = state.now[0], state.groups[group]
    pay = pay_per_head_rub(
        now.mean_wage,
        now.wage_subsidy_share,
        here.efficiency / 1000.0,
        here.pay_ratio,
        state.parameters[0].base_wage_rub,
        now.outside_pay,
    )
    kept = pay_kept_rub(pay, here.income_tax_share, here.permit_fee_rub * now.consumer_prices)
    gain = log_gain_from_migrating(
        kept, state.groups_now[group].home_pay_rub, here.moving_cost_share
    )
    if state.structure[0].migrant_entry == MigrantEntry.NETWORKS:
        gain = gain_with_network(
            gain,
            here.choice_noise,
            here.network_elasticity,
            heads_inside(state, group),
            here.tied + here.free if here.quota == NO_QUOTA else here.quota,
        )
    return gain


@part
def list_willing(
    state: State, group: int, gain: float, reconsidering: Array, draws: Array, rows: Array
) -> int:
    """List those among the reconsidering who are willing to come; returns how many there are."""
    choice_noise, willing = state.groups[group].choice_noise, 0
    worker_draws(state, Decision.ENTER, group, reconsidering, draws)
    for i in range(reconsidering.size):
        rows[willing] = reconsidering[i]
        willing += comes(draws[i], gain, choice_noise)
    return willing


@part
def list_recruits(state: State, group: int, gain: float, rows: Array) -> tuple[int, int]:
    """List all candidates away; returns how many they are, and how many employers recruit."""
    here = state.groups[group]
    at, vacancies = state.now[0].month + BURN_IN_MONTHS - here.recruitment_lag_months, 0.0
    for trade in range(state.trades.size if at >= 0 else 0):
        vacancies += state.by_trade[at, ByTrade.VACANCIES_UNFILLED, trade]
    wanted = recruits_wanted(vacancies, here.recruits_per_vacancy, gain, here.choice_noise)
    draw = uniform(state.keys[Decision.RECRUITS_ROUNDING], slot(AGENCY_SPACE, group))
    away = list_rows_equal(state.workers.status, ALL_BITS, AWAY, here.first, here.last, rows)
    return away, min(rounded_at_random(wanted, draw), away)


@part
def commuters_follow_series(state: State, group: int) -> None:
    """Bring the heads of a commuting group to those of its dated series, by lot."""
    now = state.now[0]
    here = state.groups[group]
    heads = heads_inside(state, group)
    away = here.last - here.first - heads
    moving = heads_to_move(state.groups_now[group].commuter_heads, heads, away)
    if moving == 0 or (moving > 0 and now.border_closed):
        return
    rows = state.lists[CANDIDATES]
    count = 0
    for row in range(np.int32(here.first), np.int32(here.last)):
        if (state.workers[row].status == AWAY) == (moving > 0):
            rows[count] = row
            state.numbers[count] = worker_draw(state, Decision.COMMUTE, row)
            count += 1
    for i in range(choose_lowest(rows, state.numbers, count, abs(moving))):
        worker = state.workers[rows[i]]
        if moving > 0:
            enter(state, rows[i])
        else:
            state.flows[
                group, worker.trade, Flow.LEFT_JOB if worker.status == EMPLOYED else Flow.GAVE_UP
            ] += 1
            exit_to(state, rows[i], AWAY)
        draw_next_event(state, rows[i], Decision.EVENT_AFTER_HIRE)


@allocating_part
def agency_dispatches(state: State, group: int) -> None:
    """The agency sends workers under cover, each to a vacancy, in place of repatriated ones."""
    now = state.now[0]
    here = state.groups[group]
    wanted = state.groups_now[group].dispatch_wanted
    if wanted <= 0.0 or now.border_closed:
        return
    draw = uniform(state.keys[Decision.DISPATCH_ROUNDING], slot(AGENCY_SPACE, group))
    openings = list_crew_vacancies(state, group)
    # No more than the levy pays for, the state's quota, those who were sent home, and the jobs.
    number = min(
        rounded_at_random(wanted, draw),
        here.quota - heads_inside(state, group),
        state.groups_now[group].repatriated,
        openings.size,
    )
    if number <= 0:
        return
    rows = state.lists[CANDIDATES]
    count = list_rows_equal(
        state.workers.status, ALL_BITS, REPATRIATED, here.first, here.last, rows
    )
    worker_draws(state, Decision.DISPATCH, group, rows[:count], state.numbers)
    left = openings.size
    for i in range(choose_lowest_in_order(rows, state.numbers, count, number)):
        # A refused worker stays at home, and the opening is left to the next one.
        left -= place_dispatched(state, rows[i], openings[:left])


@allocating_part
def list_crew_vacancies(state: State, group: int) -> Array:
    """Cells with open vacancies in the group's trades, one entry a vacancy.

    AT_ONCE entries are written for every cell without a branch; those too many are overwritten.
    """
    trades = state.trades.size
    total = 0
    for cell in range(state.cells.size):
        total += state.cells[cell].vacancies
    sends = np.empty(trades, np.int64)
    for k in range(trades):
        sends[k] = state.entry_shares[group, k] > (
            state.entry_shares[group, k - 1] if k > 0 else 0.0
        )
    openings, count = np.empty(total + AT_ONCE, np.int32), 0
    for j in range(state.firms.size):
        for k in range(trades):
            cell = j * trades + k
            vacancies = state.cells[cell].vacancies * sends[k]
            for entry in range(AT_ONCE):
                openings[count + entry] = cell
            for entry in range(AT_ONCE, vacancies):
                openings[count + entry] = cell
            count += vacancies
    return openings[:count]


@part
def place_dispatched(state: State, row: int, openings: Array) -> bool:
    """Place one worker sent by the agency in a random opening, unless its firm refuses him.

    He comes on a student's or tourist's paper. Returns whether he was placed.
    """
    now = state.now[0]
    worker = state.workers[row]
    group = worker.group
    place = int(worker_draw(state, Decision.DISPATCH_VACANCY, row) * openings.size)
    cell = openings[place]
    if not is_kept(state, row, cell):
        return False
    # The caller drops the last opening, so it takes the place of the one just filled.
    openings[place] = openings[openings.size - 1]
    student = (
        worker_draw(state, Decision.COVER_PAPER, row) < state.groups[group].student_paper_share
    )
    worker.paper = STUDENT if student else TOURIST
    worker.paper_end = now.month + cover_paper_months(student)
    register(state, row)
    worker.trade = cell % state.trades.size
    take_job(state, row, cell // state.trades.size)
    state.cells[cell].vacancies -= 1
    state.groups_now[group].repatriated -= 1
    state.flows[group, worker.trade, Flow.DISPATCHED] += 1
    state.next_event[row] = next_event_month(now.month, 1)
    return True
