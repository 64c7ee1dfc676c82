"""Messages about wrong inputs, worded so that the author can correct them.

All problems are listed at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

RENAMED_KEYS = {
    "technique_adjustment_months": "technology_adjustment_months",
    "look_around_rate_per_month": "on_the_job_search_rate_per_month",
}
"""Last parts of keys in configurations of earlier versions, with their present names."""


class ScenarioError(ValueError):
    """An input that cannot be run. `problems` holds one line for each thing that is wrong."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        count = len(self.problems)
        head = "1 problem in the input" if count == 1 else f"{count} problems in the input"
        super().__init__(
            "\n".join(
                [f"{head}; nothing was run or written.", *(f"  - {line}" for line in self.problems)]
            )
        )


def shown(value: object) -> str:
    """A given value as it appears in a message: short, and null for None as in YAML."""
    text = (
        "null" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
    )
    return text if len(text) <= 60 else text[:57] + "..."


def plain(number: float) -> str:
    """A limit without float noise: 1, 0.05, 20000000."""
    return str(int(number)) if isinstance(number, int) or number.is_integer() else f"{number:g}"


def present_name(key: str) -> str | None:
    """The present name of a key that was renamed; None for every other key."""
    section, dot, name = key.rpartition(".")
    return f"{section}{dot}{RENAMED_KEYS[name]}" if name in RENAMED_KEYS else None


def nearest(key: str, keys: Iterable[str]) -> str | None:
    """The key most like the one given: by whole path first, then by its last part."""
    known = list(keys)
    present = present_name(key)
    if present in known:
        return present
    whole = difflib.get_close_matches(key, known, 1, 0.75)
    if whole:
        return whole[0]
    tails = {name.rsplit(".", 1)[-1]: name for name in reversed(known)}
    tail = difflib.get_close_matches(key.rsplit(".", 1)[-1], list(tails), 1, 0.6)
    return (
        tails[tail[0]] if tail else next(iter(difflib.get_close_matches(key, known, 1, 0.4)), None)
    )


def unknown(key: str, given: object, keys: Iterable[str], what: str = "key") -> str:
    """The line for a name that does not exist."""
    close = nearest(key, keys)
    if close and close == present_name(key):
        hint = f"it is now called {close}; write that name instead"
    elif close:
        hint = f"the closest existing {what} is {close}; use that or leave it out"
    else:
        hint = "leave it out"
    return f"{key}: no such {what} (given {shown(given)}); {hint}"


def refused(key: str, given: object, allowed: str, advice: str) -> str:
    """The line for a value that is not allowed."""
    return f"{key}: given {shown(given)}; allowed: {allowed}; {advice}"
