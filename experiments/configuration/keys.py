"""`key=value` arguments of commands that read no configuration files, such as calibrate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from sim.inputs.problems import ScenarioError, plain, refused, unknown
from sim.inputs.strict_yaml import plain_yaml
from sim.scenario import Quantity


@dataclass(frozen=True)
class Key:
    """The default of a key and what it may take.

    `allowed` is the range of a number, the words to choose from, or None for any text.
    """

    default: Any
    allowed: Quantity | tuple[str, ...] | None = None


def read_keys(given: Sequence[str], known: Mapping[str, Key]) -> dict[str, Any]:
    """The value of every known key; raises ScenarioError with every problem."""
    values, problems = {name: key.default for name, key in known.items()}, []
    for text in given:
        name, sign, written = text.partition("=")
        if not sign:
            example, default = next(iter(values.items()))
            problems.append(
                f"{text}: not an argument; allowed: key=value, such as {example}={default}"
            )
        elif name not in known:
            problems.append(unknown(name, written, known))
        else:
            values[name] = value_of(name, written, known[name], problems)
    if problems:
        raise ScenarioError(problems)
    return values


def repeated_keys(overrides: Sequence[str]) -> list[str]:
    """A sentence for each key that is given several times with different values."""
    given: dict[str, list[str]] = {}
    for key, sign, value in (text.partition("=") for text in overrides):
        given.setdefault(key, []).extend([value] if sign else [])
    return [
        f"{key} is given {len(values)} times ({'; '.join(values)}); the last counts."
        for key, values in given.items()
        if len(set(values)) > 1
    ]


def value_of(name: str, written: str, key: Key, problems: list[str]) -> Any:
    """The value of one key; if it is not allowed, a line is added to `problems`."""
    if isinstance(key.allowed, Quantity):
        return number_of(name, written, key, problems)
    if key.allowed and written not in key.allowed:
        allowed = f"one of {', '.join(key.allowed)}"
        problems.append(refused(name, written, allowed, "choose one of them"))
    return written


def number_of(name: str, written: str, key: Key, problems: list[str]) -> float:
    """The number of one key, an integer where its default is one; problems as in `value_of`."""
    assert isinstance(key.allowed, Quantity)
    value, (low, high) = parsed_number(written), (key.allowed.low, key.allowed.high)
    whole = isinstance(key.default, int)
    if value is None or not low <= value <= high or (whole and value != int(value)):
        kind = "a whole number " if whole else ""
        allowed = f"{kind}{plain(low)} to {plain(high)} ({key.allowed.unit})"
        problems.append(refused(name, written, allowed, "change it"))
        return float(key.default)
    return int(value) if whole else float(value)


def parsed_number(written: str) -> float | None:
    """A number as YAML reads it; None if the text is no number."""
    try:
        value = plain_yaml(written)
    except yaml.YAMLError:
        return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
