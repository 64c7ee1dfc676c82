"""Figures of when and whether: the shortfall month by month, and the share of runs that meet the deadline."""

from __future__ import annotations

from typing import Any

from experiments.reporting.plotting import GREY, Figure
from experiments.sweeps.reporting.figure_parts import (
    BOTTOM,
    LEFT,
    PALETTE,
    Line,
    curve,
    figure,
    legend_below,
    legend_height,
    spread_out,
    stacked_layout,
)
from experiments.sweeps.reporting.sweep_names import EN_DASH, Digest, named, with_interval

BANDS_UP_TO, LINES_UP_TO = 3, 7
TALLER = 110
"""Pixels by which the one row of months is taller than a row among others."""


def deadline(digest: Digest) -> Figure | None:
    """The share of runs that meet the deadline, along compliance."""
    lines = [line for line in digest["thresholds"] if "deadline_met" in line]
    if not lines:
        return None
    data, table = [], [["", "met", "met, and transported"]]
    chosen = spread_out(lines, LINES_UP_TO)
    names = [named(line["where"]) if line["where"] else "share of runs" for line in chosen]
    for number, (line, name) in enumerate(zip(chosen, names, strict=True)):
        shares, width = (
            line["deadline_met"]["share_by_level"],
            2.0 + 1.5 * (len(chosen) - 1 - number),
        )
        drawn = {"color": PALETTE[number % len(PALETTE)], "width": width}
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": name,
                "x": [x for x, _ in shares],
                "y": [y for _, y in shares],
            }
            | {"line": drawn, "marker": {"size": 5.0 + width}, "showlegend": len(chosen) > 1}
            | {"hovertemplate": f"{name}, compliance %{{x}}: %{{y:.0%}}<extra></extra>"}
        )
        queue = line["deadline_met_and_transported"]["share_by_level"]
        table += [
            [f"{name}, compliance {x:g}", percent(y), percent(q)]
            for (x, y), (_, q) in zip(shares, queue, strict=True)
        ]
    limit = {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": 0.9,
        "y1": 0.9,
        "line": {"color": GREY, "dash": "dot", "width": 1},
    }
    foot = BOTTOM + legend_height(names)
    layout = {
        "height": 270 + foot,
        "margin": {"l": LEFT, "r": 14, "t": 20, "b": foot},
        "shapes": [limit],
        "dragmode": False,
    }
    layout |= {
        "xaxis": {"title": {"text": "compliance", "standoff": 4}},
        "yaxis": {"tickformat": ".0%", "range": [-0.02, 1.02]},
    } | legend_below(names)
    lead = "Share of runs in which at most 5 % of those who had to leave still work on a paper at the deadline month's end; dotted: 90 %."
    return figure(
        digest, ("deadline", "Is the deadline met?", lead), {"data": data, "layout": layout}, table
    )


def over_time(digest: Digest) -> Figure | None:
    """The shortfall month by month for some points."""
    if digest["curves"] is None:
        return None
    months = month_labels(digest)
    chosen = spread_out(range(len(digest["points"])), LINES_UP_TO)
    marks = [months.index(month) for month in dict.fromkeys(digest["moments"].values())]
    data, table = [], [["", *(months[i] for i in marks)]]
    for number, cell in enumerate(chosen):
        series = digest["curves"]["shortfall_percent"][cell]
        name, colour = named(digest["points"][cell]["values"]), PALETTE[number % len(PALETTE)]
        given = [(month, values) for month, values in zip(months, series, strict=True) if values]
        trace: list[Any] = curve(
            Line(name, [], [], colour),
            given,  # type: ignore[arg-type]
            (0, ",.1f"),
            len(chosen) <= BANDS_UP_TO,
        )
        data += [one | ({"mode": "lines"} if "name" in one else {}) for one in trace]
        table.append([name, *(with_interval(series[i], ",.1f") for i in marks)])
    names = [named(digest["points"][cell]["values"]) for cell in chosen]
    layout = stacked_layout(
        ["Shortfall at the baseline wage, percent of the baseline's labour"], "", names
    )
    layout |= {"height": layout["height"] + TALLER}
    return figure(
        digest,
        ("time", "The shortfall over time", "Medians of the runs of some points."),
        {"data": data, "layout": layout},
        table,
    )


def month_labels(digest: Digest) -> list[str]:
    """'YYYY-MM' of every month."""
    year, month = map(int, digest["start"].split("-"))
    return [
        f"{year + (month - 1 + i) // 12}-{(month - 1 + i) % 12 + 1:02d}"
        for i in range(digest["months"])
    ]


def percent(share: float | None) -> str:
    """A share in percent."""
    return EN_DASH if share is None else f"{share:.0%}"
