"""The report shows every measure of a result."""

from __future__ import annotations

import json
from pathlib import Path

from experiments.reporting.all_measures import all_measures_table, median_and_interval, rounded
from experiments.results.result_folder import REPORT, SUMMARY


def test_every_measure_of_a_result_is_a_line_of_its_report(finished: Path) -> None:
    summary = json.loads((finished / SUMMARY).read_text(encoding="utf-8"))
    page = (finished / REPORT).read_text(encoding="utf-8")
    names = list(summary["measures"])
    assert len(names) > 100
    assert [name for name in names if f"<small>{name}</small>" not in page] == []
    assert all_measures_table(summary) in page


def test_numbers_are_rounded_to_what_a_reader_can_use() -> None:
    assert rounded(123_456.7) == "123,500"
    assert rounded(0.012346) == "0.01235"
    assert median_and_interval([-1.0, 0.0, 2.5]) == "0<small>-1 to 2.5</small>"


def test_a_month_without_a_value_says_so() -> None:
    assert median_and_interval(None) == "no value"
