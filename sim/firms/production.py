"""How labour becomes output, and what a unit of output costs.

Trades are near-complements (CES), capital and labour substitute for each other, and scarcity of
labour drives technology. Rules take and return logarithms where the next rule needs them.
"""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.engine.elementary import exp, log

LEAST_LABOUR = 0.05
LEAST_LABOUR_VALUE = 0.05
LARGEST_OUTPUT_OVER_TARGET = 1.02


@rule
def power(base: float, exponent: float) -> float:
    """base^exponent for a positive base, the same in compiled and interpreted code."""
    return exp(exponent * log(base))


@rule
def log_labour_used(efficiency_thousandths: int) -> float:
    """Log effective labour of a trade in standard workers, floored at log 0.05.

    The floor keeps the logarithm finite: a firm never lacks a trade entirely.
    """
    return log(max(efficiency_thousandths / 1000.0, LEAST_LABOUR))


@rule
def labour_power(log_labour: float, sigma: float) -> float:
    """E^((sigma-1)/sigma): effective labour of a trade as it enters the CES composite."""
    return exp((sigma - 1.0) / sigma * log_labour)


@rule
def composite_term(weight_root: float, labour_power: float) -> float:
    """One trade's term of the CES composite: alpha^(1/sigma) E^((sigma-1)/sigma)."""
    return weight_root * labour_power


@rule
def log_composite_labour(sum_of_terms: float, sigma: float) -> float:
    """Ln H: the CES composite of trades (elasticity sigma: .3, prior .1-.5)."""
    return sigma / (sigma - 1.0) * log(sum_of_terms)


@rule
def demand_factor(log_wage: float, sigma: float) -> float:
    """w^-sigma: how much less a firm wants of a trade as its wage rises."""
    return exp(-sigma * log_wage)


@rule
def wage_index_term(weight: float, wage: float, demand_factor: float) -> float:
    """One trade's term of the composite wage: alpha w^(1-sigma)."""
    return weight * wage * demand_factor


@rule
def log_wage_index(sum_of_terms: float, sigma: float) -> float:
    """Ln W: cost of one unit of composite labour."""
    return log(sum_of_terms) / (1.0 - sigma)


@rule
def labour_cost_term(
    log_wage_index: float, labour_share: float, capital_labour_elasticity: float
) -> float:
    """Labour's term of the unit cost: sL W^(1-elasticity)."""
    return labour_share * exp((1.0 - capital_labour_elasticity) * log_wage_index)


@rule
def log_unit_cost(
    labour_cost_term: float, labour_share: float, capital_labour_elasticity: float
) -> float:
    """Ln c: log cost of a unit of output made with labour and other inputs.

    Elasticity of substitution between them .3 (Gechert et al. 2022).
    """
    return log(labour_cost_term + 1.0 - labour_share) / (1.0 - capital_labour_elasticity)


@rule
def labour_value(
    price: float, cost: float, labour_share: float, wage_index: float, labour_per_unit: float
) -> float:
    """v: value of one more unit of composite labour to a firm that is short of it, at least 0.05."""
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
    """Ln h: log labour per unit of output, which adjusts slowly as labour becomes scarce or ample.

    Moves 1/T of the way each month towards -sL ln(v/c): the scarcity value of labour, not the
    posted wage, drives technology.
    """
    target = -capital_labour_elasticity * (log_value - log_cost)
    return log_labour_per_unit + (target - log_labour_per_unit) / months


@rule
def output_built(composite: float, labour_per_unit: float, target: float) -> float:
    """Y = min(H/h, 1.02 Y*): hands limit, and nobody builds far past the plan."""
    return min(composite / labour_per_unit, LARGEST_OUTPUT_OVER_TARGET * target)
