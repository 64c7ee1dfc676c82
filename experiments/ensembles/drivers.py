"""Which drawn parameters a result goes with: rank correlations over the draws of a run.

Draws of a posterior hang together, so that a parameter may go with the result because another one moves both.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.configuration.parameter_values import number_at
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import parameters
from sim.scenario import Scenario

OUTCOME = "shortfall_workers"
MONTHS = 12
"""The outcome is the mean of the last year, and of the replicates that share a draw."""
LEAST_DRAWS = 10
PERCENTILES = (5.0, 50.0, 95.0)
BY_CHANCE = 2.6
"""A correlation of unrelated numbers passes this over the root of the distinct draws once in a hundred."""


def drivers(
    scenarios: Sequence[Scenario], values: Mapping[str, Array], replicates_a_draw: int
) -> list[dict[str, Any]]:
    """Parameters by the size of their rank correlation with the shortfall, those that chance hardly gives; [] for too few draws."""
    draws = [dataclasses.asdict(scenario) for scenario in scenarios[::replicates_a_draw]]
    rows = values[OUTCOME][:, -MONTHS:].mean(axis=1)
    outcome = np.array(
        [
            rows[first : first + replicates_a_draw].mean()
            for first in range(0, len(rows), replicates_a_draw)
        ]
    )
    drawn = {
        key: np.array([number_at(draw, key) for draw in draws], dtype=float) for key in parameters()
    }
    varied = {key: row for key, row in drawn.items() if np.ptp(row) > 0.0}
    distinct = len(set(zip(*(row.tolist() for row in varied.values()), strict=True)))
    if distinct < LEAST_DRAWS or np.ptp(outcome) == 0.0:
        return []
    found = {key: round(rank_correlation(row, outcome), 3) for key, row in varied.items()}
    told = [
        key
        for key, coefficient in found.items()
        if abs(coefficient) > BY_CHANCE / math.sqrt(distinct)
    ]
    return [
        {"parameter": key, "rank_correlation": found[key]}
        for key in sorted(told, key=lambda key: -abs(found[key]))
    ]


def sampled_ranges(scenario: Scenario, scenarios: Sequence[Scenario]) -> dict[str, list[float]]:
    """[p5, median, p95] over the replicates of every parameter that some draw has set to something else than the configuration."""
    own, draws = dataclasses.asdict(scenario), [dataclasses.asdict(each) for each in scenarios]
    values = {
        key: [number_at(draw, key) for draw in draws]
        for key in parameters()
        if number_at(own, key) is not None
    }
    drawn = {
        key: row
        for key, row in values.items()
        if any(value != number_at(own, key) for value in row)
    }
    return {
        key: np.percentile(np.array(row, dtype=float), PERCENTILES).tolist()
        for key, row in drawn.items()
    }


def rank_correlation(first: Array, second: Array) -> float:
    """Spearman's coefficient; equal values share their mean rank."""
    return float(np.corrcoef(ranks(first), ranks(second))[0, 1])


def ranks(values: Array) -> Array:
    """Ranks from 0, the mean rank where values are equal."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last: Array = np.cumsum(counts)
    return (last - (counts + 1) / 2.0)[place]
