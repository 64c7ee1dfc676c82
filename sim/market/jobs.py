"""Taking and leaving jobs: the one place where heads and labour by firm and trade change."""

from __future__ import annotations

from sim.engine.compiling import part
from sim.engine.draws import SETUP_MONTH, slot, stream, uniform
from sim.engine.state import State
from sim.engine.waiting_times import months_until_event, waiting_table_of
from sim.engine.worker_columns import (
    EMPLOYED,
    LAST_MONTH,
    NEVER,
    NOWHERE,
    ORDINARY,
    SEEKING,
    Array,
)
from sim.structure import Separations


@part
def next_event_month(month: int, wait: int) -> int:
    """Month of the next event as it is stored; NEVER if it lies beyond the longest simulation."""
    return min(month + wait, NEVER) if month + wait <= LAST_MONTH else NEVER


@part
def months_to_next_event(state: State, group: int, is_employed: bool, draw: float) -> int:
    """Months until the next event of a worker with or without a job."""
    return months_until_event(state, waiting_table_of(group, is_employed), draw)


@part
def worker_slot(state: State, row: int) -> int:
    """Slot of a worker's random draws: his group and his index in it."""
    group = state.workers[row].group
    return slot(group, row - state.groups[group].first)


@part
def worker_draw(state: State, decision: int, row: int) -> float:
    """A worker's draw of the month for a decision."""
    return uniform(state.keys[decision], worker_slot(state, row))


@part
def worker_draws(state: State, decision: int, group: int, rows: Array, draws: Array) -> None:
    """Draws of the month for many rows of one group.

    A loop of its own, so that the compiler turns it into vector instructions.
    """
    key = state.keys[decision]
    # Slots of a group are numbered like its rows, so one difference serves them all.
    own = slot(group, 0) - state.groups[group].first
    for i in range(rows.size):
        draws[i] = uniform(key, own + rows[i])


@part
def setup_draw(state: State, decision: int, row: int) -> float:
    """A worker's draw that holds for the whole simulation."""
    return uniform(stream(state.now[0].key, decision, SETUP_MONTH), worker_slot(state, row))


@part
def may_be_dismissed(is_crew: int, terms: int) -> bool:
    """Whether a worker can be laid off: crew members and tied migrants cannot."""
    return not is_crew and terms == ORDINARY


@part
def book_employment(state: State, row: int, sign: int) -> None:
    """Add (+1) or remove (-1) an employed worker in the counts of firm, trade and market."""
    worker = state.workers[row]
    group = worker.group
    book_firm_employment(state, row, sign)
    state.stock[group, worker.trade, EMPLOYED] += sign
    state.papers[group, worker.paper] += sign
    if state.groups[group].is_crew:
        state.groups_now[group].levy_sum += sign * worker.levy_share


@part
def book_firm_employment(state: State, row: int, sign: int) -> None:
    """Add (+1) or remove (-1) an employed worker in the counts of his firm and trade alone."""
    worker = state.workers[row]
    cell = worker.firm * state.trades.size + worker.trade
    cell_record, staff = state.cells[cell], state.staff[cell, worker.group]
    labour = sign * worker.efficiency
    cell_record.heads += sign
    cell_record.efficiency += labour
    if may_be_dismissed(state.groups[worker.group].is_crew, worker.terms):
        cell_record.dismissible += labour
    staff.heads += sign
    staff.efficiency += labour


@part
def note_start_of_job(state: State, row: int) -> None:
    """Note the month in which a job begins where incumbents are protected.

    Only those who have neither contract nor stay have a place for it.
    """
    worker = state.workers[row]
    protected = state.structure[0].separations != Separations.ONE_RATE
    if protected and state.groups[worker.group].has_events:
        worker.contract_end = state.now[0].month


@part
def change_firm(state: State, row: int, firm: int) -> None:
    """An employed worker moves to another firm in the same trade."""
    book_firm_employment(state, row, -1)
    state.workers[row].firm = firm
    book_firm_employment(state, row, 1)
    note_start_of_job(state, row)


@part
def take_job(state: State, row: int, firm: int) -> None:
    """A seeker, or an outsider with a trade, starts work in a firm."""
    worker = state.workers[row]
    if worker.status == SEEKING:
        state.stock[worker.group, worker.trade, SEEKING] -= 1
    worker.firm = firm
    worker.status = EMPLOYED
    book_employment(state, row, 1)
    note_start_of_job(state, row)


@part
def lose_job(state: State, row: int) -> None:
    """An employed worker loses his job and seeks another in his trade."""
    book_employment(state, row, -1)
    worker = state.workers[row]
    worker.firm = NOWHERE
    start_seeking(state, row)


@part
def start_seeking(state: State, row: int) -> None:
    """A worker with a trade starts to seek work."""
    worker = state.workers[row]
    worker.status = SEEKING
    state.stock[worker.group, worker.trade, SEEKING] += 1


@part
def exit_to(state: State, row: int, status: int) -> None:
    """A worker leaves the market: away from construction, or repatriated."""
    worker = state.workers[row]
    if worker.status == EMPLOYED:
        book_employment(state, row, -1)
    elif worker.status == SEEKING:
        state.stock[worker.group, worker.trade, SEEKING] -= 1
    worker.status = status
    worker.firm = NOWHERE
    worker.trade = NOWHERE


@part
def index_by_share(cumulated: Array, draw: float) -> int:
    """First position whose cumulated share exceeds the draw (bisection)."""
    low, high = 0, cumulated.size - 1
    while low < high:
        middle = (low + high) // 2
        if cumulated[middle] > draw:
            high = middle
        else:
            low = middle + 1
    return low


@part
def newcomer_trade(state: State, group: int, draw: float) -> int:
    """Trade of a newcomer, drawn by the vacancies opened last month.

    If none was opened, the group's own trade shares decide.
    """
    opened = 0
    for trade in range(state.trades.size):
        opened += state.trades[trade].opened_last
    if opened == 0:
        return index_by_share(state.entry_shares[group], draw)
    # The number of the opening drawn; trades pass by until it is used up.
    openings_left = int(draw * opened)
    for trade in range(state.trades.size):
        openings_left -= state.trades[trade].opened_last
        if openings_left < 0:
            return trade
    return int(state.trades.size) - 1
