"""Intervals cover known parameters: on a toy whose moments are its parameters, and, small, on the krai."""

import numpy as np
import pytest

from experiments.calibrate import KEYS, evaluator, main, problem_of, workers
from experiments.calibration.recovery import markdown, nearest, recovery, row
from experiments.calibration.targets import Moment

SMALL = {name: key.default for name, key in KEYS.items()} | {"scale": 0.02}


def test_the_nearest_draws_are_kept_in_units_of_the_errors() -> None:
    known = {
        name: Moment("point", 0.0, error, "share", "here", "because", fitted)
        for name, error, fitted in (("a", 1.0, True), ("b", 0.1, True), ("c", 1.0, False))
    }
    simulated = np.array(
        [[1.0, 0.0, 0.0], [0.0, 0.2, 0.0], [0.5, 0.0, 99.0], *([[9.0, 9.0, 9.0]] * 17)]
    )
    assert list(nearest(simulated, np.zeros(3), known)[:3]) == [2, 0, 1]
    assert len(nearest(simulated, np.zeros(3), known)) == 10


def test_a_parameter_that_is_missed_too_often_is_named() -> None:
    rows = [
        row("kappa", np.array([1.0, 0.0]), np.array([0.4, 0.6])),
        row("sigma", np.ones(2), np.ones(2)),
    ]
    assert [item["passes"] for item in rows] == [False, True]
    assert "not identified: `kappa`." in markdown(rows, (10, 2))


def test_an_interval_as_wide_as_the_prior_is_not_recovery() -> None:
    rows = [
        row("kappa", np.ones(4), np.full(4, 0.9)),
        row("rho", np.ones(4), np.full(4, 0.5)),
        row("mu", np.zeros(4), np.full(4, 0.1)),
    ]
    assert [item["identified"] for item in rows] == [False, True, False]
    assert "of the prior's: `rho`;" in markdown(rows, (10, 4))


def test_known_parameters_of_the_krai_are_covered() -> None:
    problem = problem_of(SMALL)
    with workers(SMALL) as pool:
        rows = recovery(problem, (30, 5), 1, lambda each: evaluator(each, pool))
    assert [item["key"] for item in rows] == problem.space.labels
    assert np.mean([item["coverage"] for item in rows]) >= 0.7
    hires = next(
        item for item in rows if item["key"] == "population.russian.reconsider_rate_per_month"
    )
    assert hires["spread_ratio"] < 1.0


@pytest.mark.slow
def test_intervals_cover_the_truth_four_times_in_five(tmp_path) -> None:
    assert main(["recovery=50", "particles=400", "scale=0.03", f"output_dir={tmp_path}"]) == 0
    (folder,) = tmp_path.iterdir()
    assert "cover the truth" in (folder / "recovery.md").read_text()
