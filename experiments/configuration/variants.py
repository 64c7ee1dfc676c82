"""Variants of a checked scenario: values replaced by dotted key and checked, without Hydra."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, get_args, get_origin

from sim.inputs.consistency import contradictions, values_of
from sim.inputs.dotted_keys import annotations_of, flatten, is_section, replace_at, value_at
from sim.inputs.problems import ScenarioError, refused, unknown
from sim.inputs.values import INVALID, allowed, hint_for, valid
from sim.scenario import SHARE, Quantity, Scenario

Value = float | int | str | bool | None
"""What an axis may take: a number, a word, a date as text, or null."""


def annotation_at(scenario: Scenario, key: str) -> Any:
    """The annotation of the single value at a dotted key; None if there is no such value."""
    section, _, name = key.rpartition(".")
    record = value_at(scenario, section, None)
    if isinstance(record, dict):
        return Annotated[float, SHARE] if isinstance(record.get(name), float) else None
    kind: Any = type(record)
    annotation = annotations_of(kind).get(name) if is_section(record) else None
    names_a_section = dataclasses.is_dataclass(annotation) or get_origin(annotation) is dict
    return None if names_a_section else annotation


def quantity_at(scenario: Scenario, key: str) -> Quantity | None:
    """Unit and range of the number at a key; None if there is no number."""
    annotation: Any = annotation_at(scenario, key)
    for part in (annotation, *get_args(annotation)):
        if get_origin(part) is Annotated and isinstance(get_args(part)[1], Quantity):
            found: Quantity = get_args(part)[1]
            return found
    return None


def takes_whole_numbers(annotation: Any) -> bool:
    """Whether a value with this annotation must be an integer."""
    parts = [annotation, *get_args(annotation)]
    return any(get_origin(part) is Annotated and get_args(part)[0] is int for part in parts)


def typed_value(scenario: Scenario, key: str, given: object) -> Any:
    """A value in the type that the scenario has at the key; raises ScenarioError if not allowed."""
    annotation = annotation_at(scenario, key)
    if annotation is None:
        raise ScenarioError([unknown(key, given, sorted(flatten(scenario)))])
    value = valid(annotation, given)
    if value is INVALID:
        raise ScenarioError([refused(key, given, allowed(annotation), hint_for(annotation, given))])
    return value


def variant_of(base: Scenario, changes: Mapping[str, Value]) -> Scenario:
    """The scenario with other values at these keys; raises ScenarioError with every problem."""
    scenario = unchecked_variant(base, changes)
    problems = contradictions(values_of(scenario)) if changes else []
    if problems:
        raise ScenarioError(problems)
    return scenario


def unchecked_variant(base: Scenario, changes: Mapping[str, Value]) -> Scenario:
    """The scenario with these values; each is allowed by itself, but they may contradict others."""
    scenario = base
    for key, given in changes.items():
        scenario = replace_at(scenario, key, typed_value(base, key, given))
    return scenario


def canonical_text(value: Any) -> str:
    """A value as text for hashes and comparisons: numbers as floats, dates in full."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, (int, float)):
        return repr(float(value))
    return value.isoformat() if isinstance(value, dt.date) else str(value)
