"""Studies and finished results on the explorer's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html

from experiments.explorer.finished_results import FinishedPage
from experiments.explorer.page_parts import aria, button, picker
from experiments.explorer.result_pages import PATH
from experiments.explorer.studies import DONE, FAILED, RUNNING, STOPPED, Study
from experiments.explorer.study_commands import KINDS, SCALE, STUDY_HELP

FIRST_LIMIT = 5
LIMIT_HELP = (
    "For a goal only: the largest shortfall at the deadline that is accepted, in percent of the "
    "labour that there is without expulsion."
)


def study_controls() -> list[Any]:
    """What can be started, its progress, and how to stop it."""
    kinds = [{"label": kind.title, "value": name} for name, kind in KINDS.items()]
    chosen = dcc.Dropdown(kinds, next(iter(KINDS)), id="study_kind", clearable=False)
    limit = dcc.Input(id="study_limit", type="number", value=FIRST_LIMIT, min=0.1, max=100)
    progress = html.Progress(id="study_done", value="0", max="1", **aria("Runs of the study done"))
    return [
        html.H2("Studies"),
        html.P(
            f"Simulated at {SCALE:g} of the krai with the scenario above; one at a time.",
            className="soft",
        ),
        html.Div(
            [
                picker("Study", chosen, help_text=STUDY_HELP),
                picker("Shortfall at most, %", limit, help_text=LIMIT_HELP),
            ],
            className="pickers",
        ),
        html.Div([button("study_run", "Run"), button("study_cancel", "Cancel")], className="tools"),
        html.Div([progress, html.Span(id="study_status", role="status")], className="state"),
        html.Div(id="study_problem", role="alert"),
    ]


def study_text(study: Study | None, ahead: int) -> str:
    """How a study stands, in a sentence."""
    if study is None:
        return "No study has been started."
    last = study.printed[-1] if study.printed else "nothing was printed"
    match study.status:
        case s if s == RUNNING:
            runs = f"{study.done:,} of {study.total:,} runs" if study.total else "preparing"
            return f"{study.title}: {runs}."
        case s if s == DONE:
            return f"{study.title}: done; it stands among the finished results."
        case s if s == STOPPED:
            return f"{study.title}: cancelled; its finished runs are kept for the next time."
        case s if s == FAILED:
            return f"{study.title}: failed: {last}"
    return f"{study.title}: waiting, {ahead} before it."


def finished_list(pages: Mapping[str, FinishedPage]) -> list[Any]:
    """Links to finished results, each with its answer."""
    if not pages:
        return []
    items = [
        html.Li(
            [
                html.A(page.title, href=f"{PATH}/{name}", target="_blank", rel="noopener"),
                html.P(page.answer, className="soft") if page.answer else None,
            ]
        )
        for name, page in pages.items()
    ]
    return [html.H2("Finished results"), html.Ul(items, className="finished")]
