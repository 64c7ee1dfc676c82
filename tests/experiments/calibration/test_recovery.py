"""Recovery of known parameters: made-up rows by hand, and the krai at a small scale."""

import numpy as np
import pytest

from experiments.calibrate import KEYS, main
from experiments.calibration.fitting import calibration_problem, evaluator, worker_pool
from experiments.calibration.recovery import (
    RecoverySize,
    nearest_draws,
    parameter_row,
    recovery_page,
    recovery_rows,
)
from experiments.calibration.targets import Target

SMALL = {name: key.default for name, key in KEYS.items()} | {"scale": 0.02}


def test_the_nearest_draws_are_kept_in_units_of_the_errors() -> None:
    known = {
        name: Target("point", 0.0, error, "share", "here", "because", fitted)
        for name, error, fitted in (("a", 1.0, True), ("b", 0.1, True), ("c", 1.0, False))
    }
    simulated = np.array(
        [[1.0, 0.0, 0.0], [0.0, 0.2, 0.0], [0.5, 0.0, 99.0], *([[9.0, 9.0, 9.0]] * 17)]
    )
    assert list(nearest_draws(simulated, np.zeros(3), known)[:3]) == [2, 0, 1]
    assert len(nearest_draws(simulated, np.zeros(3), known)) == 10


def test_a_parameter_that_is_missed_too_often_is_named() -> None:
    rows = [
        parameter_row("kappa", np.array([1.0, 0.0]), np.array([0.4, 0.6])),
        parameter_row("sigma", np.ones(2), np.ones(2)),
    ]
    assert [item["passes"] for item in rows] == [False, True]
    assert "not identified: `kappa`." in recovery_page(rows, RecoverySize(10, 2)).replace("\n", " ")


def test_an_interval_as_wide_as_the_prior_is_not_recovery() -> None:
    rows = [
        parameter_row("kappa", np.ones(4), np.full(4, 0.9)),
        parameter_row("rho", np.ones(4), np.full(4, 0.5)),
        parameter_row("mu", np.zeros(4), np.full(4, 0.1)),
    ]
    page = recovery_page(rows, RecoverySize(10, 4)).replace("\n", " ")
    assert [item["identified"] for item in rows] == [False, True, False]
    assert "Recovered, with a posterior sd below 0.7 of the prior's: `rho`." in page


@pytest.mark.slow
def test_known_parameters_of_the_krai_are_covered() -> None:
    problem = calibration_problem(SMALL)
    with worker_pool(SMALL) as pool:
        rows = recovery_rows(problem, RecoverySize(30, 5), 1, lambda each: evaluator(each, pool))
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
