"""What a poll of the page changes: figure, texts and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from dash import html, no_update

from experiments.explorer.services import PageSimulations
from experiments.explorer.status_texts import is_done
from experiments.reporting.key_numbers import key_numbers
from experiments.reporting.overlay import COLOURS, NamedSummary
from experiments.reporting.plotting import Figure, PlotSpec
from experiments.results.summary_reader import Summary

EMPTY_PLOT: PlotSpec = {
    "data": [],
    "layout": {"height": 200, "xaxis": {"visible": False}, "yaxis": {"visible": False}},
}


class Update(NamedTuple):
    """New values of parts of the page; a part that is not given stays as it is."""

    plot: Any = no_update
    cards: Any = no_update
    hangs_on: Any = no_update
    answer: Any = no_update
    status: Any = no_update
    announcement: Any = no_update
    done: Any = no_update
    wanted: Any = no_update
    alternative: Any = no_update
    note: Any = no_update
    numbers: Any = no_update
    legend: Any = no_update
    compared: Any = no_update
    shown: Any = no_update
    answered: Any = no_update


PLACES = {
    "plot": ("plot", "data"),
    "cards": ("cards", "children"),
    "hangs_on": ("hangs_on", "children"),
    "answer": ("answer", "children"),
    "status": ("status", "children"),
    "announcement": ("announcement", "children"),
    "done": ("progress", "value"),
    "wanted": ("progress", "max"),
    "alternative": ("frame", "aria-label"),
    "note": ("note", "children"),
    "numbers": ("numbers", "children"),
    "legend": ("legend", "children"),
    "compared": ("compared", "children"),
    "shown": ("shown", "data"),
    "answered": ("answered", "data"),
}
"""The element and property of the page where each part of an update goes."""


def shown_scenario(simulations: PageSimulations) -> dict[str, Any]:
    """Which scenario a figure shows, and how far its simulation was; kept with the figure."""
    moved = simulations.moved
    assert moved is not None
    assert moved.state is not None
    return {
        "scenario": moved.query,
        "replicates": moved.state.replicates,
        "finished": moved.state.full and is_done(simulations),
    }


def number_cards(summary: Summary) -> list[html.Li]:
    """The key numbers of a summary, each with its interval and month."""
    return [
        html.Li(
            [
                html.Span(each.name),
                html.Strong(each.median),
                html.Small(each.interval),
                html.Small(each.remark),
            ]
        )
        for each in key_numbers(summary)
    ]


def figure_update(figure: Figure | None, meta: Mapping[str, Any], note: str) -> dict[str, Any]:
    """A figure with its texts and numbers, or an empty one; `meta` is kept with its layout."""
    plot = EMPTY_PLOT if figure is None else figure.plot
    # The same uirevision keeps the user's zoom when more replicates arrive.
    layout = plot["layout"] | {"uirevision": "same", "meta": meta}
    return {
        "plot": {"data": plot["data"], "layout": layout},
        "note": note,
        "alternative": note if figure is None else figure.alt,
        "numbers": "" if figure is None else number_table(figure.table),
    }


def number_table(rows: list[list[str]]) -> html.Table:
    """A figure's numbers as a table of the page."""
    head, *body = rows
    lines = [
        html.Tr([html.Th(row[0], scope="row"), *(html.Td(text) for text in row[1:])])
        for row in body
    ]
    heading = html.Tr([html.Th(text, scope="col") for text in head])
    return html.Table([html.Thead(heading), html.Tbody(lines)])


def legend(results: list[NamedSummary]) -> list[html.Span]:
    """Names of the compared results with their colours; empty for a single one."""
    if len(results) < 2:
        return []
    colours = (COLOURS[number % len(COLOURS)] for number, _ in enumerate(results))
    return [
        html.Span([html.Span(className="key", style={"background": colour}), result.name])
        for colour, result in zip(colours, results, strict=False)
    ]
