"""Whatever a result, its folder or its command is called is text on every page and runs nothing."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from experiments.decisions.finding import Finding
from experiments.decisions.finding import page as decision_page
from experiments.reporting.figures import figures
from experiments.reporting.html import labels_as_text, script_safe, write_page
from experiments.reporting.report_page import report_html
from experiments.reporting.side_by_side import write_comparison
from experiments.results.result_folder import load_result
from experiments.sweeps.reporting import sweep_page
from experiments.sweeps.reporting.sweep_summary import summarise_sweep
from experiments.sweeps.store.run_store import read_store
from experiments.sweeps.store.store_reader import StoredRuns
from tests.support.small_sweeps import small_sweep

HOSTILE = (
    "<!--<script>window.ran=1</script>",
    "</script><script>window.ran=1</script>",
    '"><img src=x onerror="window.ran=1">',
    "'><svg onload='window.ran=1'>",
    '<a href="javascript:window.ran=1">x</a>',
    "&lt;b&gt; & <b>\u202e\x07",
)
QUICK = 2
"""Names that the quick tests try; the slow ones try the others."""
PLOTTED = "body[data-plotted]"


def renamed(summary: dict[str, Any], name: str) -> dict[str, Any]:
    """A summary in which everything that has a name is called so."""
    measures = {
        key: known | {"label": name, "note": name, "unit": name}
        for key, known in summary["measures"].items()
    }
    dates = [date | {"title": name} for date in summary["policy_dates"]]
    words = {"policy": name, "region": name, "market": name, "money": name}
    return (
        summary
        | words
        | {
            "levers": [name],
            "notes": [name],
            "measures": measures,
            "policy_dates": dates,
        }
    )


TEXTS = ("sweep", "region", "market", "money", "policy", "label", "unit", "note", "title", "name")
"""Values of a sweep's summary that are shown as they are."""


def with_texts(value: Any, name: str) -> Any:
    """A sweep's summary, or a part of it, in which every text that is shown is a name."""
    if isinstance(value, list):
        return [with_texts(each, name) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: name if key in TEXTS and isinstance(inner, str) else with_texts(inner, name)
        for key, inner in value.items()
    } | ({"notes": [name]} if "notes" in value else {})


@pytest.fixture(scope="module")
def sweep_summary(whole_sweep: Path) -> dict[str, Any]:
    """The summary of a small sweep."""
    sweep = small_sweep(whole_sweep)
    runs = StoredRuns(sweep.plan, sweep.columns, read_store(whole_sweep))
    return summarise_sweep(runs, "small")


def finding(name: str, summary: dict[str, Any]) -> Finding:
    """The answer to a question in which every text is a name."""
    shown = [(figure, name) for figure in figures(renamed(summary, name))[:3]]
    return Finding(name, name, [name], lambda: shown, {name: name}, {})


@pytest.fixture(
    scope="module",
    params=[
        *HOSTILE[:QUICK],
        *(pytest.param(name, marks=pytest.mark.slow) for name in HOSTILE[QUICK:]),
    ],
)
def hostile(request, finished, sweep_summary, tmp_path_factory) -> Path:
    """A result with a hostile name wherever there is one."""
    name = request.param
    folder = tmp_path_factory.mktemp("own") / name.replace("/", "_").replace("\x00", "")
    shutil.copytree(finished, folder)
    whole = load_result(finished)
    config = (folder / "config.yaml").read_text(encoding="utf-8")
    (folder / "config.yaml").write_text(f"# {name}\n{config}", encoding="utf-8")
    summary, record = renamed(whole.summary, name), whole.record | {"command": name}
    strange = dataclasses.replace(whole, folder=folder, summary=summary, record=record)
    write_page(folder / "report.html", report_html(strange))
    write_comparison([strange] * 2, folder.parent / "comparison.html")
    config = whole.config | {"name": name}
    of_sweep = sweep_page.page(with_texts(sweep_summary, name), record, config)
    write_page(folder.parent / "sweep.html", of_sweep)
    decision = decision_page(finding(name, whole.summary), record, config)
    write_page(folder.parent / "decision.html", decision)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("page", ["report", "comparison", "sweep", "decision"])
def test_a_hostile_name_is_text_and_its_page_still_draws(
    chromium, hostile: Path, page: str
) -> None:
    file = (hostile if page == "report" else hostile.parent) / f"{page}.html"
    opened = chromium.new_page()
    said: list[str] = []
    opened.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(file.as_uri())
    opened.wait_for_selector(PLOTTED, timeout=60_000)
    opened.hover("figure .plot")
    assert opened.evaluate("window.ran") is None
    assert said == []
    strange = "main script, main img, main svg[onload], main a[href^=javascript], [onerror]"
    assert opened.locator(strange).count() == 0
    opened.close()


def test_data_in_a_script_holds_no_tag() -> None:
    assert "<" not in script_safe(HOSTILE)
    assert json.loads(script_safe(HOSTILE)) == list(HOSTILE)


def test_only_the_markup_of_figures_themselves_is_left_in_labels() -> None:
    plot = {"data": [{"name": "<i>a</i>", "hovertemplate": "<i>: %{y}<extra></extra>"}]}
    (trace,) = labels_as_text(plot)["data"]
    assert trace == {"name": "&lt;i>a&lt;/i>", "hovertemplate": "&lt;i>: %{y}<extra></extra>"}
    assert labels_as_text("<b>Heads</b><br>1") == "<b>Heads</b><br>1"
