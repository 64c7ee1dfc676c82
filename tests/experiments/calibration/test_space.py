"""Points of the unit cube are parameters within their priors; the opening share is solved for."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.calibrate import KEYS
from experiments.calibration.fitting import calibration_problem
from experiments.calibration.space import (
    LEFT_OUT,
    OPENING,
    POOL,
    SAMPLED_AS,
    CalibrationProblem,
    prior_space,
    solve_opening_share,
)
from experiments.calibration.targets import read_targets
from experiments.configuration.parameter_values import scenario_with
from sim.inputs.dated_inputs import parameters
from sim.inputs.problems import ScenarioError
from sim.structure_keys import is_read_as_shipped
from tests.support.shipped_scenarios import make_settings

SMALL = ("policy=un2397", "months=36", "market.scale=0.02")
DEFAULTS = {key: parameters()[key].default for key in prior_space().keys}


def default_point(target: float = 0.035, **changes: float) -> np.ndarray:
    return prior_space().point_of({**DEFAULTS, **changes}, target)


def test_every_prior_is_sampled_or_left_out_with_a_reason() -> None:
    with_prior = {
        key
        for key, entry in parameters().items()
        if entry.prior
        and not key.startswith(("levers.", "population.central_asian."))
        and is_read_as_shipped(key)
    }
    assert with_prior == {*prior_space().keys, *LEFT_OUT}


def test_corners_are_the_limits_of_the_priors_and_whole_numbers_whole() -> None:
    known = prior_space()
    low, high = (
        known.parameter_values(np.zeros(len(known.keys)), 0.0),
        known.parameter_values(np.ones(len(known.keys)), 0.1),
    )
    for key in known.keys:
        assert (low[key], high[key]) == pytest.approx(parameters()[key].prior), key
    middle = known.parameter_values(np.full(len(known.keys), 0.333), 0.02)
    assert middle[POOL] == round(middle[POOL])


def test_the_pool_is_always_larger_than_the_employed() -> None:
    corner = np.zeros(len(prior_space().keys))
    corner[prior_space().keys.index("population.russian.employed")] = 1.0
    values = prior_space().parameter_values(corner, 0.02)
    assert values[POOL] == pytest.approx(1.2 * values["population.russian.employed"])
    assert (
        dict(zip(prior_space().keys, prior_space().labels, strict=True))[POOL]
        == f"{POOL} (ratio to the employed)"
    )


def test_the_defaults_give_the_shipped_scenario() -> None:
    resolved = make_settings(*SMALL).resolved
    assert (
        scenario_with(resolved, prior_space().parameter_values(default_point(), DEFAULTS[OPENING]))
        == make_settings(*SMALL).scenario
    )


def test_a_draw_that_contradicts_itself_is_refused() -> None:
    changes = {
        "market.production.normal_backlog_months": 9.0,
        "market.production.backlog_limit_months": 8.0,
    }
    with pytest.raises(ScenarioError):
        scenario_with(make_settings(*SMALL).resolved, changes)
    found, simulated = CalibrationProblem(
        prior_space(), read_targets(), make_settings(*SMALL).resolved
    ).evaluate(default_point(**changes))
    assert found == np.inf
    assert np.isnan(simulated).all()


@given(st.floats(0.0, 0.095), st.floats(2.0, 60.0), st.floats(1.0, 3.0))
def test_the_opening_share_is_found_where_the_rate_rises(
    answer: float, slope: float, bend: float
) -> None:
    def rate(opening: float) -> float:
        tried.append(opening)
        return target * math.exp(slope * (opening**bend - answer**bend))

    tried: list[float] = []
    target = 0.035
    found = solve_opening_share(rate, target)
    assert found is not None
    assert found == tried[-1]
    assert abs(rate(found) - target) <= 0.001


@pytest.mark.parametrize("rate", [0.02, 0.06])
def test_a_rate_that_does_not_answer_has_no_opening_share(rate: float) -> None:
    assert solve_opening_share(lambda opening: rate, 0.035) is None


def test_a_krai_that_is_solved_has_the_vacancy_rate_aimed_at() -> None:
    low, high = SAMPLED_AS[OPENING][1:]
    problem = calibration_problem({name: key.default for name, key in KEYS.items()})
    shares = []
    for target in (low, high):
        found, recorded = problem.evaluate(default_point(target))
        assert np.isfinite(found)
        assert recorded[list(problem.targets).index("job_vacancy_rate")] == pytest.approx(
            target, abs=0.001
        )
        shares.append(recorded[-1])
    assert shares[0] < shares[1]


def test_the_same_point_gives_the_same_target_values() -> None:
    problem = calibration_problem({name: key.default for name, key in KEYS.items()})
    first, second = (problem.evaluate(default_point()) for _ in range(2))
    assert first[0] == second[0]
    assert np.array_equal(first[1], second[1])
