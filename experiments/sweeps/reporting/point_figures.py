"""Figures that compare points: side by side, paired effects, and rank correlations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.reporting.plotting import BLUE, ORANGE, RED, Figure, six_digits
from experiments.results.summary_reader import EN_DASH
from experiments.sweeps.reporting.figure_parts import (
    MAIN_ROWS,
    WHISKERS,
    Caption,
    dot_rows_layout,
    evenly_chosen,
    figure,
    whiskers,
)
from experiments.sweeps.reporting.point_names import (
    SweepSummary,
    counted,
    interval_text,
    month_phrase,
    point_label,
    point_name,
    reading,
    same_seeds_phrase,
    short_key,
)

MOST_CELLS = 24
"""Cells whose effects are shown at most; summary.json has all."""
TITLES = [row.title for row in MAIN_ROWS]


def side_by_side(summary: SweepSummary) -> Figure:
    """Points of a design without a numeric axis, as dots with whiskers."""
    points, names = summary["points"], [point_label(summary, p) for p in summary["points"]]
    data = []
    for number, row in enumerate(MAIN_ROWS):
        values = [(name, reading(p, row.measure)) for name, p in zip(names, points, strict=True)]
        data.append(whiskers([(name, v) for name, v in values if v], (number, row.form)))
    table = [["", *TITLES]]
    table += [
        [name, *(interval_text(reading(p, row.measure), row.form) for row in MAIN_ROWS)]
        for name, p in zip(names, points, strict=True)
    ]
    keys = ", ".join(short_key(axis["key"]) for axis in summary["axes"]) or "one point"
    lead = f"Every point in {month_phrase(summary)}{same_seeds_phrase(summary)}."
    caption = Caption("points", f"Side by side: {keys}", lead, WHISKERS)
    plot = {"data": data, "layout": dot_rows_layout(TITLES, names)}
    return figure(summary, caption, plot, table)


def effect_figure(summary: SweepSummary) -> Figure | None:
    """Paired differences of points to the reference; None if there is only one point."""
    if summary["effects"] is None:
        return None
    reference = point_name(summary["effects"]["reference"])
    cells = evenly_chosen(summary["effects"]["cells"], MOST_CELLS)
    names = [point_label(summary, cell) for cell in cells]
    data, table = [], [[f"difference from {reference}", *TITLES]]
    for number, row in enumerate(MAIN_ROWS):
        found = [(name, effect_of(c, row.measure)) for name, c in zip(names, cells, strict=True)]
        intervals = [(name, effect["interval"]) for name, effect in found if effect]
        data.append(whiskers(intervals, (number, "+,.2f"), RED))
    for name, cell in zip(names, cells, strict=True):
        table.append([name, *(effect_text(effect_of(cell, row.measure)) for row in MAIN_ROWS)])
    lead = (
        f"Each run in {month_phrase(summary)} minus the run of {reference} under the same seed"
        f"{' and draw' if summary['draws']['keys'] else ''}. The table adds the mean difference "
        f"with its 95 % confidence interval{clusters_phrase(summary)}."
    )
    caption = Caption("effects", f"Paired effects against {reference}", lead, WHISKERS)
    plot = {"data": data, "layout": dot_rows_layout(TITLES, names)}
    return figure(summary, caption, plot, table)


def effect_of(cell: Mapping[str, Any], measure: str) -> Mapping[str, Any] | None:
    """The effect on a measure in the month in which the cell is read."""
    found: Mapping[str, Any] | None = cell["measures"][measure][cell["month"]]
    return found


def effect_text(effect: Mapping[str, Any] | None) -> str:
    """Median and interval of a difference, and its mean with the confidence interval."""
    if effect is None:
        return EN_DASH
    ends = effect["mean_95"]
    confidence = "" if ends is None else " ({:+,.2f} to {:+,.2f})".format(*ends)
    return f"{interval_text(effect['interval'], '+,.1f')}; mean {effect['mean']:+,.2f}{confidence}"


def clusters_phrase(summary: SweepSummary) -> str:
    """What the confidence interval of a mean counts, where there are several draws."""
    draws, replicates = summary["draws"]["count"], summary["replicates"]
    if draws == 1:
        return ""
    if summary["draws"].get("own_seeds"):
        return f", which counts {counted(draws, 'draw')}, not single runs"
    seeds = f" and {counted(replicates, 'seed')}, not single runs" if replicates > 1 else ""
    return f", which counts {counted(draws, 'draw')}{seeds or ' under one seed'}"


def sensitivity_figure(summary: SweepSummary) -> Figure | None:
    """Rank correlations of sampled parameters with the shortfall; None without draws."""
    if not summary["sensitivity"]:
        return None
    found = summary["sensitivity"][0]
    names = [short_key(each["key"]) for each in found["keys"]]
    values = [six_digits(each["rank_correlation"]) for each in found["keys"]]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": values,
        "y": names,
        "marker": {"color": [BLUE if value >= 0 else ORANGE for value in values]},
    }
    layout = {
        "height": 90 + 30 * len(names),
        "margin": {"l": 10, "r": 14, "t": 10, "b": 60},
        "showlegend": False,
        "dragmode": False,
        "xaxis": {"title": {"text": "rank correlation with the shortfall"}, "range": [-1, 1]},
        "yaxis": {"autorange": "reversed", "automargin": True},
    }
    correlations = [[name, f"{value:+.2f}"] for name, value in zip(names, values, strict=True)]
    where = point_name(found["where"])
    lead = (
        "Spearman's rank correlation of each sampled parameter with the shortfall, where that is "
        f"largest: {where}, in {found['month']}."
    )
    caption = Caption("draws", "Which unknown parameters matter", lead, "Rank correlations")
    table = [["", "rank correlation"], *correlations]
    return figure(summary, caption, {"data": [bars], "layout": layout}, table)
