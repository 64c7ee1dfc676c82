"""Several results compared on one page, and pictures for a paper."""

from __future__ import annotations

import copy
import dataclasses
import html
import re

import pytest

from experiments.ensembles.uncertainty import interval_meaning
from experiments.report import main
from experiments.reporting import png as pictures
from experiments.reporting.overlay import (
    NamedSummary,
    bands_note,
    merged_summary,
    shared_policy_dates,
)
from experiments.reporting.side_by_side import comparison_html, names_of, overlaid_figures
from experiments.results.result_folder import load_result
from experiments.run import main as run_main


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """A second result: another policy over other months."""
    parent = tmp_path_factory.mktemp("other")
    arguments = [
        "policy=cliff",
        "market.scale=0.02",
        "replicates=2",
        "start=2016-07",
        "months=60",
        "uncertainty=none",
    ]
    assert run_main([*arguments, f"output_dir={parent}"]) == 0
    return next(parent.iterdir())


@pytest.fixture(scope="module")
def results(finished, other):
    return [load_result(finished), load_result(other)]


def test_the_comparison_has_every_result_with_its_answer_and_command(results):
    text = html.unescape(comparison_html(results))
    assert text.count("construction in Primorsky Krai") == 2
    for result in results:
        assert result.record["command"] in text
    assert not re.search(
        r"<link|<iframe|@import",
        re.sub(r"<script type=.text/plain.*?</script>", "", text, count=1, flags=re.DOTALL),
    )


def test_differences_come_with_wages(results):
    rows = re.findall(r"<tr>.*?</tr>", comparison_html(results))
    shortfall = [row for row in rows if '<th scope="row">Shortfall at the baseline' in row]
    assert shortfall
    for row in shortfall:
        assert row.count("RUB") == 2
        assert re.search(r"[+-][\d,]+ against the first", row)


def test_results_are_overlaid_in_every_row_over_all_months(results):
    named = names_of(results)
    together = merged_summary(named)
    assert (together["start"], together["months"]) == ("2016-01", 66)
    for figure in overlaid_figures(named):
        curves = {trace["name"] for trace in figure.plot["data"] if trace.get("meta")}
        assert curves == {"un2397", "cliff"}


def test_only_dates_that_all_results_share_are_marked(results):
    assert shared_policy_dates(names_of(results)) == [
        {"month": "2019-12", "title": "deadline to leave"}
    ]
    bare = [NamedSummary("bare", results[0].summary | {"policy_dates": []})]
    assert shared_policy_dates(bare) == []


def test_results_of_one_policy_are_told_apart_by_what_was_set(results):
    other = dataclasses.replace(
        results[0],
        record=results[0].record | {"command": "python -m experiments.run uncertainty=posterior"},
    )
    assert [each.name for each in names_of([results[0], other])] == [
        "un2397, scale 0.02, replicates 3, compliance 0.6, uncertainty none",
        "un2397, uncertainty posterior",
    ]


def test_the_note_on_bands_speaks_of_each_result(results):
    named = names_of(results)
    assert bands_note(named).endswith("; parameters fixed: the interval holds chance only.")
    drawn = {"kind": "posterior", "draws": 50, "parameters_share": {}}
    wide = named[1].summary | {"uncertainty": drawn}
    assert "50 draws" in interval_meaning(wide, "shortfall_workers")
    mixed = bands_note([named[0], NamedSummary("wide", wide)])
    meaning = interval_meaning(wide, "shortfall_workers")
    assert mixed.endswith(
        f"un2397: parameters fixed: the interval holds chance only; wide: {meaning}."
    )


def test_results_of_one_name_are_told_apart_by_their_folders(results):
    twice = [results[0], copy.deepcopy(results[0])]
    assert [each.name for each in names_of(twice)] == [results[0].folder.name] * 2


def test_the_command_compares_remakes_and_refuses(finished, other, tmp_path, capsys):
    assert main([str(finished), str(other), "--output", str(tmp_path / "both.html")]) == 0
    assert (tmp_path / "both.html").stat().st_size < 6_000_000
    assert main([str(finished)]) == 0
    assert "report.html" in capsys.readouterr().out
    assert main([str(finished), "--no-such-option"]) == 2
    assert main([str(finished), str(tmp_path)]) == 2


def test_a_single_report_goes_where_it_is_told(finished, tmp_path, capsys):
    assert main([str(finished), "--output", str(tmp_path / "one.html")]) == 0
    assert (tmp_path / "one.html").read_bytes() == (finished / "report.html").read_bytes()
    assert main([str(finished), "--output", str(tmp_path / "nowhere" / "one.html")]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_pictures_of_results_of_one_name_do_not_overwrite_one_another(results, tmp_path):
    twice = [
        dataclasses.replace(results[0], folder=tmp_path / parent / "same") for parent in ("a", "b")
    ]
    assert pictures.picture_folders(twice, tmp_path) == [tmp_path / "same", tmp_path / "same-2"]
    assert pictures.picture_folders(twice[:1], tmp_path) == [tmp_path]


def test_without_a_browser_pictures_are_refused_in_words(results, tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "browser", lambda: None)
    assert main([str(results[0].folder), "--png", str(tmp_path)]) == 2


@pytest.mark.slow
@pytest.mark.skipif(pictures.browser() is None, reason="needs Chromium or Chrome")
def test_pictures_for_a_paper(finished, tmp_path):
    assert main([str(finished), "--png", str(tmp_path)]) == 0
    made = sorted(tmp_path.glob("*.png"))
    assert len(made) == 11
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in made)
