"""Callbacks of studies and of the list of finished results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

from experiments.explorer.address import from_query
from experiments.explorer.services import Services
from experiments.explorer.status_texts import refusal
from experiments.explorer.study_commands import study_command
from experiments.explorer.study_panel import finished_list, study_text
from sim.inputs.problems import ScenarioError

Values = Mapping[str, Any]


def register_studies(app: Dash, services: Services) -> None:
    """Connect the list of finished results, and the studies if pages may start any."""
    register_list(app, services)
    if services.studies is not None:
        register_start(app, services)
        register_progress(app, services)


def register_start(app: Dash, services: Services) -> None:
    """The buttons that start a study and stop it."""
    studies = services.studies
    assert studies is not None
    known = {name: State(name, "data") for name in ("scenario", "page")}
    chosen = {name: State(name, "value") for name in ("study_kind", "study_limit")}

    @app.callback(
        output=Output("study_problem", "children"),
        inputs={
            "_buttons": [Input(name, "n_clicks") for name in ("study_run", "study_cancel")],
            "known": known,
            "chosen": chosen,
        },
        prevent_initial_call=True,
    )
    def press(_buttons: Any, known: Values, chosen: Values) -> Any:
        if ctx.triggered_id == "study_cancel":
            studies.cancel(known["page"])
            return ""
        if known["scenario"] is None:
            return no_update
        try:
            scenario = from_query(known["scenario"])
            title, command = study_command(
                chosen["study_kind"], scenario, chosen["study_limit"], services.folder
            )
            studies.submit(known["page"], title, command)
        except ScenarioError as error:
            return refusal("The study was not started", error)
        return ""


def register_progress(app: Dash, services: Services) -> None:
    """How far the study of a page is."""
    studies = services.studies
    assert studies is not None

    @app.callback(
        output={
            "status": Output("study_status", "children"),
            "done": Output("study_done", "value"),
            "total": Output("study_done", "max"),
            "is_idle": Output("study_cancel", "disabled"),
        },
        inputs={"_slow": Input("slow", "n_intervals"), "page": State("page", "data")},
    )
    def follow(_slow: Any, page: str) -> dict[str, Any]:
        study = studies.newest(page)
        return {
            "status": study_text(study, studies.ahead(study) if study else 0),
            "done": str(study.done if study else 0),
            "total": str(max(1, study.total if study else 1)),
            "is_idle": study is None or study.is_over,
        }


def register_list(app: Dash, services: Services) -> None:
    """The list of finished results, sent only when it has changed."""

    @app.callback(
        output={
            "pages": Output("finished", "children"),
            "options": Output("compare_with", "options"),
            "is_hidden": Output("compare_with_picker", "hidden"),
            "seen": Output("seen", "data"),
        },
        inputs={"_slow": Input("slow", "n_intervals"), "seen": State("seen", "data")},
    )
    def look(_slow: Any, seen: Any) -> dict[str, Any]:
        results, pages = services.listed.results, services.listed.pages
        now = [*results, *pages]
        if seen == now:
            return dict.fromkeys(("pages", "options", "is_hidden", "seen"), no_update)
        options = [{"label": each.label or name, "value": name} for name, each in results.items()]
        return {
            "pages": finished_list(pages),
            "options": options,
            "is_hidden": not options,
            "seen": now,
        }
