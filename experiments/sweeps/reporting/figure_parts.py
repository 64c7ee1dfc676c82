"""Parts of a sweep's figures: lines with bands, dots with whiskers, rows one below another."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from experiments.reporting.charts import PALETTE as REPORT_PALETTE
from experiments.reporting.plotting import (
    BLUE,
    GREY,
    Curve,
    Figure,
    PlotSpec,
    axis,
    band,
    row_title,
    six_digits,
)
from experiments.sweeps.design.axes import is_plain_number
from experiments.sweeps.reporting.point_names import SweepSummary

PALETTE = (*REPORT_PALETTE, GREY)
ORDERED = ("#5c5fae", "#4a7ab0", "#3f8fa8", "#2f9e9d", "#2fae8c", "#4fbb77", "#79c65a")
"""Colours from low to high for levels of a number: like Viridis, and seen on any page."""
ROW, GAP, TOP, BOTTOM, LEFT, INDENT = 210, 66, 36, 56, 56, 6
"""Pixels of a row, between rows, and around them; and of the titles' indent."""
LEGEND_ROW, LEGEND_SLACK, LEGEND_SYMBOL, WIDE = 22, 5, 50, 790
"""Pixels of a legend's row, of slack for each entry, of its symbol, and of the page's width."""
DOT_ROW, DOT_LINE, DOT_PADDING, SHORTEST_DOTS = 30, 16, 10, 110
"""Pixels of a dot's row, of each line of its name, around the name, and of all rows at least."""
CHARACTER, LABEL_CHARACTERS = 7, 24
"""Pixels that a character takes, and characters in a line of a row's name."""
SOURCE = "Simulation."
WHISKERS = "Dots: medians; whiskers: 5 to 95 %"
ROWS_OF_ALT_TEXT = 8
"""Rows of the table that a figure's alternative text repeats."""


class MeasureRow(NamedTuple):
    """A measure that has a row of its own in a figure: its title, and the format of its values."""

    measure: str
    title: str
    form: str


MAIN_ROWS = (
    MeasureRow(
        "shortfall_percent",
        "Shortfall at the baseline wage, percent of the baseline's labour",
        ",.1f",
    ),
    MeasureRow(
        "remaining_gap_percent",
        "Remaining gap at the policy branch's wage, percent",
        ",.1f",
    ),
    MeasureRow("wage_drift_percent", "Posted wage, percent difference from the baseline", "+,.1f"),
    MeasureRow("output_percent_of_baseline", "Output, percent of the baseline", ",.1f"),
)


class Line(NamedTuple):
    """A line through cells of the grid: its name, their levels on the axis, and its colour."""

    name: str
    levels: list[Any]
    cells: list[int]
    colour: str


class Caption(NamedTuple):
    """A figure's key, title and lead; `shows` says what its marks are, such as medians."""

    key: str
    title: str
    lead: str
    shows: str


