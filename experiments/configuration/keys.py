"""`key=value` arguments of commands that need no configuration files: checked, and everything wrong said at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from sim.inputs.problems import ScenarioError, plain, refused, unknown
from sim.scenario import Quantity


@dataclass(frozen=True)
class Key:
    """A key's default and what is allowed: a number's range, or the words to choose from; None: any text."""

    default: Any
    allowed: Quantity | tuple[str, ...] | None = None


def read_keys(given: Sequence[str], known: Mapping[str, Key]) -> dict[str, Any]:
    """The value of every known key. Raises ScenarioError."""
    values, problems = {name: key.default for name, key in known.items()}, []
    for text in given:
        name, sign, written = text.partition("=")
        if not sign:
            problems.append(
                f"{text}: not an argument; allowed: key=value, such as {next(iter(known))}={next(iter(values.values()))}"
            )
        elif name not in known:
            problems.append(unknown(name, written, known))
        else:
            values[name] = value_of(name, written, known[name], problems)
    if problems:
        raise ScenarioError(problems)
    return values


def value_of(name: str, written: str, key: Key, problems: list[str]) -> Any:
    """The value as the key has it; a problem is noted."""
    if not isinstance(key.allowed, Quantity):
        if key.allowed and written not in key.allowed:
            problems.append(
                refused(name, written, f"one of {', '.join(key.allowed)}", "choose one of them")
            )
        return written
    value = number(written)
    whole = isinstance(key.default, int)
    if (
        value is None
        or not key.allowed.low <= value <= key.allowed.high
        or (whole and value != int(value))
    ):
        words = f"{'a whole number ' if whole else ''}{plain(key.allowed.low)} to {plain(key.allowed.high)} ({key.allowed.unit})"
        problems.append(refused(name, written, words, "change it"))
        return key.default
    return int(value) if whole else float(value)


def number(written: str) -> float | None:
    """A number as YAML reads it."""
    try:
        value = yaml.safe_load(written)
    except yaml.YAMLError:
        return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
