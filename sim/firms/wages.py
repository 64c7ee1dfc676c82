"""How posted wages move: unfilled vacancies raise them, the value of one more worker caps them."""

from __future__ import annotations

from sim.engine.compiling import rule


@rule
def unfilled_share(unfilled: int, opened: int, trade_share: float) -> float:
    """Share of the vacancies opened that are left at month end, as a firm sees it.

    Half its own share, half the share of its trade; the trade's alone if it opened none.
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
    """Raise of the posted wage over the growth of pay outside construction, in logs.

    max(-pi, min(.03, kappa (u - u*))): wages follow pay outside (growth pi), rise faster when
    vacancies stay unfilled, and are never cut in nominal terms.
    """
    return max(
        -log_outside_pay_growth, min(largest_raise, adjustment * (unfilled - normal_unfilled))
    )


@rule
def log_value_of_marginal_product(
    log_value: float, log_balanced: float, log_labour: float, sigma: float
) -> float:
    """Log value of the marginal product: what one more standard worker of the trade adds.

    VMP_k = v (alpha_k H / E_k)^(1/sigma), here in logs.
    """
    return log_value + (log_balanced - log_labour) / sigma


@rule
def next_log_wage(
    log_wage: float, raise_over_outside_pay: float, log_value_of_marginal_product: float
) -> float:
    """Log wage relative to pay outside after the month's raise.

    The value of one more worker caps the raise but never cuts the wage.
    """
    return min(log_wage + raise_over_outside_pay, max(log_wage, log_value_of_marginal_product))
