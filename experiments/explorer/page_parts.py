"""Small parts of the explorer's page: buttons, pickers, help, and names for screen readers."""

from __future__ import annotations

from typing import Any

from dash import dcc, html


def picker(
    label: str, dropdown: dcc.Dropdown | dcc.Input, size: str = "", help_text: str = ""
) -> html.Div:
    """A dropdown or a field under its name, with a mark that explains it."""
    name = str(vars(dropdown)["id"])
    heading = html.Label(label, htmlFor=name, id=f"{name}-label")
    mark = help_mark(name, label, help_text) if help_text else []
    return html.Div([html.Div([heading, " ", *mark]), dropdown], className=f"picker {size}")


def help_mark(name: str, label: str, text: str) -> list[Any]:
    """A mark beside a control; its text appears on hover and focus, and is read with it."""
    described: Any = {"aria-label": f"About {label}", "aria-describedby": help_id(name)}
    return [
        html.Button("?", type="button", className="about", **described),
        html.Span(text, id=help_id(name), className="help", role="tooltip"),
    ]


def help_id(name: str) -> str:
    """The id of the text that explains a control."""
    return f"{name}-help"


def button(name: str, text: str) -> html.Button:
    """A button that submits no form."""
    return html.Button(text, id=name, type="button")


def aria(label: str) -> Any:
    """The property that names a part of the page for screen readers."""
    return {"aria-label": label}
