"""What a shock did to natives: a run with it against a run without it, under the same draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.krai import KraiRun
from sim.population import Array


@dataclass(frozen=True, eq=False)
class Shock:
    """Two runs that differ in the shock alone, the groups concerned, and the month in which effects are read."""

    shocked: KraiRun
    calm: KraiRun
    natives: int
    incomers: int
    month: int


def heads(run: KraiRun, group: int) -> Array:
    """Employed heads of a group by trade: f8[T, K]."""
    found: Array = run.by_group_trade("heads_employed")[:, group]
    return found


def points(shock: Shock) -> float:
    """Incomers that the shock brought, in percent of all who work without it; negative if it took them away."""
    change = (heads(shock.shocked, shock.incomers) - heads(shock.calm, shock.incomers))[shock.month].sum()
    return float(100.0 * change / shock.calm.heads_by_trade()[shock.month].sum())


def native_employment_change(shock: Shock) -> float:
    """Percent of natives employed without the shock."""
    before, after = (heads(run, shock.natives)[shock.month].sum() for run in (shock.calm, shock.shocked))
    return float(100.0 * (after / before - 1.0))


def native_wage_change(shock: Shock) -> float:
    """Percent, posted real wage, natives' trades weighted as without the shock."""
    weights = heads(shock.calm, shock.natives)[shock.month]
    ratios = shock.shocked.by_trade("wage_posted_real")[shock.month] / shock.calm.by_trade("wage_posted_real")[shock.month]
    return float(100.0 * (np.average(ratios, weights=weights) - 1.0))


def share_by_hiring(shock: Shock) -> float:
    """Part of the native employment effect that is a change of hires rather than of separations; moves between firms are neither."""
    change = [flow(shock, name) - flow(shock, "job_to_job_moves") for name in ("hires", "separations")]
    return float(change[0] / (change[0] - change[1]))


def flow(shock: Shock, name: str) -> float:
    """Natives' flow cumulated to the month, with the shock less without it."""
    both = [run.by_group_trade(name)[: shock.month + 1, shock.natives].sum() for run in (shock.shocked, shock.calm)]
    return float(both[0] - both[1])


EFFECTS: dict[str, Callable[[Shock], float]] = {
    "native_employment_per_point": lambda shock: native_employment_change(shock) / points(shock),
    "native_wage_per_point": lambda shock: native_wage_change(shock) / points(shock),
    "native_employment_change": native_employment_change,
    "native_wage_change": native_wage_change,
    "share_by_hiring": share_by_hiring,
}
