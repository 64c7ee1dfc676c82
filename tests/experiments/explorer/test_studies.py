"""Studies that a page starts, in processes that can be stopped; finished pages and their list."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from experiments.explorer.address import from_query
from experiments.explorer.app import make_app
from experiments.explorer.finished_results import FinishedPage, results_below
from experiments.explorer.result_list import ResultList, id_of
from experiments.explorer.result_pages import PATH, policy_of
from experiments.explorer.studies import (
    DONE,
    FAILED,
    MOST_WAITING,
    RUNNING,
    STOPPED,
    WAITING,
    StudyQueue,
    TooManyStudiesError,
)
from experiments.explorer.study_commands import KINDS, study_command
from experiments.explorer.study_panel import finished_list, study_text
from experiments.reporting.html import standalone_page
from experiments.sweeps.progress_bars import LINES, PROGRESS_VARIABLE, progress_bar
from sim.inputs.problems import ScenarioError
from tests.experiments.explorer.test_hostile_requests import IdlePool

ENDLESS = "import time; print('progress 3 9', flush=True); time.sleep(60)"


def process_of(command):
    """A process that runs a line of Python."""
    return subprocess.Popen(
        [sys.executable, "-S", "-c", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def studies():
    """A queue whose commands are lines of Python."""
    queue = StudyQueue(process_of)
    yield queue
    queue.close()


def until(queue, page, status):
    """Wait until the study of a page stands so; returns it."""
    end = time.monotonic() + 30.0
    while queue.newest(page).status != status:
        assert time.monotonic() < end, queue.newest(page)
        time.sleep(0.01)
    return queue.newest(page)


def test_a_study_tells_how_far_it_is_and_how_it_ends(studies):
    studies.submit("a", "Sweep", ["print('progress 5 20'); print('written to x')"])
    study = until(studies, "a", DONE)
    assert (study.done, study.total, list(study.printed)) == (5, 20, ["written to x"])
    assert "done; it stands among" in study_text(study, 0)
    studies.submit("a", "Ask", ["print('goal: no such measure'); raise SystemExit(2)"])
    assert study_text(until(studies, "a", FAILED), 0) == "Ask: failed: goal: no such measure"


def test_studies_run_one_at_a_time_and_can_be_cancelled_while_they_wait_or_run(studies):
    studies.submit("a", "Sweep", [ENDLESS])
    running = until(studies, "a", RUNNING)
    while not running.total:
        time.sleep(0.01)
    assert study_text(running, 0) == "Sweep: 3 of 9 runs."
    studies.submit("b", "Ask", [ENDLESS])
    waiting = studies.newest("b")
    assert (waiting.status, studies.ahead(waiting)) == (WAITING, 1)
    with pytest.raises(TooManyStudiesError, match="has one already"):
        studies.submit("b", "Ask", [ENDLESS])
    studies.cancel("b")
    assert "cancelled" in study_text(until(studies, "b", STOPPED), 0)
    studies.cancel("a")
    studies.submit("c", "Sweep", ["pass"])
    until(studies, "c", DONE)
    assert running.status == STOPPED
    assert running.process.poll() is not None


def test_no_more_studies_wait_than_the_limit_and_closing_ends_all():
    queue = StudyQueue(process_of)
    queue.submit("first", "Sweep", [ENDLESS])
    running = until(queue, "first", RUNNING)
    for number in range(MOST_WAITING):
        queue.submit(f"page {number}", "Sweep", [ENDLESS])
    with pytest.raises(TooManyStudiesError, match="try again later"):
        queue.submit("last", "Sweep", [ENDLESS])
    queue.close()
    assert running.process.poll() is not None


ANSWERED_BY = {
    "ask": "experiments.decisions.goal_search",
    "sensitivity": "experiments.decisions.global_sensitivity",
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_of_a_study_is_one_that_its_program_accepts(kind, tmp_path):
    scenario = from_query("policy=cliff&policy.compliance=0.5&levers.training.places_per_month=100")
    _, (module, *words) = study_command(kind, scenario, 5, tmp_path)
    assert "levers.training.from_date=2018-01" in words
    assert ("policy.compliance=0.5" in words) == (not KINDS[kind].takes_axis)
    if kind == "sweep":
        from experiments.sweeps.design.sweep_settings import load_sweep

        assert load_sweep(words).design.size == 21 * 10
    else:
        from experiments.decisions.decision_command import DecisionCommand

        assert module == f"experiments.{kind}"
        command = DecisionCommand(
            kind, ANSWERED_BY[kind], "", preset={"replicates": 8}, words_wanted="goals"
        )
        assert command.read(words).settings.design.scenario.market.scale == 0.05


@pytest.mark.parametrize("limit", [None, 0, -1, 101, "5"])
def test_a_limit_that_is_none_is_refused(limit, tmp_path):
    with pytest.raises(ScenarioError, match="limit: given"):
        study_command("ask", from_query(""), limit, tmp_path)


def test_progress_is_written_in_lines_for_a_program_that_asks(monkeypatch, capsys):
    monkeypatch.setenv(PROGRESS_VARIABLE, LINES)
    with progress_bar() as bar:
        task = bar.add_task("simulating", total=3, failed=0)
        for _ in range(3):
            bar.update(task, advance=1, failed=0)
    assert capsys.readouterr().err.splitlines() == ["progress 1 3", "progress 3 3"]


def answered(folder, name, answer):
    """A folder as a command writes that answers a question."""
    place = folder / name
    place.mkdir()
    summary = {"question": "ask", "answer": answer}
    (place / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    page = standalone_page("Asked", f"<p>{answer}</p>", {})
    (place / "report.html").write_text(page, encoding="utf-8")
    return place


def test_the_list_of_results_is_live_and_says_what_each_answers(tmp_path):
    listed = ResultList([tmp_path], seconds=0.0)
    assert (dict(listed.results), dict(listed.pages)) == ({}, {})
    place = answered(tmp_path, "2026-ask", "Up to <b>0.5</b>.")
    assert listed.pages == {
        id_of(place): FinishedPage("Which policies meet a goal", "Up to <b>0.5</b>.", place)
    }
    assert "Up to <b>0.5</b>." in str(finished_list(listed.pages))


def test_results_and_points_of_sweeps_have_readable_names(finished, whole_sweep):
    (result,) = results_below(finished).results.values()
    assert result.label.startswith("Everybody sent home")
    labels = [each.label for each in results_below(whole_sweep).results.values()]
    assert all(f"(sweep {whole_sweep.name})" in label for label in labels)


def test_a_finished_page_is_served_with_a_policy_under_which_it_shows_only_itself(
    tmp_path, monkeypatch
):
    place = answered(tmp_path, "2026-ask", "Yes.")
    client = make_app(IdlePool(1), tmp_path).server.test_client()
    answer = client.get(f"{PATH}/{id_of(place)}")
    assert (answer.status_code, "Yes." in answer.text) == (200, True)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts")
    assert "unsafe" not in policy.partition("script-src")[2].partition(";")[0]
    assert policy == policy_of(answer.text)
    assert "blob:" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    for name in ("x", "..", "0" * 16):
        assert client.get(f"{PATH}/{name}").status_code == 404
