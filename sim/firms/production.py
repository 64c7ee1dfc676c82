"""Rules of production: composite labour, unit cost, value of labour, technology, output.

Trades are near-complements (CES) and combine with other inputs; scarcity of labour drives
labour-saving technology. Rules take and return logarithms where the next rule needs them.
"""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.engine.elementary import exp, log

LEAST_LABOUR = 0.05
"""Standard workers of a trade that a firm always finds; without any, its output would be zero."""
LEAST_LABOUR_VALUE = 0.05
"""In base wages: keeps the logarithm of the value of labour defined when prices are low."""
LARGEST_OUTPUT_OVER_TARGET = 1.02
"""Idle labour may build a little ahead of the target, not the whole order book at once."""


@rule
def power(base: float, exponent: float) -> float:
    """base^exponent for a positive base, the same in compiled and interpreted code."""
    return exp(exponent * log(base))


@rule
def log_labour_used(efficiency_thousandths: int) -> float:
    """Log effective labour of a trade in standard workers, at least that of LEAST_LABOUR."""
    return log(max(efficiency_thousandths / 1000.0, LEAST_LABOUR))


@rule
def labour_power(log_labour: float, sigma: float) -> float:
    """E^((sigma - 1) / sigma): effective labour of a trade as it enters the CES composite."""
    return exp((sigma - 1.0) / sigma * log_labour)


@rule
def composite_term(weight_root: float, labour_power: float) -> float:
    """One trade's term of the CES composite: alpha^(1 / sigma) E^((sigma - 1) / sigma)."""
    return weight_root * labour_power


@rule
def log_composite_labour(sum_of_terms: float, sigma: float) -> float:
    """Log composite labour H: the CES composite of trades with elasticity of substitution sigma."""
    return sigma / (sigma - 1.0) * log(sum_of_terms)


@rule
def demand_factor(log_wage: float, sigma: float) -> float:
    """w^-sigma: how demand for a trade falls with its wage."""
    return exp(-sigma * log_wage)


@rule
def wage_index_term(weight: float, wage: float, demand_factor: float) -> float:
    """One trade's term of the wage index: alpha w^(1 - sigma)."""
    return weight * wage * demand_factor


@rule
def log_wage_index(sum_of_terms: float, sigma: float) -> float:
    """Log wage index W: cost of one unit of composite labour."""
    return log(sum_of_terms) / (1.0 - sigma)


@rule
def labour_cost_term(
    log_wage_index: float, labour_share: float, capital_labour_elasticity: float
) -> float:
    """Labour's term of unit cost: s W^(1 - elasticity), with labour's share s."""
    return labour_share * exp((1.0 - capital_labour_elasticity) * log_wage_index)


@rule
def log_unit_cost(
    labour_cost_term: float, labour_share: float, capital_labour_elasticity: float
) -> float:
    """Log cost of a unit of output, a CES composite of labour and other inputs.

    For its elasticity see Gechert et al. (2022).
    """
    return log(labour_cost_term + 1.0 - labour_share) / (1.0 - capital_labour_elasticity)


@rule
def labour_value(
    price: float, cost: float, labour_share: float, wage_index: float, labour_per_unit: float
) -> float:
    """Value v of one more unit of composite labour when labour, not other inputs, limits output."""
    value = (price - cost + labour_share * wage_index * labour_per_unit) / (
        labour_share * labour_per_unit
    )
    return max(value, LEAST_LABOUR_VALUE)


@rule
def next_log_labour_per_unit(
    log_labour_per_unit: float,
    log_value: float,
    log_cost: float,
    capital_labour_elasticity: float,
    months: float,
) -> float:
    """Log labour per unit of output next month.

    It closes 1 / `months` of the gap to -elasticity x ln(v / c). The scarcity value of labour v
    drives technology rather than the posted wage, which lags behind it.
    """
    target = -capital_labour_elasticity * (log_value - log_cost)
    return log_labour_per_unit + (target - log_labour_per_unit) / months


@rule
def output_built(
    composite: float, labour_per_unit: float, target: float, orders_there: float
) -> float:
    """Output: Y = min(H / h, 1.02 Y*, what is ordered), limited by labour, target and orders."""
    return min(composite / labour_per_unit, LARGEST_OUTPUT_OVER_TARGET * target, orders_there)
