"""The table of every measure of a result; new measures appear in it by themselves."""

from __future__ import annotations

import html
from collections.abc import Sequence

from experiments.reporting.html import table
from experiments.results.summary_reader import Summary, checkpoints

SIGNIFICANT_DIGITS = 4


def all_measures_table(summary: Summary) -> str:
    """A line per measure with its unit, a column per checkpoint, as HTML."""
    marks = checkpoints(summary)
    rows = [
        [
            "measure",
            "unit",
            *(f"{html.escape(mark.title)}<small>{mark.month}</small>" for mark in marks),
        ]
    ]
    for name, measure in summary["measures"].items():
        label = f"{html.escape(measure['label'])}<small>{html.escape(name)}</small>"
        cells = [median_and_interval(measure["by_month"].get(mark.month)) for mark in marks]
        rows.append([label, html.escape(measure["unit"]), *cells])
    return table(rows)


def median_and_interval(percentiles: Sequence[float] | None) -> str:
    """The median, in small print below it the interval; 'no value' if there is none."""
    if percentiles is None:
        return "no value"
    low, median, high = map(rounded, percentiles)
    return f"{median}<small>{low} to {high}</small>"


def rounded(value: float) -> str:
    """A number to four significant digits, without an exponent."""
    return f"{float(f'{value:.{SIGNIFICANT_DIGITS}g}'):,.10g}"
