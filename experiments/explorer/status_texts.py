"""What the explorer writes besides its figure: how far it is, what it shows, what it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from experiments.ensembles.uncertainty import interval_meaning
from experiments.explorer.explorer_figures import MEASURES
from experiments.explorer.services import PageSimulations
from experiments.explorer.simulation_jobs import PREVIEW, SimulationState
from experiments.reporting.overlay import NamedSummary, bands_note
from experiments.reporting.plotting import Figure
from sim.inputs.problems import ScenarioError

PREVIEW_SIZE = f"{PREVIEW.share:g} of full size"
COMPILING = "Compiling the engine: this takes up to a minute after an update, else a second."


def refusal(heading: str, error: ScenarioError) -> list[Any]:
    """What is wrong with a scenario, line by line under a heading."""
    return [html.P(f"{heading}:"), html.Ul([html.Li(line) for line in error.problems])]


def status(simulations: PageSimulations) -> str:
    """How far the simulation is: of the scenario, and of kept ones until those are done too."""
    assert simulations.moved is not None
    state = simulations.moved.state
    assert state is not None
    own = progress(state)
    others = [
        f"{each.name}: {progress(each.state)}"
        for each in simulations.kept
        if each.state is not None and (each.state.failure or not each.state.finished)
    ]
    if others:
        return " ".join([own, *others])
    return f"{own} Done." if state.finished and not state.failure else own


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


def is_done(simulations: PageSimulations) -> bool:
    """Whether nothing better than what is shown will come."""
    every = (simulations.moved, *simulations.kept)
    return all(each is not None and each.state and each.state.finished for each in every)


def figure_note(
    view: str, results: Sequence[NamedSummary], figure: Figure | None, reference: str = ""
) -> str:
    """What lines and bands are; of a report's figure also where its numbers come from."""
    if figure is None:
        return "There is nothing to show here."
    if reference:
        return (
            f"Each scenario minus {reference}, replicate by replicate with the same draw and seed: "
            f"median and 5 to 95\u00a0% of {results[0].summary['replicates']} differences."
        )
    if view == MEASURES:
        return bands_note(results)
    summary = results[0].summary
    meaning = interval_meaning(summary, "shortfall_workers")
    note = f"{figure.source} {figure.shows} of {summary['replicates']} replicates; {meaning}."
    only = " This figure shows the scenario of the sliders only."
    return note + (only if len(results) > 1 else "")


def announcement(simulations: PageSimulations, answer: str = "") -> str:
    """What a screen reader reads out: that a simulation runs, then the answer.

    Not the count of replicates, which would interrupt its user twenty times.
    """
    assert simulations.moved is not None
    state = simulations.moved.state
    if state is not None and state.failure:
        return state.failure
    return f"Done. {answer}" if is_done(simulations) else "Simulating."
