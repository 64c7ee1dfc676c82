"""The tables of a sweep's page: thresholds, points, measures and failures."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any, NamedTuple

from experiments.reporting.html import table
from experiments.results.summary_reader import EN_DASH
from experiments.sweeps.reporting.point_names import (
    SweepSummary,
    counted,
    interval_text,
    month_phrase,
    point_label,
    reading,
    threshold_text,
    value_text,
)
from experiments.sweeps.reporting.sweep_answer import level_warning, thresholds_of

POINTS_OPEN, POINTS_SHOWN = 12, 200
"""Points up to which their table is unfolded, and points that it shows at most."""


class Column(NamedTuple):
    """A column of the table of points; `wage` measures the wage that its numbers hold at."""

    measure: str
    title: str
    form: str
    wage: str | None


COLUMNS = (
    Column("shortfall_workers", "Shortfall, standard workers", ",.0f", "wage_real_rub_baseline"),
    Column("shortfall_percent", "Shortfall, percent", ",.1f", "wage_real_rub_baseline"),
    Column("remaining_gap_workers", "Remaining gap, standard workers", ",.0f", "wage_real_rub"),
    Column("unfilled_vacancies", "Unfilled vacancies", ",.0f", "wage_real_rub"),
    Column("output_percent_of_baseline", "Output, percent of the baseline", ",.1f", None),
)
DIGITS = 4
"""Significant digits of the table of measures."""


def all_tables(summary: SweepSummary) -> str:
    """Every table, the measures folded away."""
    measures = f"<summary>Every measure of this report</summary>{measure_table(summary)}"
    return (
        failure_table(summary)
        + threshold_table(summary)
        + point_table(summary)
        + f"<details>{measures}</details>"
    )


def threshold_table(summary: SweepSummary) -> str:
    """The thresholds of every line; nothing if compliance does not vary."""
    lines = summary["thresholds"]
    if not lines:
        return ""
    rows = [
        [
            "",
            "the shortfall reaches 5 %",
            "the shortfall reaches 10 %",
            "90 % of runs meet the deadline",
            "90 % meet it with all transported",
        ]
    ]
    for line in lines:
        cells = [threshold_text(each["at"]) for each in line["shortfall_percent_exceeds"]]
        cells += [
            threshold_text(line[name]["at"]) if name in line else EN_DASH
            for name in ("deadline_met", "deadline_met_and_transported")
        ]
        name = point_label(summary, line | {"values": line["where"]})
        rows.append([html.escape(text) for text in (name, *cells)])
    caption = html.escape(f"Lowest compliance at which, in {month_phrase(summary)}:")
    warning = level_warning([each for line in lines for each in thresholds_of(line)])
    notes = "".join(f'<p class="soft">{html.escape(text)}</p>' for text in warning)
    return table(rows, caption) + notes


def point_table(summary: SweepSummary) -> str:
    """The main numbers of every point, with the wages they hold at."""
    points = summary["points"]
    rows = [["", *(html.escape(column.title) for column in COLUMNS), "runs"]]
    for point in points[:POINTS_SHOWN]:
        cells = [number_cell(point, column, summary["money"]) for column in COLUMNS]
        rows.append([html.escape(point_label(summary, point)), *cells, f"{point['runs']:,}"])
    title = html.escape(f"Every point in {month_phrase(summary)}")
    if len(points) > POINTS_SHOWN:
        title += f" (the first {POINTS_SHOWN}; summary.json has all)"
    if len(points) <= POINTS_OPEN:
        return table(rows, title)
    return f"<details><summary>{title}</summary>{table(rows)}</details>"


def number_cell(point: Mapping[str, Any], column: Column, money: str) -> str:
    """The median, and in small print below it the interval and the wage."""
    first, *rest = interval_text(reading(point, column.measure), column.form).split(" ", 1)
    wage = reading(point, column.wage) if column.wage else None
    rest += [f"at {wage[1]:,.0f} {money}"] if wage else []
    return html.escape(first) + "".join(f"<small>{html.escape(text)}</small>" for text in rest)


def failure_table(summary: SweepSummary) -> str:
    """Runs that failed; nothing if none did."""
    failures = summary["failures"]
    if not failures["count"]:
        return ""
    names = ["run", "stage", "message"]
    rows = [names] + [[html.escape(row[name]) for name in names] for row in failures["first"]]
    count = counted(failures["count"], "run")
    return table(rows, f"{count} failed; failures/ has all of them, with tracebacks")


def measure_table(summary: SweepSummary) -> str:
    """Every measure of the summary with its unit and the range of its medians over the points."""
    rows = [["measure", "unit", "lowest", "highest"]]
    for name, about in summary["measures"].items():
        readings = [values for point in summary["points"] if (values := reading(point, name))]
        medians = [float(f"{values[1]:.{DIGITS}g}") for values in readings]
        ends = (
            [value_text(end) for end in (min(medians), max(medians))] if medians else [EN_DASH] * 2
        )
        label = f"{html.escape(about['label'])}<small>{html.escape(name)}</small>"
        unit = about["unit"].replace("prices of start", f"prices of {summary['start']}")
        rows.append([label, html.escape(unit), *ends])
    return table(rows, html.escape(f"Medians of the points in {month_phrase(summary)}"))
