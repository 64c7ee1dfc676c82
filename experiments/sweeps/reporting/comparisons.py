"""Figures of points side by side: dots with whiskers, paired effects, and which unknowns matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.reporting.plotting import BLUE, ORANGE, RED, Figure, six_digits
from experiments.sweeps.reporting.figure_parts import (
    DEFAULT_ROWS,
    figure,
    measure_at,
    row_layout,
    spread_out,
    whiskers,
)
from experiments.sweeps.reporting.sweep_names import (
    EN_DASH,
    Digest,
    alike,
    named,
    point_named,
    short_key,
    when,
    with_interval,
)

CELLS_UP_TO = 24


def side_by_side(digest: Digest) -> Figure:
    """Points without a numeric axis: dots with whiskers."""
    names = [point_named(digest, point) for point in digest["points"]]
    data = []
    for number, (measure, _, form) in enumerate(DEFAULT_ROWS):
        values = [measure_at(digest, cell, measure) for cell in range(len(names))]
        data.append(
            whiskers(
                [(name, each) for name, each in zip(names, values, strict=True) if each],
                (number, form),
            )
        )
    layout = row_layout([title for _, title, _ in DEFAULT_ROWS], names)
    table = [["", *(title for _, title, _ in DEFAULT_ROWS)]]
    table += [
        [name, *(with_interval(measure_at(digest, cell, m), form) for m, _, form in DEFAULT_ROWS)]
        for cell, name in enumerate(names)
    ]
    keys = ", ".join(short_key(axis["key"]) for axis in digest["axes"]) or "one point"
    lead = f"In {when(digest)}: median and 5 to 95 % of the runs of each point{alike(digest)}."
    return figure(
        digest, ("points", f"Side by side: {keys}", lead), {"data": data, "layout": layout}, table
    )


def effect_figure(digest: Digest) -> Figure | None:
    """Paired differences to the reference."""
    if digest["effects"] is None:
        return None
    reference = named(digest["effects"]["reference"])
    cells = spread_out(digest["effects"]["cells"], CELLS_UP_TO)
    data, table = [], [[f"minus {reference}", *(title for _, title, _ in DEFAULT_ROWS)]]
    for number, (measure, _, _) in enumerate(DEFAULT_ROWS):
        given = [
            (point_named(digest, each), found["interval"])
            for each in cells
            if (found := each["measures"][measure][each["month"]])
        ]
        data.append(whiskers(given, (number, "+,.2f"), RED))
    for each in cells:
        texts = (
            effect_text(each["measures"][measure][each["month"]]) for measure, _, _ in DEFAULT_ROWS
        )
        table.append([point_named(digest, each), *texts])
    layout = row_layout(
        [title for _, title, _ in DEFAULT_ROWS], [point_named(digest, each) for each in cells]
    )
    lead = (
        f"In {when(digest)}: value minus the value at {reference}, run by run under the same seeds: median and 5 to 95 % of the "
        f"differences. In the table the mean with its 95 % confidence interval{counted_by(digest)}."
    )
    return figure(
        digest,
        ("effects", f"Paired effects against {reference}", lead),
        {"data": data, "layout": layout},
        table,
    )


def effect_text(found: Mapping[str, Any] | None) -> str:
    """Median and interval of a difference, and its mean with 95 % confidence."""
    if found is None:
        return EN_DASH
    confident = (
        "" if found["mean_95"] is None else " ({:+,.2f} to {:+,.2f})".format(*found["mean_95"])
    )
    return f"{with_interval(found['interval'], '+,.1f')}; mean {found['mean']:+,.2f}{confident}"


def counted_by(digest: Digest) -> str:
    """What the confidence interval of a mean counts, where draws make runs alike."""
    draws, replicates = digest["draws"]["count"], digest["replicates"]
    if draws == 1:
        return ""
    return f", which counts {draws:,} draws" + (
        f" and {replicates:,} seeds, not single runs" if replicates > 1 else " under one seed"
    )


def sensitivity_figure(digest: Digest) -> Figure | None:
    """Which draws the shortfall goes with."""
    if not digest["sensitivity"]:
        return None
    found = digest["sensitivity"][0]
    names, values = (
        [short_key(each["key"]) for each in found["keys"]],
        [six_digits(each["rank_correlation"]) for each in found["keys"]],
    )
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": values,
        "y": names,
        "marker": {"color": [BLUE if v >= 0 else ORANGE for v in values]},
    }
    layout = {
        "height": 90 + 30 * len(names),
        "margin": {"l": 10, "r": 14, "t": 10, "b": 60},
        "showlegend": False,
        "dragmode": False,
    }
    layout |= {
        "xaxis": {"title": {"text": "rank correlation with the shortfall"}, "range": [-1, 1]},
        "yaxis": {"autorange": "reversed", "automargin": True},
    }
    table = [
        ["", "rank correlation"],
        *([name, f"{value:+.2f}"] for name, value in zip(names, values, strict=True)),
    ]
    lead = f"Spearman's rank correlation of each draw with the shortfall in {found['month']} ({named(found['where'])})."
    return figure(
        digest, ("draws", "Which unknowns matter", lead), {"data": [bars], "layout": layout}, table
    )
