"""Which workers without a valid work paper a firm employs when it may be fined for them.

The fine works as a tax on unlawful employment (Becker 1968; Cobb-Clark, Shiells & Lowell 1995).
What the firm weighs, why, and what is left out stands in sim/ODD.md 7.13.
"""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.engine.elementary import exp, log


@rule
def expected_fine_rub(
    fine_rub: float, consumer_prices: float, inspection_rate: float, compliance: float
) -> float:
    """Nominal fine to be expected for a month's work: its amount times the chance to be found."""
    return inspection_rate * compliance * fine_rub * consumer_prices


@rule
def local_labour_cost_rub(
    wage: float, efficiency: float, base_wage_rub: float, outside_pay: float
) -> float:
    """What a worker's labour costs a month, hired locally at the firm's posted wage."""
    return wage * efficiency * base_wage_rub * outside_pay


@rule
def keep_probability(
    local_cost_rub: float, crew_cost_rub: float, expected_fine_rub: float, choice_noise: float
) -> float:
    """Chance that a firm goes on employing somebody whom it employs without the fine.

    L(ln(V / (C + f)) / n) / L(ln(V / C) / n), the logistic choice with the fine given that without
    it, written so that neither end can overflow: 1 at f = 0.
    """
    worth = exp((log(local_cost_rub) - log(crew_cost_rub)) / choice_noise)
    burden = exp(log(1.0 + expected_fine_rub / crew_cost_rub) / choice_noise)
    return (1.0 + worth) / (burden + worth)
