"""The figures of a sweep's report: response curves with bands and heatmaps, and those of its neighbours in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from experiments.reporting.plotting import Figure, PlotSpec, six_digits
from experiments.sweeps.reporting.comparisons import effect_figure, sensitivity_figure, side_by_side
from experiments.sweeps.reporting.figure_parts import (
    DEFAULT_ROWS,
    GAP,
    LEFT,
    PALETTE,
    ROW,
    Line,
    axis_name,
    curve,
    figure,
    measure_at,
    spread_out,
    stacked_layout,
)
from experiments.sweeps.reporting.sweep_names import (
    Digest,
    alike,
    named,
    short_key,
    shown,
    when,
    with_interval,
)
from experiments.sweeps.reporting.timelines import BANDS_UP_TO, LINES_UP_TO, deadline, over_time

TICKS, AXIS_TITLE = 6, 28
"""Levels that a heatmap's axes name at most, and pixels that an upright title takes."""


def pictures(digest: Digest) -> list[Figure]:
    """Every figure that this design has."""
    numeric, found = numeric_axes(digest), []
    if numeric:
        found.append(response(digest, numeric[0]))
    else:
        found.append(side_by_side(digest))
    if len(numeric) >= 2:
        found.append(heatmap(digest, numeric[0], numeric[1]))
    makers: tuple[Callable[[Digest], Figure | None], ...] = (
        deadline,
        over_time,
        effect_figure,
        sensitivity_figure,
    )
    return found + [figure for maker in makers if (figure := maker(digest))]


def numeric_axes(digest: Digest) -> list[int]:
    """Axes whose values are numbers, compliance first; to the seed or the number of replicates nothing answers."""
    axes = digest["axes"]
    numbers = [
        i
        for i, axis in enumerate(axes)
        if axis["key"] not in ("seed", "replicates")
        and len(axis["values"]) > 1
        and all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in axis["values"])
    ]
    return sorted(numbers, key=lambda i: axes[i]["key"] != "policy.compliance")


def lines_along(digest: Digest, axis: int) -> list[Line]:
    """One line for each combination of the other axes' values; a few spread over them where there are many."""
    key = digest["axes"][axis]["key"]
    groups: dict[str, list[int]] = {}
    for number, point in enumerate(digest["points"]):
        others = {name: value for name, value in point["values"].items() if name != key}
        groups.setdefault(named(others) if others else "median", []).append(number)
    chosen = spread_out(list(groups), LINES_UP_TO)
    found = []
    for number, name in enumerate(chosen):
        cells = sorted(groups[name], key=lambda cell: digest["points"][cell]["values"][key])
        found.append(
            Line(
                name,
                [digest["points"][cell]["values"][key] for cell in cells],
                cells,
                PALETTE[number % len(PALETTE)],
            )
        )
    return found


def response(digest: Digest, axis: int) -> Figure:
    """Curves of the main measures along an axis."""
    crews = [
        (
            f"{name}",
            f"{name.removesuffix('_heads').replace('_', ' ').title()} workers employed",
            ",.0f",
        )
        for name in expelled(digest)
    ]
    rows = [*DEFAULT_ROWS, *crews]
    key, lines = digest["axes"][axis]["key"], lines_along(digest, axis)
    data: list[PlotSpec] = []
    for number, (measure, _, form) in enumerate(rows):
        for line in lines:
            given = [
                (x, values)
                for x, cell in zip(line.levels, line.cells, strict=True)
                if (values := measure_at(digest, cell, measure))
            ]
            data += curve(line, given, (number, form), len(lines) <= BANDS_UP_TO)
    layout = stacked_layout(
        [title for _, title, _ in rows], short_key(key), [line.name for line in lines]
    )
    table = [
        ["", *(f"{short_key(key)} {shown(level)}" for level in spread_out(lines[0].levels, 6))]
    ]
    for measure, title, form in rows:
        for line in lines:
            cells = spread_out(line.cells, 6)
            table.append(
                [
                    title if len(lines) == 1 else f"{title}: {line.name}",
                    *(with_interval(measure_at(digest, cell, measure), form) for cell in cells),
                ]
            )
    lead = f"In {when(digest)}: how much each measure answers to {short_key(key)}, all else equal{alike(digest)}."
    return figure(
        digest,
        ("response", f"Response to {short_key(key)}", lead),
        {"data": data, "layout": layout},
        table,
    )


