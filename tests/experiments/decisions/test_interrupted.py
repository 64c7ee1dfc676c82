"""Questions that are killed, or simulated on a cluster: the same numbers in the end."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.paths import ROOT

SMALL = ("market.scale=0.004", "months=30", "replicates=2")
QUESTIONS = {
    "ask": (
        "shortfall_percent at 2018-06 <= 6",
        "over=policy.compliance",
        "draws=36",
        "precision=0.2",
    ),
    "frontier": (
        "over=policy.compliance,policy.transport_per_month:200..2000",
        "minimise=never_built_worker_months",
        "candidates=24",
        "population=8",
        "draws=6",
        "fresh_draws=10",
    ),
}


def numbers(folder: Path, name: str) -> dict:
    """The summary of the only result in an output folder, without the command that made it."""
    (result,) = folder.glob(f"2*-{name}")
    summary = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    summary.pop("record")
    return summary


def killed_after_a_shard(folder: Path, name: str) -> None:
    """Start a question and kill it as soon as its store has a shard of runs."""
    question = (*SMALL, *QUESTIONS[name], f"output_dir={folder}")
    command = [sys.executable, "-m", f"experiments.{name}", *question]
    environment = {**os.environ, "PYTHONPATH": "."}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        deadline = time.monotonic() + 120.0
        while not list(folder.glob("sweeps/decisions-*/runs/*.parquet")):
            assert process.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < deadline, "no shard in two minutes"
            time.sleep(0.01)
        process.kill()


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_killed_question_and_one_on_a_cluster_have_the_numbers_of_one_left_alone(
    name: str,
    tmp_path: Path,
) -> None:
    whole, killed, cluster = (tmp_path / each for each in ("whole", "killed", "cluster"))
    main = importlib.import_module(f"experiments.{name}").main
    question = (*SMALL, *QUESTIONS[name])
    assert main([*question, f"output_dir={whole}"]) == 0
    killed_after_a_shard(killed, name)
    assert not list(killed.glob(f"2*-{name}"))
    assert main([*question, f"output_dir={killed}"]) == 0
    given = [*question, f"output_dir={cluster}", "executor=dask", "executor.workers=2"]
    assert main(given) == 0
    assert numbers(whole, name) == numbers(killed, name) == numbers(cluster, name)
