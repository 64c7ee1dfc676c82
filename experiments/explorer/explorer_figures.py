"""What the explorer plots: the chosen measures of all results, or a figure of the report."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.reporting.charts import PUBLIC_TITLE
from experiments.reporting.figures import figure_of_chart, figures
from experiments.reporting.overlay import NamedSummary, OverlaidMeasure, merged_summary, rows_of
from experiments.reporting.plotting import Chart, Figure
from experiments.results.summary_reader import MILLION, Summary

MEASURES, ALL_TRADES = "measures", "all"
FIRST_MEASURES = (
    "shortfall_workers",
    "wage_real_rub_baseline",
    "remaining_gap_workers",
    "wage_real_rub",
)
VIEWS = {
    MEASURES: "Chosen measures",
    "heads": "Workers by nationality",
    "crew_fates": "Where the North Koreans went",
    "replaced": "Who replaced the lost labour",
    "papers": "Papers",
    "wages": "Wages",
    "vacancies": "Vacancies",
    "beveridge": "Beveridge curve",
    "output": "Orders, output, backlog",
    "revenue": "Pyongyang's revenue",
    "trades": "The shortage by trade",
    "public_cost": PUBLIC_TITLE,
}
"""Figures to choose from by the key of the report's figure, with their names in the picker."""


def figure_of_view(
    results: Sequence[NamedSummary], view: str, measures: Sequence[str], trade: str
) -> Figure | None:
    """The figure of a view; None if there is nothing to plot.

    It shows measures of all results, or is a report figure of the first result.
    """
    first = results[0].summary
    if view != MEASURES:
        return next((figure for figure in figures(first) if figure.key == view), None)
    rows = rows_of(results, [overlaid_measure(first, name, trade) for name in measures])
    chart = Chart("measures", "Measures", "", rows)
    return figure_of_chart(merged_summary(results), chart) if rows else None


def overlaid_measure(summary: Summary, name: str, trade: str) -> OverlaidMeasure:
    """A measure with its title, of one trade if it is split by trade."""
    of_trade = f"{name}_{trade}"
    is_split = trade != ALL_TRADES and of_trade in summary["measures"]
    measure = of_trade if is_split else name
    known = summary["measures"][measure]
    unit, scale = known["unit"].replace("prices of start", f"prices of {summary['start']}"), 1.0
    if "USD" in unit and "wage" not in name:
        unit, scale = unit.replace("USD", "million USD"), MILLION
    title = f"{known['label']}, {unit}"
    return OverlaidMeasure(measure, title, number_format(known["unit"], scale), scale)


def number_format(unit: str, scale: float) -> str:
    """The format of values in a unit: decimals where values are small."""
    if scale != 1.0:
        return ",.2f"
    is_small = (
        unit.startswith("percent")
        or "months" in unit.split(",")[0]
        or unit in ("vacancies per seeker", "working days")
    )
    return ",.1f" if is_small else ",.0f"
