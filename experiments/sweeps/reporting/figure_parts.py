"""What a sweep's figures are made of: lines with bands, dots with whiskers, rows below one another."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

from experiments.reporting.plotting import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    Figure,
    PlotSpec,
    see_through,
    six_digits,
)
from experiments.sweeps.reporting.sweep_names import Digest

PALETTE = (BLUE, RED, GREEN, ORANGE, PURPLE, SKY, GREY)
ROW, GAP, TOP, BOTTOM, LEFT, INDENT = 210, 66, 36, 56, 56, 6
LEGEND_ROW, LEGEND_SLACK, LEGEND_SYMBOL, WIDE = 22, 5, 50, 790
CHARACTER, LABEL_CHARACTERS = 7, 24
"""Pixels a character takes, and characters in a line of a row's name."""
DEFAULT_ROWS = (
    (
        "shortfall_percent",
        "Shortfall at the baseline wage, percent of the baseline's labour",
        ",.1f",
    ),
    ("remaining_gap_percent", "Remaining gap at the policy run's wage, percent", ",.1f"),
    ("wage_drift_percent", "Posted wage against the baseline, percent", "+,.1f"),
    ("output_percent_of_baseline", "Output, percent of the baseline", ",.1f"),
)
SOURCE = "Simulation."


class Line(NamedTuple):
    """Cells joined by a line along an axis: their levels, and what the line is called."""

    name: str
    levels: list[float]
    cells: list[int]
    colour: str


def spread_out[Item](items: Sequence[Item], most: int) -> list[Item]:
    """At most so many, first and last among them."""
    if len(items) <= most:
        return list(items)
    return [items[round(i * (len(items) - 1) / (most - 1))] for i in range(most)]


def measure_at(digest: Digest, cell: int, name: str) -> list[float] | None:
    """[p5, median, p95] of a cell in its own month."""
    point = digest["points"][cell]
    found: list[float] | None = point["measures"][name].get(point["month"])
    return found


