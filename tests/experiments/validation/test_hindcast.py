"""Hindcasts of the krai: only what was known is used; weights and rules by hand."""

import dataclasses

import numpy as np
import pytest

from experiments.calibration.targets import Target, read_targets
from experiments.validation.case_files import HALF
from experiments.validation.hindcast import (
    foreseen_targets,
    simulated_ratio,
    simulated_values,
    weights_at,
)
from experiments.validation.hindcast_naive_rules import (
    RULES,
    employment_share,
    heads_lost,
    naive_forecasts,
    share_left,
)
from experiments.validation.hindcast_targets import YearRatio, read_observations, stock_levels
from sim.engine.worker_columns import BURN_IN_MONTHS
from sim.inputs.dated_inputs import dated_inputs, facts, series
from sim.measures.comparison import FullScaleBranch
from sim.scenario import ContractCrew, Resident, TemporaryMigrant
from tests.support.panels import empty_panel, put
from tests.support.shipped_scenarios import make_scenario

KRAI = make_scenario("months=48")
KNOWN = read_observations()
MONTHS_TO_COMPLY = float(facts()["months_to_comply"].value)
POINT = Target("point", 1.0, 0.1, "share", "somewhere", "because", True)


def made_up(draws: int = 200, seed: int = 1) -> dict[str, np.ndarray]:
    """Draws around what was observed, one error wide."""
    generator = np.random.default_rng(seed)
    return {
        name: generator.normal(entry.target.value, entry.target.error, draws)
        for name, entry in KNOWN.items()
    }


def test_what_is_predicted_comes_from_the_evidence() -> None:
    pay = series()["construction_pay_russia"].values
    assert KNOWN["construction_pay_2018"].target.value == pytest.approx(pay["2018"] / pay["2016"])
    assert (
        KNOWN["permits_left_end_2018"].target.value == read_targets()["permits_left_end_2018"].value
    )
    assert all(entry.target.reason and entry.target.error > 0 for entry in KNOWN.values())


def test_every_target_is_foreseen_once_from_before_it_was_observed() -> None:
    predicted = {name: entry for name, entry in KNOWN.items() if entry.foresight}
    assert all(entry.foresight.origin < entry.known_from for entry in predicted.values())
    found = foreseen_targets(KNOWN, made_up(), KRAI)
    assert [scored.target for scored in found] == list(predicted)
    assert {scored.case for scored in found} == {"krai_to_2018", "krai_2019"}


def test_nothing_later_than_the_origin_is_in_a_rules_past() -> None:
    for name, entry in KNOWN.items():
        if entry.foresight and not name.startswith("permits"):
            years = [level.year for level in entry.foresight.past]
            assert all(f"{year:.0f}-12" <= entry.foresight.origin for year in years), name
    assert [level.value for level in stock_levels("2017-12")] == [1.0]
    assert [level.value for level in stock_levels("2018-07")] == [1.0, 0.5]


def test_the_volume_of_2019_is_foreseen_from_earlier_growth() -> None:
    volume = KNOWN["construction_volume_2019"]
    assert volume.target.value == pytest.approx(1.09)
    assert volume.foresight is not None
    assert [level.value for level in volume.foresight.past] == pytest.approx([1.249, 0.8])
    assert volume.foresight.ratio == YearRatio("output", 2019, 2018, 9)


def test_the_standard_error_is_half_the_tolerance_where_no_other_is_given() -> None:
    pay = KNOWN["construction_pay_2018"]
    assert pay.foresight is not None
    assert (pay.foresight.standard_error, pay.foresight.reason) == (0.02, HALF)
    assert KNOWN["housing_2018"].foresight.standard_error == 0.01


def test_the_calibrations_pay_of_2019_is_never_used() -> None:
    assert "pay_against_krai_mean" not in KNOWN


@pytest.mark.parametrize("name", ["construction_pay_2019", "construction_volume_2019"])
def test_what_is_held_out_never_weights_a_draw(name: str) -> None:
    assert not KNOWN[name].is_known_at("2030-01")
    values = made_up()
    before = weights_at("2030-01", KNOWN, values)
    assert np.array_equal(weights_at("2030-01", KNOWN, values | {name: values[name] * 2.0}), before)


@pytest.mark.parametrize("origin", ["2016-12", "2017-12", "2018-07", "2018-12"])
def test_weights_ignore_what_comes_later_and_use_what_was_known(origin: str) -> None:
    values = made_up()
    before = weights_at(origin, KNOWN, values)
    assert before.sum() == pytest.approx(1.0)
    for name, entry in KNOWN.items():
        changed = weights_at(
            origin,
            KNOWN,
            {**values, name: values[name] - 3.0 * entry.target.error * np.linspace(0, 1, 200)},
        )
        assert np.array_equal(changed, before) is not entry.is_known_at(origin), name


def test_weights_are_the_likelihood() -> None:
    known = {"a": dataclasses.replace(KNOWN["hires"], target=POINT)}
    found = weights_at("2016-12", known, {"a": np.array([1.0, 1.1, 1.2])})
    assert found[1:] / found[0] == pytest.approx([np.exp(-0.5), np.exp(-2.0)])


