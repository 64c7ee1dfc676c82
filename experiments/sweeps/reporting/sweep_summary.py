"""summary.json of a sweep: percentiles by point, effects, thresholds, sensitivity and failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from experiments.ensembles.drivers import PERCENTILES
from experiments.results.summary import rounded
from experiments.sweeps.design.axes import values_by_key
from experiments.sweeps.design.design import Design, kind_of_draws
from experiments.sweeps.reporting.clustered_means import mean_with_error
from experiments.sweeps.reporting.compliance_thresholds import DEFINITIONS, SHORTFALL, thresholds
from experiments.sweeps.reporting.reading_months import (
    ReadingMonths,
    headlines,
    reading_months_of_plan,
)
from experiments.sweeps.store.shards import FAILURES
from experiments.sweeps.store.store_reader import StoredRuns
from sim.engine.worker_columns import Array
from sim.inputs.dotted_keys import flatten
from sim.measures.catalogue import measures_of
from sim.measures.names import money_of

CURVE_CELLS = 40
"""Cells up to which the summary holds the shortfall of every month."""
FAILURES_NAMED = 20
FEWEST_DRAWS = 3
"""Draws from which on a rank correlation means anything."""


def fixed_structure(design: Design) -> dict[str, str]:
    """The alternative of each rule that no axis of the sweep varies."""
    varied = design.keys
    return {
        rule: key
        for rule, key in flatten(design.scenario.structure).items()
        if not {"structure", f"structure.{rule}"} & set(varied)
    }


def summarise_sweep(runs: StoredRuns, name: str) -> dict[str, Any]:
    """Everything that a sweep's report needs."""
    design, months = runs.plan.design, reading_months_of_plan(runs.plan, runs.columns)
    scenario, known = design.scenario, measures_of(design.scenario)
    names = headlines(runs.columns, scenario)
    values = runs.values(names, months.all)
    return {
        "sweep": name,
        "axes": [{"key": axis.key, "values": list(axis.values)} for axis in design.axes],
        "draws": {
            "count": len(design.draws),
            "keys": list(design.draws[0]),
            "own_seeds": design.has_own_seeds,
        },
        "uncertainty": [kind_of_draws(design)],
        "notes": list(design.notes),
        "replicates": design.replicates,
        "seed": scenario.seed,
        "start": runs.columns.months[0],
        "months": scenario.months,
        "scale": scenario.market.scale,
        "region": scenario.market.region,
        "market": scenario.market.name,
        "money": money_of(scenario),
        "nationalities": {name: group.kind for name, group in scenario.population.items()},
        "policy": scenario.policy.name,
        "structure": fixed_structure(design),
        "reading_months": months.by_title,
        "common_month": months.common,
        "percentiles": list(PERCENTILES),
        "definitions": DEFINITIONS,
        "runs": run_counts(runs),
        "measures": {
            each: {"unit": known[each].unit, "label": known[each].label, "note": known[each].note}
            for each in names
        },
        "points": [
            point(values_by_key(cell, design.axes), values, (number, months))
            for number, cell in enumerate(design.cells)
        ],
        "effects": effects(runs, values, months),
        "thresholds": thresholds(runs, months),
        "sensitivity": sensitivity(
            runs, months.in_own_month(values[SHORTFALL], months.all), months
        ),
        "curves": curves(runs) if len(design.cells) <= CURVE_CELLS else None,
        "failures": failures(runs),
    }


def run_counts(runs: StoredRuns) -> dict[str, int]:
    """How many runs the design has, and how many of them succeeded and failed."""
    ids = runs.plan.all_ids()
    return {
        "total": len(ids),
        "done": len(ids & runs.store.done()),
        "failed": len(ids & runs.store.failed()),
    }


def point(
    labels: Mapping[str, Any], values: Mapping[str, Array], place: tuple[int, ReadingMonths]
) -> dict[str, Any]:
    """[p5, median, p95] of every headline in every reading month, for one cell of the grid.

    `month` is the month in which the cell is read; `place` is the cell and the reading months.
    """
    cell, months = place
    found = {
        name: {month: interval(array[cell, ..., i]) for i, month in enumerate(months.all)}
        for name, array in values.items()
    }
    runs = int((~np.isnan(next(iter(values.values()))[cell, ..., -1])).sum())
    return {"values": dict(labels), "month": months.of_cell[cell], "runs": runs, "measures": found}


