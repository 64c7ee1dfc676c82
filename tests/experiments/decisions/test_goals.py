"""Goals in words: read, checked, and refused with what to write."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.decisions.goals import Goal, Reading, draws_needed, read_goals, read_objective
from experiments.decisions.methods.policy_sets import probability_interval
from experiments.decisions.policy_axes import read_policy_axes
from tests.support.shipped_scenarios import make_scenario

SCENARIO = make_scenario()


def test_a_goal_names_measure_month_limit_and_probability() -> None:
    goals, problems = read_goals(["shortfall_percent at 2019-12 <= 5 with 0.8"], SCENARIO, 40)
    assert problems == []
    assert goals == [Goal(Reading("shortfall_percent", "2019-12", "2019-12"), "<=", 5.0, 0.8)]
    assert goals[0].text == "shortfall_percent at 2019-12 <= 5 with 0.8"


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("shortfall_percent at deadline <= 5", ("2019-12", "2019-12", "max")),
        ("shortfall_percent max over 2018-01..2020-12 <= 5", ("2018-01", "2020-12", "max")),
        ("shortfall_percent mean over 2018-01..2018-12<=5 %", ("2018-01", "2018-12", "mean")),
        ("dprk_revenue_lost_usd at 2020-12 >= 1e8 with 0.9", ("2020-12", "2020-12", "max")),
        ("unfilled_vacancies at 2020-12 <= 500", ("2020-12", "2020-12", "max")),
    ],
)
def test_months_peaks_and_means_are_read(text: str, reading: tuple[str, str, str]) -> None:
    (goal,), problems = read_goals([text], SCENARIO, 40)
    assert problems == []
    assert (goal.reading.first, goal.reading.last, goal.reading.how) == reading
    assert goal.probability == 0.9


def test_a_peak_is_the_largest_value_of_its_months() -> None:
    months = ["2018-01", "2018-02", "2018-03"]
    values = np.array([[1.0, 5.0, 2.0], [3.0, 1.0, 9.0]])
    assert Reading("m", "2018-01", "2018-02", "max").of(values, months).tolist() == [5.0, 3.0]
    assert Reading("m", "2018-02", "2018-03", "mean").of(values, months).tolist() == [3.5, 5.0]
    assert Reading("m", "2018-03", "2018-03").of(values, months).tolist() == [2.0, 9.0]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([], "goal: none is given; write 'MEASURE at MONTH"),
        (["shortfal_percent at 2019-12 <= 5"], "the closest existing measure is shortfall_percent"),
        (["shortfall_percent <= 5"], "names no month; write shortfall_percent at 2020-12"),
        (["shortfall_percent at 2031-01 <= 5"], "given '2031-01'; allowed: 2016-01 to 2020-12"),
        (["shortfall_percent max over 2019-01..2018-01 <= 5"], "first month..last month"),
        (["shortfall_percent at 2019-12 <= 5 workers"], "given 'workers'; allowed: percent of the"),
        (["job_vacancy_rate at 2019-12 <= 5"], "names no unit; write it with its unit"),
        (["shortfall_percent at 2019-12 <= 5 with 1.5"], "more than 0 and less than 1"),
        (["shortfall_percent at 2019-12"], "allowed: 'MEASURE at MONTH <= NUMBER"),
        (
            ["shortfall_percent at 2019-12 <= 5", "shortfall_percent at 2019-12 >= 6"],
            "contradict one another",
        ),
        (["shortfall_percent at 2019-12 <= 5 with 0.99"], "draws: given 40; allowed: at least 381"),
    ],
)
def test_a_wrong_goal_is_refused(texts: list[str], message: str) -> None:
    _, problems = read_goals(texts, SCENARIO, 40)
    assert any(message in line for line in problems), problems


def test_goals_that_different_draws_can_meet_do_not_contradict() -> None:
    texts = ["heads at 2019-12 <= 5 heads with 0.4", "heads at 2019-12 >= 6 heads with 0.4"]
    assert not [line for line in read_goals(texts, SCENARIO, 40)[1] if "contradict" in line]


@pytest.mark.parametrize("probability", [0.8, 0.9, 0.95, 0.99])
def test_as_many_draws_as_needed_make_a_probability_certain_and_one_fewer_does_not(
    probability: float,
) -> None:
    needed = draws_needed(probability)
    assert probability_interval(np.array(1.0), needed)[0] >= probability
    assert probability_interval(np.array(1.0), needed - 1)[0] < probability


def test_an_objective_is_read_in_the_last_month_unless_it_names_one() -> None:
    found, problems = read_objective("dprk_revenue_lost_usd", SCENARIO, "maximise")
    assert (found, problems) == (Reading("dprk_revenue_lost_usd", "2020-12", "2020-12"), [])
    found, _ = read_objective("dprk_revenue_lost_usd at 2018-12", SCENARIO, "maximise")
    assert found == Reading("dprk_revenue_lost_usd", "2018-12", "2018-12")
    _, problems = read_objective("dprk_revenue_lots_usd", SCENARIO, "maximise")
    assert "the closest existing measure is dprk_revenue_lost_usd" in problems[0]


def test_axes_have_the_range_given_or_that_of_their_prior() -> None:
    axes, problems = read_policy_axes(
        "policy.compliance:0.2..0.9,policy.retained_workers", SCENARIO
    )
    assert problems == []
    assert [(axis.low, axis.high, axis.whole) for axis in axes] == [
        (0.2, 0.9, False),
        (0.0, 12000.0, True),
    ]
    assert axes[1].value(0.50001) == 6000
    assert axes[0].place(axes[0].value(0.25)) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("policy.compliance:0..1.5", "given '0..1.5'; allowed: 0 to 1 (probability)"),
        ("policy.compliance:0.9..0.2", "allowed: 0 to 1"),
        ("policy.complience", "the closest existing number of policy or levers is policy.complia"),
        ("market.scale", "no such number of policy or levers"),
        ("policy.compliance,policy.compliance", "allowed: each key once"),
    ],
)
def test_a_wrong_axis_is_refused(text: str, message: str) -> None:
    _, problems = read_policy_axes(text, SCENARIO)
    assert any(message in line for line in problems), problems
