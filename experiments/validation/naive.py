"""Two rules that know no labour market: what the model has to beat."""

from __future__ import annotations

import math
from collections.abc import Callable

DEMAND_ELASTICITY, SUPPLY_ELASTICITY = -0.4, 0.25
Rule = Callable[[str, float, float], float]


def head_count(effect: str, incomers: float, natives: float) -> float:
    """Heads gained or lost are gained or lost: natives and wages do not answer (nothing is said about hiring)."""
    return math.nan if effect == "share_by_hiring" else 0.0


def static_market(effect: str, incomers: float, natives: float) -> float:
    """One competitive market, demand -0.4 (Lichter et al. 2015), supply 0.25 (Chetty et al. 2011), log-linear.

    incomers: percent of all who work; natives: their share of all who work.
    """
    wage = incomers / (DEMAND_ELASTICITY - natives * SUPPLY_ELASTICITY)
    per_point = 1.0 / incomers if effect.endswith("_per_point") else 1.0
    effects = {
        "native_wage": wage * per_point,
        "native_employment": SUPPLY_ELASTICITY * wage * per_point,
    }
    return next((value for name, value in effects.items() if effect.startswith(name)), math.nan)


RULES: dict[str, Rule] = {"head count": head_count, "static supply and demand": static_market}
