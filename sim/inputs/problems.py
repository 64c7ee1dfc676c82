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

LONGEST_NAME = 120


class ScenarioError(ValueError):
    """An input that cannot be run. `problems` holds one line for each thing that is wrong."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(dict.fromkeys(map(printable, problems)))
        count = len(self.problems)
        head = "1 problem in the input" if count == 1 else f"{count} problems in the input"
        super().__init__(
            "\n".join(
                [f"{head}; nothing was run or written.", *(f"  - {line}" for line in self.problems)]
            )
        )


def printable(text: str) -> str:
    """A line with control characters written out: one in a given name could rewrite a terminal."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


def shown(value: object) -> str:
    """A given value as it appears in a message: short, and null for None as in YAML."""
    try:
        text = (
            "null"
            if value is None
            else str(value).lower()
            if isinstance(value, bool)
            else repr(value)
        )
    except (ValueError, RecursionError):
        # Python writes out no number of more than 4,300 digits, and no list in 1,000 others.
        text = f"a {type(value).__name__} too large to be shown"
    return shortened(text)


def name_text(name: object) -> str:
    """A key as messages show it; YAML allows numbers, lists and more for keys."""
    text = name if isinstance(name, str) else shown(name)
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 3] + "..."


def shortened(text: str) -> str:
    """A text as messages show it, cut where it is long."""
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
    if len(key) > LONGEST_NAME:
        return None
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


def unknown(name: object, given: object, keys: Iterable[str], what: str = "key") -> str:
    """The line for a name that does not exist."""
    key = name_text(name)
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
