"""What happens on the page: an address or a policy moves the sliders, sliders start a simulation, the picture follows it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from experiments.explorer.address import from_query, overrides_of, settings_of, to_query
from experiments.explorer.controls import CONTROLS, LEVERS_FROM, spoken
from experiments.explorer.layout import now_id, slider_id
from experiments.explorer.page_session import as_csv, as_yaml, from_sliders
from experiments.explorer.picture import MEASURES, shown
from experiments.explorer.simulation_jobs import View
from experiments.explorer.slider_moves import LOOKS, choice, complete
from experiments.explorer.texts import (
    PARTS,
    Backstage,
    Update,
    aloud,
    follow,
    legend,
    note,
    pictured,
    refusal,
    showing,
    side_by_side,
    state_words,
)
from experiments.reporting.answer import answer
from experiments.run import PROGRAM
from sim.inputs.problems import ScenarioError

SLIDERS = (*CONTROLS, LEVERS_FROM)
Values = Mapping[str, Any]


def register(app: Dash, backstage: Backstage) -> None:
    """Connect everything."""
    register_choice(app, backstage)
    register_simulation(app, backstage)
    register_picture(app, backstage)
    register_downloads(app, backstage)
    register_in_browser(app)


def register_choice(app: Dash, backstage: Backstage) -> None:
    """Address, policy, reset and pin: what moves sliders and pickers."""
    moved: dict[str, Any] = {
        "problems": Output("problems", "children"),
        "pinned": Output("pinned", "data"),
    }
    moved |= {name: Output(name, "value") for name in ("policy", *LOOKS)}
    moved |= {"places": [Output(slider_id(control), "value") for control in SLIDERS]}
    buttons = [Input(name, "n_clicks") for name in ("reset", "pin", "unpin")]
    asked = {
        "search": Input("url", "search"),
        "policy": Input("policy", "value"),
        "scenario": State("scenario", "data"),
    }
    asked |= {"levers_from": State(slider_id(LEVERS_FROM), "value")}

    @app.callback(output=moved, inputs={"asked": asked, "_buttons": buttons})
    def choose(asked: Values, _buttons: Any) -> dict[str, Any]:
        return complete(choice(backstage, ctx.triggered_id, asked), len(SLIDERS))


def register_simulation(app: Dash, backstage: Backstage) -> None:
    """Every change of a slider is a new scenario, checked and simulated."""
    said: dict[str, Any] = {
        "scenario": Output("scenario", "data"),
        "command": Output("command", "children"),
    }
    said |= {"problems": Output("problems", "children", allow_duplicate=True)}
    said |= {"words": [Output(now_id(control), "children") for control in SLIDERS]}
    moved = {
        "policy": Input("policy", "value"),
        "places": [Input(slider_id(control), "value") for control in SLIDERS],
    }
    known = {
        "page": State("page", "data"),
        "scenario": State("scenario", "data"),
        "problems": State("problems", "children"),
    }

    @app.callback(
        output=said,
        inputs={"moved": moved, "pinned": Input("pinned", "data"), "known": known},
        prevent_initial_call="initial_duplicate",
    )
    def simulate(moved: Values, pinned: str | None, known: Values) -> dict[str, Any]:
        *places, levers_from = moved["places"]
        scenario = from_sliders(moved["policy"], places, levers_from)
        words = [
            spoken(control, place) for control, place in zip(SLIDERS, moved["places"], strict=True)
        ]
        query = to_query(scenario)
        try:
            both(backstage, known["page"], query, pinned)
        except ScenarioError as error:
            refused = refusal("This scenario was not simulated", error)
            return {
                "scenario": no_update,
                "command": no_update,
                "problems": refused,
                "words": words,
            }
        command = f"{PROGRAM} {shlex.join(overrides_of(scenario))}"
        return {
            "scenario": query,
            "command": command,
            "problems": known["problems"] if known["scenario"] is None else "",
            "words": words,
        }


def register_picture(app: Dash, backstage: Backstage) -> None:
    """The picture is drawn again whenever more replicates are ready or something else is to be looked at."""
    looks: dict[str, Any] = {name: Input(name, "value") for name in (*LOOKS, "beside")} | {
        "pinned": Input("pinned", "data")
    }
    known = {name: State(name, "data") for name in ("scenario", "page", "token")}

    @app.callback(
        output=[Output(name, prop) for name, prop in PARTS],
        inputs={"_poll": Input("poll", "n_intervals"), "looks": looks, "known": known},
    )
    def show(_poll: int, looks: Values, known: Values) -> Update:
        scenario, pinned = known["scenario"], looks["pinned"]
        moved, other = both(backstage, known["page"], scenario, pinned)
        if moved is None:
            return Update()
        state = state_words(moved, other)
        token = [scenario, state, *looks.values()]
        if token == known["token"]:
            return Update()
        far = Update(state=state, done=str(moved.replicates), most=str(moved.wanted), token=token)
        if moved.summary is None:
            return far._replace(aloud=aloud(moved, other))
        return picture_of(backstage, ((moved, scenario), (other, pinned)), looks, far)


def picture_of(backstage: Backstage, scenarios: Any, looks: Values, far: Update) -> Update:
    """Picture, answer and words of scenarios of which the first has something to show."""
    (moved, scenario), (other, _) = scenarios
    results = side_by_side(backstage, scenarios[0], scenarios[1], looks["beside"])
    view = str(looks["view"])
    figure = shown(
        results,
        view,
        [name for name in looks["measures"] or [] if name in backstage.measures],
        str(looks["trade"]),
    )
    drawn = pictured(figure, showing(moved, scenario, other), note(view, results, figure))
    words = answer(moved.summary)
    return far._replace(
        **drawn,
        answer=words,
        aloud=aloud(moved, other, words),
        legend=legend(results) if view == MEASURES else [],
    )


def both(
    backstage: Backstage, page: Any, scenario: str | None, pinned: str | None
) -> tuple[View | None, View | None]:
    """What there is of the scenario of a page and of the one it has pinned."""
    return follow(backstage.pool, (str(page), "moved"), scenario), follow(
        backstage.pool, (str(page), "pinned"), pinned
    )


def register_downloads(app: Dash, backstage: Backstage) -> None:
    """The numbers and the configuration of what is shown."""

    @app.callback(
        Output("file", "data"),
        [Input("csv", "n_clicks"), Input("yaml", "n_clicks")],
        [
            State("scenario", "data"),
            State("pinned", "data"),
            State("beside", "value"),
            State("page", "data"),
        ],
        prevent_initial_call=True,
    )
    def download(_csv: int, _yaml: int, *shown: Any) -> Any:
        scenario, pinned, beside, page = shown
        if scenario is None:
            return no_update
        if ctx.triggered_id == "yaml":
            return {
                "content": as_yaml(settings_of(from_query(scenario)).resolved),
                "filename": "config.yaml",
                "type": "text/yaml",
            }
        moved, other = both(backstage, page, scenario, pinned)
        if moved is None or moved.summary is None:
            return no_update
        results = side_by_side(backstage, (moved, scenario), (other, pinned), beside)
        return {"content": as_csv(results), "filename": "explorer.csv", "type": "text/csv"}


def register_in_browser(app: Dash) -> None:
    """What needs no server: address bar, clipboard, the plot in the colours and the width of the screen."""
    here: Any = app.clientside_callback
    address = [Input(name, "data") for name in ("scenario", "pinned")] + [
        Input(name, "value") for name in LOOKS
    ]
    here(
        ClientsideFunction("explorer", "address"),
        [Output(name, "disabled") for name in ("unpin", "measures", "trade")],
        *address,
    )
    copied = [Input("copy", "n_clicks"), Input("command", "children")]
    here(ClientsideFunction("explorer", "copy"), Output("copy", "children"), *copied)
    here(ClientsideFunction("explorer", "fit"), Output("graph", "figure"), Input("plot", "data"))
