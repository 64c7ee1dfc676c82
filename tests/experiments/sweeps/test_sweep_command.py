"""The sweep command: what it prints and writes, and what its report says."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from experiments.configuration.shipped_files import CONFIGS
from experiments.sweep import main
from experiments.sweeps.execution import task_simulation
from experiments.sweeps.reporting.point_names import (
    counted,
    interval_text,
    point_name,
    threshold_text,
)
from experiments.sweeps.reporting.sweep_answer import reached_from
from tests.support.small_sweeps import SMALL


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished sweep of compliance against retained workers."""
    folder = tmp_path_factory.mktemp("grid") / "store"
    assert main([*SMALL, "months=54", "policy.retained_workers=0,5000", f"store={folder}"]) == 0
    return folder


def summary_of(folder: Path) -> dict:  # type: ignore[type-arg]
    """A store's summary.json."""
    return json.loads((folder / "summary.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_summary_has_every_point_effect_and_threshold(grid: Path) -> None:
    summary = summary_of(grid)
    assert summary["runs"] == {"total": 12, "done": 12, "failed": 0}
    assert summary["reading_months"] == {
        "end of 2018": "2018-12",
        "deadline": "2019-12",
        "end of run": "2020-06",
    }
    assert [point["values"]["policy.compliance"] for point in summary["points"]] == [
        0,
        0,
        0.5,
        0.5,
        1,
        1,
    ]
    low, median, high = summary["points"][4]["measures"]["shortfall_percent"]["2019-12"]
    assert 5 < low <= median <= high < 40
    effect = summary["effects"]["cells"][3]
    assert summary["effects"]["reference"] == {"policy.compliance": 0, "policy.retained_workers": 0}
    assert effect["measures"]["shortfall_percent"]["2019-12"]["pairs"] == 2
    assert [line["where"] for line in summary["thresholds"]] == [
        {"policy.retained_workers": 0},
        {"policy.retained_workers": 5000},
    ]


def test_paired_effects_are_differences_of_the_same_replicates(grid: Path) -> None:
    import numpy as np
    import pyarrow.parquet as pq

    table = pq.read_table(
        grid / "runs",
        filters=[("month", "=", dt.date(2019, 12, 1)), ("policy.retained_workers", "=", 0)],
    )
    found = {
        (row["policy.compliance"], row["replicate"]): row["shortfall_percent"]
        for row in table.to_pylist()
    }
    differences = [found[1.0, replicate] - found[0.0, replicate] for replicate in range(2)]
    effect = next(
        e
        for e in summary_of(grid)["effects"]["cells"]
        if e["values"] == {"policy.compliance": 1, "policy.retained_workers": 0}
    )
    assert effect["measures"]["shortfall_percent"]["2019-12"]["mean"] == pytest.approx(
        np.mean(differences), rel=1e-5
    )


def test_report_is_one_offline_page_with_the_figures_of_a_grid(grid: Path) -> None:
    page = (grid / "report.html").read_text(encoding="utf-8")
    for key in ("response", "heatmap", "deadline", "time", "effects"):
        assert f'id="figure-{key}"' in page
    assert not re.search(r'<(script|link|img)[^>]*(src|href)="', page)
    assert "NaN" not in re.search(r"const figures = (.*);\n", page)[1]  # type: ignore[index]
    assert len(page) < 6e6


def test_output_is_the_same_when_the_command_is_run_again(grid: Path) -> None:
    before = {
        name: (grid / name).read_bytes() for name in ("summary.json", "report.html", "config.yaml")
    }
    assert main([*SMALL, "months=54", "policy.retained_workers=0,5000", f"store={grid}"]) == 0
    assert {name: (grid / name).read_bytes() for name in before} == before


def test_dry_run_starts_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*SMALL, "--dry-run", f"store={tmp_path}/store"]) == 0
    printed = capsys.readouterr().out
    assert "3 points x 2 replicates = 6 runs" in printed
    assert "nothing was started" in printed
    assert list(tmp_path.iterdir()) == []


