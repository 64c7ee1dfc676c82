"""What the explorer writes besides its figure: how far it is, what it shows, what it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from experiments.ensembles.uncertainty import interval_meaning
from experiments.explorer.explorer_figures import MEASURES
from experiments.explorer.simulation_jobs import PREVIEW, SimulationState
from experiments.reporting.overlay import NamedSummary, bands_note
from experiments.reporting.plotting import Figure
from sim.inputs.problems import ScenarioError

PREVIEW_SIZE = f"{PREVIEW.share:g} of full size"
COMPILING = "Compiling the engine: this takes up to a minute after an update, else a second."


def refusal(heading: str, error: ScenarioError) -> list[Any]:
    """What is wrong with a scenario, line by line under a heading."""
    return [html.P(f"{heading}:"), html.Ul([html.Li(line) for line in error.problems])]


def status(state: SimulationState, pinned: SimulationState | None = None) -> str:
    """How far the simulation is: of the scenario, and of the pinned one until that is done too."""
    own = progress(state)
    if pinned is not None and (pinned.failure or not pinned.finished):
        return f"{own} Pinned scenario: {progress(pinned)}"
    is_done = state.finished and not state.failure
    return f"{own} Done." if is_done else own


def progress(state: SimulationState) -> str:
    """How far the simulation of one scenario is."""
    if state.failure:
        return state.failure
    if state.summary is None:
        return f"Simulating a preview at {PREVIEW_SIZE}." if state.warm else COMPILING
    if not state.full:
        done = f"{state.replicates} of {state.wanted} replicates"
        return f"Preview at {PREVIEW_SIZE}. At full size, {done} are done."
    return f"Full size, {state.replicates} replicates."


def is_done(state: SimulationState, pinned: SimulationState | None) -> bool:
    """Whether nothing better than what is shown will come."""
    return state.finished and (pinned is None or pinned.finished)


def figure_note(view: str, results: Sequence[NamedSummary], figure: Figure | None) -> str:
    """What lines and bands are; of a report's figure also where its numbers come from."""
    if figure is None:
        return "This scenario has nothing to show here."
    if view == MEASURES:
        return bands_note(results)
    summary = results[0].summary
    meaning = interval_meaning(summary, "shortfall_workers")
    note = f"{figure.source} {figure.shows} of {summary['replicates']} replicates; {meaning}."
    only = " This figure shows the scenario of the sliders only."
    return note + (only if len(results) > 1 else "")


def announcement(
    state: SimulationState, pinned: SimulationState | None = None, answer: str = ""
) -> str:
    """What a screen reader reads out: that a simulation runs, then the answer.

    Not the count of replicates, which would interrupt its user twenty times.
    """
    if state.failure:
        return state.failure
    return f"Done. {answer}" if is_done(state, pinned) else "Simulating."
