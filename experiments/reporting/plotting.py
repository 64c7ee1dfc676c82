"""Charts as plain Plotly data: rows of curves over months, with bands and policy dates."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from experiments.results.summary_reader import Summary, has_values, months_of, series_of

BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY = (
    "#0072B2",
    "#CC8400",
    "#009E73",
    "#C04300",
    "#CC79A7",
    "#3399DD",
    "#7f7f7f",
)
"""Okabe and Ito's colours, some of them darker: each has a contrast of 3 to 1 on both pages.

Dashes tell curves apart as well, for readers who do not see the colours.
"""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash")

ROW_HEIGHT, ROW_GAP, FRAME_HEIGHT, TOP, LEFT, TICKS = 230, 62, 116, 36, 54, 26
LEGEND_WIDTH = 40  # letters
BAND_OPACITY, STACK_OPACITY = 0.22, 0.5
DIGITS = 6
SHORT_TITLES = {"resolution adopted": "adoption", "deadline to leave": "deadline"}


@dataclass(frozen=True)
class Curve:
    """A measure plotted as its median divided by `unit`, with a 5 to 95 % band if `band`.

    `steps` is for yearly series. Curves of one `stack` are stacked, told apart by `pattern` too.
    """

    measure: str
    name: str
    colour: str
    dash: str = "solid"
    band: bool = True
    unit: float = 1.0
    stack: str | None = None
    steps: bool = False
    pattern: str = ""


@dataclass(frozen=True)
class Row:
    """Curves that share an axis; `title` says what is measured and in which unit."""

    title: str
    curves: tuple[Curve, ...]
    form: str = ",.0f"


@dataclass(frozen=True)
class Chart:
    """A figure over months.

    `title` says what it shows, `lead` how to read it, `source` where its numbers come from.
    """

    key: str
    title: str
    lead: str
    rows: tuple[Row, ...]
    source: str = "Simulation."


PlotSpec = dict[str, Any]

BANDS, BARS, MEDIANS, MEANS = (
    "Lines: medians; bands: 5 to 95 %",
    "Bars: medians; whiskers: 5 to 95 %",
    "Medians",
    "Means",
)


class Figure(NamedTuple):
    """A plot with its texts: alternative text, caption, source, and a table of its numbers."""

    key: str
    title: str
    lead: str
    source: str
    alt: str
    plot: PlotSpec
    table: list[list[str]]
    shows: str = BANDS


def plot_of_chart(summary: Summary, chart: Chart) -> PlotSpec:
    """{"data", "layout"} for Plotly.

    Rows stand below one another; policy dates are dotted lines through all of them.
    """
    count = len(chart.rows)
    height = FRAME_HEIGHT + count * ROW_HEIGHT + (count - 1) * ROW_GAP
    layout: PlotSpec = {
        "height": height,
        "showlegend": True,
        "hovermode": "x",
        "dragmode": False,
        "annotations": [],
        "shapes": [],
    }
    layout["margin"] = {"l": LEFT, "r": 14, "t": TOP, "b": FRAME_HEIGHT - TOP}
    inner = height - FRAME_HEIGHT
    layout["legend"] = {"orientation": "h", "x": 0.0, "y": -TICKS / inner, "yanchor": "top"}
    data: list[PlotSpec] = []
    for number, row in enumerate(chart.rows):
        top = 1.0 - number * (ROW_HEIGHT + ROW_GAP) / inner
        bottom = 0.0 if number == count - 1 else max(0.0, top - ROW_HEIGHT / inner)
        layout[axis("yaxis", number)] = {"domain": [bottom, top], "tickformat": ","} | range_of(
            summary, row
        )
        layout[axis("xaxis", number)] = x_axis(summary, number)
        layout["annotations"].append(row_title(row.title, top))
        layout["shapes"] += policy_date_lines(summary, number)
        data += [trace for curve in row.curves for trace in traces(summary, curve, (number, row))]
    layout["annotations"] += policy_date_labels(summary)
    return {"data": named_once_in_legend(data), "layout": layout}


def named_once_in_legend(data: list[PlotSpec]) -> list[PlotSpec]:
    """Give curves of the same name one entry in the legend."""
    seen: set[str] = set()
    for trace in data:
        name = trace.get("name")
        trace["showlegend"] = name is not None and name not in seen
        seen |= {name} if name else set()
    return data


def axis(name: str, number: int) -> str:
    """Plotly's name of the axis of a row: yaxis, yaxis2, ..."""
    return name if number == 0 else f"{name}{number + 1}"


def range_of(summary: Summary, row: Row) -> PlotSpec:
    """The range of a row's axis: from zero for head counts and rates.

    Wages, pay and ratios to the baseline vary little, so their axes need not start at zero.
    """
    varying_little = ("wage", "pay", "percent_of_baseline")
    if any(part in curve.measure for curve in row.curves for part in varying_little):
        return {"rangemode": "normal"}
    return (
        {"rangemode": "tozero"}
        if any(has_values(summary, curve.measure) for curve in row.curves)
        else {"tickvals": [0]}
    )


def x_axis(summary: Summary, number: int) -> PlotSpec:
    """The axis of months, with a tick per year, or per quarter for short runs."""
    months = months_of(summary)
    spacing = "M12" if len(months) > 18 else "M3"
    style = {
        "type": "date",
        "range": [months[0], months[-1]],
        "dtick": spacing,
        "tickformat": "%Y" if spacing == "M12" else "%Y-%m",
    }
    return style | {"hoverformat": "%Y-%m", "anchor": axis("y", number)}


