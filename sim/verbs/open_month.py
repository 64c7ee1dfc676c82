"""Verb 1, last part: the month's dated inputs, and its streams of random draws."""

from __future__ import annotations

from sim.engine.compiling import part
from sim.engine.draws import stream
from sim.engine.kernels import state_kernel
from sim.engine.state import State
from sim.engine.worker_columns import BURN_IN_MONTHS


@state_kernel
def open_month(state: State) -> None:
    """Put dated inputs of the month in force and open its streams of random draws."""
    now = state.now[0]
    bring_into_force(state, now.month + BURN_IN_MONTHS)
    for decision in range(state.keys.size):
        state.keys[decision] = stream(now.key, decision, now.month)


@part
def bring_into_force(state: State, at: int) -> None:
    """Put the dated inputs of one month in force, for the market and for each group."""
    now, dated = state.now[0], state.dated[at]
    now.consumer_prices = dated.consumer_prices
    now.outside_pay = dated.outside_pay
    now.log_outside_pay_growth = dated.log_outside_pay_growth
    now.rub_per_usd = dated.rub_per_usd
    now.order_index = dated.order_index
    for group in range(state.groups.size):
        state.groups_now[group].home_pay_rub = state.dated_by_group[at, group].home_pay_rub
        state.groups_now[group].commuter_heads = state.dated_by_group[at, group].commuter_heads
