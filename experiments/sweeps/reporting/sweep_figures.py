"""The figures of a sweep's report: response curves, heatmaps, and those of its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from experiments.reporting.plotting import BANDS, MEDIANS, Figure, PlotSpec, axis, six_digits
from experiments.results.summary_reader import crews
from experiments.sweeps.design.axes import is_plain_number
from experiments.sweeps.reporting.figure_parts import (
    GAP,
    LEFT,
    MAIN_ROWS,
    ROW,
    Caption,
    Line,
    MeasureRow,
    evenly_chosen,
    figure,
    line_colours,
    median_curve,
    stacked_layout,
)
from experiments.sweeps.reporting.point_figures import (
    effect_figure,
    sensitivity_figure,
    side_by_side,
)
from experiments.sweeps.reporting.point_names import (
    SweepSummary,
    interval_text,
    month_phrase,
    point_name,
    reading,
    same_seeds_phrase,
    short_key,
    value_text,
)
from experiments.sweeps.reporting.time_figures import (
    BANDS_UP_TO,
    LINES_UP_TO,
    deadline_figure,
    time_figure,
)
from sim.measures.names import nationality

TABLE_LEVELS = 6
"""Levels of an axis that a table has at most."""
TICKS, AXIS_TITLE = 6, 28
"""Levels that a heatmap's axes name at most, and pixels that an upright title takes."""
HEATMAP_ROWS = (
    MeasureRow("shortfall_percent", "Shortfall at the baseline wage, percent", ",.1f"),
    MeasureRow(
        "remaining_gap_percent", "Remaining gap at the policy branch's wage, percent", ",.1f"
    ),
)


def all_figures(summary: SweepSummary) -> list[Figure]:
    """Every figure that the design has."""
    numeric = numeric_axes(summary)
    found = [response(summary, numeric[0]) if numeric else side_by_side(summary)]
    if len(numeric) >= 2:
        found.append(heatmap(summary, numeric[0], numeric[1]))
    makers: tuple[Callable[[SweepSummary], Figure | None], ...] = (
        deadline_figure,
        time_figure,
        effect_figure,
        sensitivity_figure,
    )
    return found + [figure for maker in makers if (figure := maker(summary))]


def numeric_axes(summary: SweepSummary) -> list[int]:
    """Axes whose values are numbers, compliance first.

    Seed and replicates, in which result folders may differ, are no quantities to respond to.
    """
    axes = summary["axes"]
    numbers = [
        number
        for number, each in enumerate(axes)
        if each["key"] not in ("seed", "replicates")
        and len(each["values"]) > 1
        and all(map(is_plain_number, each["values"]))
    ]
    return sorted(numbers, key=lambda number: axes[number]["key"] != "policy.compliance")


def lines_along(summary: SweepSummary, number: int) -> list[Line]:
    """A line along an axis for each combination of the other axes' values; at most a few."""
    points, key = summary["points"], summary["axes"][number]["key"]
    groups: dict[str, list[int]] = {}
    values: dict[str, Mapping[str, Any]] = {}
    for cell, point in enumerate(points):
        others = {name: value for name, value in point["values"].items() if name != key}
        group = point_name(others) if others else "median"
        groups.setdefault(group, []).append(cell)
        values[group] = others
    found, chosen = [], evenly_chosen(list(groups), LINES_UP_TO)
    colours = line_colours([values[name] for name in chosen])
    for name, colour in zip(chosen, colours, strict=True):
        cells = sorted(groups[name], key=lambda cell: points[cell]["values"][key])
        levels = [points[cell]["values"][key] for cell in cells]
        found.append(Line(name, levels, cells, colour))
    return found


def response(summary: SweepSummary, number: int) -> Figure:
    """Curves of the main measures along an axis."""
    rows, lines = [*MAIN_ROWS, *crew_rows(summary)], lines_along(summary, number)
    name, with_band = short_key(summary["axes"][number]["key"]), len(lines) <= BANDS_UP_TO
    data: list[PlotSpec] = []
    for place, row in enumerate(rows):
        for line in lines:
            readings = [
                (level, values)
                for level, cell in zip(line.levels, line.cells, strict=True)
                if (values := reading(summary["points"][cell], row.measure))
            ]
            data += median_curve(line, readings, (place, row.form), with_band)
    layout = stacked_layout([row.title for row in rows], name, [line.name for line in lines])
    lead = (
        f"Each measure in {month_phrase(summary)} by {name}, all else equal"
        f"{same_seeds_phrase(summary)}."
    )
    caption = Caption("response", f"Response to {name}", lead, BANDS if with_band else MEDIANS)
    table = response_table(summary, name, rows, lines)
    return figure(summary, caption, {"data": data, "layout": layout}, table)