def row_title(text: str, top: float) -> PlotSpec:
    """The title of a row, above its left end."""
    place = {
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": top,
        "xanchor": "left",
        "yanchor": "bottom",
        "xshift": -LEFT + 4,
        "yshift": 4,
    }
    return place | {"text": f"<b>{text}</b>", "showarrow": False, "font": {"size": 12.5}}


def policy_dates_by_month(summary: Summary) -> dict[str, str]:
    """The label of each month with policy dates; several dates in one month take a line each."""
    titles: dict[str, list[str]] = {}
    for date in summary["policy_dates"]:
        title = SHORT_TITLES.get(date["title"], date["title"])
        titles.setdefault(date["month"], []).append(title)
    return {month: "<br>".join(words) for month, words in titles.items()}


def policy_date_lines(summary: Summary, number: int) -> list[PlotSpec]:
    """A dotted line through a row at each policy date."""
    line = {"color": GREY, "width": 1, "dash": "dot"}
    place = {
        "type": "line",
        "xref": axis("x", number),
        "yref": f"{axis('y', number)} domain",
        "layer": "below",
        "line": line,
    }
    return [
        place | {"x0": month, "x1": month, "y0": 0, "y1": 1}
        for month in policy_dates_by_month(summary)
    ]


def policy_date_labels(summary: Summary) -> list[PlotSpec]:
    """The label of each policy date, upright along its line.

    It stands on the side of the line on which the next date is farther away.
    """
    months, dates = months_of(summary), policy_dates_by_month(summary)
    stops = [0, *(months.index(month) for month in dates), len(months)]
    place = {
        "xref": "x",
        "yref": "paper",
        "y": 1,
        "yanchor": "top",
        "textangle": -90,
        "showarrow": False,
        "font": {"size": 10.5},
    }
    labels = []
    for (month, words), before, at, after in zip(
        dates.items(), stops, stops[1:], stops[2:], strict=False
    ):
        labels.append(
            place
            | {
                "x": month,
                "text": words,
                "xanchor": "left" if after - at > at - before else "right",
            }
        )
    return labels


def traces(summary: Summary, curve: Curve, place: tuple[int, Row]) -> list[PlotSpec]:
    """The band and the median line of a curve; `place` is its row with the row's number."""
    number, row = place
    all_points = zip(months_of(summary), series_of(summary, curve.measure), strict=True)
    by_month = {month: values for month, values in all_points if has_value(values)}
    x = list(by_month)
    low, median, high = (
        [six_digits(values[i] / curve.unit) for values in by_month.values()] for i in range(3)
    )
    on = {
        "xaxis": axis("x", number),
        "yaxis": axis("y", number),
        "legendgroup": curve.name,
        "type": "scatter",
        "x": x,
    }
    line = {
        "color": curve.colour,
        "width": 2,
        "dash": curve.dash,
        "shape": "hv" if curve.steps else "linear",
    }
    shown: PlotSpec = on | {"y": median, "mode": "lines", "name": in_lines(curve.name)}
    shown["line"] = line
    shown |= {"customdata": [list(pair) for pair in zip(low, high, strict=True)], "meta": row.title}
    shown["hovertemplate"] = (
        f"{curve.name}: %{{y:{row.form}}} "
        f"[%{{customdata[0]:{row.form}}} to %{{customdata[1]:{row.form}}}]<extra></extra>"
    )
    if curve.stack:
        area = {
            "fillcolor": see_through(curve.colour, STACK_OPACITY),
            "fillpattern": {"shape": curve.pattern, "size": 7, "solidity": 0.2},
        }
        return [shown | area | {"stackgroup": curve.stack, "line": line | {"width": 1}}]
    return [band(on, low, high, curve), shown] if curve.band else [shown]


def in_lines(name: str) -> str:
    """A name for a legend; a long one, such as a folder's, is broken so that a phone shows it."""
    lines = [""]
    for part in re.findall(r"[^ -]*[ -]*", name):
        if len(lines[-1]) + len(part) > LEGEND_WIDTH and lines[-1]:
            lines.append("")
        lines[-1] += part
    return "<br>".join(lines)


def band(on: PlotSpec, low: list[float], high: list[float], curve: Curve) -> PlotSpec:
    """The area between the 5th and 95th percentile, in steps if the curve is in steps."""
    x = on["x"]
    if curve.steps:
        x, low, high = step_months(x), *(each_twice(values)[:-1] for values in (low, high))
    around = {
        "x": x + x[::-1],
        "y": high + low[::-1],
        "mode": "lines",
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    return on | around | {"fill": "toself", "fillcolor": see_through(curve.colour)}


def step_months(months: list[str]) -> list[str]:
    """Months so that each value of `twice` goes on to the next month."""
    return each_twice(months)[1:]


def each_twice[Item](items: list[Item]) -> list[Item]:
    """Every item two times in a row: a, a, b, b."""
    return [item for item in items for _ in range(2)]


def has_value(values: list[float]) -> bool:
    """Whether a month has a value."""
    return not math.isnan(values[1])


def six_digits(value: float) -> float:
    """A number in six significant digits, more than a picture can show; it keeps pages small."""
    return float(f"{value:.{DIGITS}g}")


def see_through(colour: str, opacity: float = BAND_OPACITY) -> str:
    """A hex colour as a transparent fill."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
