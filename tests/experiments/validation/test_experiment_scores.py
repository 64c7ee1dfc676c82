"""Naive rules are as wide as they were wrong on experiments read earlier, per incomer."""

import numpy as np
import pytest

from experiments.validation.case_files import read_cases
from experiments.validation.experiment_scores import scored_effects
from experiments.validation.naive_rules import RULES
from experiments.validation.natural_experiments import Prediction

CASES = read_cases()
SIZES = {
    "bracero_end": -30.0,
    "german_border_inflow": 10.0,
    "german_border_outflow": -10.0,
    "h2b_lottery": -17.0,
    "secure_communities": -2.7,
}


def made_up() -> dict[str, list[Prediction]]:
    return {
        case.name: [
            Prediction(
                effect,
                np.array([0.0, 1.0]),
                {name: rule(effect, SIZES[case.name], 0.8) for name, rule in RULES.items()},
                SIZES[case.name],
            )
            for effect in case.targets
        ]
        for case in CASES
    }


SCORED = {(each.case, each.target): each for each in scored_effects(CASES, made_up())}


def test_every_effect_is_scored_once_with_its_estimate() -> None:
    assert len(SCORED) == sum(len(case.targets) for case in CASES)
    bracero = SCORED["bracero_end", "native_wage_change"]
    assert (bracero.observed, bracero.standard_error) == (-2.5, 1.7)


def test_on_the_first_experiment_a_rule_has_no_past() -> None:
    head_count = SCORED["bracero_end", "native_wage_change"].naive["head count"]
    assert head_count is not None
    assert head_count.error_sd == pytest.approx(1.7)


def test_later_the_rule_is_as_wrong_as_before_per_incomer() -> None:
    scored = SCORED["german_border_inflow", "native_wage_per_point"]
    head_count = scored.naive["head count"]
    assert head_count is not None
    assert head_count.error_sd == pytest.approx(
        np.hypot(-2.5 / SIZES["bracero_end"], scored.standard_error)
    )


def test_what_is_assumed_teaches_nothing() -> None:
    (last,) = [case for case in CASES if case.name == "german_border_outflow"]
    earlier = {case.name for case in CASES if case.reading_month < last.reading_month}
    assert earlier == {"bracero_end", "german_border_inflow"}
    scored = SCORED["german_border_outflow", "native_wage_per_point"]
    found = [-0.13, -2.5 / SIZES["bracero_end"]]
    head_count = scored.naive["head count"]
    assert head_count is not None
    assert head_count.error_sd == pytest.approx(
        np.hypot(np.sqrt(np.mean(np.square(found))), scored.standard_error)
    )


def test_a_silent_rule_stays_silent() -> None:
    share = SCORED["german_border_inflow", "share_by_hiring"]
    assert share.naive["head count"] is None
    assert share.naive["constant"] is not None
