"""The commands that answer questions, on a tenth of the krai: store empty, and store full."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from experiments.benchmarking.commands import python
from experiments.benchmarking.machine import Usage
from experiments.benchmarking.rows import Row
from experiments.decisions.methods.rule_induction import discovered

TENTH = "market.scale=0.1"
ASKED = (
    "shortfall_percent at 2019-12 <= 5",
    "over=policy.compliance,policy.retained_workers",
    "maximise=dprk_revenue_lost_usd",
)
POLICIES = "policy=un2397,retain_10000,blind_eye"
INPUTS, POINTS = 57, 4096
SCHEDULES = "over=policy.leave_by:2018-06-30..2020-12-31,policy.retained_workers"
TOP, TRUE_ROWS = 8, 256
"""Parameters that a screening is to find, and rows of the design that says which they are."""
WHOLE_ROWS = 128
"""Rows of the design of all indices of the whole krai."""


def ask() -> list[Row]:
    """A search over two levers with the default precision, and the same again."""
    with tempfile.TemporaryDirectory() as folder:
        command = ("-m", "experiments.ask", *ASKED, TENTH, f"output_dir={folder}")
        cold, warm = (python(*command).wall_seconds for _ in range(2))
    unit = "wall s, two levers, a tenth of the krai, edge to 0.03 of its range"
    return [
        Row("ask_cold_seconds", cold, unit, 60.0),
        Row("ask_warm_seconds", warm, "wall s, the same again, start and page included", 2.0),
    ]


def worth() -> list[Row]:
    """The worth of three policies whose runs are in the store."""
    with tempfile.TemporaryDirectory() as folder:
        command = ("-m", "experiments.worth", POLICIES, TENTH, f"output_dir={folder}")
        _, warm = (python(*command).wall_seconds for _ in range(2))
    return [Row("worth_warm_seconds", warm, "wall s, start and page included", 2.0)]


def discover() -> list[Row]:
    """A known box in 57 dimensions, with a tenth of the labels wrong."""
    generator = np.random.default_rng(1)
    points = generator.random((POINTS, INPUTS))
    fails = (points[:, 1] > 0.6) & (points[:, 3] < 0.5)
    wrong = generator.random(POINTS) < 0.1
    started = time.process_time()
    discovered(points, fails ^ wrong, 1)
    unit = f"CPU s, {POINTS:,} draws of {INPUTS} parameters, resampling included"
    return [Row("discover_seconds", time.process_time() - started, unit, 5.0)]


def screening() -> list[Row]:
    """How long a screening takes, and how many of the largest parameters it finds.

    Which they are, a design of many more rows says.
    """
    with tempfile.TemporaryDirectory() as folder:
        common = (TENTH, "by=top", "rows=16", f"output_dir={folder}")
        usage, few = answered("sensitivity", Path(folder), *common)
        _, many = answered("sensitivity", Path(folder), *common, f"screening={TRUE_ROWS}")
    found, true = (set(list(summary["screening"])[:TOP]) for summary in (few, many))
    seconds_unit = "wall s, a tenth of the krai, with the indices from 16 rows"
    unit = f"of the {TOP} largest of {TRUE_ROWS} rows are among those of the screening"
    return [
        Row("screening_seconds", usage.wall_seconds, seconds_unit, 120.0),
        Row("screening_found", float(len(found & true)), unit, TOP, lower_is_better=False),
    ]


def sensitivity() -> list[Row]:
    """The total index of every parameter of the whole krai, and the widest of their intervals."""
    with tempfile.TemporaryDirectory() as folder:
        keys = ("by=parameter", f"rows={WHOLE_ROWS}", f"output_dir={folder}")
        usage, summary = answered("sensitivity", Path(folder), *keys)
    month = summary["months"].index(summary["month"])
    intervals = [each["total"][month] for each in summary["indices"]]
    widest = max((high - low) / 2.0 for low, _, high in intervals)
    return [
        Row("sensitivity_seconds", usage.wall_seconds, "wall s, the whole krai", 3600.0),
        Row("sensitivity_half_width", widest, f"widest of {len(intervals)} total indices", 0.02),
    ]


def frontier() -> list[Row]:
    """A front of two thousand schedules under twenty draws."""
    with tempfile.TemporaryDirectory() as folder:
        keys = (SCHEDULES, "candidates=2000", "draws=20", TENTH, f"output_dir={folder}")
        usage, summary = answered("frontier", Path(folder), *keys)
    unit = f"wall s, {summary['schedules_tried']:,} schedules x 20 draws, a tenth of the krai"
    return [Row("frontier_seconds", usage.wall_seconds, unit, 1200.0)]


def answered(command: str, folder: Path, *keys: str) -> tuple[Usage, dict[str, Any]]:
    """What a command used, and the summary of its answer."""
    usage = python("-m", f"experiments.{command}", *keys)
    newest = max(folder.glob(f"2*-{command}*"), key=lambda result: result.stat().st_mtime)
    return usage, json.loads((newest / "summary.json").read_text(encoding="utf-8"))
