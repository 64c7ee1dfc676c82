"""The callbacks of the page: what happens when a user changes something, and at every poll.

An address or a policy moves the sliders, sliders start a simulation, and the figure follows it.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from experiments.explorer.address import (
    RUN_DEFAULTS,
    ExplorerScenario,
    from_query,
    overrides_of,
    settings_of,
    to_query,
    value_as_text,
)
from experiments.explorer.comparison_table import comparison_table, month_to_read
from experiments.explorer.control_help import idle_reasons
from experiments.explorer.control_panel import reason_id, slider_id, value_id
from experiments.explorer.controls import CONTROLS, LEVERS_FROM, value_label
from experiments.explorer.explorer_figures import MEASURES, figure_of_view
from experiments.explorer.kept_scenarios import kept_of
from experiments.explorer.page_state import LEVELS, as_config, as_csv, from_sliders, other_values
from experiments.explorer.page_updates import (
    PLACES,
    Update,
    figure_update,
    legend,
    number_cards,
    shown_scenario,
)
from experiments.explorer.services import (
    PageSimulations,
    Services,
    compared,
    simulations_of_page,
)
from experiments.explorer.simulation_jobs import TooManyPagesError
from experiments.explorer.slider_moves import PICKERS, STATE_PARTS, moved_parts, with_the_rest
from experiments.explorer.status_texts import announcement, figure_note, refusal, status
from experiments.reporting.answer import answer
from experiments.reporting.question import hangs_on, question
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
    """Address, policy, buttons and files, which move sliders and pickers."""
    outputs: dict[str, Any] = {
        "problems": Output("problems", "children"),
        "positions": [Output(slider_id(control), "value") for control in SLIDERS],
    }
    outputs |= {name: Output(name, "value") for name in ("policy", *PICKERS)}
    outputs |= {name: Output(*place) for name, place in STATE_PARTS.items()}
    page = {
        "search": Input("url", "search"),
        "policy": Input("policy", "value"),
        "kept_names": Input("kept_names", "value"),
        "import": Input("import", "contents"),
        "scenario": State("scenario", "data"),
        "kept": State("kept", "data"),
        "scenario_name": State("scenario_name", "value"),
        "levers_from": State(slider_id(LEVERS_FROM), "value"),
    }
    buttons = [Input(name, "n_clicks") for name in ("reset", "pin", "draw")]

    @app.callback(output=outputs, inputs={"page": page, "_buttons": buttons})
    def move(page: Values, _buttons: Any) -> dict[str, Any]:
        return with_the_rest(moved_parts(services, ctx.triggered_id, page), len(SLIDERS))


def register_simulation(app: Dash, services: Services) -> None:
    """Sliders: every change makes a new scenario, which is checked and simulated."""
    outputs: dict[str, Any] = {
        "scenario": Output("scenario", "data"),
        "command": Output("command", "children"),
        "question": Output("question", "children"),
        "problems": Output("problems", "children", allow_duplicate=True),
        "labels": [Output(value_id(control), "children") for control in SLIDERS],
        "reasons": [Output(reason_id(control), "children") for control in SLIDERS],
        "idle": [Output(slider_id(control), "disabled") for control in SLIDERS],
        "also_set": Output("also_set", "children"),
    }
    moved = {
        "policy": Input("policy", "value"),
        "positions": [Input(slider_id(control), "value") for control in SLIDERS],
        "others": Input("others", "data"),
    }
    run = {name: Input(name, "value") for name in RUN_DEFAULTS}
    known = {name: State(name, "data") for name in ("page", "scenario")}

    @app.callback(
        output=outputs,
        inputs={"moved": moved, "run": run, "kept": Input("kept", "data"), "known": known},
        prevent_initial_call="initial_duplicate",
    )
    def simulate(moved: Values, run: Values, kept: Any, known: Values) -> dict[str, Any]:
        *positions, levers_from = moved["positions"]
        scenario = from_sliders(moved["policy"], positions, levers_from, moved["others"], **run)
        found = texts_of_controls(moved, scenario)
        query = to_query(scenario)
        try:
            simulations_of_page(services, str(known["page"]), query, kept_of(kept))
            reasons = idle_reasons(scenario)
            asked = question(settings_of(scenario).resolved)
        except ScenarioError as error:
            unchanged = dict.fromkeys(("scenario", "command", "question"), no_update)
            refused = refusal("This scenario was not simulated", error)
            return found | no_reasons() | unchanged | {"problems": refused}
        # The first scenario of a page keeps what was wrong with its address in sight.
        problems = no_update if known["scenario"] is None else ""
        return found | {
            "scenario": query,
            "command": f"{PROGRAM} {shlex.join(overrides_of(scenario))}",
            "question": asked,
            "problems": problems,
            "reasons": [reasons.get(control.key, "") for control in SLIDERS],
            "idle": [control.key in reasons for control in SLIDERS],
        }


def texts_of_controls(moved: Values, scenario: ExplorerScenario) -> dict[str, Any]:
    """The value beside each slider, and what is set that has no slider."""
    sliders = zip(SLIDERS, moved["positions"], strict=True)
    others = other_values(scenario)
    listed = ", ".join(f"{key}={value_as_text(value)}" for key, value in others.items())
    return {
        "labels": [
            value_label(control, position, scenario.uncertainty) for control, position in sliders
        ],
        "also_set": f"Also set: {listed}. Reset clears it." if listed else "",
    }


def no_reasons() -> dict[str, Any]:
    """Why controls are idle under a scenario that is not simulated: no reason is known."""
    return {"reasons": [""] * len(SLIDERS), "idle": [False] * len(SLIDERS)}


def register_figure(app: Dash, services: Services) -> None:
    """The figure: plotted again when more is simulated, or when something else is to be shown."""
    choices: dict[str, Any] = {name: Input(name, "value") for name in (*PICKERS, "compare_with")}
    choices |= {"kept": Input("kept", "data")}
    known = {name: State(name, "data") for name in ("scenario", "page", "shown")}

    @app.callback(
        output=[Output(*PLACES[part]) for part in Update._fields],
        inputs={"due": Input("due", "data"), "choices": choices, "known": known},
    )
    def show(due: int, choices: Values, known: Values) -> Update:
        return shown_update(choices, known)._replace(answered=due)

    def shown_update(choices: Values, known: Values) -> Update:
        page, query, kept = known["page"], known["scenario"], kept_of(choices["kept"])
        try:
            simulations = simulations_of_page(services, page, query, kept)
        except TooManyPagesError as error:
            return Update(status=error.problems[0])
        if simulations.moved is None or simulations.moved.state is None:
            return Update()
        state, text = simulations.moved.state, status(simulations)
        shown = [query, text, *choices.values()]
        if shown == known["shown"]:
            return Update()
        update = Update(
            status=text, done=str(state.replicates), wanted=str(state.wanted), shown=shown
        )
        if state.summary is None:
            return update._replace(announcement=announcement(simulations))
        return with_figure(services, simulations, choices, update)


def with_figure(
    services: Services, simulations: PageSimulations, choices: Values, update: Update
) -> Update:
    """The update with figure and answer; the page's scenario must have a summary."""
    moved, view = simulations.moved, str(choices["view"])
    assert moved is not None
    assert moved.state is not None
    summary = moved.state.summary
    assert summary is not None
    reference = reference_of(choices, view)
    results, problem = compared(services, simulations, choices["compare_with"], reference)
    measures = [name for name in choices["measures"] or [] if name in services.measures]
    figure = figure_of_view(results, view, measures, str(choices["trade"])) if results else None
    note = f"{figure_note(view, results, figure, reference)} {problem}".strip()
    sentence = answer(summary)
    return update._replace(
        **figure_update(figure, shown_scenario(simulations), note),
        cards=number_cards(summary),
        hangs_on=hangs_on(summary),
        answer=sentence,
        announcement=announcement(simulations, sentence),
        legend=legend(results) if view == MEASURES else [],
        compared=comparison_table(results, reference, month_to_read(summary)),
    )