def response_table(
    summary: SweepSummary, name: str, rows: list[MeasureRow], lines: list[Line]
) -> list[list[str]]:
    """The curves' values at some levels."""
    levels = evenly_chosen(lines[0].levels, TABLE_LEVELS)
    table = [["", *(f"{name} {value_text(level)}" for level in levels)]]
    for row in rows:
        for line in lines:
            title = row.title if len(lines) == 1 else f"{row.title}: {line.name}"
            cells = evenly_chosen(line.cells, TABLE_LEVELS)
            values = (reading(summary["points"][cell], row.measure) for cell in cells)
            table.append([title, *(interval_text(value, row.form) for value in values)])
    return table


def crew_rows(summary: SweepSummary) -> list[MeasureRow]:
    """Rows for the heads of those whom the expulsion concerns."""
    return [
        MeasureRow(f"{name}_heads", f"{nationality(name)} workers employed", ",.0f")
        for name in crews(summary)
        if f"{name}_heads" in summary["measures"]
    ]


def heatmap(summary: SweepSummary, along: int, across: int) -> Figure:
    """The shortfall over two axes; any other axis is held at its first value."""
    axes = summary["axes"]
    x_key, y_key = axes[along]["key"], axes[across]["key"]
    held = {a["key"]: a["values"][0] for a in axes if a["key"] not in (x_key, y_key)}
    xs, ys = sorted(axes[along]["values"]), sorted(axes[across]["values"])
    points = {
        (point["values"][x_key], point["values"][y_key]): point
        for point in summary["points"]
        if held.items() <= point["values"].items()
    }
    data, table = [], [["", *(f"{short_key(x_key)} {value_text(x)}" for x in xs)]]
    for number, row in enumerate(HEATMAP_ROWS):
        values = [
            [reading(points[x, y], row.measure) if (x, y) in points else None for x in xs]
            for y in ys
        ]
        for y, of_y in zip(ys, values, strict=True):
            title = f"{row.title}: {short_key(y_key)} {value_text(y)}"
            table.append([title, *(interval_text(value, row.form) for value in of_y)])
        z = [[None if v is None else six_digits(v[1]) for v in of_y] for of_y in values]
        data.append(heat_trace({"x": xs, "y": ys, "z": z}, (x_key, y_key), number))
    lead = f"Every point in {month_phrase(summary)}."
    if held:
        lead += f" Held fixed: {point_name(held)}."
    title = f"{short_key(x_key).capitalize()} against {short_key(y_key)}"
    plot = {"data": data, "layout": heatmap_layout((x_key, xs), (y_key, ys))}
    return figure(summary, Caption("heatmap", title, lead, MEDIANS), plot, table)


def heatmap_layout(x: tuple[str, list[Any]], y: tuple[str, list[Any]]) -> PlotSpec:
    """The layout of a heatmap's rows, from key and levels of both axes."""
    layout = stacked_layout([row.title for row in HEATMAP_ROWS], short_key(x[0]), ())
    for number, _ in enumerate(HEATMAP_ROWS):
        layout[axis("xaxis", number)] |= {"tickvals": evenly_chosen(x[1], TICKS)}
        layout[axis("yaxis", number)] |= {
            "title": {"text": short_key(y[0]), "standoff": 8},
            "tickvals": evenly_chosen(y[1], TICKS),
        }
    layout["margin"] |= {"l": LEFT + AXIS_TITLE}
    for title in layout["annotations"]:
        title["xshift"] -= AXIS_TITLE
    return layout


def heat_trace(grid: Mapping[str, list[Any]], keys: tuple[str, str], number: int) -> PlotSpec:
    """A row of the heatmap."""
    inner = 2 * ROW + GAP
    bar = {
        "len": ROW / inner,
        "y": 1.0 - number * (ROW + GAP) / inner,
        "yanchor": "top",
        "thickness": 12,
    }
    hover = f"{short_key(keys[0])} %{{x}}, {short_key(keys[1])} %{{y}}: %{{z:.1f}}<extra></extra>"
    return dict(grid) | {
        "type": "heatmap",
        "xaxis": axis("x", number),
        "yaxis": axis("y", number),
        # Cividis can be read by colour-blind readers and in grey print.
        "colorscale": "Cividis",
        "reversescale": True,
        "zmin": 0,
        "colorbar": bar,
        "hovertemplate": hover,
        "xgap": 1,
        "ygap": 1,
    }
