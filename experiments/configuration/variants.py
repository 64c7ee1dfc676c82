"""Variants of a checked scenario: a few values replaced by dotted key, each checked, without composing anything again."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from sim.inputs.consistency import contradictions
from sim.inputs.dated_inputs import parameters
from sim.inputs.dotted_keys import declared_keys
from sim.inputs.problems import ScenarioError, refused, unknown
from sim.inputs.scenario_reader import build_scenario
from sim.inputs.values import INVALID, allowed, valid
from sim.scenario import SHARE, Scenario

Value = float | int | str | bool | None
"""What an axis may take: a number, a word, a date as text, or null."""


@functools.cache
def hints(record: Any) -> dict[str, Any]:
    """Annotations of a dataclass, read once."""
    return get_type_hints(record, include_extras=True)


def annotation_at(scenario: Scenario, key: str) -> Any:
    """The annotation of the value at a dotted key; None if there is no such single value."""
    record: Any = scenario
    *sections, last = key.split(".")
    for name in sections:
        record = record.get(name) if isinstance(record, dict) else getattr(record, name, None)
    if isinstance(record, dict):
        return Annotated[float, SHARE] if isinstance(record.get(last), float) else None
    kind: Any = type(record)
    hint = hints(kind).get(last) if hasattr(kind, "__dataclass_fields__") else None
    whole = hint is None or dataclasses.is_dataclass(hint) or get_origin(hint) is dict
    return None if whole else hint


def takes_whole_numbers(hint: Any) -> bool:
    """Whether a value must be an integer."""
    parts = [hint, *get_args(hint)]
    return any(get_origin(part) is Annotated and get_args(part)[0] is int for part in parts)


def typed_value(scenario: Scenario, key: str, given: object) -> Any:
    """A value as the scenario holds it; raises ScenarioError if it is not one that the key allows."""
    hint = annotation_at(scenario, key)
    if hint is None:
        raise ScenarioError([unknown(key, given, sorted(flat(scenario)))])
    value = valid(hint, given)
    if value is INVALID:
        raise ScenarioError([refused(key, given, allowed(hint), "change it")])
    return value


def variant_of(base: Scenario, changes: Mapping[str, Value]) -> Scenario:
    """The scenario with these values; raises ScenarioError with everything that is wrong with them."""
    scenario = unchecked(base, changes)
    problems = contradictions(flat(scenario)) if changes else []
    if problems:
        raise ScenarioError(problems)
    return scenario


def unchecked(base: Scenario, changes: Mapping[str, Value]) -> Scenario:
    """The scenario with these values, each allowed by itself, though they may contradict one another."""
    scenario = base
    for key, given in changes.items():
        scenario = _with(scenario, key.split("."), typed_value(base, key, given))
    return scenario


def _with(record: Any, path: list[str], value: Any) -> Any:
    """A copy of a nested record with one value replaced."""
    name, *rest = path
    if isinstance(record, dict):
        return record | {name: _with(record[name], rest, value) if rest else value}
    return dataclasses.replace(
        record, **{name: _with(getattr(record, name), rest, value) if rest else value}
    )


def flat(scenario: Scenario) -> dict[str, Any]:
    """Every value by dotted key, as the checks of sim.inputs.consistency read them: shares by trade both together and one by one."""
    return dict(_flat(scenario, ""))


def _flat(record: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    """Keys and values of a nested record."""
    kind: Any = type(record)
    inner = (
        record.items()
        if isinstance(record, dict)
        else ((field.name, getattr(record, field.name)) for field in fields_of(kind))
    )
    for name, value in inner:
        if isinstance(value, dict) and prefix:
            yield prefix + name, value
        if isinstance(value, dict) or dataclasses.is_dataclass(value):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


@functools.cache
def fields_of(record: Any) -> tuple[Any, ...]:
    """Fields of a dataclass, read once."""
    return dataclasses.fields(record)


def canonical_text(value: Any) -> str:
    """A value in the one way in which it is hashed and compared: numbers as floats, dates in full."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, (int, float)):
        return repr(float(value))
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def value_at(config: Mapping[str, Any], key: str) -> float | None:
    """The number at a key; None where there is none."""
    value: Any = config
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value if isinstance(value, int | float) else None


WHOLE = frozenset({"workers", "months", "firms"})
"""Units of numbers that must be whole."""


def scenario_with(resolved: Mapping[str, Any], values: Mapping[str, float]) -> Scenario:
    """The scenario with each value at its dotted key. Raises ScenarioError if the values do not fit together."""
    raw = {
        name: copy.deepcopy(resolved[name]) for name in declared_keys(Scenario) if name in resolved
    }
    for key, value in values.items():
        *sections, last = key.split(".")
        section: dict[str, Any] = raw
        for name in sections:
            section = section[name]
        section[last] = round(value) if is_whole(key, section[last]) else float(value)
    return build_scenario(raw)


def is_whole(key: str, present: object) -> bool:
    """Whether the number at a key must be whole."""
    known = parameters().get(key)
    return known.unit in WHOLE and isinstance(present, int) if known else isinstance(present, int)
