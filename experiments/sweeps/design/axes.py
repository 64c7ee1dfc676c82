"""The axes of a sweep's grid: a key each, with values listed one by one or evenly spaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.configuration.shipped_files import CONFIGS
from experiments.configuration.variants import Value
from sim.inputs.problems import refused, unknown

DIGITS = 12
"""Decimals kept of a computed level, so that 0.1 + 0.2 is the level 0.3."""
MOST_LEVELS = 100_000
EVERY_FILE = "all"
"""In place of a list of values: every file of a folder of configs/."""
AXIS_KEYS = ("values", "range", "levels")


@dataclass(frozen=True)
class Axis:
    """A key and the values it takes, in order; effects are measured against the first."""

    key: str
    values: tuple[Value, ...]

    @property
    def is_numeric(self) -> bool:
        """Whether the axis has several values and all are numbers, so that curves make sense."""
        return len(self.values) > 1 and all(is_plain_number(value) for value in self.values)


def is_plain_number(value: object) -> bool:
    """Whether a value is a number; bool, which Python counts among the integers, is not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def read_axis(key: str, given: object, problems: list[str]) -> Axis | None:
    """An axis from `{values: [...]}` or `{range: [low, high], levels: n}`.

    Returns None if it cannot be read; what is wrong is appended to `problems`.
    """
    at = f"experiment.axes.grid.{key}"
    forms = "{values: [...]} or {range: [low, high], levels: 11}"
    if not isinstance(given, Mapping):
        problems.append(refused(at, given, forms, "write one of them"))
        return None
    strange = [
        unknown(f"{at}.{name}", value, AXIS_KEYS)
        for name, value in given.items()
        if name not in AXIS_KEYS
    ]
    if strange:
        problems += strange
        return None
    values = listed_values(key, given) if "values" in given else evenly_spaced_values(given)
    if values is None:
        problems.append(refused(at, dict(given), forms, "write one of them"))
        return None
    # A value given twice is one point: its runs would be the same.
    return Axis(key, tuple(dict.fromkeys(values)))


def listed_values(key: str, given: Mapping[str, Any]) -> list[Value] | None:
    """The values of `{values: [...]}`; None if they are no list of single values."""
    values = files_of(key) if given["values"] == EVERY_FILE else given["values"]
    plain = (
        isinstance(values, Sequence)
        and not isinstance(values, str)
        and all(value is None or isinstance(value, (int, float, str)) for value in values)
    )
    return list(values) if plain and values and len(given) == 1 else None


def files_of(key: str) -> list[Value]:
    """Files of configs/ that a key chooses from by name, `none` first; empty for other keys."""
    names = sorted(path.stem for path in (CONFIGS / key).glob("*.yaml"))
    return sorted(names, key=lambda name: name != "none")


def evenly_spaced_values(given: Mapping[str, Any]) -> list[Value] | None:
    """The levels of `{range: [low, high], levels: n}`, both ends included; None if malformed."""
    ends, count = given.get("range"), given.get("levels")
    if not isinstance(count, int) or isinstance(count, bool) or not 2 <= count <= MOST_LEVELS:
        return None
    if not isinstance(ends, Sequence) or isinstance(ends, str) or len(ends) != 2:
        return None
    if not all(is_plain_number(end) for end in ends):
        return None
    low, high = ends
    steps = [low + (high - low) * i / (count - 1) for i in range(count)]
    # Whole ends with whole steps stay integers: keys that count workers refuse 5000.0.
    if all(isinstance(end, int) for end in ends) and all(step == int(step) for step in steps):
        return [int(step) for step in steps]
    return [round(step, DIGITS) for step in steps]


def values_by_key(cell: Sequence[Any], axes: Sequence[Axis]) -> dict[str, Any]:
    """The values of a cell of the grid, by the key of their axis."""
    return {axis.key: value for axis, value in zip(axes, cell, strict=True)}
