"""Draw where every worker is at the start of the burn-in: status, trade, firm and papers."""

from __future__ import annotations

import numpy as np

from sim.engine.compiling import kernel, part
from sim.engine.draws import (
    FIRM_SPACE,
    SETUP_MONTH,
    Decision,
    log_no_event,
    normal,
    slot,
    stream,
    uniform,
    waiting_months,
)
from sim.engine.elementary import exp
from sim.engine.kernels import state_kernel
from sim.engine.state import State
from sim.engine.waiting_times import tabulate_waits, waiting_table_of
from sim.engine.worker_columns import (
    BURN_IN_MONTHS,
    EXPERIENCED,
    NEVER,
    STANDARD_WORKER,
    TIED,
    WORK,
    Array,
)
from sim.market.jobs import (
    index_by_share,
    months_to_next_event,
    next_event_month,
    setup_draw,
    start_seeking,
    take_job,
    worker_slot,
)
from sim.structure import Separations
from sim.verbs.end_jobs import draw_next_event
from sim.workers.contract_crew import (
    YEAR_MONTHS,
    contract_end_month_of_year,
    contract_months,
    months_left,
)
from sim.workers.kinds import Kind
from sim.workers.resident import exit_rate_per_month, inside_probability, taste_in_thousandths


@kernel
def draw_firm_sizes(sizes: Array, key: int, size_sd_log: float, floor_of_median: float) -> None:
    """Draw the firms' sizes and write them to `sizes`: f8[J], summing to 1.

    Sizes are lognormal with median 1, and at least `floor_of_median`, before they are scaled.
    """
    first, second = (
        stream(key, Decision.FIRM_SIZE, SETUP_MONTH),
        stream(key, Decision.FIRM_SIZE_ANGLE, SETUP_MONTH),
    )
    total = 0.0
    for j in range(sizes.size):
        own = slot(FIRM_SPACE, j)
        sizes[j] = max(
            exp(size_sd_log * normal(uniform(first, own), uniform(second, own))), floor_of_median
        )
        total += sizes[j]
    for j in range(sizes.size):
        sizes[j] /= total


@kernel
def draw_tastes(state: State, group: int) -> None:
    """Draw the log outside option of every worker of a resident group."""
    key = state.now[0].key
    first, second = (
        stream(key, Decision.TASTE, SETUP_MONTH),
        stream(key, Decision.TASTE_ANGLE, SETUP_MONTH),
    )
    for row in range(np.int32(state.groups[group].first), np.int32(state.groups[group].last)):
        own = worker_slot(state, row)
        state.workers[row].taste = taste_in_thousandths(
            normal(uniform(first, own), uniform(second, own)), state.groups[group].taste_sd
        )


@kernel
def solve_attachment(tastes: Array, heads: Array, choice_noise: float, target: float) -> float:
    """Solve for the attachment `a` at which expected heads inside meet the target at w = 1.

    Newton steps; where one leads outside the bracket, the bracket is halved instead. tastes: the
    distinct values, in thousandths; heads: how many workers hold each.
    """
    low, high, at = -60.0, 60.0, 0.0
    for _ in range(200):
        expected, slope = 0.0, 0.0
        for i in range(tastes.size):
            chance = inside_probability(0.0, at, tastes[i] / 1000.0, choice_noise)
            expected += heads[i] * chance
            slope += heads[i] * chance * (1.0 - chance) / choice_noise
        low, high = (at, high) if expected < target else (low, at)
        # Where nearly everybody is sure the slope vanishes, and the bracket decides on the step.
        step = (target - expected) / max(slope, 1e-300)
        if abs(step) <= 1e-13 or high - low <= 1e-13:
            break
        at = at + step if low < at + step < high else 0.5 * (low + high)
    return at


@state_kernel
def tabulate_waiting_times(state: State) -> None:
    """Tabulate the waits of every group, without and with a job."""
    for group in range(state.groups.size):
        here = state.groups[group]
        tabulate_waits(state, waiting_table_of(group, False), here.log_no_event)
        tabulate_waits(state, waiting_table_of(group, True), here.log_no_event_employed)


@kernel
def place_workers(state: State, month_of_year: int) -> None:
    """Place every worker at the start of the burn-in.

    month_of_year is the calendar month (0 = January) in which the burn-in begins.
    """
    # No month has been opened yet, so the streams of the burn-in's first month are set here.
    for decision in range(state.keys.size):
        state.keys[decision] = stream(state.now[0].key, decision, -BURN_IN_MONTHS)
    for group in range(state.groups.size):
        here = state.groups[group]
        for row in range(np.int32(here.first), np.int32(here.last)):
            if here.kind == Kind.CONTRACT_CREW:
                place_crew(state, row, month_of_year)
            elif here.kind == Kind.TEMPORARY_MIGRANT:
                place_migrant(state, row)
            elif here.kind == Kind.RESIDENT:
                place_resident(state, row)
            else:
                place_commuter(state, row)


