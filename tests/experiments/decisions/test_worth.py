"""The command `experiments.worth`, on a krai of some hundred workers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.worth import main
from tests.support.result_folders import page_of, results, summary_of

SMALL = (
    "market.scale=0.004",
    "months=30",
    "executor.pool=threads",
    "draws=50",
    "replicates=2",
    "policy=un2397,blind_eye",
)


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("answered")
    assert main([*SMALL, f"output_dir={folder}"]) == 0
    return folder


def test_the_letter_gives_way_to_the_blind_eye_where_losses_cost_more(answered: Path) -> None:
    summary = summary_of(results(answered)[0])
    assert summary["policies"] == ["Letter of the resolution", "A blind eye"]
    (change,) = summary["break_evens"]
    low, middle, high = change["price"]
    letter, blind = summary["means"]
    # A policy that never binds gains and loses nothing.
    assert blind == {"gain": 0.0, "loss": 0.0}
    assert low <= middle <= high
    assert middle == pytest.approx(letter["gain"] / letter["loss"], rel=1e-6)
    shares = np.array(summary["best_shares"])
    np.testing.assert_allclose(shares.sum(axis=0), 1.0)
    assert shares[0, 0] > shares[0, -1]
    assert summary["all_parameters"] >= max(each["value"] for each in summary["parameters"])
    assert summary["everything"] >= summary["all_parameters"]
    assert "Letter of the resolution is best on average up to" in summary["answer"]


def test_a_warm_store_is_read_and_a_stated_price_used(
    answered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bool:
        raise AssertionError("a run was simulated again")

    monkeypatch.setattr("experiments.decisions.paired_runs.simulate", refuse)
    given = [*SMALL, f"output_dir={answered}", "price=250", "prices=0..1000"]
    assert main(given) == 0
    summary = summary_of(results(answered)[-1])
    assert summary["price"] == 250.0
    assert (summary["prices"][0], summary["prices"][-1]) == (0.0, 1000.0)
    page = page_of(results(answered)[-1])
    assert "Which policy is best, by price" in page


def test_one_policy_that_is_best_at_every_price_says_so(
    answered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*SMALL, f"output_dir={answered}", "prices=0..0.001"]) == 0
    printed = capsys.readouterr().out
    assert "Letter of the resolution is best on average at every price from 0 to 0.001" in printed


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["policy=un2397"], "policies: give two or more to choose from"),
        (["policy=un2397,cliff", "gain=heds"], "no such measure"),
        (["policy=un2397,cliff", "loss=heads at 2031-01"], "given '2031-01'; allowed: 2016-01"),
        (["policy=un2397,cliff", "prices=5..1"], "prices: given '5..1'; allowed: auto, or LOW..HI"),
        (["policy=un2397,cliff", "price=-1"], "price: given '-1'; allowed: auto, or 0 or more"),
        (["policy=un2397,cliff", "draws=10"], "draws: given '10'; allowed: a whole number 50"),
    ],
)
def test_a_wrong_question_is_refused_with_status_2_and_nothing_is_written(
    given: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*given, f"output_dir={tmp_path}/out"]) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
