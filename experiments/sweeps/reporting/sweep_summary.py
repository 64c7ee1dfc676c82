"""summary.json of a sweep: percentiles by point, paired effects, thresholds, what the draws tell, and failures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from experiments.ensembles.drivers import PERCENTILES
from experiments.results.summary import rounded
from experiments.sweeps.design.axes import labelled
from experiments.sweeps.reporting.averages import mean_with_error
from experiments.sweeps.reporting.key_figures import DEFINITIONS, SHORTFALL, thresholds
from experiments.sweeps.reporting.reading_months import Moments, headlines, moments
from experiments.sweeps.store.shards import FAILURES
from experiments.sweeps.store.store_reader import Results
from sim.engine.worker_columns import Array
from sim.measures.catalogue import measures_of
from sim.measures.names import money_of

CURVE_CELLS = 40
FAILURES_NAMED = 20


def digest(results: Results, name: str) -> dict[str, Any]:
    """Everything a sweep's report needs."""
    design, at = results.plan.design, moments(results.plan, results.layout)
    scenario, known = design.scenario, measures_of(design.scenario)
    names, months = headlines(results.layout, scenario), at.months
    values = results.values(names, months)
    return {
        "sweep": name,
        "axes": [{"key": axis.key, "values": list(axis.values)} for axis in design.axes],
        "draws": {"count": len(design.draws), "keys": list(design.draws[0])},
        "replicates": design.replicates,
        "seed": scenario.seed,
        "start": results.layout.months[0],
        "months": scenario.months,
        "scale": scenario.market.scale,
        "region": scenario.market.region,
        "market": scenario.market.name,
        "money": money_of(scenario),
        "nationalities": {name: group.kind for name, group in scenario.population.items()},
        "policy": scenario.policy.name,
        "moments": at.named,
        "main_month": at.main,
        "percentiles": list(PERCENTILES),
        "definitions": DEFINITIONS,
        "runs": counts(results),
        "measures": {
            each: {"unit": known[each].unit, "label": known[each].label, "note": known[each].note}
            for each in names
        },
        "points": [
            point(labelled(cell, design.axes), values, (number, at))
            for number, cell in enumerate(design.cells)
        ],
        "effects": effects(results, values, at),
        "thresholds": thresholds(results, at),
        "sensitivity": sensitivity(results, at.at_own(values[SHORTFALL], months), at),
        "curves": curves(results) if len(design.cells) <= CURVE_CELLS else None,
        "failures": failures(results),
    }


def counts(results: Results) -> dict[str, int]:
    """Runs of the design: how many there are, succeeded, failed."""
    ids = results.plan.all_ids()
    return {
        "total": len(ids),
        "done": len(ids & results.store.done()),
        "failed": len(ids & results.store.failed()),
    }


def point(
    labels: Mapping[str, Any], values: Mapping[str, Array], place: tuple[int, Moments]
) -> dict[str, Any]:
    """[p5, median, p95] of every headline at every moment of one cell, and the month at which it is read."""
    number, at = place
    found = {
        name: {month: interval(array[number, ..., i]) for i, month in enumerate(at.months)}
        for name, array in values.items()
    }
    runs = int((~np.isnan(next(iter(values.values()))[number, ..., -1])).sum())
    return {"values": dict(labels), "month": at.own[number], "runs": runs, "measures": found}


def interval(values: Array) -> list[float] | None:
    """Percentiles of the runs that have a value; None if none has."""
    given = values[~np.isnan(values)]
    return (
        [rounded(float(value)) for value in np.percentile(given.astype(float), PERCENTILES)]
        if given.size
        else None
    )


def effects(results: Results, values: Mapping[str, Array], at: Moments) -> dict[str, Any] | None:
    """Paired differences of every cell to the first; None if there is but one."""
    design = results.plan.design
    if len(design.cells) < 2:
        return None
    reference = {name: array[0] for name, array in values.items()}
    cells = [
        {
            "values": labelled(design.cells[cell], design.axes),
            "month": at.own[cell],
            "measures": {
                name: {
                    month: paired(array[cell, ..., i] - reference[name][..., i])
                    for i, month in enumerate(at.months)
                }
                for name, array in values.items()
            },
        }
        for cell in range(1, len(design.cells))
    ]
    return {"reference": labelled(design.cells[0], design.axes), "cells": cells}


def paired(differences: Array) -> dict[str, Any] | None:
    """Of differences f[draws, replicates]: median and 5-95 %, the mean with its confidence interval, and how many pairs there are."""
    given = differences[~np.isnan(differences)].astype(float)
    if not given.size:
        return None
    mean, half = mean_with_error(differences.astype(float))
    ends = None if half is None else [rounded(mean - half), rounded(mean + half)]
    return {
        "interval": interval(given),
        "mean": rounded(mean),
        "mean_95": ends,
        "pairs": int(given.size),
    }


def sensitivity(results: Results, outcome: Array, at: Moments) -> list[dict[str, Any]]:
    """Rank correlation of every drawn key with the shortfall f[cells, draws, replicates], in the cell where that is largest."""
    draws = results.plan.design.draws
    if len(draws) < 3 or np.isnan(outcome).all():
        return []
    from scipy.stats import spearmanr

    cell = int(np.nanargmax(np.nanmean(outcome, axis=(1, 2))))
    means = np.nanmean(outcome[cell], axis=1)
    fine = ~np.isnan(means)
    found = []
    for key in draws[0]:
        drawn = np.array([float(str(draw[key])) for draw in draws])
        found.append(
            {
                "key": key,
                "rank_correlation": rounded(float(spearmanr(drawn[fine], means[fine]).statistic)),
            }
        )
    where = labelled(results.plan.design.cells[cell], results.plan.design.axes)
    return [
        {
            "where": where,
            "month": at.own[cell],
            "keys": sorted(found, key=lambda each: -abs(each["rank_correlation"])),
        }
    ]


def curves(results: Results) -> dict[str, Any]:
    """Median of the shortfall by month for each cell, with its 5-95 % band."""
    months = list(results.layout.months)
    values = results.values([SHORTFALL], months)[SHORTFALL]
    return {SHORTFALL: [[interval(cell[..., i]) for i in range(len(months))] for cell in values]}


def failures(results: Results) -> dict[str, Any]:
    """Runs that failed, by stage, and the first of their messages."""
    wanted = results.store.failed() & results.plan.all_ids()
    tables = [
        pq.read_table(results.store.folder / entry.file, columns=["run", "stage", "message"])
        for entry in results.store.of_kind(FAILURES)
    ]
    rows = {
        row["run"]: row for table in tables for row in table.to_pylist() if row["run"] in wanted
    }
    stages = Counter(row["stage"] for row in rows.values())
    return {
        "count": len(rows),
        "by_stage": dict(stages),
        "first": list(rows.values())[:FAILURES_NAMED],
    }
