"""Summaries in which a measure has no value: tables and figures say so, and nothing fails."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from experiments.reporting.all_measures import all_measures_table
from experiments.reporting.answer import answer, caution
from experiments.reporting.console_table import print_result
from experiments.reporting.figures import figures
from experiments.reporting.html import script_safe
from experiments.reporting.report_page import number_tables
from experiments.results.result_folder import load_result
from experiments.results.summary_reader import Summary


def printed(summary: Summary) -> str:
    """What the command prints."""
    text = io.StringIO()
    print_result(summary, Console(file=text, width=130))
    return text.getvalue()


def plots(summary: Summary) -> str:
    """All figures as the page has them."""
    return script_safe([figure.plot for figure in figures(summary)])


PARTS: list[Callable[[Summary], str]] = [
    answer,
    caution,
    number_tables,
    all_measures_table,
    printed,
    plots,
]


@pytest.fixture(scope="module")
def summary(finished: Path) -> Summary:
    """The summary of a small result."""
    return load_result(finished).summary


def without(summary: Summary, *names: str) -> Summary:
    """The summary with no value of these measures in any month."""
    emptied = {name: {**summary["measures"][name], "by_month": {}} for name in names}
    means = {name: mean for name, mean in summary["means_at_end"].items() if name not in names}
    return {**summary, "measures": {**summary["measures"], **emptied}, "means_at_end": means}


def test_no_part_of_a_report_fails_where_a_measure_has_no_value(summary: Summary) -> None:
    shown = ("shortfall_workers", "wage_real_rub", "lost_labour_worker_months", "job_vacancy_rate")
    for name in shown:
        for part in PARTS:
            assert "nan" not in part(without(summary, name)).lower().replace("finance", "")


@pytest.mark.parametrize("part", PARTS)
def test_no_part_of_a_report_fails_where_nothing_has_a_value(
    summary: Summary, part: Callable[[Summary], str]
) -> None:
    text = part(without(summary, *summary["measures"]))
    assert "NaN" not in text
    if part in (number_tables, printed):
        assert "no value" in text


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_no_part_of_a_report_fails_whichever_measure_has_no_value(
    summary: Summary, part: Callable[[Summary], str]
) -> None:
    for name in summary["measures"]:
        assert "NaN" not in part(without(summary, name))


def test_a_number_that_is_not_finite_is_a_gap_in_a_figure() -> None:
    given: Any = {"y": [1.0, math.nan, (math.inf, 2)], "name": "a", "x": {"z": -math.inf}}
    wanted = {"y": [1.0, None, [None, 2]], "name": "a", "x": {"z": None}}
    assert json.loads(script_safe(given)) == wanted
