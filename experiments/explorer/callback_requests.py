"""What a page may ask of the server, checked as a whole before Dash and the callbacks read it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from dash import Dash
from flask import request
from werkzeug.exceptions import BadRequest

from experiments.explorer.address import LONGEST_ADDRESS
from experiments.explorer.control_panel import UNCERTAINTIES, slider_id
from experiments.explorer.controls import CONTROLS, FIRST_YEAR, LEVERS_FROM, POLICIES
from experiments.explorer.explorer_ensembles import REPLICATE_CHOICES
from experiments.explorer.explorer_figures import ALL_TRADES, VIEWS
from experiments.explorer.kept_scenarios import LONGEST_NAME, MOST_KEPT
from experiments.explorer.other_keys import OTHER_KEYS
from experiments.explorer.services import Services
from experiments.explorer.study_commands import KINDS
from experiments.explorer.web_server import LARGEST_REQUEST_BYTES

CALLBACKS = "/_dash-update-component"
FIELDS = {"output", "outputs", "inputs", "state", "changedPropIds"}
MORE_FIELDS = {"parsedChangedPropsIds"}
PAGE = re.compile(r"[0-9a-f]{32}")
LONGEST_TEXT, MOST_CHOSEN, MOST_LISTED = 70_000, 500, 2000
LARGEST_NUMBER = 1e15
"""Larger numbers are not exact as floats; no slider comes near."""

Check = Callable[[Any], bool]
Shape = list[tuple[str, str]]
"""Elements of the page with the property of each that a callback reads or writes."""


def register_checks(app: Dash, services: Services) -> None:
    """Have the server answer 400 to what no page of the explorer sends."""
    checks = value_checks(services)

    def refuse_malformed() -> None:
        if request.path == CALLBACKS and request.method == "POST":
            try:
                body = request.get_json()
            # Thousands of nested brackets exhaust the parser, which is no fault of the server's.
            except RecursionError:
                raise BadRequest from None
            if not is_callback_request(body, app.callback_map, checks):
                raise BadRequest

    app.server.before_request(refuse_malformed)


def value_checks(services: Services) -> dict[tuple[str, str], Check]:
    """Which values each property of the page may have that the server reads."""
    scenario = optional(text_up_to(LONGEST_ADDRESS))
    checks: dict[tuple[str, str], Check] = {
        ("url", "search"): optional(text_up_to(LONGEST_TEXT)),
        ("due", "data"): optional(is_count),
        ("page", "data"): lambda given: isinstance(given, str) and bool(PAGE.fullmatch(given)),
        ("scenario", "data"): scenario,
        ("kept", "data"): optional(list_of(is_kept, MOST_KEPT)),
        ("kept_names", "value"): optional(list_of(text_up_to(LONGEST_NAME), MOST_KEPT)),
        ("scenario_name", "value"): optional(text_up_to(LONGEST_NAME)),
        ("import", "contents"): optional(text_up_to(LARGEST_REQUEST_BYTES)),
        ("others", "data"): optional(is_other_values),
        ("uncertainty", "value"): one_of(UNCERTAINTIES),
        ("replicates", "value"): lambda given: is_number(given) and given in REPLICATE_CHOICES,
        ("reference", "value"): optional(text_up_to(LONGEST_NAME)),
        ("shown", "data"): optional(list_of(lambda _: True)),
        ("slow", "n_intervals"): optional(is_count),
        ("seen", "data"): optional(list_of(text_up_to(LONGEST_TEXT), MOST_LISTED)),
        ("study_kind", "value"): one_of(KINDS),
        ("study_limit", "value"): optional(is_number),
        ("policy", "value"): one_of(POLICIES),
        ("view", "value"): one_of(VIEWS),
        ("trade", "value"): one_of((*services.trades, ALL_TRADES)),
        ("measures", "value"): optional(list_of(one_of(services.measures))),
        ("compare_with", "value"): optional(text_up_to(LONGEST_TEXT)),
    }
    buttons = ("reset", "pin", "draw", "csv", "yaml", "study_run", "study_cancel")
    checks |= {(name, "n_clicks"): optional(is_count) for name in buttons}
    for control in (*CONTROLS, LEVERS_FROM):
        is_position = is_month_position if control.month else is_number
        checks[slider_id(control), "value"] = optional(is_position)
    return checks


def is_callback_request(
    body: Any, callbacks: Mapping[str, Any], checks: Mapping[tuple[str, str], Check]
) -> bool:
    """Whether this is a request to a callback of the page, with values that its page may have."""
    if not isinstance(body, dict) or not FIELDS - {"state"} <= set(body) <= FIELDS | MORE_FIELDS:
        return False
    name = body["output"]
    known = callbacks.get(name) if isinstance(name, str) else None
    if known is None or "callback" not in known:
        return False
    inputs, states = (shape_of(known[part]) for part in ("inputs", "state"))
    triggers = [f"{element}.{part}" for element, part in inputs]
    return (
        body["outputs"] == outputs_of(name)
        and all_of(body["inputs"], inputs, checks)
        and all_of(body.get("state", []), states, checks)
        and list_of(one_of(triggers))(body["changedPropIds"])
        and list_of(one_of(triggers))(body.get("parsedChangedPropsIds", []))
    )


def shape_of(parts: list[Mapping[str, str]]) -> Shape:
    """Elements and properties of a callback as Dash keeps them."""
    return [(part["id"], part["property"]) for part in parts]


def outputs_of(name: str) -> Any:
    """The outputs of a callback as a page sends them; Dash names a callback after them."""

    def output(text: str) -> dict[str, str]:
        element, _, part = text.rpartition(".")
        return {"id": element, "property": part}

    is_list = name.startswith("..")
    return [output(text) for text in name[2:-2].split("...")] if is_list else output(name)


def all_of(given: Any, shape: Shape, checks: Mapping[tuple[str, str], Check]) -> bool:
    """Whether these are the elements of a callback in their order, each with a value it may have.

    A page leaves the value out where an element has none yet.
    """
    if not isinstance(given, list) or len(given) != len(shape):
        return False
    return all(
        isinstance(each, dict)
        and set(each) in ({"id", "property"}, {"id", "property", "value"})
        and [each["id"], each["property"]] == [*place]
        and checks[place](each.get("value"))
        for each, place in zip(given, shape, strict=True)
    )


def optional(check: Check) -> Check:
    """The check, which None passes too."""
    return lambda given: given is None or check(given)


def one_of(choices: Any) -> Check:
    """A check for one of these texts."""
    known = frozenset(choices)
    return lambda given: isinstance(given, str) and given in known


def text_up_to(most: int) -> Check:
    """A check for a text of so many characters at most."""
    return lambda given: isinstance(given, str) and len(given) <= most


def list_of(check: Check, most: int = MOST_CHOSEN) -> Check:
    """A check for a list that is not too long, each part of which passes a check."""
    return lambda given: isinstance(given, list) and len(given) <= most and all(map(check, given))


def is_kept(given: Any) -> bool:
    """Whether this may be a kept scenario: its name and its query string."""
    texts = [text_up_to(LONGEST_NAME), text_up_to(LONGEST_ADDRESS)]
    return (
        isinstance(given, list)
        and len(given) == len(texts)
        and all(check(each) for check, each in zip(texts, given, strict=True))
    )


def is_other_values(given: Any) -> bool:
    """Whether these may be values of keys without a slider; the scenario's checks say more."""
    return (
        isinstance(given, dict)
        and set(given) <= set(OTHER_KEYS)
        and all(is_plain(value) for value in given.values())
    )


def is_plain(given: Any) -> bool:
    """Whether this is a short text, a usable number, true, false or null."""
    return (
        given is None
        or isinstance(given, bool)
        or is_number(given)
        or (isinstance(given, str) and len(given) <= LONGEST_NAME)
    )


def is_number(given: Any) -> bool:
    """Whether this is a finite number that a slider may have; the scenario's checks say more."""
    is_real = isinstance(given, (int, float)) and not isinstance(given, bool)
    return is_real and abs(given) <= LARGEST_NUMBER and math.isfinite(given)


def is_count(given: Any) -> bool:
    """Whether this may be a number of clicks or polls."""
    return is_number(given) and isinstance(given, int) and given >= 0


def is_month_position(given: Any) -> bool:
    """Whether a slider at this position stands for a month of a year of four digits."""
    months = (12 * (year - FIRST_YEAR) for year in (1000, 10_000))
    return is_number(given) and int(given) == given and given in range(*months)
