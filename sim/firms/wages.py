"""Rules of posted wages: unfilled vacancies raise them, up to the value of marginal product."""

from __future__ import annotations

from sim.engine.compiling import rule


@rule
def unfilled_share(unfilled: int, opened: int, trade_share: float) -> float:
    """Share of opened vacancies left unfilled at month end: half the firm's, half its trade's.

    A firm that opened none counts the trade's share as its own.
    """
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
    """Log raise over pay outside construction: max(-pi, min(largest, kappa (u - u*))).

    Posted wages follow pay outside, which grows by pi, and rise above it with unfilled vacancies.
    Nominal wages are never cut.
    """
    return max(
        -log_outside_pay_growth, min(largest_raise, adjustment * (unfilled - normal_unfilled))
    )


@rule
def log_value_of_marginal_product(
    log_value: float, log_balanced: float, log_labour: float, sigma: float
) -> float:
    """Log value of marginal product of a trade: v (alpha_k H / E_k)^(1 / sigma)."""
    return log_value + (log_balanced - log_labour) / sigma


@rule
def next_log_wage(
    log_wage: float, raise_over_outside_pay: float, log_value_of_marginal_product: float
) -> float:
    """Log posted wage over pay outside, after the month's raise.

    The raise stops at the value of marginal product; a wage already above it is not cut.
    """
    return min(log_wage + raise_over_outside_pay, max(log_wage, log_value_of_marginal_product))
