"""The axes of a grid: values given one by one or as a range in levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.configuration.settings import CONFIGS
from experiments.configuration.variants import Value
from sim.inputs.problems import refused, unknown

DIGITS = 12
MOST_LEVELS = 100_000
EVERY_FILE = "all"


@dataclass(frozen=True)
class Axis:
    """A key and the values it takes, in order; the first is what effects are measured against."""

    key: str
    values: tuple[Value, ...]

    @property
    def is_numeric(self) -> bool:
        """Whether the values are numbers, so that a curve can be drawn through them."""
        return len(self.values) > 1 and all(
            isinstance(value, (int, float)) and not isinstance(value, bool) for value in self.values
        )


def read_axis(key: str, given: object, problems: list[str]) -> Axis | None:
    """An axis from `{values: [...]}` or `{range: [low, high], levels: n}`; what is wrong is added to `problems`."""
    at = f"experiment.axes.grid.{key}"
    forms = "{values: [...]} or {range: [low, high], levels: 11}"
    if not isinstance(given, Mapping):
        problems.append(refused(at, given, forms, "write one of them"))
        return None
    strange = [
        unknown(f"{at}.{name}", value, ("values", "range", "levels"))
        for name, value in given.items()
        if name not in ("values", "range", "levels")
    ]
    if strange:
        problems += strange
        return None
    values = listed(key, given) if "values" in given else levels(given)
    if values is None:
        problems.append(refused(at, dict(given), forms, "write one of them"))
        return None
    return Axis(key, tuple(dict.fromkeys(values)))


def listed(key: str, given: Mapping[str, Any]) -> list[Value] | None:
    """Values given one by one; `all` stands for every file of a folder of configs/."""
    values = given["values"]
    if values == EVERY_FILE:
        values = files_of(key)
    plain = (
        isinstance(values, Sequence)
        and not isinstance(values, str)
        and all(value is None or isinstance(value, (int, float, str)) for value in values)
    )
    return list(values) if plain and values and len(given) == 1 else None


def files_of(key: str) -> list[Value]:
    """Names of the files from which a part of the configuration is chosen, `none` first."""
    names = sorted(path.stem for path in (CONFIGS / key).glob("*.yaml"))
    return sorted(names, key=lambda name: name != "none")


def levels(given: Mapping[str, Any]) -> list[Value] | None:
    """Equally spaced values, both ends included."""
    ends, count = given.get("range"), given.get("levels")
    if not isinstance(count, int) or isinstance(count, bool) or not 2 <= count <= MOST_LEVELS:
        return None
    if not isinstance(ends, Sequence) or isinstance(ends, str) or len(ends) != 2:
        return None
    if not all(isinstance(end, (int, float)) and not isinstance(end, bool) for end in ends):
        return None
    low, high = ends
    steps = [low + (high - low) * i / (count - 1) for i in range(count)]
    if all(isinstance(end, int) for end in ends) and all(step == int(step) for step in steps):
        return [int(step) for step in steps]
    return [round(step, DIGITS) for step in steps]


def labelled(cell: Sequence[Any], axes: Sequence[Axis]) -> dict[str, Any]:
    """A cell's values by key."""
    return {axis.key: value for axis, value in zip(axes, cell, strict=True)}
