"""What a shock did to natives: a run with it against a run without it, under the same draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.engine.panel import ByGroupTrade, ByTrade
from sim.engine.worker_columns import Array
from sim.measures.comparison import FullScaleBranch


class Natives(NamedTuple):
    """Which natives of a run are employed at the earlier and at the later date: bool[P] each, one place a person."""

    earlier: Array
    later: Array


@dataclass(frozen=True, eq=False)
class Shock:
    """Two runs that differ in the shock alone, the groups concerned, and the month in which effects are read.

    `persons`: natives with and without the shock, where an effect is counted by person.
    """

    shocked: FullScaleBranch
    calm: FullScaleBranch
    natives: int
    incomers: int
    month: int
    persons: tuple[Natives, Natives] | None = None


def heads(run: FullScaleBranch, group: int) -> Array:
    """Employed heads of a group by trade: f8[T, K]."""
    found: Array = run.of(ByGroupTrade.HEADS_EMPLOYED)[:, group]
    return found


def points(shock: Shock) -> float:
    """Incomers that the shock brought, in percent of all who work without it; negative if it took them away."""
    change = (heads(shock.shocked, shock.incomers) - heads(shock.calm, shock.incomers))[
        shock.month
    ].sum()
    return float(100.0 * change / shock.calm.heads_by_trade()[shock.month].sum())


def native_employment_change(shock: Shock) -> float:
    """Percent of natives employed without the shock."""
    before, after = (
        heads(run, shock.natives)[shock.month].sum() for run in (shock.calm, shock.shocked)
    )
    return float(100.0 * (after / before - 1.0))


def native_wage_change(shock: Shock) -> float:
    """Percent, posted real wage, natives' trades weighted as without the shock."""
    weights = heads(shock.calm, shock.natives)[shock.month]
    ratios = (
        shock.shocked.of(ByTrade.WAGE_POSTED_REAL)[shock.month]
        / shock.calm.of(ByTrade.WAGE_POSTED_REAL)[shock.month]
    )
    return float(100.0 * (np.average(ratios, weights=weights) - 1.0))


def share_by_hiring(shock: Shock) -> float:
    """Part of the native employment effect that is a change of newcomers rather than of leavers; raises ValueError without persons."""
    if shock.persons is None:
        raise ValueError("share_by_hiring is counted by person: keep who is employed at both dates")
    more_newcomers, more_leavers = (
        count(shock.persons[0]) - count(shock.persons[1]) for count in (newcomers, leavers)
    )
    return more_newcomers / (more_newcomers - more_leavers)


def newcomers(natives: Natives) -> int:
    """Persons employed at the later date who were not at the earlier one, whatever they did between."""
    return int((natives.later & ~natives.earlier).sum())


def leavers(natives: Natives) -> int:
    """Persons employed at the earlier date who no longer are at the later one, whatever they did between."""
    return int((natives.earlier & ~natives.later).sum())


EFFECTS: dict[str, Callable[[Shock], float]] = {
    "native_employment_per_point": lambda shock: native_employment_change(shock) / points(shock),
    "native_wage_per_point": lambda shock: native_wage_change(shock) / points(shock),
    "native_employment_change": native_employment_change,
    "native_wage_change": native_wage_change,
    "share_by_hiring": share_by_hiring,
}