def reference_of(choices: Values, view: str) -> str:
    """The kept scenario from which differences are shown; empty for levels."""
    chosen = str(choices["reference"] or LEVELS)
    return "" if chosen == LEVELS or view != MEASURES else chosen


def register_downloads(app: Dash, services: Services) -> None:
    """Downloads: the numbers of what is shown, and its configuration."""

    @app.callback(
        Output("file", "data"),
        [Input("csv", "n_clicks"), Input("yaml", "n_clicks")],
        [
            State("scenario", "data"),
            State("kept", "data"),
            State("compare_with", "value"),
            State("page", "data"),
        ],
        prevent_initial_call=True,
    )
    def download(_csv: int, _yaml: int, *shown: Any) -> Any:
        scenario, kept, compare_with, page = shown
        if scenario is None:
            return no_update
        if ctx.triggered_id == "yaml":
            content = as_config(settings_of(from_query(scenario)).resolved)
            return {"content": content, "filename": "config.yaml", "type": "text/yaml"}
        simulations = simulations_of_page(services, str(page), scenario, kept_of(kept))
        results = compared(services, simulations, compare_with).results
        if not results:
            return no_update
        return {"content": as_csv(results), "filename": "explorer.csv", "type": "text/csv"}


def register_in_browser(app: Dash) -> None:
    """What the browser does alone: address bar, clipboard, and the plot's colours and width."""
    in_browser: Any = app.clientside_callback
    address = [Input(name, "data") for name in ("scenario", "kept")]
    address += [Input(name, "value") for name in PICKERS]
    in_browser(
        ClientsideFunction("explorer", "address"),
        [
            *(Output(name, "disabled") for name in ("measures", "trade", "reference")),
            Output("picker_reason", "children"),
        ],
        *address,
    )
    # The next poll waits for the answer to the last one: Dash forgets a request that is repeated,
    # so that a page would never hear of a server that takes longer than the time between polls.
    in_browser(
        ClientsideFunction("explorer", "due"),
        Output("due", "data"),
        Input("poll", "n_intervals"),
        State("due", "data"),
        State("answered", "data"),
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
