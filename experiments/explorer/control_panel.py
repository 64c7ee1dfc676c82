"""The controls of the explorer's page: each with its value, what it is, and why it may be idle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from experiments.explorer.address import POSTERIOR
from experiments.explorer.control_help import OWN_WORDS, explanation, policy_help
from experiments.explorer.controls import (
    CONTROLS,
    DEFAULT_LEVERS_FROM,
    DEFAULT_POLICY,
    LEVERS_FROM,
    POLICIES,
    Control,
    default_value,
    end_text,
    position_of,
)
from experiments.explorer.explorer_ensembles import REPLICATE_CHOICES, REPLICATES
from experiments.explorer.kept_scenarios import LONGEST_NAME
from experiments.explorer.page_parts import aria, button, help_mark, picker
from experiments.reporting.question import policy_title

UNCERTAINTIES = {
    POSTERIOR: "drawn, as fitted to data",
    "prior": "drawn from their ranges",
    "elicited": "drawn as elicited from sources",
    "none": "fixed at their defaults",
}
LARGEST_FILE_BYTES = 80_000
"""An imported file; a request with it stays below the server's limit."""


def sidebar() -> html.Section:
    """Policy, sliders, how they are simulated, and the scenarios that are kept."""
    of_policy = [control for control in CONTROLS if control.key.startswith("policy.")]
    parameters = [control for control in CONTROLS if control.drawn]
    levers = [control for control in CONTROLS if control.lever]
    rest = [c for c in CONTROLS if c not in (*of_policy, *parameters, *levers)]
    policies = [{"label": policy_title(name), "value": name} for name in POLICIES]
    chosen = dcc.Dropdown(policies, DEFAULT_POLICY, id="policy", clearable=False)
    return html.Section(
        [
            html.H2("Scenario"),
            picker("Policy", chosen, help_text=policy_help()),
            *(slider(control) for control in of_policy),
            section("What the answer hangs on", parameter_controls(parameters), is_open=True),
            section("Mitigation", [*map(slider, levers), slider(LEVERS_FROM)], is_open=True),
            section("Market", list(map(slider, rest)), is_open=True),
            html.P(id="also_set", className="soft"),
            html.Div([button("reset", "Reset"), import_button()], className="tools"),
            *kept_controls(),
            html.A("See the result", href="#result", className="jump"),
        ],
        id="controls",
        className="controls",
        **aria("Scenario"),
    )


def section(title: str, parts: Sequence[Any], is_open: bool) -> html.Details:
    """Controls under a title that folds them away."""
    return html.Details([html.Summary(html.H3(title)), *parts], open=is_open)


def parameter_controls(parameters: Sequence[Control]) -> list[Any]:
    """The parameters that are drawn until they are moved, and how all others are drawn."""
    kinds = [{"label": label, "value": kind} for kind, label in UNCERTAINTIES.items()]
    counts = [{"label": str(count), "value": count} for count in REPLICATE_CHOICES]
    uncertainty = dcc.Dropdown(kinds, POSTERIOR, id="uncertainty", clearable=False)
    replicates = dcc.Dropdown(counts, REPLICATES, id="replicates", clearable=False)
    return [
        *map(slider, parameters),
        html.Div([button("draw", "Draw these again")], className="tools"),
        picker("Other parameters", uncertainty, help_text=OWN_WORDS["uncertainty"]),
        picker("Replicates", replicates, help_text=OWN_WORDS["replicates"]),
    ]


def import_button() -> dcc.Upload:
    """Opens the configuration of a scenario from a file."""
    return dcc.Upload(
        button("open_file", "Open a YAML file"),
        id="import",
        accept=".yaml,.yml",
        max_size=LARGEST_FILE_BYTES,
        className="upload",
    )


def kept_controls() -> list[Any]:
    """Keeping the scenario under a name, and the kept scenarios, each of which can be taken off."""
    name = dcc.Input(
        id="scenario_name", type="text", maxLength=LONGEST_NAME, placeholder="name", value=""
    )
    kept = dcc.Dropdown([], [], id="kept_names", multi=True, placeholder="none yet")
    return [
        html.H3("Compare"),
        html.Div([name, button("pin", "Keep this scenario")], className="tools"),
        picker("Kept scenarios", kept, help_text=OWN_WORDS["scenario_name"]),
    ]


def slider(control: Control) -> html.Div:
    """A slider under its name, unit, help and value."""
    unit = "" if control.month else control.unit
    name = html.Span(control.label, className="name")
    label = html.Span([name, " ", html.Span(unit, className="soft")])
    mark = help_mark(slider_id(control), control.label, explanation(control))
    value = html.Output(id=value_id(control), className="now")
    head = html.Div([html.Span([label, " ", *mark]), value], className="head")
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
    reason = html.P(id=reason_id(control), className="reason")
    label_of_group = aria(f"{control.label}, {control.unit}")
    return html.Div([head, bar, reason], className="control", role="group", **label_of_group)


def end_marks(control: Control) -> dict[float, str]:
    """Marks at both ends of a slider. Dash finds the mark of a whole number only under an int."""
    return {
        int(end) if float(end).is_integer() else end: end_text(control, end)
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


def reason_id(control: Control) -> str:
    """The id of the element that says why a slider cannot change the answer."""
    return f"{slider_id(control)}-why"
