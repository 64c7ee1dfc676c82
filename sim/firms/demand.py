"""Rules for orders, output targets, planned labour, vacancies and layoffs of a firm."""

from __future__ import annotations

import math

from sim.engine.compiling import rule
from sim.engine.elementary import cosine_of_turns, exp, log

LOWEST_BACKLOG_RATIO = 0.5
HIGHEST_BACKLOG_RATIO = 3.0
"""Beyond these an order book moves the price no further: a nearly empty one would drive it to 0."""


@rule
def log_asking_price(
    log_cost: float, backlog: float, normal_backlog: float, price_backlog_elasticity: float
) -> float:
    """Log price: unit cost times (B / B*)^psi, as a full order book raises the price.

    The order book B relative to its normal level B* counts between 0.5 and 3.
    """
    backlog_ratio = max(LOWEST_BACKLOG_RATIO, min(HIGHEST_BACKLOG_RATIO, backlog / normal_backlog))
    return log_cost + price_backlog_elasticity * log(backlog_ratio)


@rule
def orders_placed(
    normal_output: float, order_index: float, log_price: float, demand_price_elasticity: float
) -> float:
    """New orders: D = D0 x order index x P^-eta."""
    return normal_output * order_index * exp(-demand_price_elasticity * log_price)


@rule
def output_target(
    orders: float, backlog: float, normal_backlog: float, adjustment_months: float, capacity: float
) -> float:
    """Output target: Y* = D + (B - B*) / tau, at least zero and at most capacity."""
    return max(0.0, min(orders + (backlog - normal_backlog) / adjustment_months, capacity))


@rule
def labour_demand_scale(
    labour_per_unit: float, target: float, log_wage_index: float, sigma: float
) -> float:
    """The factor h Y* W^sigma that is common to a firm's demand for labour of every trade."""
    return labour_per_unit * target * exp(sigma * log_wage_index)


@rule
def notional_labour(weight: float, labour_demand_scale: float, demand_factor: float) -> float:
    """N_k = alpha_k h Y* (w_k / W)^-sigma: labour wanted of a trade if every trade could be had."""
    return weight * labour_demand_scale * demand_factor


@rule
def planned_labour(
    notional: float, balanced: float, value_factor: float, demand_factor: float, reach_share: float
) -> float:
    """F_k = min(N_k, max(alpha_k H, (1 + reach) alpha_k H (v / w_k)^sigma)), in standard workers.

    A firm does not hire labour that would stand idle because another trade is short: it plans for
    its present composite labour H, and reaches beyond it only where labour is worth its wage.
    value_factor is v^sigma, demand_factor w_k^-sigma.
    """
    reach = (1.0 + reach_share) * balanced * value_factor * demand_factor
    return min(notional, max(balanced, reach))


@rule
def vacancies_to_open(planned: float, labour: float) -> float:
    """Gap between planned and present labour, in standard workers.

    Each vacancy takes one worker, whatever his efficiency.
    """
    return max(0.0, planned - labour)


@rule
def layoff_probability(
    labour: float, dismissible: float, planned: float, hoarding_share: float, layoff_share: float
) -> float:
    """Probability that a worker who may be dismissed is laid off this month.

    The firm lays off a share of what exceeds its plan and the labour it hoards.
    """
    excess = labour - (1.0 + hoarding_share) * planned
    if excess <= 0.0 or dismissible <= 0.0:
        return 0.0
    return min(1.0, layoff_share * excess / dismissible)


@rule
def order_book_left(backlog: float, orders: float, output: float, cancelled: float) -> float:
    """Order book at the end of the month: B + D - Y - cancelled.

    Nothing is built that was not ordered, so that only rounding could take it below zero.
    """
    return max(0.0, backlog + orders - output - cancelled)


@rule
def orders_cancelled(backlog: float, backlog_limit: float, cancellation_rate: float) -> float:
    """Orders cancelled by customers: a share of what waits beyond the limit of the order book."""
    return cancellation_rate * max(0.0, backlog - backlog_limit)


@rule
def household_demand(heads: int, normal_heads: int, household_elasticity: float) -> float:
    """Factor of orders: who leaves the region's building trade no longer needs a dwelling there.

    (L / L0)^elasticity, with all heads in construction L (Saiz 2007; Howard, Wang & Zhang 2024).
    """
    return exp(household_elasticity * log((heads + 1.0) / (normal_heads + 1.0)))


@rule
def demand_of_the_waiting(
    backlog: float, normal_backlog: float, waiting_elasticity: float
) -> float:
    """Factor of orders: investors wait where sites stand still: max(1, B / B*)^-elasticity.

    To wait is worth more the less certain completion is (Dixit & Pindyck 1994).
    """
    ratio = max(1.0, min(HIGHEST_BACKLOG_RATIO, backlog / normal_backlog))
    return exp(-waiting_elasticity * log(ratio))


@rule
def next_log_demand(
    log_demand: float, persistence: float, sd: float, standard_normal: float
) -> float:
    """Log aggregate demand next month: x' = rho x + s (1 - rho^2)^(1/2) e, of lasting spread s."""
    return (
        persistence * log_demand + sd * math.sqrt(1.0 - persistence * persistence) * standard_normal
    )


@rule
def season_factor(month_of_year: int, peak_month_of_year: int, amplitude: float) -> float:
    """Factor of orders by the season: 1 + a cos(2 pi (m - m*) / 12), months of the year from 0.

    Its mean over the year is 1.
    """
    return 1.0 + amplitude * cosine_of_turns(((month_of_year - peak_month_of_year) % 12) / 12.0)
