"""Verb 2: contracts, permits and stays end; crew members renew, evade or leave."""

from __future__ import annotations

from sim.engine.compiling import allocating_part, part
from sim.engine.draws import SETUP_MONTH, Decision, stream, uniform
from sim.engine.kernels import state_kernel
from sim.engine.panel import Fate, Flow
from sim.engine.row_search import ANYWHERE, INSIDE, list_with_event_now
from sim.engine.state import CANDIDATES, ON_THE_JOB_SEARCHERS, WAITING, State
from sim.engine.worker_columns import (
    AWAY,
    EMPLOYED,
    NEVER,
    NO_PAPER,
    REPATRIATED,
    RETAINED,
    STUDENT,
    TIED,
    TOURIST,
    WORK,
)
from sim.firms.sanctions import expected_fine_rub, keep_probability, local_labour_cost_rub
from sim.market.jobs import (
    book_employment,
    exit_to,
    months_to_next_event,
    next_event_month,
    setup_draw,
    worker_draw,
    worker_draws,
    worker_slot,
)
from sim.market.monthly_places import places_in_month
from sim.market.ranking import choose_lowest
from sim.structure import Evasion
from sim.workers.contract_crew import (
    YEAR_MONTHS,
    complies,
    contract_is_replaced,
    contract_months,
    cover_paper_months,
    cover_probability,
    is_found,
    month_of_departure,
    permit_is_renewed,
)


@state_kernel
def review_papers(state: State) -> None:
    """Review the papers of crew members, transport those who leave, and end migrants' stays."""
    must_leave, queue = classify_crews(state)
    # Places first: whoever gets one is obliged to nothing below. Transport last, so that whoever is
    # found or gives in now may leave in the same month.
    placed = allot_retained_places(state, must_leave)
    queue = decide_departures(state, placed, must_leave, queue)
    run_transport(state, queue)
    end_stays(state)


@part
def extend_papers(state: State, row: int, months: int) -> None:
    """Extend a crew member's contract by some months and renew his annual permit."""
    worker = state.workers[row]
    month = state.now[0].month
    worker.contract_end = month + months
    worker.paper_end = month + YEAR_MONTHS
    register(state, row)


@part
def register(state: State, row: int) -> None:
    """Count the issue or renewal of a paper, and set the month of the next review."""
    worker = state.workers[row]
    state.registrations[worker.group, worker.paper] += 1
    next_date = worker.paper_end
    if worker.paper == WORK:
        # A permit may outlast the contract that it was issued for, and the other way round.
        next_date = min(next_date, worker.contract_end)
    state.next_event[row] = next_event_month(next_date, 0)


@allocating_part
def classify_crews(state: State) -> tuple[int, int]:
    """List crew members who must act this month: those obliged to leave, and those in the queue.

    Returns the length of both lists.
    """
    must_leave, queue = 0, 0
    puts_off = state.structure[0].evasion == Evasion.DEADLINE
    for group in range(state.groups.size):
        if not state.groups[group].is_crew:
            continue
        rows, draws = list_with_event_now(state, group, ANYWHERE), state.numbers
        # For every row, although only those without a work paper are inspected: so the loop has no
        # branch, and a draw that nobody reads changes no other draw.
        worker_draws(state, Decision.INSPECTION, group, rows, draws)
        for i in range(rows.size):
            row = rows[i]
            paper = state.workers[row].paper
            if paper == WORK:
                if is_obliged_to_leave(state, row) and not (
                    puts_off and puts_off_departure(state, row)
                ):
                    state.fates[group, Fate.MUST_LEAVE] += 1
                    state.lists[CANDIDATES, must_leave] = row
                    must_leave += 1
            elif (
                stays_in_queue(state, row, draws[i])
                if paper == NO_PAPER
                else is_found_under_cover(state, row, draws[i])
            ):
                state.lists[WAITING, queue] = row
                queue += 1
    return must_leave, queue


