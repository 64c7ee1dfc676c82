"""What happens on the page: an address or a policy moves the sliders, sliders start a simulation, the picture follows it."""

from __future__ import annotations

import shlex
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from experiments.answer import answer
from experiments.config import ConfigError
from experiments.explorer.address import Chosen, from_query, overrides_of, settings_of, to_query
from experiments.explorer.controls import CONTROLS, LEVERS_FROM, place_of, spoken
from experiments.explorer.layout import now_id, slider_id
from experiments.explorer.picture import MEASURES, shown
from experiments.explorer.said import PARTS, Backstage, Update, follow, legend, note, pictured, refusal, showing, side_by_side, state_words
from experiments.explorer.session import as_csv, as_yaml, from_sliders, opened, slider_places
from experiments.run import PROGRAM

SLIDERS = [Input(slider_id(control), "value") for control in (*CONTROLS, LEVERS_FROM)]


def register(app: Dash, backstage: Backstage) -> None:
    """Connect everything."""
    register_choice(app, backstage)
    register_simulation(app, backstage)
    register_picture(app, backstage)
    register_downloads(app, backstage)
    in_browser: Any = app.clientside_callback
    address = [
        Input("scenario", "data"),
        Input("pinned", "data"),
        Input("view", "value"),
        Input("measures", "value"),
        Input("trade", "value"),
    ]
    in_browser(ClientsideFunction("explorer", "address"), Output("echo", "data"), *address)
    in_browser(ClientsideFunction("explorer", "copy"), Output("copy", "children"), Input("copy", "n_clicks"), State("command", "children"))
    in_browser(ClientsideFunction("explorer", "dark"), Output("dark", "data"), Input("url", "pathname"))


def register_choice(app: Dash, backstage: Backstage) -> None:
    """Address, policy, reset and pin: what moves sliders and pickers."""
    moved = [Output(slider_id(control), "value") for control in (*CONTROLS, LEVERS_FROM)]
    looks = [Output("view", "value"), Output("measures", "value"), Output("trade", "value")]
    buttons = [Input(name, "n_clicks") for name in ("reset", "pin", "unpin")]
    outputs = [Output("problems", "children"), Output("pinned", "data"), Output("policy", "value"), *moved, *looks]

    @app.callback(
        outputs,
        Input("url", "search"),
        Input("policy", "value"),
        *buttons,
        State("scenario", "data"),
        State(slider_id(LEVERS_FROM), "value"),
    )
    def choose(search: str | None, policy: str, _reset: int, _pin: int, _unpin: int, scenario: str | None, levers_from: int) -> list[Any]:
        keep = [no_update] * len(looks)
        still = [no_update] * len(moved)
        match ctx.triggered_id:
            case "pin":
                return [no_update, scenario, no_update, *still, *keep]
            case "unpin":
                return [no_update, None, no_update, *still, *keep]
            case "policy":
                if scenario and from_query(scenario).policy == policy:
                    return [no_update] * len(outputs)
                kept = {
                    key: value for key, value in (from_query(scenario).values if scenario else {}).items() if not key.startswith("policy.")
                }
                return ["", no_update, policy, *slider_places(Chosen(policy, kept)), levers_from, *keep]
            case "reset":
                return ["", no_update, Chosen().policy, *slider_places(Chosen()), place_of(Chosen().levers_from), *keep]
        try:
            found, said = opened(search or "", list(backstage.measures), backstage.trades), list[Any]()
        except ConfigError as error:
            found, said = opened("", list(backstage.measures), backstage.trades), refusal("The address was not opened", error)
        late = place_of(found.scenario.levers_from)
        return [
            said,
            found.pinned,
            found.scenario.policy,
            *slider_places(found.scenario),
            late,
            found.view,
            list(found.measures),
            found.trade,
        ]


