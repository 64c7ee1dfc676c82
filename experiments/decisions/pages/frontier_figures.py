"""Figures of the front: schedules and shipped policies; a click on a point shows its YAML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.decisions.pages.decision_figures import decision_figure
from experiments.decisions.pages.frontier_words import amount, axis_name
from experiments.reporting.plotting import BLUE, GREY, ORANGE, Figure, PlotSpec, axis, six_digits
from experiments.sweeps.reporting.figure_parts import Caption, stacked_layout
from experiments.sweeps.reporting.point_names import value_text

KINDS = {
    "on the front": {"color": BLUE, "symbol": "circle", "size": 8},
    "off the front on fresh draws": {"color": GREY, "symbol": "circle-open", "size": 7},
    "shipped policies": {"color": ORANGE, "symbol": "diamond", "size": 11},
}


def frontier_figures(numbers: Mapping[str, Any], texts: Sequence[str]) -> list[tuple[Figure, str]]:
    """Every figure with a note on its marks; `texts` are the YAML of schedules, then of shipped."""
    entries = [*numbers["schedules"], *numbers["shipped"]]
    titles = [axis_title(numbers, place) for place in range(len(numbers["objectives"]))]
    data = [
        trace
        for row in range(len(titles) - 1)
        for kind in KINDS
        if (trace := marks(numbers, list(zip(entries, texts, strict=True)), kind, row))
    ]
    layout = stacked_layout(titles[1:], titles[0], list(KINDS)) | {"hovermode": "closest"}
    lead = (
        "What is traded against what, schedule by schedule. A click on a point shows its YAML "
        "below the figure; the file schedules.yaml beside this page holds all of them."
    )
    caption = Caption("front", "The front of schedules", lead, "Points: means over fresh draws")
    figure = decision_figure(caption, {"data": data, "layout": layout}, table(numbers, entries))
    return [(figure, f"Of {numbers['fresh_draws']} draws of the posterior.")]


def axis_title(numbers: Mapping[str, Any], place: int) -> str:
    """'Never built in standard worker-months, less is better'."""
    better = "more" if numbers["more_is_better"][place] else "less"
    label = numbers["labels"][place]
    return f"{label[0].upper()}{label[1:]}, {numbers['units'][place]} ({better} is better)"


def kind_of(entry: Mapping[str, Any]) -> str:
    """Which of the kinds of marks an entry has."""
    front, off, shipped = KINDS
    if entry["means_in_search"] is None:
        return shipped
    return front if entry["on_front"] else off


def marks(
    numbers: Mapping[str, Any],
    entries: Sequence[tuple[Mapping[str, Any], str]],
    kind: str,
    row: int,
) -> PlotSpec | None:
    """The marks of a kind in a row: an objective over the first one; None if there are none."""
    shown = [(entry, text) for entry, text in entries if kind_of(entry) == kind]
    if not shown:
        return None
    is_shipped = kind == list(KINDS)[-1]
    return {
        "type": "scatter",
        "mode": "markers+text" if is_shipped else "markers",
        "name": kind,
        "legendgroup": kind,
        "showlegend": row == 0,
        "x": [six_digits(entry["means"][0][1]) for entry, _ in shown],
        "y": [six_digits(entry["means"][row + 1][1]) for entry, _ in shown],
        "text": [entry["name"] for entry, _ in shown],
        "textposition": "top center",
        "customdata": [text for _, text in shown],
        "xaxis": axis("x", row),
        "yaxis": axis("y", row),
        "marker": dict(KINDS[kind]),
        "hovertemplate": "%{text}: %{x:,.3g}, %{y:,.3g}<extra></extra>",
    }


def table(numbers: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Every entry with its values and means."""
    keys = list(numbers["schedules"][0]["values"])
    head = ["", *map(axis_name, keys), *numbers["objectives"], "", "dominated by"]
    return [
        head,
        *(
            [
                entry["name"],
                *(value_text(entry["values"].get(key)) for key in keys),
                *map(amount, entry["means"]),
                kind_of(entry),
                entry["dominated"]["by"] if entry["dominated"] else "",
            ]
            for entry in entries
        ),
    ]
