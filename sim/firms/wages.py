"""How posted wages move: unfilled vacancies raise them, the value of one more hand caps the raise."""

from __future__ import annotations

from sim.engine.compiling import rule


@rule
def unfilled_share(unfilled: int, opened: int, trade_share: float) -> float:
    """Half the firm's and half the trade's share of opened vacancies left at month end; none opened: the trade's."""
    own = unfilled / opened if opened > 0 else trade_share
    return 0.5 * own + 0.5 * trade_share


@rule
def raise_over_outside_pay(
    unfilled: float,
    normal_unfilled: float,
    log_outside_pay_growth: float,
    adjustment: float,
    largest_raise: float,
) -> float:
    """max(-pi, min(.03, kappa (u - u*))): wages follow pay outside (pi), rise over it with scarcity, and are never cut in money."""
    return max(
        -log_outside_pay_growth, min(largest_raise, adjustment * (unfilled - normal_unfilled))
    )


@rule
def log_value_of_marginal_product(
    log_value: float, log_balanced: float, log_labour: float, sigma: float
) -> float:
    """VMP_k = v (alpha_k H / E_k)^(1/sigma) in logs: what one more standard worker of the trade adds."""
    return log_value + (log_balanced - log_labour) / sigma


@rule
def next_log_wage(
    log_wage: float, raise_over_outside_pay: float, log_value_of_marginal_product: float
) -> float:
    """Log wage over pay outside after the month's raise; the cap at the value of one more hand never cuts it."""
    return min(log_wage + raise_over_outside_pay, max(log_wage, log_value_of_marginal_product))
