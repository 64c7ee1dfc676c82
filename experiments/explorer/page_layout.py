"""The explorer's page: sliders on the left, the answer and its figure on the right.

On a phone both stand in one column, the answer first.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from experiments.explorer.controls import (
    CONTROLS,
    DEFAULT_LEVERS_FROM,
    DEFAULT_POLICY,
    LEVERS_FROM,
    POLICIES,
    Control,
    default_value,
    month_at,
    position_of,
)
from experiments.explorer.explorer_figures import ALL_TRADES, FIRST_MEASURES, MEASURES, VIEWS

POLL_MILLISECONDS = 250
GRAPH_CONFIG: Any = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtons": [["toImage", "zoomIn2d", "zoomOut2d", "resetScale2d"]],
}
FIRST_PLOT: Any = {
    "layout": {"height": 480, "xaxis": {"visible": False}, "yaxis": {"visible": False}}
}
"""An empty plot about as high as the first figure, so that the page does not jump."""
POLICY_LABELS = {
    "un2397": "un2397: to the letter",
    "retain_10000": "retain_10000: 10,000 stay",
    "blind_eye": "blind_eye: quietly renewed",
    "cliff": "cliff: all at the deadline",
    "observed": "observed: as fitted to data",
    "none": "none: no expulsion",
}


def page(measures: Mapping[str, str], trades: Sequence[str], finished: Sequence[str]) -> html.Div:
    """The page for a new visitor, with an id of its own."""
    hidden = [
        dcc.Location(id="url", refresh=False),
        dcc.Interval(id="poll", interval=POLL_MILLISECONDS),
        dcc.Download(id="file"),
        dcc.Store(id="page", data=uuid.uuid4().hex),
        *(dcc.Store(id=name) for name in ("scenario", "pinned", "shown", "plot")),
    ]
    return html.Div([*hidden, html.Main([sidebar(), result(measures, trades, finished)])])


def sidebar() -> html.Section:
    """Policy, sliders and buttons."""
    of_policy = [control for control in CONTROLS if control.key.startswith("policy.")]
    levers = [control for control in CONTROLS if control.lever]
    of_market = [c for c in CONTROLS if c not in of_policy and c not in levers]
    policies = [{"label": POLICY_LABELS.get(name, name), "value": name} for name in POLICIES]
    buttons = [
        button("reset", "Reset"),
        button("pin", "Pin this scenario"),
        button("unpin", "Unpin"),
    ]
    return html.Section(
        [
            html.H2("Scenario"),
            html.Label("Policy", htmlFor="policy", id="policy-label"),
            dcc.Dropdown(policies, DEFAULT_POLICY, id="policy", clearable=False),
            *(slider(control) for control in of_policy),
            html.H3("Mitigation"),
            *(slider(control) for control in levers),
            slider(LEVERS_FROM),
            html.H3("Market"),
            *(slider(control) for control in of_market),
            html.Div(buttons, className="tools"),
            html.A("See the result", href="#result", className="jump"),
        ],
        id="controls",
        className="controls",
        **aria("Scenario"),
    )


def slider(control: Control) -> html.Div:
    """A slider under its name, unit and value."""
    unit = "" if control.month else control.unit
    name = html.Span(control.label, className="name")
    label = html.Span([name, " ", html.Span(unit, className="soft")])
    head = html.Div([label, html.Output(id=value_id(control), className="now")], className="head")
    options: dict[str, Any] = {
        "step": control.step,
        "marks": end_marks(control),
        "value": first_position(control),
        "updatemode": "mouseup",
        "allow_direct_input": False,
    }
    if control.month:
        options |= {"tooltip": {"transform": "month"}}
    bar = dcc.Slider(control.low, control.high, id=slider_id(control), **options)
    label_of_group = aria(f"{control.label}, {control.unit}")
    return html.Div([head, bar], className="control", role="group", **label_of_group)


def end_marks(control: Control) -> dict[float, str]:
    """Marks at both ends of a slider. Dash finds the mark of a whole number only under an int."""
    return {
        int(end) if float(end).is_integer() else end: month_at(end)
        if control.month
        else f"{end:,g}"
        for end in (control.low, control.high)
    }


def first_position(control: Control) -> Any:
    """The position of a slider on a new page."""
    if control is LEVERS_FROM:
        return position_of(DEFAULT_LEVERS_FROM)
    value = default_value(control, DEFAULT_POLICY)
    return position_of(str(value)) if control.month and value is not None else value


def slider_id(control: Control) -> str:
    """The id of a slider: its key without dots, which Dash does not allow."""
    return control.key.replace(".", "-")


def value_id(control: Control) -> str:
    """The id of the element in which a slider's value is written."""
    return f"{slider_id(control)}-now"


