"""Runs that fail have a row with stage, message and traceback; other runs are not affected."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from experiments.sweeps.execution import task_simulation
from experiments.sweeps.store.run_store import read_store
from experiments.sweeps.store.store_reader import StoredRuns
from experiments.sweeps.sweep_session import progress_of
from sim.inputs.problems import ScenarioError
from tests.support.small_sweeps import assert_same_results, rows, run_sweep, small_sweep

RUNS = 6


def fails_at(compliance: float) -> Callable[..., object]:
    """A measurement that fails for one point."""
    measure = task_simulation.measure

    def failing(pair: object, scenario: object, inputs: object) -> object:
        if scenario.policy.compliance == compliance:  # type: ignore[attr-defined]
            raise ZeroDivisionError("nobody to divide by")
        return measure(pair, scenario, inputs)  # type: ignore[arg-type]

    return failing


@pytest.fixture
def point_that_fails(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Runs at compliance 0.5 fail while they are measured."""
    with monkeypatch.context() as patched:
        patched.setattr(task_simulation, "measure", fails_at(0.5))
        yield patched


def test_a_run_that_fails_is_a_row(
    tmp_path: Path, whole_sweep: Path, point_that_fails: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "store"
    run_sweep(small_sweep(folder))
    failed = rows(folder, "failures").to_pylist()
    assert [row["policy.compliance"] for row in failed] == [0.5, 0.5]
    assert {row["stage"] for row in failed} == {"measures"}
    assert {row["message"] for row in failed} == {"ZeroDivisionError: nobody to divide by"}
    assert all("Traceback" in row["traceback"] and "failing" in row["traceback"] for row in failed)
    expected = rows(whole_sweep)
    import pyarrow.compute as pc

    assert rows(folder).equals(expected.filter(pc.not_equal(expected["policy.compliance"], 0.5)))


def test_a_failed_run_is_tried_again_only_when_asked(
    tmp_path: Path, whole_sweep: Path, point_that_fails: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "store"
    run_sweep(small_sweep(folder))
    point_that_fails.undo()
    assert run_sweep(small_sweep(folder))[1] == 0
    assert run_sweep(small_sweep(folder, "retry_failed=true"))[1] == 2
    assert_same_results(folder, whole_sweep)
    sweep = small_sweep(folder)
    assert progress_of(sweep, read_store(folder)).failed == 0


CONTRADICTION = r"population\.russian\.pool: given 100; allowed: more than 51750"


def draws_with_a_contradiction(folder: Path) -> list[str]:
    """Overrides of a sweep over four draws, of which the last contradicts the configuration."""
    table = folder / "draws.csv"
    table.write_text("population.russian.pool\n" + "70000\n80000\n70000\n100\n", encoding="utf-8")
    (folder / "experiment").mkdir()
    (folder / "experiment" / "mine.yaml").write_text(
        f"axes: {{draws: {{points: 4, file: {table}}}}}\nreplicates: 1\n", encoding="utf-8"
    )
    return [f"hydra.searchpath=[file://{folder}]", "experiment=mine"]


def test_a_contradictory_draw_is_refused_if_it_is_checked(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=CONTRADICTION):
        small_sweep(tmp_path / "store", *draws_with_a_contradiction(tmp_path))


def test_a_contradictory_draw_among_very_many_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.sweeps.design.design.CHECKED_POINTS", 1)
    folder = tmp_path / "store"
    run_sweep(small_sweep(folder, *draws_with_a_contradiction(tmp_path), "replicates=1"))
    failed = rows(folder, "failures").to_pylist()
    assert {(row["stage"], row["population.russian.pool"]) for row in failed} == {
        ("configuration", 100)
    }
    assert all(re.search(CONTRADICTION, row["message"]) for row in failed)
    assert (len(failed), len(read_store(folder).done())) == (3, 6)


def test_equal_draws_are_simulated_once_and_each_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.sweeps.design.design.CHECKED_POINTS", 1)
    sweep = small_sweep(tmp_path / "store", *draws_with_a_contradiction(tmp_path), "replicates=1")
    assert run_sweep(sweep)[1] == 3 * 3
    values = StoredRuns(sweep.plan, sweep.columns, read_store(tmp_path / "store")).values(
        ["heads"], ["2017-01"]
    )["heads"]
    assert (values[:, 0] == values[:, 2]).all()
    assert (values[:, 0] != values[:, 1]).any()
