"""summary.json: percentiles by month, and everything that reports need."""

from __future__ import annotations

import numpy as np

from experiments.results.result_folder import load_result
from experiments.results.summary import by_month, levers_on, policy_dates, rounded, summarise
from sim.measures.catalogue import measures_of
from tests.sim.measures.test_monthly import PROMISED
from tests.support.panels import short_scenario
from tests.support.shipped_scenarios import make_scenario

SCENARIO = short_scenario(months=2)


def test_percentiles_are_linear_in_the_replicates_own_values():
    values = np.array([[0.0, 5.0], [10.0, 5.0], [20.0, 5.0]])
    assert by_month(values, ["2016-01", "2016-02"]) == {
        "2016-01": [1.0, 10.0, 19.0],
        "2016-02": [5.0, 5.0, 5.0],
    }


def test_a_month_without_a_value_is_left_out():
    values = np.array([[np.nan, 1.0], [np.nan, np.nan]])
    assert by_month(values, ["2016-01", "2016-02"]) == {"2016-02": [1.0, 1.0, 1.0]}


def test_numbers_have_nine_significant_digits():
    assert rounded(1234.567890123) == 1234.56789


def test_policy_dates_are_those_within_the_run():
    assert policy_dates(make_scenario()) == [
        {"month": "2017-10", "title": "no new contracts"},
        {"month": "2018-01", "title": "resolution adopted"},
        {"month": "2019-12", "title": "deadline to leave"},
    ]
    assert len(policy_dates(make_scenario("months=30"))) == 2
    assert policy_dates(make_scenario("policy=none")) == []


def test_levers_that_are_on_are_named():
    assert levers_on(
        make_scenario("levers.training.places_per_month=9", "levers.training.from_date=2018-01")
    ) == ["training"]


def test_a_summary_has_every_promised_key(finished):
    summary = load_result(finished).summary
    assert {
        "policy",
        "compliance",
        "replicates",
        "seed",
        "start",
        "months",
        "scale",
        "measures",
    } <= set(summary)
    assert (summary["policy"], summary["compliance"], summary["start"], summary["months"]) == (
        "un2397",
        0.6,
        "2016-01",
        60,
    )
    assert set(PROMISED) <= set(summary["measures"])
    assert set(summary["measures"]) == set(measures_of(make_scenario()))


def test_every_measure_has_a_unit_and_ordered_percentiles(finished):
    for name, known in load_result(finished).summary["measures"].items():
        assert known["unit"], name
        assert all(low <= median <= high for low, median, high in known["by_month"].values()), name


def test_notes_say_what_intervals_hold_and_which_series_are_held():
    scenario = make_scenario("months=100", "market.scale=0.02")
    values = {name: np.zeros((2, 100)) for name in measures_of(scenario)}
    notes = summarise(scenario, values)["notes"]
    assert "chance only" in notes[0]
    assert any("last value is held" in note for note in notes[1:])