def test_failed_runs_end_with_a_count_and_status_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("cannot be measured")

    monkeypatch.setattr(task_simulation, "measure", fail)
    folder = tmp_path / "store"
    assert main([*SMALL, f"store={folder}"]) == 1
    assert "6 runs failed" in capsys.readouterr().err
    assert summary_of(folder)["failures"]["by_stage"] == {"measures": 6}
    nothing = f"No run of the sweep {summary_of(folder)['sweep']} has succeeded yet."
    assert nothing in (folder / "report.html").read_text(encoding="utf-8")
    assert "cannot be measured" in (folder / "report.html").read_text(encoding="utf-8")
    assert main([*SMALL, f"store={folder}"]) == 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--dry"], "--dry: no such option"),
        (["--read", "--dry-run", "OUT", "FOLDER"], "--read simulates nothing"),
        (["policy.complience=0,1"], "the closest existing key is policy.compliance"),
        (["store=''"], "store: given ''"),
        (["executor.poool=threads"], "executor.pool"),
    ],
)
def test_bad_input_is_refused_with_status_2(
    given: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given) == 2
    assert message in capsys.readouterr().err


def test_help_lists_every_design(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    printed = capsys.readouterr().out
    for preset in (CONFIGS / "experiment").glob("*.yaml"):
        assert f"\n  {preset.stem} " in printed
    assert "executor=local|dask" in printed
    assert max(map(len, printed.splitlines())) <= 100


def test_a_sweep_over_draws_shows_which_parameters_matter(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    ranges = "{population.north_korean.efficiency: [1, 2.4]}"
    text = f"axes:\n  sobol: {{points: 4, ranges: {ranges}}}\nreplicates: 1\n"
    (tmp_path / "experiment" / "mine.yaml").write_text(text, encoding="utf-8")
    folder = tmp_path / "store"
    base = [text for text in SMALL if not text.startswith(("policy", "replicates", "uncertainty"))]
    own = [f"hydra.searchpath=[file://{tmp_path}]", "experiment=mine", f"store={folder}"]
    assert main([*base, "months=48", *own]) == 0
    summary = summary_of(folder)
    assert summary["sensitivity"][0]["keys"][0]["key"] == "population.north_korean.efficiency"
    assert summary["points"][0]["runs"] == 4
    assert summary["effects"] is None


def test_folders_of_multirun_are_reported_as_a_sweep(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from experiments.run import main as run

    given = [
        "-m",
        "policy.compliance=0.5,1",
        "policy=un2397,cliff",
        "market.scale=0.004",
        "months=30",
        "replicates=2",
    ]
    assert run([*given, f"output_dir={tmp_path}/results"]) == 0
    folders = sorted(str(path) for path in (tmp_path / "results").iterdir())
    assert main(["--read", str(tmp_path / "out"), *folders]) == 0
    summary = summary_of(tmp_path / "out")
    assert [axis["key"] for axis in summary["axes"]] == ["policy", "policy.compliance"]
    assert len({str(point["values"]) for point in summary["points"]}) == 4
    assert (summary["uncertainty"], summary["differ"], summary["effects"]) == (
        ["posterior"],
        {},
        None,
    )
    assert "chance only" not in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "figure-" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    before = (Path(folders[0]) / "report.html").read_bytes()
    assert main(["--read", *folders]) == 2
    assert "--read OUT FOLDER" in capsys.readouterr().err
    assert (Path(folders[0]) / "report.html").read_bytes() == before
    assert main(["--read", str(tmp_path / "out")]) == 2
    assert "give a folder to write to" in capsys.readouterr().err


def test_how_points_intervals_and_thresholds_are_written() -> None:
    point = {"policy": "blind_eye", "policy.retained_workers": 2000}
    assert point_name(point) == "A blind eye, retained workers 2,000"
    assert interval_text([1.0, 2.0, 3.0]) == "2 [1\u20133]"
    assert interval_text([-1.0, 2.0, 3.0], ",.1f") == "2.0 [-1.0 to 3.0]"
    assert threshold_text([0.2, 0.5, 0.7]) == "0.50 [0.20\u20130.70]"
    assert threshold_text([0.2, 0.5, None]) == "0.50 [at least 0.20]"
    assert threshold_text([0.2, None, None]) == "not reached [0.20 at the earliest]"
    assert threshold_text([None, None, None]) == "not reached"
    assert reached_from([0.2, 0.5, None]) == "from compliance 0.50 [at least 0.20] on"
    assert reached_from([None, None, None]) == "at no level of compliance"
    earliest = "at no level of compliance (at the earliest from 0.20 on)"
    assert reached_from([0.2, None, None]) == earliest
    assert (counted(1, "point"), counted(2100, "run")) == ("1 point", "2,100 runs")
