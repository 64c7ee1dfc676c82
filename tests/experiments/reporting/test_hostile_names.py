"""Whatever a result, its folder or its command is called is text on every page and runs nothing."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from experiments.reporting.html import labels_as_text, script_safe, write_page
from experiments.reporting.report_page import report_html
from experiments.reporting.side_by_side import write_comparison
from experiments.results.result_folder import load_result

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


@pytest.fixture(
    scope="module",
    params=[
        *HOSTILE[:QUICK],
        *(pytest.param(name, marks=pytest.mark.slow) for name in HOSTILE[QUICK:]),
    ],
)
def hostile(request, finished, tmp_path_factory) -> Path:
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
    return folder


@pytest.mark.parametrize("page", ["report", "comparison"])
def test_a_hostile_name_is_text_and_its_page_still_draws(
    chromium, hostile: Path, page: str
) -> None:
    file = hostile / "report.html" if page == "report" else hostile.parent / "comparison.html"
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
