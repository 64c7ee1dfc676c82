"""Effects of a shock on natives: a simulation with it against one without, same random numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.engine.panel import ByGroupTrade, ByTrade, OfMarket
from sim.engine.worker_columns import Array
from sim.measures.comparison import FullScaleBranch

SHARE_BY_HIRING = "share_by_hiring"
OUTPUT_ELASTICITY = "output_elasticity"
NATIVE_EMPLOYMENT_ELASTICITY = "native_employment_elasticity"
OUTPUT_PER_WORKFORCE = "output_per_workforce_percent"
OUTPUT_MONTHS = 12
"""Output is that of a year up to the reading month, as studies count it by year or season."""


class EmployedNatives(NamedTuple):
    """Whether each native is employed at the earlier and at the later date, bool[P] each."""

    earlier: Array
    later: Array


@dataclass(frozen=True, eq=False)
class Shock:
    """Two simulations that differ in the shock alone; effects are read in `month`.

    `natives`, `incomers`: numbers of the two groups. `persons`: employed natives with and without
    the shock, where an effect counts persons.
    """

    with_shock: FullScaleBranch
    without_shock: FullScaleBranch
    natives: int
    incomers: int
    month: int
    persons: tuple[EmployedNatives, EmployedNatives] | None = None


def employed_heads(branch: FullScaleBranch, group: int, month: int) -> Array:
    """Employed heads of a group by trade in a month: f8[K]."""
    found: Array = branch.of(ByGroupTrade.HEADS_EMPLOYED)[month, group]
    return found


def size_points(shock: Shock) -> float:
    """Incomers that the shock brought (negative: took away), percent of all employed without it."""
    change = (
        employed_heads(shock.with_shock, shock.incomers, shock.month)
        - employed_heads(shock.without_shock, shock.incomers, shock.month)
    ).sum()
    return float(100.0 * change / shock.without_shock.heads_by_trade()[shock.month].sum())


def native_employment_change(shock: Shock) -> float:
    """Change of natives' employment, percent of that without the shock."""
    before, after = (
        employed_heads(branch, shock.natives, shock.month).sum()
        for branch in (shock.without_shock, shock.with_shock)
    )
    return float(100.0 * (after / before - 1.0))


def native_wage_change(shock: Shock) -> float:
    """Change of the posted real wage in percent, trades weighted by natives without the shock."""
    weights = employed_heads(shock.without_shock, shock.natives, shock.month)
    with_shock, without_shock = (
        branch.of(ByTrade.WAGE_POSTED_REAL)[shock.month]
        for branch in (shock.with_shock, shock.without_shock)
    )
    return float(100.0 * (np.average(with_shock / without_shock, weights=weights) - 1.0))


def output_log_change(shock: Shock) -> float:
    """Log of output over that without the shock, in the year up to the reading month."""
    year = slice(max(0, shock.month + 1 - OUTPUT_MONTHS), shock.month + 1)
    with_shock, without_shock = (
        branch.of(OfMarket.OUTPUT)[year].sum() for branch in (shock.with_shock, shock.without_shock)
    )
    return math.log(with_shock / without_shock)


def incomers_log_change(shock: Shock) -> float:
    """Log of incomers employed over those without the shock."""
    with_shock, without_shock = (
        employed_heads(branch, shock.incomers, shock.month).sum()
        for branch in (shock.with_shock, shock.without_shock)
    )
    return math.log(with_shock / without_shock)


def native_employment_elasticity(shock: Shock) -> float:
    """Log change of natives' employment over that of incomers."""
    change = math.log1p(native_employment_change(shock) / 100.0)
    return change / incomers_log_change(shock)


def output_per_workforce_percent(shock: Shock) -> float:
    """Change of output, percent per percent by which the employed of all groups change."""
    with_shock, without_shock = (
        branch.heads_by_trade()[shock.month].sum()
        for branch in (shock.with_shock, shock.without_shock)
    )
    return float(math.expm1(output_log_change(shock)) / (with_shock / without_shock - 1.0))


def share_by_hiring(shock: Shock) -> float:
    """Part of the native employment effect that comes from newcomers rather than from leavers.

    Raises ValueError if no persons were counted.
    """
    if shock.persons is None:
        raise ValueError("share_by_hiring counts persons: keep who is employed at both dates")
    more_newcomers, more_leavers = (
        count(shock.persons[0]) - count(shock.persons[1]) for count in (newcomers, leavers)
    )
    return more_newcomers / (more_newcomers - more_leavers)


def newcomers(natives: EmployedNatives) -> int:
    """Persons employed at the later date but not at the earlier one, whatever came between."""
    return int((natives.later & ~natives.earlier).sum())


def leavers(natives: EmployedNatives) -> int:
    """Persons employed at the earlier date but not at the later one, whatever came between."""
    return int((natives.earlier & ~natives.later).sum())


EFFECTS: dict[str, Callable[[Shock], float]] = {
    "native_employment_per_point": lambda shock: (
        native_employment_change(shock) / size_points(shock)
    ),
    "native_wage_per_point": lambda shock: native_wage_change(shock) / size_points(shock),
    "native_employment_change": native_employment_change,
    "native_wage_change": native_wage_change,
    SHARE_BY_HIRING: share_by_hiring,
    OUTPUT_ELASTICITY: lambda shock: output_log_change(shock) / incomers_log_change(shock),
    NATIVE_EMPLOYMENT_ELASTICITY: native_employment_elasticity,
    OUTPUT_PER_WORKFORCE: output_per_workforce_percent,
}