@part
def assign_first_job(state: State, row: int) -> None:
    """Give a worker a trade by his group's shares and a firm by size."""
    worker = state.workers[row]
    worker.trade = index_by_share(
        state.entry_shares[worker.group], setup_draw(state, Decision.FIRST_TRADE, row)
    )
    take_job(
        state, row, index_by_share(state.firm_shares, setup_draw(state, Decision.FIRST_FIRM, row))
    )


@part
def place_crew(state: State, row: int, month_of_year: int) -> None:
    """Place a crew member, with a contract under way and an annual work paper."""
    worker = state.workers[row]
    here = state.groups[worker.group]
    length = contract_months(
        setup_draw(state, Decision.CONTRACT_LENGTH, row), here.short_contract_share
    )
    season = setup_draw(state, Decision.CONTRACT_IS_SEASONAL, row)
    end_month = contract_end_month_of_year(
        season, setup_draw(state, Decision.CONTRACT_END_MONTH, row), here.seasonal_share
    )
    left = months_left(
        length, setup_draw(state, Decision.CONTRACT_YEARS_LEFT, row), end_month, month_of_year
    )
    worker.contract_end = left - BURN_IN_MONTHS
    # Annual permits were issued with the contract, so they end in its month of the year.
    worker.paper_end = (left - 1) % YEAR_MONTHS + 1 - BURN_IN_MONTHS
    worker.paper = WORK
    assign_first_job(state, row)
    state.next_event[row] = next_event_month(worker.paper_end, 0)


@part
def place_migrant(state: State, row: int) -> None:
    """Give tied workers a job for good, and free ones at the start a job for the rest of a stay.

    All other temporary migrants start as candidates away.
    """
    worker = state.workers[row]
    here = state.groups[worker.group]
    if row - here.first < here.tied:
        worker.terms = TIED
        worker.paper = WORK
        assign_first_job(state, row)
        state.next_event[row] = NEVER
        return
    if row - here.first < here.tied + here.free:
        # As in a market at rest, stays end evenly over the months of a stay.
        passed = int(setup_draw(state, Decision.FIRST_EVENT, row) * here.stay_months)
        worker.paper = WORK
        worker.contract_end = worker.paper_end = here.stay_months - passed - BURN_IN_MONTHS
        assign_first_job(state, row)
        state.next_event[row] = next_event_month(worker.contract_end, 0)
        return
    state.next_event[row] = next_event_month(
        # An event may fall in the very first month, before which no month was simulated.
        -BURN_IN_MONTHS - 1,
        months_to_next_event(
            state, worker.group, False, setup_draw(state, Decision.FIRST_EVENT, row)
        ),
    )


@part
def place_commuter(state: State, row: int) -> None:
    """Give a job to as many commuters as their series has at the start; the others are away."""
    worker = state.workers[row]
    if (
        row - state.groups[worker.group].first
        < state.dated_by_group[0, worker.group].commuter_heads
    ):
        assign_first_job(state, row)
        draw_next_event(state, row, Decision.FIRST_EVENT)
    else:
        state.next_event[row] = NEVER


@part
def assign_experience(state: State, row: int, inside: float) -> None:
    """Draw how long a resident has been in construction; recent entrants are still learners.

    Months inside are geometric at the rate of leaving, as in a market at rest. Whoever came within
    the learning months is a learner.
    """
    worker = state.workers[row]
    here = state.groups[worker.group]
    hazard = exit_rate_per_month(inside, here.reconsider_rate)
    months_inside = (
        waiting_months(setup_draw(state, Decision.TENURE, row), log_no_event(hazard)) - 1
    )
    learns = months_inside < here.learning_months
    worker.experienced_from = (
        here.learning_months - months_inside - BURN_IN_MONTHS if learns else EXPERIENCED
    )
    worker.efficiency = here.learner_efficiency if learns else STANDARD_WORKER


@part
def assign_months_in_job(state: State, row: int) -> None:
    """Draw how long a job has lasted at the start, where incumbents are protected.

    Months are geometric at the rate at which jobs end, as in a market at rest.
    """
    if state.structure[0].separations == Separations.ONE_RATE:
        return
    worker = state.workers[row]
    job_end_rate = state.groups[worker.group].job_end_rate
    months = waiting_months(setup_draw(state, Decision.JOB_TENURE, row), log_no_event(job_end_rate))
    worker.contract_end = -BURN_IN_MONTHS - months


@part
def place_resident(state: State, row: int) -> None:
    """Place a resident inside with probability p(x) at w = 1; a configured share of those seeks."""
    worker = state.workers[row]
    here = state.groups[worker.group]
    chance = inside_probability(0.0, here.attachment, worker.taste / 1000.0, here.choice_noise)
    if setup_draw(state, Decision.STARTS_INSIDE, row) < chance:
        assign_experience(state, row, chance)
        if setup_draw(state, Decision.STARTS_SEEKING, row) < here.seeker_share:
            worker.trade = index_by_share(
                state.entry_shares[worker.group], setup_draw(state, Decision.FIRST_TRADE, row)
            )
            start_seeking(state, row)
        else:
            assign_first_job(state, row)
            assign_months_in_job(state, row)
    draw_next_event(state, row, Decision.FIRST_EVENT)