def expelled(digest: Digest) -> list[str]:
    """Heads of groups that the expulsion concerns."""
    return [name for name in digest["measures"] if name == "north_korean_heads"]


def heatmap(digest: Digest, along: int, across: int) -> Figure:
    """The shortfall over two axes; where there are more, at the others' first values."""
    x_key, y_key = (digest["axes"][number]["key"] for number in (along, across))
    firsts = {
        axis["key"]: axis["values"][0]
        for axis in digest["axes"]
        if axis["key"] not in (x_key, y_key)
    }
    xs, ys = (sorted(digest["axes"][number]["values"]) for number in (along, across))
    panels = (
        ("shortfall_percent", "Shortfall at the baseline wage, percent"),
        ("remaining_gap_percent", "Remaining gap, percent"),
    )
    data, table = [], [["", *(f"{short_key(x_key)} {shown(x)}" for x in xs)]]
    cells = {
        (p["values"][x_key], p["values"][y_key]): i
        for i, p in enumerate(digest["points"])
        if firsts.items() <= p["values"].items()
    }
    for number, (measure, title) in enumerate(panels):
        rows = [
            [measure_at(digest, cells[x, y], measure) if (x, y) in cells else None for x in xs]
            for y in ys
        ]
        table += [
            [f"{title}: {short_key(y_key)} {shown(y)}", *(with_interval(v, ",.1f") for v in row)]
            for y, row in zip(ys, rows, strict=True)
        ]
        z = [[None if v is None else six_digits(v[1]) for v in row] for row in rows]
        data.append(heat_trace((xs, ys, z), (x_key, y_key), number))
    layout = stacked_layout([title for _, title in panels], short_key(x_key), ())
    for suffix in ("", "2"):
        layout[f"xaxis{suffix}"] |= {"tickvals": spread_out(xs, TICKS)}
        layout[f"yaxis{suffix}"] |= {
            "title": {"text": short_key(y_key), "standoff": 8},
            "tickvals": spread_out(ys, TICKS),
        }
    layout["margin"] |= {"l": LEFT + AXIS_TITLE}
    for title in layout["annotations"]:
        title["xshift"] -= AXIS_TITLE
    rest = f" {named(firsts)}." if firsts else ""
    lead = f"Medians in {when(digest)}.{rest}"
    words = ("heatmap", f"{short_key(x_key).capitalize()} against {short_key(y_key)}", lead)
    return figure(digest, words, {"data": data, "layout": layout}, table)


def heat_trace(
    grid: tuple[list[Any], list[Any], list[list[float | None]]], keys: tuple[str, str], number: int
) -> PlotSpec:
    """A heatmap in a colour scale that colour-blind readers and greyscale printers can read."""
    xs, ys, z = grid
    inner = 2 * ROW + GAP
    place = {
        "len": ROW / inner,
        "y": 1.0 - number * (ROW + GAP) / inner,
        "yanchor": "top",
        "thickness": 12,
    }
    hover = f"{short_key(keys[0])} %{{x}}, {short_key(keys[1])} %{{y}}: %{{z:.1f}}<extra></extra>"
    on = {
        "xaxis": axis_name("x", number),
        "yaxis": axis_name("y", number),
        "colorscale": "Cividis",
        "reversescale": True,
        "zmin": 0,
    }
    return on | {
        "type": "heatmap",
        "x": xs,
        "y": ys,
        "z": z,
        "colorbar": place,
        "hovertemplate": hover,
        "xgap": 1,
        "ygap": 1,
    }