@part
def is_obliged_to_leave(state: State, row: int) -> bool:
    """Whether the right to stay of a crew member on a work paper ends this month.

    A retained place, a new contract or a renewed permit extends it.
    """
    worker = state.workers[row]
    now = state.now[0]
    if worker.terms == RETAINED:
        if worker.contract_end == now.month:
            extend_papers(state, row, YEAR_MONTHS)
        else:
            state.next_event[row] = next_event_month(worker.contract_end, 0)
        return False
    # From here on the order decides: a deadline binds behind a closed border too, and whoever
    # cannot leave then waits in the queue.
    if now.deadline == now.month:
        return True
    if now.border_closed:
        extend_behind_closed_border(state, row)
        return False
    if worker.contract_end == now.month:
        if not contract_is_replaced(
            worker_draw(state, Decision.CONTRACT_REPLACED, row), now.new_contracts, now.presigned
        ):
            return True
        # A post keeps its kind of contract: whoever replaces a short one comes for a short time.
        length_draw = setup_draw(state, Decision.CONTRACT_LENGTH, row)
        extend_papers(
            state,
            row,
            contract_months(length_draw, state.groups[worker.group].short_contract_share),
        )
        state.fates[worker.group, Fate.CONTRACT_REPLACED] += 1
        return False
    if not permit_is_renewed(worker_draw(state, Decision.PERMIT_RENEWED, row), now.permit_renewal):
        return True
    worker.paper_end = now.month + YEAR_MONTHS
    register(state, row)
    return False


@part
def puts_off_departure(state: State, row: int) -> bool:
    """Whether a worker who is obliged to leave puts it off to the months before the deadline.

    His papers then run on to the month in which he leaves, or evades.
    """
    worker = state.workers[row]
    here, now = state.groups[worker.group], state.now[0]
    month = month_of_departure(
        worker_draw(state, Decision.LAST_MINUTE, row),
        now.month,
        now.announced_deadline,
        here.last_minute_share,
        here.last_minute_months,
    )
    if month <= now.month:
        return False
    worker.contract_end = worker.paper_end = month
    state.next_event[row] = next_event_month(month, 0)
    return True


@part
def extend_behind_closed_border(state: State, row: int) -> None:
    """Extend by a month whatever ends: nobody can leave, or come as a replacement."""
    worker = state.workers[row]
    month = state.now[0].month
    worker.contract_end = max(worker.contract_end, month + 1)
    worker.paper_end = max(worker.paper_end, month + 1)
    state.next_event[row] = next_event_month(month, 1)


@part
def stays_in_queue(state: State, row: int, draw: float) -> bool:
    """Keep a worker without a paper in the queue; always True.

    His firm is fined if it employs him and an inspection finds him.
    """
    if state.workers[row].status == EMPLOYED and is_kept(state, row, cell_of(state, row)):
        is_inspected(state, row, draw)
    return True


@part
def is_found_under_cover(state: State, row: int, draw: float) -> bool:
    """Whether a worker under cover loses his job to an inspection, or to his firm's fear of one.

    Otherwise his paper is renewed when it ends.
    """
    worker = state.workers[row]
    now = state.now[0]
    if not is_kept(state, row, cell_of(state, row)):
        state.fates[worker.group, Fate.LET_GO] += 1
        return True
    if is_inspected(state, row, draw):
        state.fates[worker.group, Fate.FOUND] += 1
        return True
    if worker.paper_end == now.month:
        worker.paper_end = now.month + cover_paper_months(worker.paper == STUDENT)
        register(state, row)
    state.next_event[row] = next_event_month(now.month, 1)
    return False


@part
def is_inspected(state: State, row: int, draw: float) -> bool:
    """Whether an inspection finds a worker without a valid work paper; his firm is then fined."""
    now = state.now[0]
    found = is_found(draw, now.inspection_rate, now.compliance)
    if found and now.employer_fine_rub > 0.0:
        state.fates[state.workers[row].group, Fate.FINED] += 1
    return found


