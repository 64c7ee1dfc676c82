"""Rules of the benchmark: verdicts, what others used, what counts as slower. Nothing is timed."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments import benchmark
from experiments.benchmarking import rows as rows_file
from experiments.benchmarking.committed_figures import changes
from experiments.benchmarking.headline import errors_percent
from experiments.benchmarking.machine import Clock, others_share, run_in_process
from experiments.benchmarking.rows import Row
from tests.support.paths import ROOT


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (Row("a", 4.0, "CPU ns", 5.0), "yes"),
        (Row("a", 6.0, "CPU ns", 5.0), "NO"),
        (Row("a", 6.0, "times as fast", 5.0, lower_is_better=False), "yes"),
        (Row("a", 4.0, "times as fast", 5.0, lower_is_better=False), "NO"),
        (Row("a", 4.0, "CPU ns", 5.0, others_share=0.5), "busy"),
        (Row("a", 4.0, "bytes of columns", 5.0, others_share=0.5), "yes"),
        (Row("a", 4.0, "CPU ns"), ""),
    ],
)
def test_a_verdict_needs_a_goal_and_a_machine_that_is_not_busy(row: Row, verdict: str) -> None:
    assert row.verdict == verdict


def test_others_used_what_was_neither_idle_nor_ours() -> None:
    begin, end = Clock(100.0, 50.0, 10.0), Clock(120.0, 58.0, 16.0)
    assert others_share(begin, end) == pytest.approx((20.0 - 8.0 - 6.0) / 20.0)
    assert others_share(None, end) is None
    assert others_share(begin, begin) is None


def test_times_are_compared_in_units_of_the_yardstick() -> None:
    def at(yardstick_seconds: float, *rows: Row) -> list[Row]:
        return [replace(row, yardstick_seconds=yardstick_seconds) for row in rows]

    before = at(
        1.0,
        Row("month", 10.0, "CPU ns"),
        Row("job", 10.0, "wall s"),
        Row("gone", 1.0, "CPU s"),
        Row("rest", 1.0, "CPU s"),
    )
    now = (
        Row("month", 22.0, "CPU ns"),
        Row("job", 99.0, "wall s"),
        Row("new", 1.0, "CPU s"),
        Row("rest", 9.0, "CPU s", is_remainder=True),
    )
    (same_speed,) = changes(at(1.0, *now), before)
    (half_the_speed,) = changes(at(2.0, *now), before)
    assert same_speed == ("month", pytest.approx(2.2))
    assert same_speed.is_slower
    assert half_the_speed.ratio == pytest.approx(1.1)
    assert not half_the_speed.is_slower
    assert changes(now, before) == []


def file_of_figures(path: Path, nanoseconds: float) -> Path:
    """A file of measured figures."""
    rows_file.write_rows(
        [Row("ns_per_worker_month", nanoseconds, "CPU ns", 5.0, yardstick_seconds=0.03)],
        {"cores": 2},
        path,
    )
    return path


def test_the_file_holds_each_figure_under_its_name_and_can_be_read_again(tmp_path: Path) -> None:
    path = file_of_figures(tmp_path / "benchmark.json", 6.0)
    assert json.loads(path.read_text())["ns_per_worker_month"] == 6.0
    assert json.loads(path.read_text())["machine"] == {"cores": 2}
    assert rows_file.read_rows(path) == [
        Row("ns_per_worker_month", 6.0, "CPU ns", 5.0, yardstick_seconds=0.03)
    ]


@pytest.mark.parametrize(("nanoseconds", "status"), [(11.4, 0), (11.6, 1)])
def test_comparing_fails_beyond_fifteen_percent(
    nanoseconds: float,
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(
        benchmark, "COMMITTED", file_of_figures(tmp_path / "committed_figures.json", 10.0)
    )
    assert (
        benchmark.main(["--compare", str(file_of_figures(tmp_path / "now.json", nanoseconds))])
        == status
    )
    assert ("SLOWER" in capsys.readouterr().out) == bool(status)


def test_a_file_without_yardsticks_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "old.json"
    rows_file.write_rows([Row("ns_per_worker_month", 6.0, "CPU ns", 5.0)], {}, path)
    assert benchmark.main(["--compare", str(path)]) == 2
    assert "run python -m experiments.benchmark again" in capsys.readouterr().err


def test_every_figure_is_kept_with_the_yardstick_of_its_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    yardsticks = iter([0.05, 0.03])
    monkeypatch.setattr(benchmark, "yardstick_seconds", lambda: next(yardsticks))

    def two_figures() -> list[Row]:
        return [Row("a", 6.0, "CPU ns"), Row("b", 7.0, "wall s")]

    assert [row.yardstick_seconds for row in benchmark.measured_rows(two_figures)] == [0.03, 0.03]


def test_errors_of_the_headline_are_in_percent_of_each_number_or_of_the_median() -> None:
    numbers = [np.array([[0.1, 4.0 + away, 10.0], [50.0, 100.0, 200.0 + 4.0 * away]])
               for away in (-1.0, 1.0)]  # fmt: skip
    numbers[0][0, 0] = 0.5
    found = errors_percent(numbers)
    assert found == pytest.approx(np.array([[7.07, 35.4, 0.0], [0.0, 0.0, 2.83]]), rel=0.01)


def test_a_missing_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmark.main(["--compare", str(tmp_path / "none.json")]) == 2
    assert "run python -m experiments.benchmark first" in capsys.readouterr().err


def test_a_measurement_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        benchmark.main(["--only", "speed"])
    assert stopped.value.code == 2
    assert "cost_of_a_worker_month" in capsys.readouterr().err


def test_the_committed_figures_hold_the_times_that_matter() -> None:
    rows = rows_file.read_rows(benchmark.COMMITTED)
    assert {
        "ns_per_worker_month",
        "ns_per_worker_month_200k",
        "main_job_cpu_seconds",
        "first_compile_seconds",
    } <= {row.name for row in rows if row.in_yardsticks}


def test_a_command_that_fails_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="ended with status 3"):
        run_in_process([sys.executable, "-c", "raise SystemExit(3)"])


def test_every_committed_figure_stands_in_the_table_of_the_page() -> None:
    page = (ROOT / "docs" / "benchmark.md").read_text()
    for row in rows_file.read_rows(benchmark.COMMITTED):
        (line,) = [each for each in page.splitlines() if each.startswith(f"| `{row.name}` |")]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert cells[1] == rows_file.three_digits(row.value), row.name
        assert cells[4] == row.unit, row.name
        assert cells[5].replace(",", "") == row.bound, row.name
