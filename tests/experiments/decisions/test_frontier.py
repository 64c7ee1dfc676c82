"""The command `experiments.frontier`, on a krai of some hundred workers."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

from experiments.decisions import paired_runs
from experiments.frontier import main
from tests.support.result_folders import results, summary_of

SMALL = ("market.scale=0.004", "months=30", "executor.pool=threads", "replicates=2")
OVER = "over=policy.compliance,policy.leave_by:2018-01-31..2018-06-30"
TRADED = ("maximise=dprk_revenue_lost_usd", "minimise=never_built_worker_months")
SEARCH = (*SMALL, OVER, *TRADED, "candidates=16", "population=8", "draws=5", "fresh_draws=10")
SHIPPED = ["blind_eye", "cliff", "observed", "retain_10000", "un2397"]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("found")
    assert main([*SEARCH, f"output_dir={folder}"]) == 0
    return folder


def test_nothing_on_the_front_is_beaten_and_what_is_beaten_names_by_what(found: Path) -> None:
    summary = summary_of(results(found)[-1])
    entries = {each["name"]: each for each in [*summary["schedules"], *summary["shipped"]]}
    assert [each["name"] for each in summary["shipped"]] == SHIPPED
    assert summary["more_is_better"] == [True, False]
    better = {name: [each["means"][0][1], -each["means"][1][1]] for name, each in entries.items()}
    for name, each in entries.items():
        gaps = np.array([np.subtract(better[other], better[name]) for other in entries])
        beaten = ((gaps >= 0.0).all(axis=1) & (gaps > 0.0).any(axis=1)).any()
        assert each["on_front"] == (not beaten)
        assert (each["dominated"] is None) == each["on_front"]
        if each["dominated"]:
            by = entries[each["dominated"]["by"]]
            assert by["on_front"]
            for place, (_, gap, _) in enumerate(each["dominated"]["difference"]):
                difference = by["means"][place][1] - each["means"][place][1]
                assert gap == pytest.approx(difference, rel=1e-6, abs=1e-3)


def test_the_answer_names_every_shipped_policy(found: Path) -> None:
    answer = summary_of(results(found)[-1])["answer"]
    assert answer.startswith("Of 16 schedules tried")
    assert all(f"{name} is " in answer for name in SHIPPED)


def test_the_yaml_of_every_entry_holds_its_whole_policy(found: Path) -> None:
    summary = summary_of(results(found)[-1])
    text = (results(found)[-1] / "schedules.yaml").read_text(encoding="utf-8")
    policies = list(yaml.safe_load_all(text))
    assert len(policies) == len(summary["schedules"]) + len(SHIPPED)
    first = summary["schedules"][0]["values"]
    assert policies[0]["policy"]["compliance"] == first["policy.compliance"]
    assert str(policies[0]["policy"]["leave_by"]) == first["policy.leave_by"]
    assert policies[0]["policy"]["transport_per_month"] == 1000
    assert policies[-1]["policy"]["compliance"] == 1.0


def test_a_click_on_a_point_shows_its_yaml(chromium, found: Path) -> None:
    window = chromium.new_page(viewport={"width": 1000, "height": 900})
    window.goto((results(found)[-1] / "report.html").as_uri())
    window.wait_for_selector("body[data-plotted=all]")
    spot = window.locator("#figure-front .points path").last
    spot.scroll_into_view_if_needed()
    box = spot.bounding_box()
    window.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    window.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    shown = window.wait_for_selector("pre.clicked").text_content()
    window.close()
    assert shown.startswith("# python -m experiments.run policy.")
    assert "compliance" in yaml.safe_load(shown)["policy"]


def test_the_same_command_simulates_nothing_and_writes_the_same_bytes(
    found: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bool:
        raise AssertionError("a run was simulated again")

    monkeypatch.setattr(paired_runs, "simulate", refuse)
    assert main([*SEARCH, f"output_dir={found}"]) == 0
    first, second = results(found)
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


def test_a_search_stopped_in_the_middle_goes_on_to_the_same_front(
    found: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generations: list[int] = []

    def stopping(*given: object) -> bool:
        generations.append(1)
        return True if len(generations) == 2 else paired_runs_simulate(*given)

    paired_runs_simulate = paired_runs.simulate
    with monkeypatch.context() as patched:
        patched.setattr(paired_runs, "simulate", stopping)
        assert main([*SEARCH, f"output_dir={tmp_path}"]) == 130
    assert not results(tmp_path)
    assert main([*SEARCH, f"output_dir={tmp_path}"]) == 0
    whole, stopped = summary_of(results(found)[-1]), summary_of(results(tmp_path)[-1])
    assert whole.pop("record") != stopped.pop("record")
    assert whole == stopped


def test_without_its_extra_the_command_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pymoo", None)
    assert main([*SEARCH, f"output_dir={tmp_path}/out"]) == 2
    assert "the extra `frontier` brings" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "over: given 'none'; allowed: 1 to 8 keys"),
        (["over=policy.leave"], "policy.leave_by"),
        (["over=policy.compliance:0..2"], "allowed: 0 to 1 (probability)"),
        (["over=policy.leave_by"], "over: policy.leave_by: given 'no range'; allowed: FIRST..LAST"),
        (["over=policy.leave_by:2019-13-01..2020-01-01"], "allowed: FIRST..LAST"),
        (["over=policy.leave_by:2017-01-01..2020-01-01"], "put the policy's dates in order"),
        (["over=policy.compliance,policy.compliance:0..0.5"], "allowed: each key once"),
        (["over=levers.employer_fine.rub:0..500000"], "levers.employer_fine.from_date: missing"),
        ([OVER, "minimise="], "allowed: 2 or 3 measures in all"),
        ([OVER, "minimise=nothing"], "minimise: nothing"),
        ([OVER, "minimise=dprk_revenue_lost_usd"], "a measure is given twice"),
        ([OVER, "candidates=50"], "candidates: given 50; allowed: 80 or more"),
        ([OVER, "draws=2"], "draws: given '2'; allowed: a whole number 5 to 300"),
        ([OVER, "policy=un2397,cliff"], "policy: several values are given"),
    ],
)
def test_a_wrong_question_is_refused_with_status_2_and_nothing_is_written(
    given: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*given, f"output_dir={tmp_path}/out"]) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
