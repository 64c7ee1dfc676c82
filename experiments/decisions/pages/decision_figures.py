"""Parts of the figures of decisions: dots with whiskers, lines, and their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.reporting.plotting import (
    BLUE,
    DASHES,
    GREY,
    Figure,
    PlotSpec,
    axis,
    six_digits,
)
from experiments.sweeps.reporting.figure_parts import (
    GAP,
    PALETTE,
    ROW,
    ROWS_OF_ALT_TEXT,
    SOURCE,
    Caption,
    Line,
    dot_rows_layout,
    evenly_chosen,
    median_curve,
    stacked_layout,
    whiskers,
)
from experiments.sweeps.reporting.point_names import interval_text
from sim.engine.worker_columns import Array

COLUMNS_OF_TABLE = 8
"""Places along a line that its table shows at most."""
LARGE = 100_000.0
SIDES_OF_TABLE = 5
"""Levels of each axis of a heatmap that its table shows at most."""


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
    short_ticks(layout, 0, [value for points in curves.values() for _, value in points])
    return decision_figure(caption, {"data": data, "layout": layout}, table)


def percents_by_month(
    lead: str, title: str, months: Sequence[str], inputs: Sequence[Mapping[str, Any]], kind: str
) -> Figure:
    """The share of each input in percent, a curve for each; months without one are left out.

    kind: the entry of an input that has its [low, share, high] by month, or None.
    """
    curves = {
        each["name"]: [
            (month, 100.0 * share[1])
            for month, share in zip(months, each[kind], strict=True)
            if share is not None
        ]
        for each in inputs
    }
    return lines(
        Caption("months", "Month by month", lead, "Lines: estimates"), title, "month", curves
    )


def banded_lines(
    caption: Caption,
    along: str,
    places: Sequence[float],
    rows: Sequence[tuple[str, Sequence[Sequence[float]], float | None]],
) -> Figure:
    """Rows of one line each: title, [low, middle, high] at every place, and a level to reach."""
    data: list[PlotSpec] = []
    shapes: list[PlotSpec] = []
    for number, (_, intervals, level) in enumerate(rows):
        points = list(zip(places, intervals, strict=True))
        data += median_curve(Line("", [], [], BLUE), points, (number, ",.3g"), True)
        if level is not None:
            shapes.append(level_line(number, level))
    for trace in data:
        trace |= {"showlegend": False}
        if trace.get("mode") == "lines+markers":
            trace["mode"] = "lines"
    shown = evenly_chosen(range(len(places)), COLUMNS_OF_TABLE)
    table = [["", *(f"{along} {places[at]:,.3g}" for at in shown)]]
    table += [[title, *(triple_text(values[at]) for at in shown)] for title, values, _ in rows]
    layout = stacked_layout([title for title, _, _ in rows], along, ()) | {"shapes": shapes}
    for number, (_, intervals, _) in enumerate(rows):
        short_ticks(layout, number, [interval[1] for interval in intervals])
    return decision_figure(caption, {"data": data, "layout": layout}, table)


def short_ticks(layout: PlotSpec, number: int, values: Sequence[float]) -> None:
    """Write large numbers along a row's axis short, as 120M, so that they fit beside it."""
    if max(map(abs, values), default=0.0) >= LARGE:
        layout[axis("yaxis", number)] |= {"tickformat": "~s"}


def level_line(number: int, level: float) -> PlotSpec:
    """A dotted line across a row at a level."""
    return {
        "type": "line",
        "xref": f"{axis('x', number)} domain",
        "yref": axis("y", number),
        "x0": 0,
        "x1": 1,
        "y0": level,
        "y1": level,
        "line": {"color": GREY, "width": 1, "dash": "dot"},
    }


def triple_text(interval: Sequence[float]) -> str:
    """An interval to three digits; its middle alone if it has no width."""
    low, middle, high = (f"{value:,.3g}" for value in interval)
    return middle if low == high else f"{middle} [{low} to {high}]"


def heatmaps(
    caption: Caption,
    axes: tuple[tuple[str, str], Sequence[Sequence[float]]],
    rows: Sequence[tuple[str, Array]],
    marks: Sequence[tuple[float, ...]],
) -> Figure:
    """Rows of heatmaps f8[y, x] over two named axes with levels; the last mark is a star."""
    names, (xs, ys) = axes
    data: list[PlotSpec] = []
    for number, (_, values) in enumerate(rows):
        grid = {"x": list(xs), "y": list(ys), "z": [[six_digits(v) for v in row] for row in values]}
        data += [heat_row(grid, (number, len(rows))), marks_row(marks, number)]
    layout = stacked_layout([title for title, _ in rows], names[0], ())
    for number in range(len(rows)):
        layout[axis("yaxis", number)] |= {"title": {"text": names[1], "standoff": 8}}
    layout["margin"] |= {"l": 84}
    at = [evenly_chosen(range(len(levels)), SIDES_OF_TABLE) for levels in (xs, ys)]
    table = [["", *(f"{names[0]} {xs[x]:,.3g}" for x in at[0])]]
    table += [
        [f"{title}: {names[1]} {ys[y]:,.3g}", *(f"{values[y][x]:,.3g}" for x in at[0])]
        for title, values in rows
        for y in at[1]
    ]
    return decision_figure(caption, {"data": data, "layout": layout}, table)


def heat_row(grid: Mapping[str, Any], place: tuple[int, int]) -> PlotSpec:
    """A heatmap in a row; `place` is its number and the number of rows."""
    number, count = place
    inner = count * ROW + (count - 1) * GAP
    bar = {"len": ROW / inner, "y": 1.0 - number * (ROW + GAP) / inner, "yanchor": "top"}
    return dict(grid) | {
        "type": "heatmap",
        "xaxis": axis("x", number),
        "yaxis": axis("y", number),
        # Cividis can be read by colour-blind readers and in grey print.
        "colorscale": "Cividis",
        "colorbar": bar | {"thickness": 12},
        "hovertemplate": "%{x}, %{y}: %{z:.3g}<extra></extra>",
    }


def marks_row(marks: Sequence[tuple[float, ...]], number: int) -> PlotSpec:
    """Marks over a heatmap; the last one is a star."""
    last = len(marks) - 1
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [mark[0] for mark in marks],
        "y": [mark[1] for mark in marks],
        "xaxis": axis("x", number),
        "yaxis": axis("y", number),
        "showlegend": False,
        "hoverinfo": "skip",
        "marker": {
            "symbol": ["star" if place == last else "circle" for place in range(len(marks))],
            "size": [14 if place == last else 4 for place in range(len(marks))],
            "color": "#ffffff",
            "line": {"color": "#1b1f24", "width": 1},
        },
    }


def bars(caption: Caption, title: str, items: Sequence[tuple[str, float]]) -> Figure:
    """A horizontal bar for each (name, value), the first on top."""
    names = [name for name, _ in items]
    trace = {
        "type": "bar",
        "orientation": "h",
        "x": [six_digits(value) for _, value in items],
        "y": names,
        "marker": {"color": BLUE},
        "showlegend": False,
        "hovertemplate": "%{y}: %{x:,.3g}<extra></extra>",
    }
    table = [["", title], *([name, f"{value:,.3g}"] for name, value in items)]
    plot = {"data": [trace], "layout": dot_rows_layout([title], names)}
    return decision_figure(caption, plot, table)