def evenly_chosen[Item](items: Sequence[Item], most: int) -> list[Item]:
    """At most `most` items, evenly spaced, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[round(i * (len(items) - 1) / (most - 1))] for i in range(most)]


def median_curve(
    line: Line,
    points: list[tuple[Any, Sequence[float]]],
    place: tuple[int, str],
    with_band: bool,
) -> list[PlotSpec]:
    """The medians of (level, [p5, median, p95]) as a line, and its band.

    `place` is the number of the row and the format of its values.
    """
    number, form = place
    x = [level for level, _ in points]
    low, median, high = ([six_digits(values[i]) for _, values in points] for i in range(3))
    on: PlotSpec = {
        "type": "scatter",
        "xaxis": axis("x", number),
        "yaxis": axis("y", number),
        "legendgroup": line.name,
        "x": x,
    }
    ends = f"[%{{customdata[0]:{form}}} to %{{customdata[1]:{form}}}]"
    medians = on | {
        "y": median,
        "mode": "lines+markers",
        "name": line.name,
        "showlegend": number == 0,
        "hovertemplate": f"{line.name}, %{{x}}: %{{y:{form}}} {ends}<extra></extra>",
        "line": {"color": line.colour, "width": 2},
        "marker": {"size": 4},
        "customdata": [list(pair) for pair in zip(low, high, strict=True)],
    }
    if not with_band:
        return [medians]
    area = band(on, low, high, Curve("", line.name, line.colour)) | {"showlegend": False}
    return [area, medians]


def stacked_layout(titles: Sequence[str], x_title: str, names: Sequence[str]) -> PlotSpec:
    """Rows one below another, each with a title; below the last one a legend of these names."""
    count, inner = len(titles), len(titles) * ROW + (len(titles) - 1) * GAP
    bottom_margin = BOTTOM + legend_height(names)
    layout: PlotSpec = {
        "height": inner + TOP + bottom_margin,
        "margin": {"l": LEFT, "r": 14, "t": TOP, "b": bottom_margin},
        "annotations": [],
        "dragmode": False,
    }
    for number, title in enumerate(titles):
        top = 1.0 - number * (ROW + GAP) / inner
        is_last = number == count - 1
        bottom = 0.0 if is_last else max(0.0, top - ROW / inner)
        layout[axis("yaxis", number)] = {"domain": [bottom, top], "tickformat": ","}
        layout[axis("xaxis", number)] = {"anchor": axis("y", number)}
        if is_last:
            layout[axis("xaxis", number)]["title"] = {"text": x_title, "standoff": 4}
        elif number:
            layout[axis("xaxis", number)]["matches"] = "x"
        layout["annotations"].append(row_title(title, top) | {"xshift": INDENT - LEFT})
    return layout | legend_below(names)


def legend_below(names: Sequence[str]) -> PlotSpec:
    """A legend at the foot of the figure, where a narrow screen has room for one entry per line."""
    place = {"orientation": "h", "yref": "container", "y": 0.0, "yanchor": "bottom", "x": 0.0}
    return {"showlegend": len(names) > 1, "legend": place}


def legend_height(names: Sequence[str]) -> int:
    """Pixels to keep for a legend.

    All entries are as wide as the longest. There is some slack for each entry, as on a phone each
    has a line of its own.
    """
    if len(names) < 2:
        return 0
    in_a_row = max(1, WIDE // (LEGEND_SYMBOL + CHARACTER * max(map(len, names))))
    return LEGEND_ROW * -(-len(names) // in_a_row) + LEGEND_SLACK * len(names)


def dot_rows_layout(titles: Sequence[str], names: Sequence[str]) -> PlotSpec:
    """Rows of dots one below another, each with a line for every name.

    Long names are wrapped, so that dots have room on a narrow screen.
    """
    labels = [textwrap.wrap(name, LABEL_CHARACTERS) for name in names]
    heights = (max(DOT_ROW, DOT_PADDING + DOT_LINE * len(lines)) for lines in labels)
    height = max(SHORTEST_DOTS, sum(heights))
    left = 16 + CHARACTER * max((len(line) for lines in labels for line in lines), default=0)
    inner = len(titles) * height + (len(titles) - 1) * GAP
    layout = stacked_layout(titles, "", ()) | {"height": inner + 90}
    for number in range(len(titles)):
        top = 1.0 - number * (height + GAP) / inner
        layout[axis("yaxis", number)] = {
            "domain": [max(0.0, top - height / inner), top],
            # Half a row of room at both ends; the first name stands on top.
            "range": [len(names) - 0.5, -0.5],
            "type": "category",
            "categoryarray": list(names),
            "tickvals": list(names),
            "ticktext": ["<br>".join(lines) for lines in labels],
        }
        x_axis = {"anchor": axis("y", number), "zeroline": True, "nticks": 6}
        layout[axis("xaxis", number)] = x_axis
        layout["annotations"][number] |= {"y": top, "xshift": INDENT - left}
    layout["margin"] = {"l": left, "r": 14, "t": 36, "b": 54}
    return layout


def whiskers(
    intervals: list[tuple[str, Sequence[float]]], place: tuple[int, str], colour: str = BLUE
) -> PlotSpec:
    """A dot and a whisker for each (name, [p5, median, p95]).

    `place` is the number of the row and the format of its values.
    """
    number, form = place
    low, median, high = ([six_digits(values[i]) for _, values in intervals] for i in range(3))
    above, below = (
        [six_digits(b - a) for a, b in zip(lower, upper, strict=True)]
        for lower, upper in ((median, high), (low, median))
    )
    return {
        "type": "scatter",
        "mode": "markers",
        "xaxis": axis("x", number),
        "yaxis": axis("y", number),
        "showlegend": False,
        "x": median,
        "y": [name for name, _ in intervals],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": above,
            "arrayminus": below,
            "thickness": 1.5,
        },
        "marker": {"size": 8, "color": colour},
        "hovertemplate": f"%{{y}}: %{{x:{form}}}<extra></extra>",
    }


def figure(
    summary: SweepSummary, caption: Caption, plot: PlotSpec, table: list[list[str]]
) -> Figure:
    """A figure whose alternative text repeats the first rows of its table."""
    head, *body = table
    rows = "; ".join(f"{row[0]}: {', '.join(row[1:])}" for row in body[:ROWS_OF_ALT_TEXT])
    more = " and more in the table" if len(body) > ROWS_OF_ALT_TEXT else ""
    return Figure(
        caption.key,
        caption.title,
        caption.lead,
        f"{SOURCE} Sweep {summary['sweep']}.",
        f"{caption.title}. {', '.join(head[1:])}. {rows}{more}.",
        plot,
        table,
        caption.shows,
    )


def line_colours(points: Sequence[Mapping[str, Any]]) -> list[str]:
    """A colour for each of some points: an ordered scale if they are levels of one number.

    points: the values of each by key, in the order of the levels.
    """
    keys = [key for key in points[0] if len({str(point[key]) for point in points}) > 1]
    is_ordered = len(keys) == 1 and all(is_plain_number(point[keys[0]]) for point in points)
    if not is_ordered or len(points) > len(ORDERED):
        return [PALETTE[number % len(PALETTE)] for number, _ in enumerate(points)]
    last = max(1, len(points) - 1)
    return [ORDERED[round(number * (len(ORDERED) - 1) / last)] for number, _ in enumerate(points)]
