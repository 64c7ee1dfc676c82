"""The callbacks of the page: what happens when a user changes something, and at every poll.

An address or a policy moves the sliders, sliders start a simulation, and the figure follows it.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from experiments.explorer.address import from_query, overrides_of, settings_of, to_query
from experiments.explorer.controls import CONTROLS, LEVERS_FROM, value_label
from experiments.explorer.explorer_figures import MEASURES, figure_of_view
from experiments.explorer.page_layout import slider_id, value_id
from experiments.explorer.page_state import as_config, as_csv, from_sliders
from experiments.explorer.page_updates import (
    PLACES,
    Update,
    figure_update,
    legend,
    shown_scenario,
)
from experiments.explorer.services import (
    PageSimulations,
    Services,
    compared,
    simulations_of_page,
)
from experiments.explorer.simulation_jobs import TooManyPagesError
from experiments.explorer.slider_moves import PICKERS, moved_parts, with_the_rest
from experiments.explorer.status_texts import announcement, figure_note, refusal, status
from experiments.reporting.answer import answer
from experiments.run import PROGRAM
from sim.inputs.problems import ScenarioError

SLIDERS = (*CONTROLS, LEVERS_FROM)
Values = Mapping[str, Any]


def register(app: Dash, services: Services) -> None:
    """Connect all callbacks."""
    register_moves(app, services)
    register_simulation(app, services)
    register_figure(app, services)
    register_downloads(app, services)
    register_in_browser(app)


def register_moves(app: Dash, services: Services) -> None:
    """Address, policy and buttons, which move sliders and pickers."""
    outputs: dict[str, Any] = {
        "problems": Output("problems", "children"),
        "pinned": Output("pinned", "data"),
        "positions": [Output(slider_id(control), "value") for control in SLIDERS],
    }
    outputs |= {name: Output(name, "value") for name in ("policy", *PICKERS)}
    page = {
        "search": Input("url", "search"),
        "policy": Input("policy", "value"),
        "scenario": State("scenario", "data"),
        "levers_from": State(slider_id(LEVERS_FROM), "value"),
    }
    buttons = [Input(name, "n_clicks") for name in ("reset", "pin", "unpin")]

    @app.callback(output=outputs, inputs={"page": page, "_buttons": buttons})
    def move(page: Values, _buttons: Any) -> dict[str, Any]:
        return with_the_rest(moved_parts(services, ctx.triggered_id, page), len(SLIDERS))


def register_simulation(app: Dash, services: Services) -> None:
    """Sliders: every change makes a new scenario, which is checked and simulated."""
    outputs: dict[str, Any] = {
        "scenario": Output("scenario", "data"),
        "command": Output("command", "children"),
        "problems": Output("problems", "children", allow_duplicate=True),
        "labels": [Output(value_id(control), "children") for control in SLIDERS],
    }
    moved = {
        "policy": Input("policy", "value"),
        "positions": [Input(slider_id(control), "value") for control in SLIDERS],
    }
    known = {
        "page": State("page", "data"),
        "scenario": State("scenario", "data"),
    }

    @app.callback(
        output=outputs,
        inputs={"moved": moved, "pinned": Input("pinned", "data"), "known": known},
        prevent_initial_call="initial_duplicate",
    )
    def simulate(moved: Values, pinned: str | None, known: Values) -> dict[str, Any]:
        *positions, levers_from = moved["positions"]
        scenario = from_sliders(moved["policy"], positions, levers_from)
        sliders = zip(SLIDERS, moved["positions"], strict=True)
        found = {"labels": [value_label(control, position) for control, position in sliders]}
        query = to_query(scenario)
        try:
            simulations_of_page(services, str(known["page"]), query, pinned)
        except ScenarioError as error:
            refused = refusal("This scenario was not simulated", error)
            return found | {"scenario": no_update, "command": no_update, "problems": refused}
        # The first scenario of a page keeps what was wrong with its address in sight.
        problems = no_update if known["scenario"] is None else ""
        command = f"{PROGRAM} {shlex.join(overrides_of(scenario))}"
        return found | {"scenario": query, "command": command, "problems": problems}


def register_figure(app: Dash, services: Services) -> None:
    """The figure: plotted again when more is simulated, or when something else is to be shown."""
    choices: dict[str, Any] = {name: Input(name, "value") for name in (*PICKERS, "compare_with")}
    choices |= {"pinned": Input("pinned", "data")}
    known = {name: State(name, "data") for name in ("scenario", "page", "shown")}

    @app.callback(
        output=[Output(*PLACES[part]) for part in Update._fields],
        inputs={"_poll": Input("poll", "n_intervals"), "choices": choices, "known": known},
    )
    def show(_poll: int, choices: Values, known: Values) -> Update:
        page, query = known["page"], known["scenario"]
        try:
            simulations = simulations_of_page(services, page, query, choices["pinned"])
        except TooManyPagesError as error:
            return Update(status=error.problems[0])
        state, pinned = simulations.moved, simulations.pinned
        if state is None:
            return Update()
        text = status(state, pinned)
        shown = [query, text, *choices.values()]
        if shown == known["shown"]:
            return Update()
        update = Update(
            status=text, done=str(state.replicates), wanted=str(state.wanted), shown=shown
        )
        if state.summary is None:
            return update._replace(announcement=announcement(state, pinned))
        return with_figure(services, simulations, choices, update)


def with_figure(
    services: Services, simulations: PageSimulations, choices: Values, update: Update
) -> Update:
    """The update with figure and answer; the page's scenario must have a summary."""
    state, view = simulations.moved, str(choices["view"])
    assert state is not None
    assert state.summary is not None
    results, problem = compared(services, simulations, choices["compare_with"])
    measures = [name for name in choices["measures"] or [] if name in services.measures]
    figure = figure_of_view(results, view, measures, str(choices["trade"]))
    note = f"{figure_note(view, results, figure)} {problem}".strip()
    sentence = answer(state.summary)
    return update._replace(
        **figure_update(figure, shown_scenario(simulations), note),
        answer=sentence,
        announcement=announcement(state, simulations.pinned, sentence),
        legend=legend(results) if view == MEASURES else [],
    )


