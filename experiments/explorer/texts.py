"""What the explorer says beside its picture: how far it is, what is compared, what was refused, the numbers as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from dash import html, no_update

from experiments.ensembles.uncertainty import interval_meaning
from experiments.explorer import finished_results
from experiments.explorer.address import from_query, settings_of
from experiments.explorer.picture import MEASURES
from experiments.explorer.simulation_jobs import QUICK, Page, Pool, View
from experiments.reporting.overlay import COLOURS, NamedSummary, bands_note
from experiments.reporting.plotting import Figure, PlotSpec
from experiments.results.result_folder import FolderError
from sim.inputs.problems import ScenarioError

EMPTY: PlotSpec = {
    "data": [],
    "layout": {"height": 200, "xaxis": {"visible": False}, "yaxis": {"visible": False}},
}
PREVIEW = f"{QUICK.share:g} of the krai"
WARMING = "Compiling the engine: up to a minute after an update, a second otherwise."


@dataclass(frozen=True)
class Backstage:
    """What the callbacks work with: the threads, finished results, and the names that a page may ask for."""

    pool: Pool
    finished: Mapping[str, finished_results.Finished]
    measures: Mapping[str, str]
    trades: tuple[str, ...]


def refusal(head: str, error: ScenarioError) -> list[Any]:
    """What is wrong with a scenario, line by line."""
    return [html.P(f"{head}:"), html.Ul([html.Li(line) for line in error.problems])]


def follow(pool: Pool, page: Page, query: str | None) -> View | None:
    """What there is of the scenario a page shows. It is asked for again if requests overtook one another or it was forgotten."""
    if query is None:
        return None
    if pool.label(page) != query or pool.look(page) is None:
        pool.submit(page, settings_of(from_query(query)), query)
    return pool.look(page)


def side_by_side(
    backstage: Backstage,
    moved: tuple[View, str],
    pinned: tuple[View | None, str | None],
    beside: str | None,
) -> list[NamedSummary]:
    """The scenario, then the pinned one and the finished result as far as they are there."""
    assert moved[0].summary is not None
    found = [NamedSummary(title(moved[1]), moved[0].summary)]
    if pinned[0] is not None and pinned[0].summary is not None and pinned[1]:
        found.append(NamedSummary(f"pinned: {title(pinned[1])}", pinned[0].summary))
    if beside in backstage.finished:
        try:
            found.append(
                NamedSummary(
                    str(beside),
                    finished_results.summary_of(backstage.finished[str(beside)], moved[0].summary),
                )
            )
        except (FolderError, OSError, KeyError, ValueError):
            return found
    return found


def title(query: str) -> str:
    """A scenario in a legend."""
    scenario = from_query(query)
    return ", ".join(
        [
            scenario.policy,
            *(
                f"{key.split('.')[-2] if key.startswith('levers') else key.split('.')[-1]} {value}"
                for key, value in scenario.values.items()
            ),
        ]
    ).replace("_", " ")


def legend(results: list[NamedSummary]) -> list[html.Span]:
    """Names of the compared scenarios with the colours of their curves; nothing where there is but one."""
    named = enumerate(results) if len(results) > 1 else ()
    keys = (
        html.Span(className="key", style={"background": COLOURS[number % len(COLOURS)]})
        for number, _ in named
    )
    return [html.Span([key, result.name]) for key, result in zip(keys, results, strict=False)]


def state_words(view: View, pinned: View | None = None) -> str:
    """How far the simulation is: of the scenario, and of the pinned one until it is done too."""
    own = progress(view)
    if pinned is None or (pinned.finished and not pinned.failure):
        return f"{own} Done." if view.finished and not view.failure else own
    return f"{own} Pinned scenario: {progress(pinned)}"


def progress(view: View) -> str:
    """How far the simulation of one scenario is."""
    if view.failure:
        return view.failure
    if view.summary is None:
        return f"Simulating {PREVIEW}." if view.warm else WARMING
    if not view.full:
        return f"Preview: {PREVIEW}. The full krai is being simulated, {view.replicates} of {view.wanted} replicates are done."
    return f"Full krai, {view.replicates} replicates."


def done(view: View, pinned: View | None) -> bool:
    """Whether nothing better will come of what is shown."""
    return view.finished and (pinned is None or pinned.finished)


def note(view: str, results: Sequence[NamedSummary], figure: Figure | None) -> str:
    """What lines and bands are, or where a report figure's numbers come from."""
    if figure is None:
        return "This scenario has nothing to show here."
    if view == MEASURES:
        return bands_note(results)
    summary = results[0].summary
    said = f"{figure.source} {figure.shows} of {summary['replicates']} replicates; {interval_meaning(summary, 'shortfall_workers')}."
    return f"{said} Of the scenario on the left alone." if len(results) > 1 else said


def aloud(view: View, pinned: View | None = None, words: str = "") -> str:
    """What a screen reader says by itself: that something is under way, then the answer; not every replicate."""
    if view.failure:
        return view.failure
    return f"Done. {words}" if done(view, pinned) else "Simulating."


class Update(NamedTuple):
    """What a poll changes on the page, in the order of PARTS; by default nothing."""

    plot: Any = no_update
    answer: Any = no_update
    state: Any = no_update
    aloud: Any = no_update
    done: Any = no_update
    most: Any = no_update
    alt: Any = no_update
    source: Any = no_update
    numbers: Any = no_update
    legend: Any = no_update
    token: Any = no_update


PARTS = (
    ("plot", "data"),
    ("answer", "children"),
    ("state", "children"),
    ("aloud", "children"),
    ("progress", "value"),
    ("progress", "max"),
    ("frame", "aria-label"),
    ("source", "children"),
    ("numbers", "children"),
    ("legend", "children"),
    ("token", "data"),
)


def showing(view: View, query: str, pinned: View | None = None) -> dict[str, Any]:
    """Which scenario a picture shows, by its address, and how far its simulation was."""
    return {
        "scenario": query,
        "replicates": view.replicates,
        "finished": view.full and done(view, pinned),
    }


def pictured(figure: Figure | None, meta: Mapping[str, Any], source: str) -> dict[str, Any]:
    """A figure with its words and numbers, or an empty one; `meta` stays with its layout."""
    plot = EMPTY if figure is None else figure.plot
    drawn = {"data": plot["data"], "layout": plot["layout"] | {"uirevision": "same", "meta": meta}}
    words = (
        {"alt": source, "numbers": ""}
        if figure is None
        else {"alt": figure.alt, "numbers": numbers(figure.table)}
    )
    return {"plot": drawn, "source": source, **words}


def numbers(rows: list[list[str]]) -> html.Table:
    """The figure's table."""
    head, *body = rows
    lines = [
        html.Tr([html.Th(row[0], scope="row"), *(html.Td(text) for text in row[1:])])
        for row in body
    ]
    return html.Table(
        [html.Thead(html.Tr([html.Th(text, scope="col") for text in head])), html.Tbody(lines)]
    )
