"""The table that sets scenarios beside each other in one month: levels, or paired differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dash import html

from experiments.reporting.answer import month_to_report
from experiments.reporting.key_numbers import about, values
from experiments.reporting.overlay import NamedSummary
from experiments.results.summary_reader import EN_DASH, MILLION, Summary, months_of


class Column(NamedTuple):
    """A column of the table: a measure, its heading, and the unit in which it is written."""

    measure: str
    heading: str
    unit: float = 1.0


COLUMNS = (
    Column("shortfall_workers", "Standard workers short, at unchanged wages"),
    Column("wage_drift_percent", "Posted wage against no expulsion, %"),
    Column("output_percent_of_baseline", "Built, % of that without expulsion"),
    Column("dprk_revenue_lost_usd", "Revenue denied so far, million USD", MILLION),
    Column("public_cost_rub", "Public cost so far, million RUB", MILLION),
)


def month_to_read(summary: Summary) -> str:
    """The month in which scenarios are compared: that of the key numbers."""
    return month_to_report(summary) or months_of(summary)[-1]


def comparison_table(
    results: Sequence[NamedSummary], reference: str, month: str
) -> list[html.Table]:
    """A row a scenario; nothing for a single one whose levels stand in the cards already."""
    if len(results) < 2 and not reference:
        return []
    columns = [each for each in COLUMNS if any(has(result, each) for result in results)]
    what = f"difference from {reference}, pair by pair" if reference else "levels"
    heads = [html.Th("", scope="col"), *(html.Th(each.heading, scope="col") for each in columns)]
    rows = [
        html.Tr(
            [html.Th(result.name, scope="row"), *(cell(result, each, month) for each in columns)]
        )
        for result in results
    ]
    caption = html.Caption(f"In {month}: {what}. Median, and below it 5 to 95\u00a0%.")
    return [html.Table([caption, html.Thead(html.Tr(heads)), html.Tbody(rows)])]


def has(result: NamedSummary, column: Column) -> bool:
    """Whether a result has the measure of a column."""
    return column.measure in result.summary["measures"]


def cell(result: NamedSummary, column: Column, month: str) -> html.Td:
    """Median and interval of one measure, rounded to what the interval allows."""
    if not has(result, column):
        return html.Td("")
    low, median, high = (
        each / column.unit for each in values(result.summary, column.measure, month)
    )
    middle, interval = about(low, median, high)
    # A dash between numbers of which one has a sign cannot be read.
    interval = interval.replace(EN_DASH, " to ") if low < 0.0 else interval
    return html.Td([middle, html.Small(interval)])
