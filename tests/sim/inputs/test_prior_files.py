"""Files of priors: shipped and a user's own are read alike; what is wrong is refused by key."""

from pathlib import Path

import pytest
import yaml

from sim.inputs.dated_inputs import elicited_priors, parameters
from sim.inputs.prior_files import read_priors
from sim.inputs.problems import ScenarioError

GOOD = {
    "distribution": "triangular",
    "range": [1, 3],
    "mode": 2,
    "unit": "workers",
    "confidence": "low",
    "elicited_from": ["assumption: a guess"],
}


def read(folder: Path, **changes: object) -> object:
    path = folder / "priors.yaml"
    entry = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    path.write_text(yaml.safe_dump({"market.scale": entry}), encoding="utf-8")
    return read_priors(path)


def test_elicited_priors_belong_to_parameters_in_their_unit_and_name_their_sources() -> None:
    for key, prior in elicited_priors().items():
        assert prior.unit == parameters()[key].unit
        assert len(prior.elicited_from) > 1


def test_the_prior_of_heads_reaches_to_both_sides_of_its_mode() -> None:
    heads = elicited_priors()["population.north_korean.heads"]
    assert heads.centre is not None
    assert heads.low < 0.8 * heads.centre < 1.2 * heads.centre < heads.high


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"distribution": "gaussian"}, "distribution: given 'gaussian', needs one of uniform"),
        ({"range": [3, 1]}, "needs low not above high"),
        ({"range": [2, 2]}, "needs low below high"),
        ({"mode": 4}, "mode: given 4, needs 1 to 3"),
        ({"mode": None}, "mode: given null, needs a finite number"),
        ({"mod": 2}, "mod: no part of a triangular prior; the closest is mode"),
        ({"elicited_from": []}, "elicited_from: given"),
        ({"distribution": "normal", "mode": None, "mean": 2, "sd": 0}, "sd: given 0, needs"),
        (
            {"distribution": "lognormal", "mode": None, "median": 2, "sd_log": 1, "range": [0, 3]},
            "needs low above 0",
        ),
    ],
)
def test_what_is_wrong_with_a_prior_is_said_with_its_key(
    changes: dict[str, object], words: str, tmp_path: Path
) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, **changes)
    (problem,) = caught.value.problems
    assert "priors.yaml: market.scale: " in problem
    assert words in problem
