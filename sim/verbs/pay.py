"""Verb 10: pay of each group, and the levy of the sending state."""

from __future__ import annotations

from sim.engine.kernels import state_kernel
from sim.engine.state import State


@state_kernel
def pay(state: State) -> None:
    """Set the monthly pay of each group in nominal roubles, and the levy in USD.

    Crews are paid the contract price; others the posted wage for their effective labour, less the
    discount that migrants take.
    """
    now = state.now[0]
    rub_per_wage = state.parameters[0].base_wage_rub * now.outside_pay
    for group in range(state.groups.size):
        here = state.groups[group]
        of_month = state.groups_now[group]
        if here.is_crew:
            heads = 0
            for paper in range(state.papers.shape[1]):
                heads += state.papers[group, paper]
            of_month.pay_rub = heads * here.contract_price_usd * now.rub_per_usd
            # The sum is kept in whole thousandths as workers come and go: exact in any order.
            of_month.levy_usd = here.contract_price_usd * (of_month.levy_sum / 1000.0)
            continue
        wage_bill = 0.0
        for cell in range(state.cells.size):
            wage_bill += state.staff[cell, group].efficiency / 1000.0 * state.cells[cell].wage
        of_month.pay_rub = wage_bill / here.pay_ratio * rub_per_wage
