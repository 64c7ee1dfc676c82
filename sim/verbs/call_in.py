"""Verb 1, last part: the month's dated inputs, its streams of draws, and the rows whose occasion falls in it."""

from __future__ import annotations

import numpy as np
from numba.cpython.unsafe.numbers import trailing_zeros

from sim.compiled import part
from sim.compiled_state import sweep
from sim.draws import stream
from sim.population import BURN_IN_MONTHS, Array
from sim.state import State

EACH_BYTE = np.uint64(0x0101010101010101)
LOW_BITS = np.uint64(0x7F7F7F7F7F7F7F7F)
NOTHING = np.uint64(0)
BYTES = 8


@sweep
def call_in(state: State) -> None:
    """Bring dated inputs into force, open the month's streams and list the rows that are due, group by group."""
    now = state.now[0]
    bring_into_force(state, now.month + BURN_IN_MONTHS)
    for decision in range(state.keys.size):
        state.keys[decision] = stream(now.key, decision, now.month)
    found = list_due(state.due, now.month, state.visits)
    group_starts(state, found)


@part
def bring_into_force(state: State, at: int) -> None:
    """Prices, exchange rate, orders, home pay and commuters of the month at this place of the dated inputs."""
    now, dated = state.now[0], state.dated[at]
    now.consumer_prices = dated.consumer_prices
    now.log_inflation = dated.log_inflation
    now.rub_per_usd = dated.rub_per_usd
    now.order_index = dated.order_index
    for group in range(state.groups.size):
        state.groups_now[group].home_pay_rub = state.dated_by_group[at, group].home_pay_rub
        state.groups_now[group].commuter_heads = state.dated_by_group[at, group].commuter_heads


@part
def list_due(due: Array, month: int, visits: Array) -> int:
    """Rows whose month has come, in ascending order; eight rows are looked at in one machine word. Returns how many."""
    words = due[: due.size - due.size % BYTES].view(np.uint64)
    wanted = np.uint64(month & 0xFF) * EACH_BYTE
    found = 0
    for number in range(words.size):
        hits = zero_bytes(words[number] ^ wanted)
        while hits != NOTHING:
            visits[found] = number * BYTES + trailing_zeros(hits) // BYTES  # type: ignore[call-arg]
            found += 1
            hits &= hits - np.uint64(1)
    for row in range(words.size * BYTES, due.size):
        if due[row] == month:
            visits[found] = row
            found += 1
    return found


@part
def zero_bytes(word: np.uint64) -> np.uint64:
    """The top bit of every byte that is zero (Warren, Hacker's Delight, 6-1)."""
    return ~(((word & LOW_BITS) + LOW_BITS) | word | LOW_BITS)


@part
def group_starts(state: State, found: int) -> None:
    """Bounds of the groups in the list of rows."""
    at = 0
    for group in range(state.groups.size):
        state.visit_ends[group] = at
        while at < found and state.visits[at] < state.groups[group].last:
            at += 1
    state.visit_ends[state.groups.size] = found
