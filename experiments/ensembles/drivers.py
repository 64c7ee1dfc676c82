"""Which sampled parameters a result varies with: rank correlations over the draws of a run.

Parameters are correlated in the posterior. One of them may therefore go with the result only
because another parameter moves both.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.configuration.parameter_values import number_at
from experiments.ensembles.market_parameters import market_parameters
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import parameters
from sim.scenario import Scenario

OUTCOME = "shortfall_workers"
OUTCOME_MONTHS = 12
"""The outcome of a draw is the mean of the last year over the replicates that share the draw."""
LEAST_DRAWS = 10
"""With fewer draws, chance alone gives high rank correlations."""
PERCENTILES = (5.0, 50.0, 95.0)
ONE_IN_A_HUNDRED = 2.6
"""Unrelated numbers correlate by more than this over the root of the draws in 1 of 100 cases."""


def drivers(
    scenarios: Sequence[Scenario], values: Mapping[str, Array], replicates_a_draw: int
) -> list[dict[str, Any]]:
    """Parameters whose rank correlation with the shortfall is unlikely to be chance.

    Largest first; empty if there are too few draws or the shortfall does not vary.
    """
    draws, outcome = scenarios[::replicates_a_draw], outcome_of_draws(values, replicates_a_draw)
    sampled = {
        key: np.array([number_at(draw, key) for draw in draws], float) for key in parameters()
    }
    varying = {key: row for key, row in sampled.items() if np.ptp(row) > 0.0}
    # A posterior of few particles repeats draws: only distinct ones count as observations.
    distinct = len(set(zip(*(row.tolist() for row in varying.values()), strict=True)))
    if distinct < LEAST_DRAWS or np.ptp(outcome) == 0.0:
        return []
    correlations = {key: round(rank_correlation(row, outcome), 3) for key, row in varying.items()}
    limit = ONE_IN_A_HUNDRED / math.sqrt(distinct)
    return [
        {"parameter": key, "rank_correlation": coefficient}
        for key, coefficient in sorted(correlations.items(), key=lambda each: -abs(each[1]))
        if abs(coefficient) > limit
    ]


def outcome_of_draws(values: Mapping[str, Array], replicates_a_draw: int) -> Array:
    """The mean shortfall of the last year, one number per draw."""
    rows = values[OUTCOME][:, -OUTCOME_MONTHS:].mean(axis=1)
    starts = range(0, len(rows), replicates_a_draw)
    return np.array([rows[first : first + replicates_a_draw].mean() for first in starts])


def sampled_ranges(scenario: Scenario, scenarios: Sequence[Scenario]) -> dict[str, list[float]]:
    """[p5, median, p95] over the replicates of every parameter that a draw set otherwise.

    Parameters that have the configured value in every replicate are left out.
    """
    configured = {key: number_at(scenario, key) for key in market_parameters(scenario)}
    rows = {
        key: [number_at(each, key) for each in scenarios]
        for key, value in configured.items()
        if value is not None
    }
    return {
        key: np.percentile(np.array(row, dtype=float), PERCENTILES).tolist()
        for key, row in rows.items()
        if any(value != configured[key] for value in row)
    }


def rank_correlation(first: Array, second: Array) -> float:
    """Spearman's coefficient; equal values share their mean rank."""
    return float(np.corrcoef(ranks(first), ranks(second))[0, 1])


def ranks(values: Array) -> Array:
    """Ranks from 0; equal values get their mean rank."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last: Array = np.cumsum(counts)
    return (last - (counts + 1) / 2.0)[place]
