"""Hindcasts of the krai: only what was known is used; weights, quantiles, rules by hand."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.calibration.targets import Target, read_targets
from experiments.validation.hindcast import (
    LEAST_EFFECTIVE_DRAWS,
    is_covered,
    origin_rows,
    read_observations,
    read_origins,
    simulated_values,
    verdict,
    weighted_quantiles,
    weights_at,
    yearly_mean,
)
from experiments.validation.hindcast_naive_rules import (
    RULES,
    YearRatio,
    employment_share,
    heads_lost,
    share_left,
)
from experiments.validation.validation_report import hindcast_lines
from sim.engine.worker_columns import BURN_IN_MONTHS
from sim.inputs.dated_inputs import dated_inputs, facts, series
from sim.measures.comparison import FullScaleBranch
from sim.scenario import ContractCrew, Resident, TemporaryMigrant
from tests.support.build import make_scenario
from tests.support.panels import empty_panel, put

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


def test_only_what_comes_later_is_predicted() -> None:
    for origin in read_origins():
        predicted = {row["target"] for row in origin_rows(origin, KNOWN, made_up(), KRAI)}
        assert predicted == {
            name
            for name, entry in KNOWN.items()
            if entry.is_predicted and entry.known_from > origin
        }
    assert {row["target"] for row in origin_rows("2018-12", KNOWN, made_up(), KRAI)} == {
        "construction_pay_2019"
    }


def test_the_calibrations_pay_of_2019_is_never_used() -> None:
    assert "pay_against_krai_mean" not in KNOWN


@pytest.mark.parametrize("origin", read_origins())
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


@given(st.lists(st.floats(-9.0, 9.0), min_size=1, max_size=30), st.randoms())
def test_weighted_quantiles_count_a_draw_as_often_as_it_weighs(values: list[float], random) -> None:
    counts = np.array([random.randint(1, 4) for _ in values])
    repeated = np.sort(np.repeat(values, counts))
    expected = [
        repeated[max(0, int(np.ceil(share * len(repeated) - 1e-9)) - 1)]
        for share in (0.05, 0.5, 0.95)
    ]
    assert weighted_quantiles(np.array(values), counts / counts.sum()) == pytest.approx(expected)


def test_a_hit_needs_the_median_and_a_tie_is_no_win() -> None:
    assert verdict("x", POINT, (0.5, 1.09, 2.0), {"a": 1.2})["hit"]
    assert not verdict("x", POINT, (0.5, 1.11, 2.0), {"a": 1.2})["hit"]
    assert verdict("x", POINT, (0.5, 1.1, 2.0), {"a": 1.2, "b": None})["beats_both"] is True
    assert verdict("x", POINT, (0.5, 1.1, 2.0), {"a": 0.9, "b": 5.0})["beats_both"] is False
    assert verdict("x", POINT, (0.5, 1.1, 2.0), {"a": None})["beats_both"] is None


def test_an_interval_holds_a_point_or_reaches_a_bound() -> None:
    low = dataclasses.replace(POINT, kind="at_least")
    assert [is_covered(POINT, interval) for interval in ((0.9, 1.0, 1.1), (1.1, 1.2, 1.3))] == [
        True,
        False,
    ]
    assert [is_covered(low, interval) for interval in ((0.1, 0.5, 1.0), (0.1, 0.5, 0.9))] == [
        True,
        False,
    ]


def test_with_too_few_draws_nothing_is_judged() -> None:
    few, many = (
        origin_rows("2016-12", KNOWN, made_up(draws), KRAI)
        for draws in (int(LEAST_EFFECTIVE_DRAWS) - 1, 2000)
    )
    assert {row["hit"] for row in few} == {None}
    assert None not in {row["hit"] for row in many}
    assert "not judged" in "\n".join(hindcast_lines(few))
    assert "not judged" not in "\n".join(hindcast_lines(many)).split("effective draws:")[1]


def test_misses_are_written_as_such() -> None:
    values = {
        name: array + (0.0 if not KNOWN[name].is_predicted else 9.0)
        for name, array in made_up(2000).items()
    }
    rows = origin_rows("2016-12", KNOWN, values, KRAI)
    page = "\n".join(hindcast_lines(rows))
    assert page.count("**MISS**") == sum(row["kind"] == "point" for row in rows) == 6
    assert "**2 of 8 predictions hit" in page


def test_departures_in_equal_parts() -> None:
    assert share_left(
        np.array([0.0, 6.5, 12.0, MONTHS_TO_COMPLY]), "2016-12", KRAI
    ) == pytest.approx([1.0, 1 - 6.5 / MONTHS_TO_COMPLY, 0.5, 0.0])
    assert share_left(np.array([12.0]), "2018-07", KRAI) == pytest.approx(
        [0.5 * (MONTHS_TO_COMPLY - 12) / (MONTHS_TO_COMPLY - 6.5)]
    )
    assert heads_lost(YearRatio("completions", 2017, 2016), "2016-12", KRAI) == 0.0
    assert heads_lost(YearRatio("completions", 2018, 2016), "2016-12", KRAI) == pytest.approx(
        6.5 / MONTHS_TO_COMPLY * 10200 / 63200
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


def test_years_are_calendar_years() -> None:
    panel = empty_panel(KRAI)
    put(panel, "wage_nominal_rub", np.repeat([1.0, 2.0, 3.0, 4.0], 12))
    branch = FullScaleBranch(panel, 1.0)
    assert [yearly_mean(branch, "wage_nominal_rub", year, KRAI) for year in (2016, 2019)] == [
        1.0,
        4.0,
    ]


def test_a_simulated_krai_shows_everything_that_is_known_or_predicted() -> None:
    found = simulated_values(make_scenario("market.scale=0.02", "months=48"), 0, KNOWN)
    assert set(KNOWN) <= set(found)
    assert all(np.isfinite(found[name]) for name in KNOWN)
