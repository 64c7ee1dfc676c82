"""Verb 1, last part: the month's dated inputs, its streams of draws, and the rows whose occasion falls in it."""

from __future__ import annotations

import numpy as np

from sim.compiled import part
from sim.compiled_state import sweep
from sim.draws import stream
from sim.population import BURN_IN_MONTHS, Array
from sim.state import State


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
    """Rows whose month has come, in ascending order; returns how many. Unsigned, a row number needs no check for counting from the end."""
    wanted, found = np.int8(month), np.uint64(0)
    for row in range(np.uint64(due.size)):
        visits[found] = row
        found += np.uint64(due[row] == wanted)
    return np.int64(found)  # type: ignore[return-value]


@part
def group_starts(state: State, found: int) -> None:
    """Bounds of the groups in the list of rows."""
    at = 0
    for group in range(state.groups.size):
        state.visit_ends[group] = at
        while at < found and state.visits[at] < state.groups[group].last:
            at += 1
    state.visit_ends[state.groups.size] = found
