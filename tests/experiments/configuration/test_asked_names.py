"""Results are named by what was asked."""

from __future__ import annotations

import re

import pytest

from experiments.configuration.asked_names import LONGEST_NAME, asked_name, joined
from experiments.configuration.run_keys import RunKeys
from experiments.configuration.settings import load_settings
from experiments.sweeps.design.sweep_settings import load_sweep
from sim.inputs.dotted_keys import annotations_of


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ([], "un2397"),
        (["replicates=3", "threads=1", "output_dir=elsewhere"], "un2397"),
        (["policy.compliance=0.6"], "un2397-compliance-0.6"),
        (["seed=2", "market.scale=0.1"], "un2397-scale-0.1-seed-2"),
        (["policy=cliff", "uncertainty=none"], "cliff-uncertainty-none"),
        (["levers=training"], "un2397-training"),
        (
            ["levers.training.places_per_month=9", "levers.training.from_date=2018-01"],
            "un2397-training.places_per_month-9-training.from_date-2018-01",
        ),
        (["policy.leave_by=2018-12-31"], "un2397-leave_by-2018-12-31"),
        (["name=mine", "seed=3"], "mine"),
    ],
)
def test_a_run_is_named_by_what_differs_from_the_shipped_files(given: list[str], name: str) -> None:
    assert asked_name(load_settings(given).resolved) == name


def test_the_same_question_has_the_same_name_in_any_order() -> None:
    words = ["seed=2", "policy.compliance=0.6", "market.scale=0.1"]
    names = {asked_name(load_settings(each).resolved) for each in (words, words[::-1])}
    assert len(names) == 1
    assert names == {asked_name(load_settings([*words, "replicates=7"]).resolved)}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ([], "compliance"),
        (["experiment=policies", "seed=1"], "policies"),
        (
            ["policy.compliance=0,1", "policy.retained_workers=0,5000"],
            "compliance-x-retained_workers",
        ),
        (["policy=blind_eye", "market.scale=0.1"], "compliance-blind_eye-scale-0.1"),
        (["experiment=levers", "uncertainty=none"], "levers-uncertainty-none"),
        (["name=mine"], "mine"),
    ],
)
def test_a_sweep_is_named_by_its_design_and_what_differs(given: list[str], name: str) -> None:
    assert load_sweep(given).name == name


def test_a_long_name_says_that_there_is_more_and_is_a_name() -> None:
    name = joined(["un2397", *(f"key_{number}-0.5" for number in range(30))])
    assert name.endswith("-and-more")
    assert len(name) <= LONGEST_NAME + len("-and-more")
    pattern = annotations_of(RunKeys)["name"].__args__[0].__metadata__[0].pattern
    assert re.fullmatch(pattern, name)
