"""Two naive rules without a model of the labour market: what the model has to beat."""

from __future__ import annotations

import math
from collections.abc import Callable

from experiments.validation.effects import SHARE_BY_HIRING

DEMAND_ELASTICITY, SUPPLY_ELASTICITY = -0.4, 0.25
"""Lichter, Peichl & Siegloch 2015; Chetty et al. 2011."""
Rule = Callable[[str, float, float], float]


def head_count(effect: str, incomers: float, natives: float) -> float:
    """Only the incomers' heads change: no effect on natives or wages; NaN for the hiring share."""
    return math.nan if effect == SHARE_BY_HIRING else 0.0


def static_market(effect: str, incomers: float, natives: float) -> float:
    """One competitive market, log-linear; NaN for effects that it does not know.

    `incomers`: percent of all employed; `natives`: their share of all employed.
    """
    wage = incomers / (DEMAND_ELASTICITY - natives * SUPPLY_ELASTICITY)
    per_point = 1.0 / incomers if effect.endswith("_per_point") else 1.0
    effects = {
        "native_wage": wage * per_point,
        "native_employment": SUPPLY_ELASTICITY * wage * per_point,
    }
    return next((value for name, value in effects.items() if effect.startswith(name)), math.nan)


RULES: dict[str, Rule] = {"head count": head_count, "static supply and demand": static_market}
