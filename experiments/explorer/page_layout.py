"""The explorer's page: controls on the left, the answer and its figure on the right.

On a phone both stand in one column, the answer first.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from experiments.explorer.control_help import OWN_WORDS
from experiments.explorer.control_panel import sidebar
from experiments.explorer.explorer_figures import ALL_TRADES, FIRST_MEASURES, MEASURES, VIEWS
from experiments.explorer.page_parts import aria, button, picker
from experiments.explorer.page_state import LEVELS
from experiments.explorer.services import Services
from experiments.explorer.study_panel import study_controls

POLL_MILLISECONDS, SLOW_MILLISECONDS = 250, 3000
GRAPH_CONFIG: Any = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtons": [["toImage", "zoomIn2d", "zoomOut2d", "resetScale2d"]],
}
CLEAR = "rgba(0,0,0,0)"
FIRST_PLOT: Any = {
    "layout": {
        "height": 480,
        "xaxis": {"visible": False},
        "yaxis": {"visible": False},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
    }
}
"""An empty plot about as high as the first figure, so that the page does not jump."""


def page(services: Services) -> html.Div:
    """The page for a new visitor, with an id of its own."""
    hidden = [
        dcc.Location(id="url", refresh=False),
        dcc.Interval(id="poll", interval=POLL_MILLISECONDS),
        dcc.Interval(id="slow", interval=SLOW_MILLISECONDS),
        dcc.Download(id="file"),
        dcc.Store(id="page", data=uuid.uuid4().hex),
        dcc.Store(id="due", data=0),
        *(
            dcc.Store(id=name)
            for name in ("scenario", "kept", "others", "shown", "plot", "seen", "answered")
        ),
    ]
    return html.Div([*hidden, html.Main([sidebar(), result(services)])])


def result(services: Services) -> html.Section:
    """Question, key numbers, status, pickers, figure, downloads and numbers."""
    progress = html.Progress(id="progress", value="0", max="1", **aria("Replicates done"))
    graph = dcc.Graph(id="graph", config=GRAPH_CONFIG, className="graph", figure=FIRST_PLOT)
    buttons = [
        button("csv", "Download data"),
        button("yaml", "Download config"),
        button("copy", "Copy the command"),
    ]
    command = aria("The command that simulates this scenario")
    compared = {"tabIndex": "0", "role": "region", **aria("Scenarios compared")}
    return html.Section(
        [
            html.H1("Construction labour in Primorsky Krai: explorer"),
            html.Div(id="problems", role="alert"),
            html.P("Starting.", id="question", className="question"),
            html.Ul(id="cards", className="cards"),
            html.Div([progress, html.Span(id="status")], className="state"),
            html.P(id="announcement", className="unseen", role="status"),
            html.A("Change the scenario", href="#controls", className="jump"),
            pickers(services.measures, services.trades),
            html.Div(id="legend", className="legend"),
            html.Div(graph, id="frame", role="img"),
            html.P(id="note", className="soft"),
            html.P(id="hangs_on", className="soft"),
            html.Div(id="compared", className="scroll", **compared),
            folded("The answer in full", html.P(id="answer")),
            folded("Numbers of this figure", html.Div(id="numbers", className="scroll")),
            html.Div(buttons, className="tools"),
            html.Pre(id="command", tabIndex="0", **command),
            *(study_controls() if services.studies else []),
            html.Div(id="finished"),
        ],
        id="result",
        className="content",
        **aria("Result"),
    )


def folded(title: str, part: Any) -> html.Details:
    """A part of the page under a title that unfolds it."""
    return html.Details([html.Summary(title), part])


def pickers(measures: Mapping[str, str], trades: Sequence[str]) -> html.Div:
    """Pickers of figure, trade, what is compared and how, and measures."""
    views = [{"label": label, "value": view} for view, label in VIEWS.items()]
    every = {"label": "all trades", "value": ALL_TRADES}
    one = [{"label": trade, "value": trade} for trade in trades]
    names = [{"label": label, "value": name} for name, label in measures.items()]
    levels = [{"label": "levels", "value": LEVELS}]
    reference = dcc.Dropdown(levels, LEVELS, id="reference", clearable=False)
    compare_with = dcc.Dropdown([], id="compare_with", placeholder="a finished result")
    chosen = dcc.Dropdown(names, list(FIRST_MEASURES), id="measures", multi=True)
    return html.Div(
        [
            picker("Figure", dcc.Dropdown(views, MEASURES, id="view", clearable=False)),
            picker("Trade", dcc.Dropdown([every, *one], ALL_TRADES, id="trade", clearable=False)),
            picker("Show", reference, help_text=OWN_WORDS["reference"]),
            html.Div(
                picker("Compare with", compare_with, help_text=OWN_WORDS["compare_with"]),
                id="compare_with_picker",
                hidden=True,
            ),
            picker("Measures", chosen, "wide"),
            html.P(id="picker_reason", className="reason wide"),
        ],
        className="pickers",
    )
