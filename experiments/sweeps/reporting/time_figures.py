"""Figures of the deadline and of the shortfall month by month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.reporting.plotting import BANDS, GREY, MEDIANS, Figure, PlotSpec
from experiments.results.summary_reader import EN_DASH, months_of
from experiments.sweeps.reporting.figure_parts import (
    BOTTOM,
    LEFT,
    MAIN_ROWS,
    PALETTE,
    Caption,
    Line,
    evenly_chosen,
    figure,
    legend_below,
    legend_height,
    line_colours,
    median_curve,
    stacked_layout,
)
from experiments.sweeps.reporting.point_names import SweepSummary, interval_text, point_name

BANDS_UP_TO, LINES_UP_TO = 3, 7
"""Lines up to which each has a band, and lines at most: more cannot be told apart."""
PROBABILITY_SHOWN = 0.9
TALLER = 110
"""Pixels that a row of months has in addition, as it stands alone in its figure."""


def deadline_figure(summary: SweepSummary) -> Figure | None:
    """The share of runs that meet the deadline, by compliance; None without a deadline."""
    lines = [line for line in summary["thresholds"] if "deadline_met" in line]
    if not lines:
        return None
    chosen = evenly_chosen(lines, LINES_UP_TO)
    names = [point_name(line["where"]) if line["where"] else "share of runs" for line in chosen]
    data, table = [], [["", "met", "met, counting those who wait for transport as present"]]
    for number, (line, name) in enumerate(zip(chosen, names, strict=True)):
        # Lines often coincide: each is thinner than the one below it, so that all can be seen.
        width = 2.0 + 1.5 * (len(chosen) - 1 - number)
        colour = PALETTE[number % len(PALETTE)]
        data.append(share_line(line, name, {"color": colour, "width": width}))
        table += share_rows(line, name)
    lead = (
        "Share of runs in which, at the end of the deadline's month, at most 5 % of the workers "
        "who had to leave still work on a work, student or tourist paper. Dotted line: 90 %."
    )
    caption = Caption("deadline", "Is the deadline met?", lead, "Shares")
    return figure(summary, caption, {"data": data, "layout": share_layout(names)}, table)


def share_line(line: Mapping[str, Any], name: str, style: dict[str, Any]) -> PlotSpec:
    """The share of runs that meet the deadline, as a line over compliance."""
    shares = line["deadline_met"]["share_by_level"]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": [level for level, _ in shares],
        "y": [share for _, share in shares],
        "line": style,
        "marker": {"size": 5.0 + style["width"]},
        "hovertemplate": f"{name}, compliance %{{x}}: %{{y:.0%}}<extra></extra>",
    }


def share_rows(line: Mapping[str, Any], name: str) -> list[list[str]]:
    """Rows of the table: shares that meet the deadline by either count."""
    met = line["deadline_met"]["share_by_level"]
    transported = line["deadline_met_and_transported"]["share_by_level"]
    return [
        [f"{name}, compliance {level:g}", percent_text(share), percent_text(share_transported)]
        for (level, share), (_, share_transported) in zip(met, transported, strict=True)
    ]


def share_layout(names: list[str]) -> PlotSpec:
    """One row of shares over compliance, with a dotted line at the probability of interest."""
    bottom = BOTTOM + legend_height(names)
    limit = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": PROBABILITY_SHOWN,
        "y1": PROBABILITY_SHOWN,
        "line": {"color": GREY, "dash": "dot", "width": 1},
    }
    layout = {
        "height": 270 + bottom,
        "margin": {"l": LEFT, "r": 14, "t": 20, "b": bottom},
        "shapes": [limit],
        "dragmode": False,
        "xaxis": {"title": {"text": "compliance", "standoff": 4}},
        "yaxis": {"tickformat": ".0%", "range": [-0.02, 1.02]},
    }
    return layout | legend_below(names)


def time_figure(summary: SweepSummary) -> Figure | None:
    """The shortfall month by month, for some points; None if the summary has no curves."""
    if summary["curves"] is None:
        return None
    months, points = months_of(summary), summary["points"]
    chosen = evenly_chosen(range(len(points)), LINES_UP_TO)
    marks = [months.index(month) for month in dict.fromkeys(summary["reading_months"].values())]
    with_band = len(chosen) <= BANDS_UP_TO
    names = [point_name(points[cell]["values"]) for cell in chosen]
    data: list[PlotSpec] = []
    table = [["", *(months[i] for i in marks)]]
    colours = line_colours([points[cell]["values"] for cell in chosen])
    for cell, name, colour in zip(chosen, names, colours, strict=True):
        series = summary["curves"]["shortfall_percent"][cell]
        known = [(month, values) for month, values in zip(months, series, strict=True) if values]
        line = Line(name, months, [cell], colour)
        traces = median_curve(line, known, (0, ",.1f"), with_band)
        data += [trace | {"mode": "lines"} for trace in traces]
        table.append([name, *(interval_text(series[i], ",.1f") for i in marks)])
    layout = stacked_layout([MAIN_ROWS[0].title], "", names)
    layout |= {"height": layout["height"] + TALLER}
    which = (
        "Every point."
        if len(chosen) == len(points)
        else f"{len(chosen)} of the {len(points)} points."
    )
    shows = BANDS if with_band else MEDIANS
    caption = Caption("time", "The shortfall over time", which, shows)
    return figure(summary, caption, {"data": data, "layout": layout}, table)


def percent_text(share: float | None) -> str:
    """A share in percent."""
    return EN_DASH if share is None else f"{share:.0%}"
