"""Points of the unit cube are parameters within their priors; draws that contradict themselves are refused."""

import dataclasses

import numpy as np
import pytest

from experiments.calibration.moments import moments
from experiments.calibration.space import LEFT_OUT, Problem, space
from experiments.drawn import scenario_with
from sim.inputs import parameters
from sim.problems import ScenarioError
from tests.build import make_settings

SMALL = ("policy=un2397", "months=36", "market.scale=0.02")


def default_point() -> np.ndarray:
    known = space()
    return known.point({key: parameters()[key].default for key in known.keys})


def test_every_prior_is_drawn_or_left_out_with_a_reason() -> None:
    with_prior = {key for key, entry in parameters().items() if entry.prior and not key.startswith("levers.")}
    assert with_prior == {*space().keys, *LEFT_OUT}


def test_corners_are_the_limits_of_the_priors_and_whole_numbers_whole() -> None:
    known = space()
    low, high = known.values(np.zeros(len(known.keys))), known.values(np.ones(len(known.keys)))
    for key in known.keys:
        assert (low[key], high[key]) == pytest.approx(parameters()[key].prior), key
    middle = known.values(np.full(len(known.keys), 0.333))
    assert middle["population.russian.pool"] == round(middle["population.russian.pool"])


def test_the_defaults_give_the_shipped_scenario() -> None:
    resolved = make_settings(*SMALL).resolved
    assert scenario_with(resolved, space().values(default_point())) == make_settings(*SMALL).scenario


def test_a_draw_that_contradicts_itself_is_refused() -> None:
    values = {"market.production.normal_backlog_months": 9.0, "market.production.backlog_limit_months": 8.0}
    with pytest.raises(ScenarioError):
        scenario_with(make_settings(*SMALL).resolved, values)
    known = space()
    point = known.point({**known.values(default_point()), **values})
    found, simulated = Problem(known, moments(), make_settings(*SMALL).resolved).evaluate(point)
    assert found == np.inf
    assert np.isnan(simulated).all()


def test_the_same_point_gives_the_same_moments() -> None:
    problem = Problem(space(), moments(), make_settings("policy=un2397", "months=36", "market.scale=0.1").resolved)
    easy = dataclasses.replace(problem, replicate=1)
    point = easy.space.point({**easy.space.values(default_point()), "market.hiring.initial_vacancy_share": 0.024})
    first, second = easy.evaluate(point), easy.evaluate(point)
    assert first[0] == second[0]
    assert np.array_equal(first[1], second[1], equal_nan=True)
