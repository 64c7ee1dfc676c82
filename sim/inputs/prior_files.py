"""Priors of single numbers: a distribution by configuration key, elicited or a user's own.

A file of priors is a mapping of keys, each with its distribution, its range, what centre and spread
the distribution needs, a unit, a confidence, and at least one line that says where it is from.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.inputs.evidence_files import CONFIDENCES, Fields, MalformedError, read_entries
from sim.inputs.problems import nearest, shown

NEEDED: dict[str, tuple[str, ...]] = {
    "uniform": (),
    "triangular": ("mode",),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sd_log"),
}
"""What each distribution needs beside its range, at whose ends it is cut off."""
COMMON = ("distribution", "range", "unit", "confidence", "elicited_from")


@dataclass(frozen=True)
class Prior:
    """The distribution of a number from `low` to `high`, and what it was elicited from.

    centre: mode, mean or median; spread: standard deviation, of the log if lognormal. Each is None
    where the distribution has none.
    """

    distribution: str
    low: float
    high: float
    unit: str
    confidence: str
    elicited_from: tuple[str, ...]
    centre: float | None = None
    spread: float | None = None


def read_priors(path: Path) -> dict[str, Prior]:
    """The priors of a file, by configuration key."""
    return read_entries(path, prior_of)


def prior_of(fields: Fields) -> Prior:
    """A prior, checked."""
    distribution = fields.text("distribution", tuple(NEEDED))
    needed = NEEDED[distribution]
    for name in fields:
        if name not in (*COMMON, *needed):
            close = nearest(str(name), (*COMMON, *needed))
            advice = f"the closest is {close}" if close else "leave it out"
            raise MalformedError(f"{name}: no part of a {distribution} prior; {advice}")
    low, high = fields.range("range")
    if low == high:
        raise MalformedError(f"range: given {shown(fields['range'])}, needs low below high")
    numbers = [fields.number(name) for name in needed]
    if numbers and not low <= numbers[0] <= high:
        raise MalformedError(
            f"{needed[0]}: given {numbers[0]:g}, needs {low:g} to {high:g} (range)"
        )
    if numbers[1:] and numbers[1] <= 0.0:
        raise MalformedError(f"{needed[1]}: given {numbers[1]:g}, needs a number above 0")
    if distribution == "lognormal" and low <= 0.0:
        raise MalformedError(f"range: given {shown(fields['range'])}, needs low above 0")
    return Prior(
        distribution,
        low,
        high,
        fields.text("unit"),
        fields.text("confidence", CONFIDENCES),
        elicitation(fields),
        *numbers,
    )


def elicitation(fields: Fields) -> tuple[str, ...]:
    """The lines that say what a prior was elicited from, at least one."""
    given = fields.get("elicited_from")
    if not isinstance(given, list) or not given or not all(isinstance(each, str) for each in given):
        raise MalformedError(
            f"elicited_from: given {shown(given)}, needs a list of lines, each a source or an "
            "assumption with its reason"
        )
    return tuple(given)