@part
def cell_of(state: State, row: int) -> int:
    """Cell (firm and trade) of an employed worker."""
    worker = state.workers[row]
    return int(worker.firm * state.trades.size + worker.trade)


@part
def is_kept(state: State, row: int, cell: int) -> bool:
    """Whether the firm employs a worker without a valid work paper, given the expected fine.

    The draw belongs to the pair of worker and firm and holds for the whole simulation.
    """
    now, worker = state.now[0], state.workers[row]
    if now.employer_fine_rub <= 0.0:
        return True
    chance = keep_probability(
        local_labour_cost_rub(
            state.cells[cell].wage,
            worker.efficiency / 1000.0,
            state.parameters[0].base_wage_rub,
            now.outside_pay,
        ),
        state.groups[worker.group].contract_price_usd * now.rub_per_usd,
        expected_fine_rub(
            now.employer_fine_rub, now.consumer_prices, now.inspection_rate, now.compliance
        ),
        now.employer_fine_choice_noise,
    )
    # A stream for each firm within that of the decision: whoever asks again about the same pair
    # gets the same answer, without a table of pairs.
    of_firm = stream(
        stream(now.key, Decision.GO_UNDER_COVER, SETUP_MONTH),
        cell // state.trades.size,
        SETUP_MONTH,
    )
    return bool(uniform(of_firm, worker_slot(state, row)) < chance)


@part
def allot_retained_places(state: State, must_leave: int) -> int:
    """Give free retained places to those obliged to leave, by lot; returns how many were given."""
    now = state.now[0]
    free = min(now.places - now.places_held, must_leave)
    if free <= 0:
        return 0
    # The list of on-the-job searchers is made later in the month, so its room is free here.
    rows = state.lists[ON_THE_JOB_SEARCHERS]
    for i in range(must_leave):
        rows[i] = state.lists[CANDIDATES, i]
        state.numbers[i] = worker_draw(state, Decision.RETAINED_PLACE, rows[i])
    placed = choose_lowest(rows, state.numbers, must_leave, free)
    for i in range(placed):
        worker = state.workers[rows[i]]
        worker.terms = RETAINED
        now.places_held += 1
        extend_papers(state, rows[i], YEAR_MONTHS)
        state.fates[worker.group, Fate.RETAINED] += 1
    return placed


@part
def decide_departures(state: State, placed: int, must_leave: int, queue: int) -> int:
    """Decide for those obliged to leave without a retained place; returns the queue's length."""
    for i in range(must_leave):
        row = state.lists[CANDIDATES, i]
        # Without places given this month nobody obliged to leave is retained: no need to look.
        if placed > 0 and state.workers[row].terms == RETAINED:
            continue
        if joins_queue(state, row):
            state.lists[WAITING, queue] = row
            queue += 1
    return queue


@part
def joins_queue(state: State, row: int) -> bool:
    """Whether a worker who is obliged to leave joins the transport queue.

    He does if the departure is enforced at once, or if it is neither put off by a quiet renewal nor
    evaded under cover (rules b to e of sim/ODD.md 7.1).
    """
    worker = state.workers[row]
    group = state.groups[worker.group]
    now = state.now[0]
    if complies(worker_draw(state, Decision.COMPLY, row), now.compliance):
        state.fates[worker.group, Fate.COMPLIED] += 1
        return True
    if worker_draw(state, Decision.QUIET_RENEWAL, row) < now.quiet_renewal:
        extend_papers(state, row, YEAR_MONTHS)
        state.fates[worker.group, Fate.QUIETLY_RENEWED] += 1
        return False
    pay_kept_usd = group.contract_price_usd * (1.0 - worker.levy_share / 1000.0)
    chance = cover_probability(
        pay_kept_usd, group.home_income_usd, now.inspection_rate, now.compliance
    )
    if worker_draw(state, Decision.GO_UNDER_COVER, row) >= chance or not is_kept(
        state, row, cell_of(state, row)
    ):
        state.fates[worker.group, Fate.GAVE_IN] += 1
        return True
    state.fates[worker.group, Fate.UNDER_COVER] += 1
    go_under_cover(state, row)
    return False