def test_departures_in_equal_parts() -> None:
    assert share_left(
        np.array([0.0, 6.5, 12.0, MONTHS_TO_COMPLY]), "2016-12", KRAI
    ) == pytest.approx([1.0, 1 - 6.5 / MONTHS_TO_COMPLY, 0.5, 0.0])
    assert share_left(np.array([12.0]), "2018-07", KRAI) == pytest.approx(
        [0.5 * (MONTHS_TO_COMPLY - 12) / (MONTHS_TO_COMPLY - 6.5)]
    )
    housing, volume = YearRatio("completions", 2018, 2016), YearRatio("output", 2019, 2018, 9)
    assert heads_lost(2017, housing, "2016-12", KRAI) == 0.0
    assert heads_lost(2018, housing, "2016-12", KRAI) == pytest.approx(
        6.5 / MONTHS_TO_COMPLY * 10200 / 63200
    )
    assert heads_lost(2019, volume, "2016-12", KRAI) == pytest.approx(
        17.0 / MONTHS_TO_COMPLY * 10200 / 63200
    )


def test_naive_rules_by_hand() -> None:
    assert sum(
        employment_share(kind, KRAI) for kind in (ContractCrew, TemporaryMigrant, Resident)
    ) == pytest.approx(1.0)
    level = dated_inputs(KRAI).outside_pay[BURN_IN_MONTHS:]
    growth = level[24:36].mean() / level[:12].mean()
    loss = 6.5 / MONTHS_TO_COMPLY * 10200 / 63200
    wage = loss / (0.4 + 0.25 * 50000 / 63200)
    pay, housing = YearRatio("wage_nominal_rub", 2018, 2016), YearRatio("completions", 2018, 2016)
    head_count, static = RULES.values()
    assert head_count("construction_pay_2018", pay, "2016-12", KRAI) == pytest.approx(growth)
    assert static("construction_pay_2018", pay, "2016-12", KRAI) == pytest.approx(
        growth * (1 + wage)
    )
    assert head_count("housing_2018", housing, "2016-12", KRAI) == pytest.approx(1 - loss)
    assert static("housing_2018", housing, "2016-12", KRAI) == pytest.approx(1 - 0.4 * wage)
    assert head_count("student_registrations_2018", None, "2016-12", KRAI) == 0.0
    assert head_count("permits_left_end_2018", None, "2016-12", KRAI) == pytest.approx(0.5)
    assert np.isnan(static("permits_left_end_2018", None, "2016-12", KRAI))


def test_a_rule_has_been_as_wrong_as_in_the_years_before() -> None:
    pay, stock, early = (
        KNOWN[name].foresight
        for name in ("construction_pay_2018", "permits_left_end_2018", "housing_2017")
    )
    assert pay
    assert stock
    assert early
    level = dated_inputs(KRAI).outside_pay[BURN_IN_MONTHS:]
    observed = series()["construction_pay_russia"].values
    forecasts = naive_forecasts("construction_pay_2018", pay, KRAI)
    assert forecasts["head count"].past_errors == pytest.approx(
        (observed["2017"] / observed["2016"] - level[12:24].mean() / level[:12].mean(),)
    )
    assert naive_forecasts("permits_left_end_2018", stock, KRAI)["head count"].past_errors == (
        pytest.approx((0.5 - (1 - 6.5 / MONTHS_TO_COMPLY),))
    )
    assert naive_forecasts("housing_2017", early, KRAI)["head count"].past_errors == ()
    assert len(naive_forecasts("housing_2017", early, KRAI)["last level"].past_errors) == 3


def test_registrations_had_no_past_so_rules_of_levels_are_silent() -> None:
    foresight = KNOWN["student_registrations_2018"].foresight
    assert foresight is not None
    found = naive_forecasts("student_registrations_2018", foresight, KRAI)
    assert [rule for rule, said in found.items() if said] == ["head count"]


def test_a_ratio_is_of_the_first_months_of_both_years() -> None:
    panel = empty_panel(KRAI)
    put(
        panel,
        "wage_nominal_rub",
        np.repeat([1.0, 2.0, 3.0, 4.0], 12) + np.tile([0] * 9 + [5] * 3, 4),
    )
    branch = FullScaleBranch(panel, 1.0)
    assert simulated_ratio(branch, YearRatio("wage_nominal_rub", 2019, 2016, 9), KRAI) == 4.0
    assert simulated_ratio(branch, YearRatio("wage_nominal_rub", 2019, 2016), KRAI) == (
        pytest.approx(5.25 / 2.25)
    )


def test_a_simulated_krai_shows_everything_that_is_known_or_predicted() -> None:
    found = simulated_values(make_scenario("market.scale=0.02", "months=48"), 0, KNOWN)
    assert set(KNOWN) <= set(found)
    assert all(np.isfinite(found[name]) for name in KNOWN)
