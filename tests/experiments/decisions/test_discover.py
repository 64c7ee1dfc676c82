"""The command `experiments.discover`, on a krai of some hundred workers."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.discover import main
from tests.support.result_folders import page_of, results, summary_of

SMALL = ("market.scale=0.004", "months=30", "executor.pool=threads", "draws=150", "replicates=1")
GOAL = "shortfall_workers at 2018-06 <= 4500 workers"


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("answered")
    assert main([*SMALL, GOAL, f"output_dir={folder}"]) == 0
    return folder


def test_many_north_koreans_and_their_long_hours_are_where_the_letter_fails(answered: Path) -> None:
    summary = summary_of(results(answered)[0])
    keys = {each["key"] for each in summary["ranges"]}
    assert keys & {"population.north_korean.heads", "population.north_korean.efficiency"}
    assert summary["density"][1] > summary["failing"][1]
    assert 0.0 < summary["coverage"][1] <= 1.0
    assert "of the failures." in summary["answer"]
    page = page_of(results(answered)[0])
    assert "Which draws fail" in page


def test_where_no_draw_fails_nothing_is_said_of_where(
    answered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    goal = GOAL.replace("4500", "1e9")
    assert main([*SMALL, goal, f"output_dir={answered}"]) == 0
    printed = capsys.readouterr().out
    assert "is missed in 0" in printed
    assert "Too few draws miss it, or meet it, to say where." in printed


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "goal: none is given"),
        ([f"{GOAL} with 0.9"], "a goal without a probability"),
        ([GOAL, "policy=un2397,cliff"], "policy: given ['un2397', 'cliff']; allowed: one value"),
        ([GOAL, "draws=20"], "draws: given '20'; allowed: a whole number 100 to 800"),
        ([GOAL, "of=past"], "allowed: one of posterior, prior"),
        (["heds at 2018-06 <= 4"], "no such measure"),
    ],
)
def test_a_wrong_question_is_refused_with_status_2_and_nothing_is_written(
    given: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*given, f"output_dir={tmp_path}/out"]) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