def register_downloads(app: Dash, services: Services) -> None:
    """Downloads: the numbers of what is shown, and its configuration."""

    @app.callback(
        Output("file", "data"),
        [Input("csv", "n_clicks"), Input("yaml", "n_clicks")],
        [
            State("scenario", "data"),
            State("pinned", "data"),
            State("compare_with", "value"),
            State("page", "data"),
        ],
        prevent_initial_call=True,
    )
    def download(_csv: int, _yaml: int, *shown: Any) -> Any:
        scenario, pinned, compare_with, page = shown
        if scenario is None:
            return no_update
        if ctx.triggered_id == "yaml":
            content = as_config(settings_of(from_query(scenario)).resolved)
            return {"content": content, "filename": "config.yaml", "type": "text/yaml"}
        simulations = simulations_of_page(services, str(page), scenario, pinned)
        if simulations.moved is None or simulations.moved.summary is None:
            return no_update
        content = as_csv(compared(services, simulations, compare_with).results)
        return {"content": content, "filename": "explorer.csv", "type": "text/csv"}


def register_in_browser(app: Dash) -> None:
    """What the browser does alone: address bar, clipboard, and the plot's colours and width."""
    in_browser: Any = app.clientside_callback
    address = [Input(name, "data") for name in ("scenario", "pinned")]
    address += [Input(name, "value") for name in PICKERS]
    in_browser(
        ClientsideFunction("explorer", "address"),
        [Output(name, "disabled") for name in ("unpin", "measures", "trade")],
        *address,
    )
    in_browser(
        ClientsideFunction("explorer", "copy"),
        Output("copy", "children"),
        Input("copy", "n_clicks"),
        Input("command", "children"),
    )
    in_browser(
        ClientsideFunction("explorer", "fit"), Output("graph", "figure"), Input("plot", "data")
    )