def register_simulation(app: Dash, backstage: Backstage) -> None:
    """Every change of a slider is a new scenario, checked and simulated."""
    words = [Output(now_id(control), "children") for control in (*CONTROLS, LEVERS_FROM)]

    @app.callback(
        [Output("scenario", "data"), Output("command", "children"), Output("problems", "children", allow_duplicate=True), *words],
        [Input("policy", "value"), *SLIDERS, Input("pinned", "data")],
        [State("page", "data"), State("scenario", "data"), State("problems", "children")],
        prevent_initial_call="initial_duplicate",
    )
    def simulate(policy: str, *rest: Any) -> list[Any]:
        *places, levers_from, pinned, page, before, problems = rest
        scenario = from_sliders(policy, places, levers_from)
        said = [spoken(control, place) for control, place in zip((*CONTROLS, LEVERS_FROM), (*places, levers_from), strict=True)]
        try:
            follow(backstage.pool, (str(page), "moved"), to_query(scenario))
            follow(backstage.pool, (str(page), "pinned"), pinned)
        except ConfigError as error:
            return [no_update, no_update, refusal("This scenario was not simulated", error), *said]
        query = to_query(scenario)
        return [query, f"{PROGRAM} {shlex.join(overrides_of(scenario))}", problems if before is None else "", *said]


def register_picture(app: Dash, backstage: Backstage) -> None:
    """The picture is drawn again whenever more replicates are ready or something else is to be looked at."""
    outputs = [Output(name, prop) for name, prop in PARTS]
    looks = [
        Input("view", "value"),
        Input("measures", "value"),
        Input("trade", "value"),
        Input("beside", "value"),
        Input("pinned", "data"),
        Input("dark", "data"),
    ]

    @app.callback(outputs, Input("poll", "n_intervals"), *looks, State("scenario", "data"), State("page", "data"), State("token", "data"))
    def show(
        _: int,
        view: str,
        measures: Any,
        trade: str,
        beside: str | None,
        pinned: str | None,
        dark: Any,
        scenario: Any,
        page: str,
        token: Any,
    ) -> Update:
        moved, other = (follow(backstage.pool, (str(page), slot), query) for slot, query in (("moved", scenario), ("pinned", pinned)))
        if moved is None:
            return Update()
        now = [scenario, state_words(moved), view, measures, trade, beside, pinned, dark, other.replicates if other else 0]
        if now == token:
            return Update()
        far = Update(state=state_words(moved), done=str(moved.replicates if moved.full else 0), most=str(moved.wanted), token=now)
        if moved.summary is None:
            return far
        results = side_by_side(backstage, (moved, scenario), (other, pinned), beside)
        figure = shown(results, str(view), [name for name in measures or [] if name in backstage.measures], str(trade))
        drawn = pictured(figure, showing(moved, scenario), dark=bool(dark), source=note(str(view), results, figure))
        return drawn._replace(
            answer=answer(moved.summary),
            state=far.state,
            done=far.done,
            most=far.most,
            legend=legend(results) if view == MEASURES else [],
            token=now,
        )


def register_downloads(app: Dash, backstage: Backstage) -> None:
    """The numbers and the configuration of what is shown."""

    @app.callback(
        Output("file", "data"),
        [Input("csv", "n_clicks"), Input("yaml", "n_clicks")],
        [State("scenario", "data"), State("pinned", "data"), State("beside", "value"), State("page", "data")],
        prevent_initial_call=True,
    )
    def download(_csv: int, _yaml: int, scenario: str | None, pinned: str | None, beside: str | None, page: str) -> Any:
        moved = follow(backstage.pool, (str(page), "moved"), scenario)
        if scenario is None or moved is None or moved.summary is None:
            return no_update
        if ctx.triggered_id == "yaml":
            return {"content": as_yaml(settings_of(from_query(scenario)).resolved), "filename": "config.yaml", "type": "text/yaml"}
        other = follow(backstage.pool, (str(page), "pinned"), pinned)
        return {
            "content": as_csv(side_by_side(backstage, (moved, scenario), (other, pinned), beside)),
            "filename": "explorer.csv",
            "type": "text/csv",
        }
