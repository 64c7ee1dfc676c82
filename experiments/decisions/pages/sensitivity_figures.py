"""Figures of shares of variance: indices with whiskers, totals by month, and the screening."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.decisions.pages.decision_figures import (
    decision_figure,
    dots_with_whiskers,
    percents_by_month,
)
from experiments.reporting.plotting import ORANGE, Figure, six_digits
from experiments.sweeps.reporting.figure_parts import Caption, dot_rows_layout

INTERVALS = "Dots: estimates; whiskers: 95 %"
TITLES = ("Total index, percent of the variance", "First-order index, percent of the variance")
MOST_SCREENED = 20


def sensitivity_figures(numbers: Mapping[str, Any]) -> list[tuple[Figure, str]]:
    """Every figure with a note on its marks."""
    note = f"{INTERVALS} bootstrap intervals over {numbers['rows']} rows."
    found = [(index_figure(numbers), note), (month_figure(numbers), "Lines: estimates.")]
    if numbers["screening"]:
        found.append((screening_figure(numbers), "Dots: estimates from a few rows."))
    return found


def index_figure(numbers: Mapping[str, Any]) -> Figure:
    """Total and first-order indices in the reading month, largest total first."""
    place = numbers["months"].index(numbers["month"])
    order = sorted(numbers["indices"], key=lambda each: -each["total"][place][1])
    rows = [
        [(each["name"], percent(each[kind][place])) for each in order]
        for kind in ("total", "first")
    ]
    lead = (
        f"Share of the variance of {numbers['label']} in {numbers['month']} under policy "
        f"{numbers['policy']}. The difference between both indices is what an input does together "
        "with others."
    )
    caption = Caption("indices", "What the answer hangs on", lead, INTERVALS)
    return dots_with_whiskers(caption, TITLES, rows, ",.1f")


def month_figure(numbers: Mapping[str, Any]) -> Figure:
    """Total indices of every group in every month."""
    lead = f"Total index of each input for {numbers['label']}, month by month."
    title = "Total index, percent of the variance"
    return percents_by_month(lead, title, numbers["months"], numbers["indices"], "total")


def screening_figure(numbers: Mapping[str, Any]) -> Figure:
    """The largest total indices of the screening."""
    from experiments.decisions.calibrated_inputs import input_name

    items = list(numbers["screening"].items())
    shown = [(input_name(key), 100.0 * share) for key, share in items[:MOST_SCREENED]]
    names = [name for name, _ in shown]
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": [six_digits(value) for _, value in shown],
        "y": names,
        "marker": {"size": 8, "color": ORANGE},
        "showlegend": False,
        "hovertemplate": "%{y}: %{x:,.1f}<extra></extra>",
    }
    title = "Total index from a few rows, percent of the variance"
    table = [["", title], *([input_name(key), f"{100.0 * share:,.1f}"] for key, share in items)]
    lead = (
        f"The {len(names)} parameters with the largest total indices; the table has all "
        f"{len(items)}. They are rough: their order chooses which parameters are studied."
    )
    caption = Caption("screening", "Screening of every parameter", lead, "Dots: estimates")
    plot = {"data": [dots], "layout": dot_rows_layout([title], names)}
    return decision_figure(caption, plot, table)


def percent(interval: list[float]) -> list[float]:
    """An interval of shares in percent."""
    return [100.0 * value for value in interval]
