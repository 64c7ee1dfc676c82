"""How far the headline numbers of the default run move with the seed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments.benchmarking.commands import python
from experiments.benchmarking.rows import Row
from experiments.results.summary_reader import DEADLINE
from sim.engine.worker_columns import Array

SEEDS = 20
AT_DEADLINE = (
    "shortfall_workers",
    "shortfall_percent",
    "wage_drift_percent",
    "output_percent_of_baseline",
)
AT_END = ("dprk_revenue_lost_usd",)
NEARLY_NOTHING = 0.1
"""An end of an interval below this share of the other end is compared with the median instead."""


def headline() -> list[Row]:
    """The largest standard deviation over seeds of any headline number, in percent of it."""
    with tempfile.TemporaryDirectory() as folder:
        found = [summary_of_seed(seed, Path(folder)) for seed in range(1, SEEDS + 1)]
    errors = errors_percent([headline_numbers(summary) for summary in found])
    unit = f"% of it, standard deviation over {SEEDS} seeds, the whole krai"
    return [
        Row("headline_error_percent", float(errors.max()), f"{unit}, worst number", 2.0),
        Row("headline_median_error_percent", float(errors[:, 1].max()), f"{unit}, worst median"),
    ]


def summary_of_seed(seed: int, folder: Path) -> dict[str, Any]:
    """The summary of the main command without arguments but its seed."""
    python("-m", "experiments.run", f"seed={seed}", f"output_dir={folder / str(seed)}")
    (result,) = (folder / str(seed)).glob("2*")
    summary: dict[str, Any] = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    return summary


def headline_numbers(summary: Mapping[str, Any]) -> Array:
    """5th percentile, median and 95th of the README's measures: f8[measures, 3]."""
    dates = {each["title"]: each["month"] for each in summary["policy_dates"]}
    measures = summary["measures"]
    at_end = max(measures[AT_END[0]]["by_month"])
    wanted = [*((name, dates[DEADLINE]) for name in AT_DEADLINE), *((n, at_end) for n in AT_END)]
    return np.array([measures[name]["by_month"][month] for name, month in wanted])


def errors_percent(numbers: Sequence[Array]) -> Array:
    """Standard deviations over seeds in percent of each number's mean: f8[measures, 3].

    A number that is nearly nothing, such as a wage rise of 0.0 [0.0-13.0] %, is compared with the
    median of its measure.
    """
    mean, spread = np.mean(numbers, axis=0), np.std(numbers, axis=0, ddof=1)
    is_nothing = np.abs(mean) < NEARLY_NOTHING * np.abs(mean).max(axis=1, keepdims=True)
    errors: Array = 100.0 * spread / np.abs(np.where(is_nothing, mean[:, 1:2], mean))
    return errors
