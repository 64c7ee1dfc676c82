"""How hands become output: trades are near-complements (CES), capital sits beside labour, scarcity drives technique."""

from __future__ import annotations

import math

from sim.compiled import rule

LEAST_LABOUR = 0.05
LEAST_LABOUR_VALUE = 0.05
OVERRUN = 1.02


@rule
def power(base: float, exponent: float) -> float:
    """base^exponent for a positive base, the same in compiled and interpreted code."""
    return math.exp(exponent * math.log(base))


@rule
def labour_used(efficiency_thousandths: int) -> float:
    """Effective labour of a trade in standard workers, at least 0.05: a firm never quite lacks a trade."""
    return max(efficiency_thousandths / 1000.0, LEAST_LABOUR)


@rule
def composite_term(weight_root: float, labour: float, sigma: float) -> float:
    """One trade's term of the CES composite: alpha^(1/sigma) E^((sigma-1)/sigma)."""
    return weight_root * power(labour, (sigma - 1.0) / sigma)


@rule
def composite_labour(sum_of_terms: float, sigma: float) -> float:
    """H: the CES composite of trades (elasticity sigma: .3, prior .1-.5)."""
    return power(sum_of_terms, sigma / (sigma - 1.0))


@rule
def wage_index_term(weight: float, wage: float, sigma: float) -> float:
    """One trade's term of the composite wage: alpha w^(1-sigma)."""
    return weight * power(wage, 1.0 - sigma)


@rule
def wage_index(sum_of_terms: float, sigma: float) -> float:
    """W: cost of one unit of composite labour."""
    return power(sum_of_terms, 1.0 / (1.0 - sigma))


@rule
def unit_cost(wage_index: float, labour_share: float, capital_labour_elasticity: float) -> float:
    """c: cost of a unit of output with labour and other inputs (elasticity .3, Gechert et al. 2022)."""
    inner = labour_share * power(wage_index, 1.0 - capital_labour_elasticity) + 1.0 - labour_share
    return power(inner, 1.0 / (1.0 - capital_labour_elasticity))


@rule
def labour_value(price: float, cost: float, labour_share: float, wage_index: float, labour_per_unit: float) -> float:
    """v: what one more unit of composite labour earns when hands are what is missing, floored at 0.05."""
    value = (price - cost + labour_share * wage_index * labour_per_unit) / (labour_share * labour_per_unit)
    return max(value, LEAST_LABOUR_VALUE)


@rule
def next_log_labour_per_unit(
    log_labour_per_unit: float, value: float, cost: float, capital_labour_elasticity: float, months: float
) -> float:
    """Ln h moves 1/T of the way a month towards -sL ln(v/c): the scarcity value, not the posted wage, drives technique."""
    aim = -capital_labour_elasticity * math.log(value / cost)
    return log_labour_per_unit + (aim - log_labour_per_unit) / months


@rule
def output_built(composite: float, labour_per_unit: float, target: float) -> float:
    """Y = min(H/h, 1.02 Y*): hands limit, and nobody builds far past the plan."""
    return min(composite / labour_per_unit, OVERRUN * target)
