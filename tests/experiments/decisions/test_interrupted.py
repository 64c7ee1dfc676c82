"""Questions that are killed, or simulated on a cluster: the same numbers in the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments.ask import main
from tests.support.paths import ROOT

QUESTION = (
    "shortfall_percent at 2018-06 <= 6",
    "over=policy.compliance",
    "market.scale=0.004",
    "months=30",
    "draws=36",
    "replicates=2",
    "precision=0.2",
)


def numbers(folder: Path) -> dict:
    """The summary of the only result in an output folder, without the command that made it."""
    (result,) = folder.glob("2*-ask")
    summary = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    summary.pop("record")
    return summary


def killed_after_a_shard(folder: Path) -> None:
    """Start a question and kill it as soon as its store has a shard of runs."""
    command = [sys.executable, "-m", "experiments.ask", *QUESTION, f"output_dir={folder}"]
    environment = {**os.environ, "PYTHONPATH": "."}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        deadline = time.monotonic() + 120.0
        while not list(folder.glob("sweeps/decisions-*/runs/*.parquet")):
            assert process.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < deadline, "no shard in two minutes"
            time.sleep(0.01)
        process.kill()


@pytest.mark.slow
def test_a_killed_question_and_one_on_a_cluster_have_the_numbers_of_one_left_alone(
    tmp_path: Path,
) -> None:
    whole, killed, cluster = (tmp_path / name for name in ("whole", "killed", "cluster"))
    assert main([*QUESTION, f"output_dir={whole}"]) == 0
    killed_after_a_shard(killed)
    assert not list(killed.glob("2*-ask"))
    assert main([*QUESTION, f"output_dir={killed}"]) == 0
    given = [*QUESTION, f"output_dir={cluster}", "executor=dask", "executor.workers=2"]
    assert main(given) == 0
    assert numbers(whole) == numbers(killed) == numbers(cluster)
