"""Numbers with a prior of their own are drawn from it, beside the draws of a shipped fit."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from experiments.calibration.space import EMPLOYED, POOL
from experiments.ensembles.prior_draws import ELICITED, quantiles, with_own
from experiments.ensembles.uncertainty import sampled_scenarios
from sim.inputs.dated_inputs import elicited_priors, evidence_problems, own_priors
from sim.inputs.own_evidence import VARIABLE
from sim.inputs.prior_files import Prior
from sim.inputs.problems import ScenarioError
from sim.scenario import Scenario
from tests.support.shipped_scenarios import make_settings

HEADS = "population.north_korean.heads"
WITH_THEM = "population=primorye_central_asians"
OWN = """\
{key}: {{distribution: uniform, range: {range}, unit: workers, confidence: low,
  elicited_from: ["assumption: a test"]}}
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Writes a file of priors of one's own."""

    def write(key: str, limits: str) -> None:
        (tmp_path / "priors.yaml").write_text(OWN.format(key=key, range=limits), encoding="utf-8")
        own_priors.cache_clear()

    monkeypatch.setenv(VARIABLE, str(tmp_path))
    yield write
    own_priors.cache_clear()


def drawn(*overrides: str, kind: str = "posterior", replicates: int = 12) -> list[Scenario]:
    found = sampled_scenarios(make_settings(*overrides).resolved, kind, replicates, 1)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("prior", "median"),
    [
        (Prior("uniform", 1.0, 3.0, "", "low", ()), 2.0),
        (Prior("triangular", 1.0, 3.0, "", "low", (), 2.0), 2.0),
        (Prior("normal", 1.0, 3.0, "", "low", (), 2.0, 0.5), 2.0),
        (Prior("lognormal", 1.0, 4.0, "", "low", (), 2.0, 0.5), 2.0),
    ],
)
def test_quantiles_lie_in_the_range_and_rise(prior: Prior, median: float) -> None:
    found = quantiles(prior, np.array([0.0, 0.25, 0.5, 0.75, 1.0]))
    assert found[0] == pytest.approx(prior.low)
    assert found[2] == pytest.approx(median)
    assert found[-1] == pytest.approx(prior.high)
    assert (np.diff(found) > 0.0).all()


def test_a_group_that_no_fit_has_seen_is_drawn_from_its_priors() -> None:
    groups = [scenario.population["central_asian"] for scenario in drawn(WITH_THEM)[::2]]
    assert len({group.candidates for group in groups}) == len(groups)  # type: ignore[union-attr]
    held = drawn(WITH_THEM, "population.central_asian.candidates=20000")
    assert {each.population["central_asian"].candidates for each in held} == {20000}  # type: ignore[union-attr]


def test_elicited_draws_reach_below_and_above_the_shipped_prior() -> None:
    heads = [each.population["north_korean"].heads for each in drawn(kind=ELICITED, replicates=80)]  # type: ignore[union-attr]
    prior = elicited_priors()[HEADS]
    assert prior.low <= min(heads) < 6000 < 10200 < max(heads) <= prior.high


def test_the_pool_keeps_its_ratio_to_the_employed() -> None:
    found = with_own({EMPLOYED: 50_000.0, POOL: 75_000.0}, {EMPLOYED: 30_000.0}, {})
    assert found == {EMPLOYED: 30_000.0, POOL: 45_000.0}


def test_a_prior_of_ones_own_takes_the_place_of_the_fits(
    own: Callable[[str, str], None],
) -> None:
    own(HEADS, "[100, 200]")
    heads = {each.population["north_korean"].heads for each in drawn()}  # type: ignore[union-attr]
    assert len(heads) == 6
    assert all(100 <= each <= 200 for each in heads)


def test_ones_own_priors_are_drawn_in_any_market(own: Callable[[str, str], None]) -> None:
    own("population.german.pool", "[60000, 90000]")
    german = ("market=german_border_1991", "population=german_border_1991", "policy=none")
    found = drawn(*german, "start=1990-06", "months=12")
    assert len({each.population["german"].pool for each in found}) == 6  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("key", "limits", "words"),
    [
        ("population.north_korean.head", "[1, 2]", f"the closest existing number.*{HEADS}"),
        ("policy.compliance", "[0.5, 1.5]", r"allowed: 0 to 1 \(probability\)"),
    ],
)
def test_a_prior_that_has_no_place_in_the_market_is_refused(
    own: Callable[[str, str], None], key: str, limits: str, words: str
) -> None:
    own(key, limits)
    with pytest.raises(ScenarioError, match=words):
        drawn()


def test_a_malformed_prior_of_ones_own_is_among_the_problems_of_the_evidence(
    own: Callable[[str, str], None],
) -> None:
    own("policy.compliance", "[1, 0]")
    assert any("policy.compliance: range" in problem for problem in evidence_problems())
