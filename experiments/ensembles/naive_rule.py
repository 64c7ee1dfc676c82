"""How much of the shortfall the naive rule heads x efficiency says by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.ensembles.every_draw import EveryDraw
from experiments.ensembles.uncertainty import LEAST_DRAWS, NONE, REPLICATES_A_DRAW
from sim.engine.worker_columns import Array

SHORTFALL, NAIVE_LOSS = "shortfall_workers", "naive_loss_workers"


def naive_rule_summary(
    kind: str,
    values: Mapping[str, Array],
    months: Sequence[str],
    every: EveryDraw | None = None,
) -> dict[str, Any]:
    """R2 of the shortfall on the naive number over parameter draws, by month.

    The draws are those of the replicates f8[R, T] in `values`, or all of them where there are small
    runs of every one. A month is left out where either does not vary; there is no month at all
    where parameters are fixed, or with fewer draws than a statement takes.
    """
    if kind == NONE or SHORTFALL not in values or NAIVE_LOSS not in values:
        return {"r2_by_month": {}}
    shortfall, naive = (
        every.values[name] if every else mean_of_draws(values[name])
        for name in (SHORTFALL, NAIVE_LOSS)
    )
    if len(shortfall) < LEAST_DRAWS:
        return {"r2_by_month": {}}
    return {
        "r2_by_month": {
            month: round(float(np.corrcoef(shortfall[:, at], naive[:, at])[0, 1] ** 2), 3)
            for at, month in enumerate(months)
            if np.ptp(shortfall[:, at]) > 0.0 and np.ptp(naive[:, at]) > 0.0
        }
    }


def mean_of_draws(rows: Array) -> Array:
    """Mean of the replicates that share a draw: f8[R, T] to f8[D, T]; an odd last one is left."""
    pairs = rows[: rows.shape[0] // REPLICATES_A_DRAW * REPLICATES_A_DRAW]
    mean: Array = pairs.reshape(-1, REPLICATES_A_DRAW, rows.shape[1]).mean(axis=1)
    return mean