def curve(
    line: Line, given: list[tuple[float, list[float]]], place: tuple[int, str], with_band: bool
) -> list[PlotSpec]:
    """Median line with its band in one row."""
    number, form = place
    x, low, median, high = (
        [level for level, _ in given],
        *([six_digits(values[i]) for _, values in given] for i in range(3)),
    )
    on: PlotSpec = {
        "type": "scatter",
        "xaxis": axis_name("x", number),
        "yaxis": axis_name("y", number),
        "legendgroup": line.name,
    }
    hover = f"{line.name}, %{{x}}: %{{y:{form}}} [%{{customdata[0]:{form}}} to %{{customdata[1]:{form}}}]<extra></extra>"
    shown_line = on | {
        "x": x,
        "y": median,
        "mode": "lines+markers",
        "name": line.name,
        "showlegend": number == 0,
        "hovertemplate": hover,
    }
    shown_line |= {
        "line": {"color": line.colour, "width": 2},
        "marker": {"size": 4},
        "customdata": [list(pair) for pair in zip(low, high, strict=True)],
    }
    around = {
        "x": x + x[::-1],
        "y": high + low[::-1],
        "mode": "lines",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return (
        [on | around | {"fill": "toself", "fillcolor": see_through(line.colour)}, shown_line]
        if with_band
        else [shown_line]
    )


def axis_name(letter: str, number: int) -> str:
    """Plotly's name of the n-th axis."""
    return letter if number == 0 else f"{letter}{number + 1}"


def stacked_layout(titles: Sequence[str], x_title: str, names: Sequence[str]) -> PlotSpec:
    """Rows below one another with a title each; what the colours mean stands below the last, if there are several."""
    count, inner = len(titles), len(titles) * ROW + (len(titles) - 1) * GAP
    foot = BOTTOM + legend_height(names)
    margin = {"l": LEFT, "r": 14, "t": TOP, "b": foot}
    layout: PlotSpec = {
        "height": inner + TOP + foot,
        "margin": margin,
        "annotations": [],
        "dragmode": False,
    }
    for number, title in enumerate(titles):
        top = 1.0 - number * (ROW + GAP) / inner
        bottom = 0.0 if number == count - 1 else top - ROW / inner
        suffix = "" if number == 0 else str(number + 1)
        layout[f"yaxis{suffix}"] = {"domain": [max(0.0, bottom), top], "tickformat": ","}
        layout[f"xaxis{suffix}"] = {"anchor": f"y{suffix}"} | (
            {"title": {"text": x_title, "standoff": 4}}
            if number == count - 1
            else {"matches": "x"}
            if number
            else {}
        )
        layout["annotations"].append(
            {
                "xref": "paper",
                "yref": "paper",
                "x": 0,
                "y": top,
                "xanchor": "left",
                "yanchor": "bottom",
                "xshift": INDENT - LEFT,
                "yshift": 4,
            }
            | {"text": f"<b>{title}</b>", "showarrow": False, "font": {"size": 12.5}}
        )
    return layout | legend_below(names)


def legend_below(names: Sequence[str]) -> PlotSpec:
    """What the colours mean, at the foot of the figure: there a narrow screen makes room for a line an entry."""
    return {
        "showlegend": len(names) > 1,
        "legend": {
            "orientation": "h",
            "yref": "container",
            "y": 0.0,
            "yanchor": "bottom",
            "x": 0.0,
        },
    }


def legend_height(names: Sequence[str]) -> int:
    """Pixels kept for a legend, whose entries are as wide as the longest; some more for each, as on a phone each has its line."""
    if len(names) < 2:
        return 0
    in_a_row = max(1, WIDE // (LEGEND_SYMBOL + CHARACTER * max(map(len, names))))
    return LEGEND_ROW * -(-len(names) // in_a_row) + LEGEND_SLACK * len(names)


def row_layout(titles: Sequence[str], names: Sequence[str]) -> PlotSpec:
    """Rows of dots, each with a line for every name; long names take several lines, so that dots have room on a narrow screen."""
    labels = [textwrap.wrap(name, LABEL_CHARACTERS) for name in names]
    height = max(110, sum(max(30, 10 + 16 * len(lines)) for lines in labels))
    left = 16 + CHARACTER * max((len(line) for lines in labels for line in lines), default=0)
    inner = len(titles) * height + (len(titles) - 1) * GAP
    layout: PlotSpec = stacked_layout(titles, "", ()) | {"height": inner + 90}
    for number in range(len(titles)):
        suffix, top = "" if number == 0 else str(number + 1), 1.0 - number * (height + GAP) / inner
        layout[f"yaxis{suffix}"] = {
            "domain": [max(0.0, top - height / inner), top],
            "autorange": "reversed",
            "type": "category",
            "tickvals": list(names),
            "ticktext": ["<br>".join(lines) for lines in labels],
        }
        layout[f"xaxis{suffix}"] = {"anchor": f"y{suffix}", "zeroline": True, "nticks": 6}
        layout["annotations"][number] |= {"y": top, "xshift": INDENT - left}
    layout["margin"] = {"l": left, "r": 14, "t": 36, "b": 54}
    return layout


def whiskers(
    given: list[tuple[str, list[float]]], place: tuple[int, str], colour: str = BLUE
) -> PlotSpec:
    """A dot and its interval for each name."""
    number, form = place
    low, median, high = ([six_digits(values[i]) for _, values in given] for i in range(3))
    plus, minus = (
        [six_digits(b - a) for a, b in zip(lower, upper, strict=True)]
        for lower, upper in ((median, high), (low, median))
    )
    spread = {
        "type": "data",
        "symmetric": False,
        "array": plus,
        "arrayminus": minus,
        "thickness": 1.5,
    }
    on = {
        "type": "scatter",
        "mode": "markers",
        "xaxis": axis_name("x", number),
        "yaxis": axis_name("y", number),
        "showlegend": False,
    }
    hover = f"%{{y}}: %{{x:{form}}}<extra></extra>"
    return on | {
        "x": median,
        "y": [name for name, _ in given],
        "error_x": spread,
        "marker": {"size": 8, "color": colour},
        "hovertemplate": hover,
    }


def figure(
    digest: Digest, words: tuple[str, str, str], plot: PlotSpec, table: list[list[str]]
) -> Figure:
    """A figure with its alternative text taken from its table."""
    key, title, lead = words
    said = "; ".join(f"{row[0]}: {', '.join(row[1:])}" for row in table[1:9])
    more = " and more in the table" if len(table) > 9 else ""
    return Figure(
        key,
        title,
        lead,
        f"{SOURCE} Sweep {digest['sweep']}.",
        f"{title}. {', '.join(table[0][1:])}. {said}{more}.",
        plot,
        table,
    )