def interval(values: Array) -> list[float] | None:
    """Percentiles of the runs that have a value; None if none has."""
    known = values[~np.isnan(values)]
    if not known.size:
        return None
    return [rounded(float(value)) for value in np.percentile(known.astype(float), PERCENTILES)]


def effects(
    runs: StoredRuns, values: Mapping[str, Array], months: ReadingMonths
) -> dict[str, Any] | None:
    """Paired differences of every cell to the first; None if there is only one cell."""
    design = runs.plan.design
    if len(design.cells) < 2:
        return None
    reference = {name: array[0] for name, array in values.items()}
    cells = [
        {
            "values": values_by_key(design.cells[cell], design.axes),
            "month": months.of_cell[cell],
            "measures": {
                name: {
                    month: paired_effect(
                        array[cell, ..., i] - reference[name][..., i], design.has_own_seeds
                    )
                    for i, month in enumerate(months.all)
                }
                for name, array in values.items()
            },
        }
        for cell in range(1, len(design.cells))
    ]
    return {"reference": values_by_key(design.cells[0], design.axes), "cells": cells}


def paired_effect(differences: Array, has_own_seeds: bool = False) -> dict[str, Any] | None:
    """Interval, mean and confidence interval of differences f[draws, replicates]; None if none."""
    known = differences[~np.isnan(differences)].astype(float)
    if not known.size:
        return None
    mean, half = mean_with_error(differences.astype(float), has_own_seeds)
    return {
        "interval": interval(known),
        "mean": rounded(mean),
        "mean_95": None if half is None else [rounded(mean - half), rounded(mean + half)],
        "pairs": int(known.size),
    }


def sensitivity(runs: StoredRuns, shortfall: Array, months: ReadingMonths) -> list[dict[str, Any]]:
    """Rank correlation of every sampled key with the shortfall f[cells, draws, replicates].

    In the cell where the shortfall is largest; empty if there are too few draws or no runs.
    """
    design = runs.plan.design
    if len(design.draws) < FEWEST_DRAWS or np.isnan(shortfall).all():
        return []
    from scipy.stats import spearmanr

    cell = int(np.nanargmax(np.nanmean(shortfall, axis=(1, 2))))
    # Over replicates first: a draw is one observation, however often it was simulated.
    means = np.nanmean(shortfall[cell], axis=1)
    known = ~np.isnan(means)
    found = []
    applied = design.applied_draws(values_by_key(design.cells[cell], design.axes))
    for key in applied[0]:
        sampled = np.array([float(str(draw[key])) for draw in applied])
        correlation = float(spearmanr(sampled[known], means[known]).statistic)
        found.append({"key": key, "rank_correlation": rounded(correlation)})
    return [
        {
            "where": values_by_key(design.cells[cell], design.axes),
            "month": months.of_cell[cell],
            "keys": sorted(found, key=lambda each: -abs(each["rank_correlation"])),
        }
    ]


def curves(runs: StoredRuns) -> dict[str, Any]:
    """[p5, median, p95] of the shortfall in every month, for each cell."""
    months = list(runs.columns.months)
    values = runs.values([SHORTFALL], months)[SHORTFALL]
    return {SHORTFALL: [[interval(cell[..., i]) for i in range(len(months))] for cell in values]}


def failures(runs: StoredRuns) -> dict[str, Any]:
    """How many runs failed at which stage, and the messages of the first."""
    wanted = runs.store.failed() & runs.plan.all_ids()
    tables = [
        pq.read_table(runs.store.folder / entry.file, columns=["run", "stage", "message"])
        for entry in runs.store.of_kind(FAILURES)
    ]
    # A run that failed again has several rows; the last one counts.
    rows = {
        row["run"]: row for table in tables for row in table.to_pylist() if row["run"] in wanted
    }
    return {
        "count": len(rows),
        "by_stage": dict(Counter(row["stage"] for row in rows.values())),
        "first": list(rows.values())[:FAILURES_NAMED],
    }
