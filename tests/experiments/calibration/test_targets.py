"""Targets are derived from the evidence, and the simulated krai is measured as they were."""

import math

import numpy as np
import pytest

from experiments.calibration.targets import (
    Target,
    distance,
    read_targets,
    simulate_targets,
    target_values,
)
from sim.inputs.dated_inputs import facts, series
from sim.measures.comparison import FullScaleBranch
from tests.support.panels import CHINESE, NORTH_KOREAN, RUSSIAN, STRUCTURAL, empty_panel, put
from tests.support.shipped_scenarios import make_scenario


def test_observations_are_computed_from_the_evidence() -> None:
    known, permits = read_targets(), series()["dprk_permits_russia"].values
    stock = permits["2017-12"]
    student, tourist = (
        series()[f"dprk_registrations_{paper}"].values for paper in ("student", "tourist")
    )
    pay, mean_pay, housing = (
        series()[name].values
        for name in (
            "pay_primorye_construction",
            "pay_primorye_all_sectors",
            "housing_completed_primorye",
        )
    )
    expected = {
        "permits_left_mid_july_2018": facts()["dprk_share_left_mid_july_2018"].value,
        "permits_left_end_2018": permits["2018-12"] / stock,
        "student_registrations_2018": (student["2018"] - student["2017"]) / stock,
        "tourist_registrations_2018": (tourist["2018"] - tourist["2017"]) / stock,
        "work_registrations_2017": series()["dprk_registrations_work"].values["2017"] / stock,
        "hires": (
            facts()["russia_turnover_2023"].value / 24 + facts()["construction_hires_us"].value
        )
        / 2,
        "moves_from_job_to_job": facts()["job_to_job_share_us"].value,
        "pay_against_krai_mean": pay["2019-10"] / mean_pay["2019-10"],
        "completions_2018": min(housing.values()) / np.mean(list(housing.values())),
    }
    for name, value in expected.items():
        assert known[name].value == pytest.approx(value, rel=2e-3), name
    assert all(entry.error > 0 and entry.reason for entry in known.values())


def test_what_is_fitted_from_after_2018_says_so() -> None:
    assert "October 2019" in read_targets()["pay_against_krai_mean"].reason
    assert "2023" in read_targets()["hires"].reason


@pytest.mark.parametrize(
    ("kind", "below", "above"),
    [("point", -2.0, 2.0), ("at_most", 0.0, 2.0), ("at_least", -2.0, 0.0)],
)
def test_a_bound_costs_nothing_on_its_right_side(kind: str, below: float, above: float) -> None:
    known = Target(kind, 1.0, 0.5, "share", "somewhere", "because", True)
    assert (known.miss(0.0), known.miss(2.0)) == (below, above)


def test_distance_is_the_root_mean_square_of_what_is_fitted() -> None:
    entry = Target("point", 0.0, 1.0, "share", "somewhere", "because", True)
    observed = {
        "a": entry,
        "b": entry,
        "c": Target("point", 0.0, 1.0, "share", "somewhere", "because", False),
    }
    assert distance({"a": 3.0, "b": 4.0, "c": 99.0}, observed) == pytest.approx(math.sqrt(12.5))
    assert distance({"a": math.nan, "b": 4.0, "c": 0.0}, observed) == math.inf


def test_a_made_up_krai_is_measured_by_hand() -> None:
    scenario = make_scenario("market.scale=0.5", "months=36")
    panel = empty_panel(scenario)
    stock = np.concatenate([np.full(24, 100.0), np.linspace(95.0, 40.0, 12)])
    put(panel, "heads_employed_by_paper", stock, NORTH_KOREAN, 1)
    put(panel, "registrations", np.where(np.arange(36) >= 24, 2.0, 0.0), NORTH_KOREAN, 2)
    put(panel, "heads_employed", 100.0, RUSSIAN, STRUCTURAL)
    put(panel, "hires", 6.0, RUSSIAN, STRUCTURAL)
    put(panel, "separations", 4.0, RUSSIAN, STRUCTURAL)
    put(panel, "job_to_job_moves", 2.0, RUSSIAN, STRUCTURAL)
    put(panel, "vacancy_stock", 4.0, STRUCTURAL)
    put(panel, "heads_away", 6000.0, CHINESE)
    put(panel, "wage_nominal_rub", 34_900.0)
    put(panel, "completions", np.where(np.arange(36) >= 24, 9.0, 10.0))
    found = target_values(FullScaleBranch(panel, 0.5), scenario)
    assert found["permits_left_mid_july_2018"] == pytest.approx((stock[29] + stock[30]) / 200.0)
    assert found["permits_left_end_2018"] == pytest.approx(0.4)
    assert found["student_registrations_2018"] == pytest.approx(0.24)
    assert (
        found["tourist_registrations_2018"],
        found["work_registrations_2017"],
        found["spontaneous_chinese"],
    ) == (0.0, 0.0, 0.0)
    assert found["hires"] == pytest.approx(0.06)
    assert found["moves_from_job_to_job"] == pytest.approx(0.5)
    assert found["job_vacancy_rate"] == pytest.approx(4.0 / 104.0)
    assert found["vacancy_duration"] == pytest.approx(14.0)
    assert found["pay_against_krai_mean"] == pytest.approx(1.0)
    assert found["completions_2018"] == pytest.approx(0.9)


def test_a_simulated_krai_has_a_value_of_every_target() -> None:
    found = simulate_targets(
        make_scenario("market.scale=0.02", "months=36", "policy.compliance=0.5"), 0
    )
    assert set(found) == set(read_targets())
    assert all(math.isfinite(value) for value in found.values())
    assert found["student_registrations_2018"] > 0
