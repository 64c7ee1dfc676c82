"""Rival of the cost rule: crews cost their firms their contract price, not the posted wage."""

from __future__ import annotations

from sim.engine.compiling import rule


@rule
def crew_wage(
    contract_price_rub: float,
    efficiency: float,
    base_wage_rub: float,
    outside_pay: float,
    on_cost_share: float,
) -> float:
    """What a crew's standard worker costs, as a posted wage that costs as much.

    On posted wages firms pay social contributions; a contract price holds everything.
    """
    local_cost_rub = base_wage_rub * outside_pay * (1.0 + on_cost_share)
    return contract_price_rub / (efficiency * local_cost_rub)


@rule
def labour_cost_over_wage(crew_share: float, crew_wage: float, wage_index: float) -> float:
    """Cost of a firm's labour over its cost at posted wages. crew_share: of its labour."""
    return 1.0 + crew_share * (crew_wage / wage_index - 1.0)