@part
def go_under_cover(state: State, row: int) -> None:
    """Exchange the work paper for a student's or a tourist's; reviewed every month from now on."""
    worker = state.workers[row]
    now = state.now[0]
    # Heads are counted by paper, so the worker leaves the books under the old paper and comes back
    # under the new one.
    draw = worker_draw(state, Decision.COVER_PAPER, row)
    book_employment(state, row, -1)
    worker.paper = STUDENT if draw < state.groups[worker.group].student_paper_share else TOURIST
    book_employment(state, row, 1)
    worker.paper_end = now.month + cover_paper_months(worker.paper == STUDENT)
    register(state, row)
    state.next_event[row] = next_event_month(now.month, 1)


@part
def run_transport(state: State, queue: int) -> None:
    """Repatriate as many of the queue as transport takes, by lot.

    The others wait without a paper, and work on if their firms keep them.
    """
    now = state.now[0]
    # Two lists of the same rows, as ranking reorders one and the other is read again afterwards.
    rows, leaving = state.lists[WAITING], state.lists[CANDIDATES]
    places = (
        queue
        if now.transport_per_month < 0.0
        else min(places_in_month(now.transport_per_month, now.month), queue)
    )
    if now.border_closed:
        places = 0
    for i in range(queue):
        leaving[i] = rows[i]
        state.numbers[i] = worker_draw(state, Decision.TRANSPORT, rows[i])
        wait_in_queue(state, rows[i])
    for i in range(choose_lowest(leaving, state.numbers, queue, places)):
        repatriate(state, leaving[i])
    for i in range(queue):
        if state.workers[rows[i]].status == EMPLOYED:
            work_on(state, rows[i])


@part
def wait_in_queue(state: State, row: int) -> None:
    """Give up the paper; transport is drawn again next month."""
    worker = state.workers[row]
    if worker.paper != NO_PAPER:
        book_employment(state, row, -1)
        worker.paper = NO_PAPER
        book_employment(state, row, 1)
    state.next_event[row] = next_event_month(state.now[0].month, 1)


@part
def work_on(state: State, row: int) -> None:
    """Let a worker in the queue work on if his firm keeps him, or wait without work."""
    worker = state.workers[row]
    if not is_kept(state, row, cell_of(state, row)):
        state.flows[worker.group, worker.trade, Flow.STOOD_DOWN] += 1
        exit_to(state, row, AWAY)


@part
def repatriate(state: State, row: int) -> None:
    """Send a worker home for good; the dispatch agency may reuse his row."""
    worker = state.workers[row]
    if worker.status == EMPLOYED:
        state.flows[worker.group, worker.trade, Flow.REPATRIATED] += 1
    exit_to(state, row, REPATRIATED)
    state.groups_now[worker.group].repatriated += 1
    # Only the agency brings a repatriated worker back; no event of his own does.
    state.next_event[row] = NEVER


@allocating_part
def end_stays(state: State) -> None:
    """Send temporary migrants home whose stay is over, with or without a job."""
    now = state.now[0]
    for group in range(state.groups.size):
        if not state.groups[group].has_stays:
            continue
        for row in list_with_event_now(state, group, INSIDE):
            worker = state.workers[row]
            if worker.terms == TIED:
                continue
            if now.border_closed:
                extend_behind_closed_border(state, row)
                continue
            state.flows[
                group, worker.trade, Flow.STAY_ENDED if worker.status == EMPLOYED else Flow.GAVE_UP
            ] += 1
            exit_to(state, row, AWAY)
            worker.paper = NO_PAPER
            # Candidates away reconsider coming at a hazard rate, as they did before this stay.
            wait = months_to_next_event(
                state, group, False, worker_draw(state, Decision.NEXT_EVENT, row)
            )
            state.next_event[row] = next_event_month(now.month, wait)
