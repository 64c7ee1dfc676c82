"""The explorer's page: controls on the left, the answer and its picture on the right; one column on a phone."""

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
    default,
    month_of,
    place_of,
)
from experiments.explorer.picture import ALL_TRADES, FIRST_MEASURES, MEASURES, VIEWS

POLL_MILLISECONDS = 250
GRAPH: Any = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtons": [["toImage", "zoomIn2d", "zoomOut2d", "resetScale2d"]],
}
WORDS = {
    "un2397": "un2397: to the letter",
    "retain_10000": "retain_10000: 10,000 stay",
    "blind_eye": "blind_eye: quietly renewed",
    "cliff": "cliff: all at the deadline",
    "observed": "observed: as fitted to data",
    "none": "none: no expulsion",
}


def page(measures: Mapping[str, str], trades: Sequence[str], finished: Sequence[str]) -> html.Div:
    """The page for a new visitor, who gets a name of his own."""
    stores = [dcc.Store(id=name) for name in ("scenario", "pinned", "token", "plot")]
    hidden = [
        dcc.Location(id="url", refresh=False),
        dcc.Interval(id="poll", interval=POLL_MILLISECONDS),
        dcc.Download(id="file"),
    ]
    hidden += [dcc.Store(id="page", data=uuid.uuid4().hex), *stores]
    return html.Div([*hidden, html.Main([sidebar(), content(measures, trades, finished)])])


def sidebar() -> html.Section:
    """Policy, sliders, levers."""
    policy = [control for control in CONTROLS if control.key.startswith("policy.")]
    rest = [control for control in CONTROLS if not control.lever and control not in policy]
    levers = [control for control in CONTROLS if control.lever]
    return html.Section(
        [
            html.H2("Scenario"),
            html.Label("Policy", htmlFor="policy", id="policy-label"),
            dcc.Dropdown(
                [{"label": WORDS.get(name, name), "value": name} for name in POLICIES],
                DEFAULT_POLICY,
                id="policy",
                clearable=False,
            ),
            *(slider(control) for control in policy),
            html.H3("Mitigation"),
            *(slider(control) for control in levers),
            slider(LEVERS_FROM),
            html.H3("Market"),
            *(slider(control) for control in rest),
            html.Div(
                [
                    button("reset", "Reset"),
                    button("pin", "Pin this scenario"),
                    button("unpin", "Unpin"),
                ],
                className="tools",
            ),
            html.A("See the result", href="#result", className="jump"),
        ],
        id="controls",
        className="controls",
        **aria("Scenario"),
    )


def slider(control: Control) -> html.Div:
    """A named slider with its unit; a month is shown as such."""
    value = (
        place_of(DEFAULT_LEVERS_FROM)
        if control is LEVERS_FROM
        else place(control, default(control, DEFAULT_POLICY))
    )
    unit = "" if control.month else control.unit
    now = html.Output(id=now_id(control), className="now")
    head = html.Div(
        [
            html.Span(
                [html.Span(control.label, className="name"), " ", html.Span(unit, className="soft")]
            ),
            now,
        ],
        className="head",
    )
    ends = {
        int(end) if float(end).is_integer() else end: month_of(end)
        if control.month
        else f"{end:,g}"
        for end in (control.low, control.high)
    }
    moved: dict[str, Any] = {
        "step": control.step,
        "marks": ends,
        "value": value,
        "updatemode": "mouseup",
        "allow_direct_input": False,
    }
    if control.month:
        moved |= {"tooltip": {"transform": "month"}}
    bar = dcc.Slider(control.low, control.high, id=slider_id(control), **moved)
    return html.Div(
        [head, bar], className="control", role="group", **aria(f"{control.label}, {control.unit}")
    )


def place(control: Control, value: Any) -> Any:
    """Where a slider stands for a value of the configuration."""
    return place_of(str(value)) if control.month and value is not None else value


def slider_id(control: Control) -> str:
    """Dash allows no dots in names."""
    return control.key.replace(".", "-")


def now_id(control: Control) -> str:
    """Where a slider's value is said."""
    return f"{slider_id(control)}-now"


def content(
    measures: Mapping[str, str], trades: Sequence[str], finished: Sequence[str]
) -> html.Section:
    """Answer, state, pickers, picture, numbers, downloads."""
    return html.Section(
        [
            html.H1("Construction labour in Primorsky Krai: explorer"),
            html.Div(id="problems", role="alert"),
            html.P("Starting.", id="answer", className="answer"),
            html.Div(
                [
                    html.Progress(id="progress", value="0", max="1", **aria("Replicates done")),
                    html.Span(id="state"),
                ],
                className="state",
            ),
            html.P(id="aloud", className="unseen", role="status"),
            html.A("Change the scenario", href="#controls", className="jump"),
            pickers(measures, trades, finished),
            html.Div(id="legend", className="legend"),
            html.Div(
                dcc.Graph(
                    id="graph",
                    config=GRAPH,
                    className="graph",
                    figure={
                        "layout": {
                            "height": 480,
                            "xaxis": {"visible": False},
                            "yaxis": {"visible": False},
                        }
                    },
                ),
                id="frame",
                role="img",
            ),
            html.P(id="source", className="soft"),
            html.Div(
                [
                    button("csv", "Download data"),
                    button("yaml", "Download config"),
                    button("copy", "Copy the command"),
                ],
                className="tools",
            ),
            html.Pre(
                id="command", tabIndex="0", **aria("The command that simulates this scenario")
            ),
            html.Details(
                [html.Summary("Numbers of this figure"), html.Div(id="numbers", className="scroll")]
            ),
        ],
        id="result",
        className="content",
        **aria("Result"),
    )


def pickers(
    measures: Mapping[str, str], trades: Sequence[str], finished: Sequence[str]
) -> html.Div:
    """What to look at, of which trade, beside which finished result."""
    views = [{"label": label, "value": key} for key, label in VIEWS.items()]
    every = [
        {"label": "all trades", "value": ALL_TRADES},
        *({"label": trade, "value": trade} for trade in trades),
    ]
    names = [{"label": label, "value": name} for name, label in measures.items()]
    beside = [
        picker("Beside", dcc.Dropdown(list(finished), id="beside", placeholder="a finished result"))
    ]
    return html.Div(
        [
            picker("Picture", dcc.Dropdown(views, MEASURES, id="view", clearable=False)),
            picker("Trade", dcc.Dropdown(every, ALL_TRADES, id="trade", clearable=False)),
            html.Div(beside, style={} if finished else {"display": "none"}),
            picker(
                "Measures",
                dcc.Dropdown(names, list(FIRST_MEASURES), id="measures", multi=True),
                "wide",
            ),
        ],
        className="pickers",
    )


def picker(label: str, dropdown: dcc.Dropdown, size: str = "") -> html.Div:
    """A dropdown under its name."""
    name = str(vars(dropdown)["id"])
    return html.Div(
        [html.Label(label, htmlFor=name, id=f"{name}-label"), dropdown], className=f"picker {size}"
    )


def button(name: str, words: str) -> html.Button:
    """A button."""
    return html.Button(words, id=name, type="button")


def aria(label: str) -> Any:
    """What a screen reader calls a part of the page."""
    return {"aria-label": label}