def result(
    measures: Mapping[str, str], trades: Sequence[str], finished: Sequence[str]
) -> html.Section:
    """Answer, status, pickers, figure, downloads and numbers."""
    progress = html.Progress(id="progress", value="0", max="1", **aria("Replicates done"))
    graph = dcc.Graph(id="graph", config=GRAPH_CONFIG, className="graph", figure=FIRST_PLOT)
    buttons = [
        button("csv", "Download data"),
        button("yaml", "Download config"),
        button("copy", "Copy the command"),
    ]
    command = aria("The command that simulates this scenario")
    numbers = [html.Summary("Numbers of this figure"), html.Div(id="numbers", className="scroll")]
    return html.Section(
        [
            html.H1("Construction labour in Primorsky Krai: explorer"),
            html.Div(id="problems", role="alert"),
            html.P("Starting.", id="answer", className="answer"),
            html.Div([progress, html.Span(id="status")], className="state"),
            html.P(id="announcement", className="unseen", role="status"),
            html.A("Change the scenario", href="#controls", className="jump"),
            pickers(measures, trades, finished),
            html.Div(id="legend", className="legend"),
            html.Div(graph, id="frame", role="img"),
            html.P(id="note", className="soft"),
            html.Div(buttons, className="tools"),
            html.Pre(id="command", tabIndex="0", **command),
            html.Details(numbers),
        ],
        id="result",
        className="content",
        **aria("Result"),
    )


def pickers(
    measures: Mapping[str, str], trades: Sequence[str], finished: Sequence[str]
) -> html.Div:
    """Pickers of figure, trade, finished result and measures."""
    views = [{"label": label, "value": view} for view, label in VIEWS.items()]
    every = {"label": "all trades", "value": ALL_TRADES}
    one = [{"label": trade, "value": trade} for trade in trades]
    names = [{"label": label, "value": name} for name, label in measures.items()]
    compare_with = dcc.Dropdown(list(finished), id="compare_with", placeholder="a result")
    chosen = dcc.Dropdown(names, list(FIRST_MEASURES), id="measures", multi=True)
    hidden = {} if finished else {"display": "none"}
    return html.Div(
        [
            picker("Figure", dcc.Dropdown(views, MEASURES, id="view", clearable=False)),
            picker("Trade", dcc.Dropdown([every, *one], ALL_TRADES, id="trade", clearable=False)),
            html.Div([picker("Compare with", compare_with)], style=hidden),
            picker("Measures", chosen, "wide"),
        ],
        className="pickers",
    )


def picker(label: str, dropdown: dcc.Dropdown, size: str = "") -> html.Div:
    """A dropdown under its name."""
    name = str(vars(dropdown)["id"])
    heading = html.Label(label, htmlFor=name, id=f"{name}-label")
    return html.Div([heading, dropdown], className=f"picker {size}")


def button(name: str, text: str) -> html.Button:
    """A button that submits no form."""
    return html.Button(text, id=name, type="button")


def aria(label: str) -> Any:
    """The property that names a part of the page for screen readers."""
    return {"aria-label": label}
