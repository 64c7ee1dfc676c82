"""What firms are asked to build, what they aim at, and the hands they want for it."""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.engine.elementary import exp, log

LOWEST_BACKLOG_RATIO = 0.5
HIGHEST_BACKLOG_RATIO = 3.0


@rule
def log_asking_price(
    log_cost: float, backlog: float, normal_backlog: float, price_backlog_elasticity: float
) -> float:
    """P = c (B/B*)^psi in logs, with B/B* kept in [0.5, 3]: full order books raise prices."""
    backlog_ratio = max(LOWEST_BACKLOG_RATIO, min(HIGHEST_BACKLOG_RATIO, backlog / normal_backlog))
    return log_cost + price_backlog_elasticity * log(backlog_ratio)


@rule
def orders_placed(
    normal_output: float, order_index: float, log_price: float, demand_price_elasticity: float
) -> float:
    """D = D0 x index x P^-eta (eta 1, prior .5-2)."""
    return normal_output * order_index * exp(-demand_price_elasticity * log_price)


@rule
def output_target(
    orders: float, backlog: float, normal_backlog: float, adjustment_months: float, capacity: float
) -> float:
    """Y* = D + (B - B*)/tau, between nothing and capacity."""
    return max(0.0, min(orders + (backlog - normal_backlog) / adjustment_months, capacity))


@rule
def labour_demand_scale(
    labour_per_unit: float, target: float, log_wage_index: float, sigma: float
) -> float:
    """H Y* W^sigma: scale of a firm's labour demand in every trade if no trade were scarce."""
    return labour_per_unit * target * exp(sigma * log_wage_index)


@rule
def notional_labour(weight: float, labour_demand_scale: float, demand_factor: float) -> float:
    """N_k = alpha_k h Y* (w_k/W)^-sigma: hands wanted if every trade could be had."""
    return weight * labour_demand_scale * demand_factor


@rule
def planned_labour(
    notional: float, balanced: float, value_factor: float, demand_factor: float, reach_share: float
) -> float:
    """Labour planned in a trade: no firm hires workers whom a gap in another trade would idle.

    F_k = min(N_k, max(alpha_k H, (1+reach) alpha_k H (v/w_k)^sigma)), in standard workers.

    value_factor is v^sigma, demand_factor w_k^-sigma.
    """
    reach = (1.0 + reach_share) * balanced * value_factor * demand_factor
    return min(notional, max(balanced, reach))


@rule
def vacancies_to_open(planned: float, labour: float) -> float:
    """Gap between planned and present labour, in standard workers.

    A vacancy takes one head, whatever that worker's efficiency.
    """
    return max(0.0, planned - labour)


@rule
def layoff_probability(
    labour: float, dismissible: float, planned: float, hoarding_share: float, layoff_share: float
) -> float:
    """Probability that a worker who may be dismissed is laid off this month.

    A share of the labour beyond the plan and the hoarded reserve is laid off; the burden is
    spread evenly over those who may be dismissed.
    """
    excess = labour - (1.0 + hoarding_share) * planned
    if excess <= 0.0 or dismissible <= 0.0:
        return 0.0
    return min(1.0, layoff_share * excess / dismissible)


@rule
def orders_cancelled(backlog: float, backlog_limit: float, cancellation_rate: float) -> float:
    """Customers walk away from what waits beyond the limit."""
    return cancellation_rate * max(0.0, backlog - backlog_limit)
