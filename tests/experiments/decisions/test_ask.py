"""The command `experiments.ask`, on a krai of some hundred workers."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from experiments.ask import main
from tests.support.result_folders import page_of, results, summary_of

SMALL = ("market.scale=0.004", "months=30", "executor.pool=threads", "draws=36", "replicates=2")
BRACEROS = "population=bracero_states_1964"
GOAL = "shortfall_percent at 2018-06 <= 6 with 0.9"
SEARCH = (*SMALL, GOAL, "over=policy.compliance", "maximise=dprk_revenue_lost_usd", "precision=0.2")


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("searched")
    assert main([*SEARCH, f"output_dir={folder}"]) == 0
    return folder


def test_the_best_policy_was_simulated_and_meets_the_goal(searched: Path) -> None:
    summary = summary_of(results(searched)[0])
    best = summary["best"]
    assert best in summary["policies"]
    assert best["feasible"]
    assert best["probabilities"][0][1] >= 0.9
    feasible = [policy for policy in summary["policies"] if policy["feasible"]]
    assert best["means"][1][1] == max(policy["means"][1][1] for policy in feasible)
    given = yaml.safe_load((results(searched)[0] / "policy.yaml").read_text(encoding="utf-8"))
    assert given == {"policy": {"compliance": best["values"]["policy.compliance"]}}


def test_less_compliance_leaves_less_shortfall_so_the_set_begins_at_none(searched: Path) -> None:
    ((stretch,),) = [line["stretches"] for line in summary_of(results(searched)[0])["lines"]]
    assert stretch["from"] == [0.0, 0.0, 0.0]
    low, edge, high = stretch["to"]
    assert 0.0 <= low <= edge <= high <= 1.0


def test_the_answer_names_goal_edge_best_and_price(searched: Path) -> None:
    answer = summary_of(results(searched)[0])["answer"]
    assert answer.startswith(
        "Shortfall at the baseline wage (missing labour) in 2018-06 is at most"
    )
    assert "with compliance " in answer
    assert "Among these the largest" in answer
    page = page_of(results(searched)[0])
    assert "The goals along compliance" in page


def test_the_same_command_simulates_nothing_and_writes_the_same_bytes(
    searched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bool:
        raise AssertionError("a run was simulated again")

    monkeypatch.setattr("experiments.decisions.paired_runs.simulate", refuse)
    assert main([*SEARCH, f"output_dir={searched}"]) == 0
    first, second = results(searched)
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


def test_where_no_policy_meets_a_goal_the_nearest_is_named(tmp_path: Path) -> None:
    goal = "shortfall_percent at 2018-06 <= -1 with 0.9"
    given = [*SMALL, goal, "policy=un2397,cliff", f"output_dir={tmp_path}"]
    assert main(given) == 0
    summary = summary_of(results(tmp_path)[0])
    assert summary["best"] is None
    assert summary["answer"].startswith("No policy compared reaches that")
    assert summary["nearest"]["probabilities"][0][1] == 0.0


def test_a_list_of_policies_has_regret_and_the_share_that_satisfies(tmp_path: Path) -> None:
    given = [*SMALL, GOAL, "policy=un2397,blind_eye", f"output_dir={tmp_path}"]
    assert main([*given, "maximise=dprk_revenue_lost_usd"]) == 0
    summary = summary_of(results(tmp_path)[0])
    letter, blind = summary["policies"]
    assert blind["satisfied"][1] == 1.0
    assert letter["regret"][1] <= blind["regret"][1]
    assert summary["minimax_regret"] == letter["values"]
    assert "smallest largest regret in dprk_revenue_lost_usd" in summary["answer"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["over=policy.compliance"], "goal: none is given"),
        ([GOAL], "over: give keys to search over"),
        ([GOAL, "over=policy.compliance", "policy=un2397,cliff"], "and not both"),
        ([GOAL, "over=policy.compliance", "draws=20"], "draws: given 20; allowed: at least 35"),
        ([GOAL, "over=policy.compliance:0..2"], "allowed: 0 to 1 (probability)"),
        (
            [GOAL, "over=policy.compliance", "maximise=heads", "minimise=heads"],
            "both are given; give one",
        ),
        ([GOAL, "over=policy.compliance", "market=bracero_states_1964", BRACEROS], "market: given"),
        ([GOAL, "over=policy.compliance", "maximize=heads"], "maximize"),
    ],
)
def test_a_wrong_question_is_refused_with_status_2_and_nothing_is_written(
    given: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*given, f"output_dir={tmp_path}/out"]) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
