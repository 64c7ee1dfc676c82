"""Parts of the figures of decisions: dots with whiskers, lines, and their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.reporting.plotting import DASHES, Figure, PlotSpec, axis, six_digits
from experiments.sweeps.reporting.figure_parts import (
    PALETTE,
    ROWS_OF_ALT_TEXT,
    SOURCE,
    Caption,
    dot_rows_layout,
    evenly_chosen,
    stacked_layout,
    whiskers,
)
from experiments.sweeps.reporting.point_names import interval_text

COLUMNS_OF_TABLE = 8
"""Places along a line that its table shows at most."""


def decision_figure(caption: Caption, plot: PlotSpec, table: list[list[str]]) -> Figure:
    """A figure whose alternative text repeats the first rows of its table."""
    head, *body = table
    rows = "; ".join(f"{row[0]}: {', '.join(row[1:])}" for row in body[:ROWS_OF_ALT_TEXT])
    alt = f"{caption.title}. {', '.join(head[1:])}. {rows}."
    return Figure(caption.key, caption.title, caption.lead, SOURCE, alt, plot, table, caption.shows)


def dots_with_whiskers(
    caption: Caption,
    titles: Sequence[str],
    rows: Sequence[Sequence[tuple[str, Sequence[float]]]],
    form: str,
) -> Figure:
    """A row of dots for each title, each dot (name, [low, middle, high]); the same names in all."""
    names = [name for name, _ in rows[0]]
    data = [whiskers(list(row), (number, form)) for number, row in enumerate(rows)]
    by_row = [dict(row) for row in rows]
    table = [["", *titles]]
    table += [[name, *(interval_text(row[name], form) for row in by_row)] for name in names]
    return decision_figure(caption, {"data": data, "layout": dot_rows_layout(titles, names)}, table)


def lines(
    caption: Caption, title: str, along: str, curves: Mapping[str, Sequence[tuple[Any, float]]]
) -> Figure:
    """One row of lines by name, each through (place, value)."""
    names = list(curves)
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": [place for place, _ in points],
            "y": [six_digits(value) for _, value in points],
            "xaxis": axis("x", 0),
            "yaxis": axis("y", 0),
            "line": {
                "color": PALETTE[number % len(PALETTE)],
                "width": 2,
                "dash": DASHES[number // len(PALETTE) % len(DASHES)],
            },
        }
        for number, (name, points) in enumerate(curves.items())
    ]
    places = list(dict.fromkeys(place for points in curves.values() for place, _ in points))
    shown = evenly_chosen(places, COLUMNS_OF_TABLE)
    table = [["", *(f"{along} {place}" for place in shown)]]
    for name, points in curves.items():
        values = dict(points)
        table.append([name, *(f"{values[at]:,.1f}" if at in values else "" for at in shown)])
    layout = stacked_layout([title], along, names)
    return decision_figure(caption, {"data": data, "layout": layout}, table)
