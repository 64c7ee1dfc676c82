"""Rules of posted wages: unfilled vacancies raise them, up to the value of marginal product.

The rivals of the shipped rule (sim.structure) give other raises; sim/ODD.md 7.14 compares them.
"""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.engine.elementary import log


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


@rule
def two_way_raise(
    unfilled: float,
    normal_unfilled: float,
    adjustment: float,
    largest_raise: float,
    downward_speed_share: float,
) -> float:
    """Log raise over pay outside, up kappa (u - u*) in scarcity and down more slowly in slack.

    Money wages may be cut: the share of the upward speed stands for workers whose pay is rigid
    downwards (Bewley 1999; Dickens et al. 2007).
    """
    gap = unfilled - normal_unfilled
    speed = adjustment if gap > 0.0 else downward_speed_share * adjustment
    return max(-largest_raise, min(largest_raise, speed * gap))


@rule
def contract_is_renewed(month: int, firm: int, contract_months: int) -> bool:
    """Whether a firm's wage contract is renewed this month; firms take turns (Taylor 1979)."""
    return (month + firm) % contract_months == 0


@rule
def log_seeker_share(seekers: int, employed: int) -> float:
    """Log share of seekers among seekers and employed; one person is added to both kinds."""
    return log((seekers + 1.0) / (seekers + employed + 2.0))


@rule
def raise_to_wage_curve(
    log_wage: float,
    log_seekers: float,
    log_seekers_normal: float,
    curve_elasticity: float,
    months: float,
) -> float:
    """Log raise over pay outside that closes 1 / `months` of the gap to the wage curve.

    The curve is ln w = -elasticity x ln(n / n*), with the share of seekers n (Blanchflower &
    Oswald 1994).
    """
    aim = -curve_elasticity * (log_seekers - log_seekers_normal)
    return (aim - log_wage) / months


@rule
def raise_to_shared_surplus(log_wage: float, log_value: float, rent_share: float) -> float:
    """Log raise over pay outside to the bargained wage: ln w = rent share x ln v.

    Worker and firm split what labour earns over pay outside (Nash 1950; rents: Card et al. 2018).
    """
    return rent_share * log_value - log_wage


@rule
def limited_raise(log_raise: float, log_outside_pay_growth: float, largest_raise: float) -> float:
    """A raise over pay outside that cuts no money wage and exceeds no month's largest raise."""
    return max(-log_outside_pay_growth, min(largest_raise, log_raise))
