"""The commands that answer questions, on a tenth of the krai: store empty, and store full."""

from __future__ import annotations

import tempfile
import time

import numpy as np

from experiments.benchmarking.commands import python
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
