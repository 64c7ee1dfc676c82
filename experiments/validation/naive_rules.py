"""Naive rules without a model of the labour market: what the model has to beat."""

from __future__ import annotations

import math
from collections.abc import Callable

from experiments.validation.effects import (
    NATIVE_EMPLOYMENT_ELASTICITY,
    OUTPUT_ELASTICITY,
    OUTPUT_PER_WORKFORCE,
    SHARE_BY_HIRING,
)

DEMAND_ELASTICITY, SUPPLY_ELASTICITY = -0.4, 0.25
"""Lichter, Peichl & Siegloch 2015; Chetty et al. 2011."""
Rule = Callable[[str, float, float], float]
"""From an effect, the incomers and the natives' share to what it foresees; NaN if it is silent."""
PER_POINT = "_per_point"


def head_count(effect: str, incomers: float, natives: float) -> float:
    """Only the incomers' heads change, and output with all heads; natives and wages do not.

    NaN for the hiring share.
    """
    known = {
        SHARE_BY_HIRING: math.nan,
        OUTPUT_ELASTICITY: 1.0 - natives,
        OUTPUT_PER_WORKFORCE: 1.0,
    }
    return known.get(effect, 0.0)


def static_market(effect: str, incomers: float, natives: float) -> float:
    """One competitive market, log-linear; NaN for effects that it does not know.

    `incomers`: percent of all employed; `natives`: their share of all employed.
    """
    wage = incomers / (DEMAND_ELASTICITY - natives * SUPPLY_ELASTICITY)
    per_point = 1.0 / incomers if effect.endswith(PER_POINT) else 1.0
    pull = DEMAND_ELASTICITY - natives * SUPPLY_ELASTICITY
    effects = {
        OUTPUT_ELASTICITY: (1.0 - natives) * DEMAND_ELASTICITY / pull,
        OUTPUT_PER_WORKFORCE: 1.0,
        NATIVE_EMPLOYMENT_ELASTICITY: SUPPLY_ELASTICITY * (1.0 - natives) / pull,
        "native_wage": wage * per_point,
        "native_employment": SUPPLY_ELASTICITY * wage * per_point,
    }
    return next((value for name, value in effects.items() if effect.startswith(name)), math.nan)


def constant(effect: str, incomers: float, natives: float) -> float:
    """Nothing changes, as last year's level and a straight line say too; of a share, one half.

    NaN for a ratio of two changes.
    """
    return {SHARE_BY_HIRING: 0.5, OUTPUT_PER_WORKFORCE: math.nan}.get(effect, 0.0)


RULES: dict[str, Rule] = {
    "head count": head_count,
    "static supply and demand": static_market,
    "constant": constant,
}
