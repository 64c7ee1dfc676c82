"""Single values read by their annotation: numbers in a range, names, dates, lists of names."""

from __future__ import annotations

import datetime as dt
import re
import types
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from sim.inputs.problems import nearest, plain
from sim.scenario import Quantity
from sim.structure import Rule

INVALID = object()
"""What `valid` returns for a value that is not what it must be; None is a value."""


@dataclass(frozen=True)
class Text:
    """What a text must look like, in words and as a pattern."""

    words: str
    pattern: str


NAME = Text("a name of letters, digits, spaces and . _ -", r"[A-Za-z0-9][A-Za-z0-9 ._-]*")
GROUP_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
RESERVED_NAMES = frozenset({"all", "baseline"})
"""Taken in tables: `all` for every group or trade, and `wage_real_rub_baseline` for the baseline's.

A trade of that name would have the same column as they.
"""
MOST_NAMES = 30
NAME_WORDS = "small letters, digits and _, up to 40, and not all or baseline"
LONGEST_TEXT, MOST_TEXTS = 1000, 200
DATE = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")


def valid(kind: Any, given: object) -> Any:
    """The value as its annotation has it, or INVALID."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return (
            None
            if given is None
            else valid(next(part for part in arguments if part is not types.NoneType), given)
        )
    if origin is Annotated:
        kind, limit = arguments
        if get_origin(kind) is tuple:
            return _texts(limit, given)
        if is_rule(limit):
            return given if given in words_of(limit) else INVALID
        return _text(limit, given) if kind is str else _number(kind, limit, given)
    if kind is dt.date:
        return _date(given)
    if kind is bool:
        return given if isinstance(given, bool) else INVALID
    if kind is str:
        return _text(NAME, given)
    return _names(given)


def is_rule(limit: object) -> bool:
    """Whether an annotation lists the alternatives of a rule."""
    return isinstance(limit, type) and issubclass(limit, Rule)


def words_of(rule: type[Rule]) -> tuple[str, ...]:
    """The alternatives of a rule as a configuration names them."""
    return tuple(alternative.key for alternative in rule)


def _text(text: Text, given: object) -> Any:
    """Text that fits its pattern.

    A whole number counts as its digits, because a name given on the command line may be one.
    """
    is_number = isinstance(given, int) and not isinstance(given, bool) and abs(given) < 10**100
    written = given if isinstance(given, str) else str(given) if is_number else ""
    fits = len(written) <= LONGEST_TEXT and re.fullmatch(text.pattern, written)
    return written if fits else INVALID


def _texts(text: Text, given: object) -> Any:
    """A list of texts that fit the pattern, none twice; it may be empty."""
    if not isinstance(given, (list, tuple)) or len(given) > MOST_TEXTS:
        return INVALID
    found = tuple(_text(text, each) for each in given)
    return INVALID if INVALID in found or len(set(found)) < len(found) else found


def _number(kind: type, quantity: Quantity, given: object) -> Any:
    """A number within its range.

    No range contains nan or inf; a float without a fraction may stand for an integer.
    """
    if (
        isinstance(given, bool)
        or not isinstance(given, (int, float))
        or not quantity.low <= given <= quantity.high
    ):
        return INVALID
    return kind(given) if kind is float or int(given) == given else INVALID


def _date(given: object) -> Any:
    """A date from YYYY-MM-DD, or YYYY-MM for the first of the month."""
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return given
    parts = DATE.fullmatch(given) if isinstance(given, str) else None
    try:
        return dt.date(*(int(part or 1) for part in parts.groups())) if parts else INVALID
    except ValueError:
        return INVALID


def _names(given: object) -> Any:
    """One or more different names."""
    if not isinstance(given, (list, tuple)):
        return INVALID
    names = tuple(given)
    good = 1 <= len(names) <= MOST_NAMES and all(map(is_name, names))
    return names if good and len(set(names)) == len(names) else INVALID


def hint_for(kind: Any, given: object) -> str:
    """What to do about a value that is not allowed."""
    rules = [part for part in get_args(kind) if is_rule(part)]
    close = nearest(given, words_of(rules[0])) if rules and isinstance(given, str) else None
    return f"the closest is {close}" if close else "change it"


def is_name(given: object) -> bool:
    """Whether this may be the name of a group or trade."""
    fits = isinstance(given, str) and GROUP_NAME.fullmatch(given) is not None
    return fits and given not in RESERVED_NAMES


def allowed(kind: Any) -> str:
    """What may be given, in words."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return f"{allowed(arguments[0])}, or null"
    if origin is Annotated and isinstance(arguments[1], Text):
        return str(arguments[1].words)
    if origin is Annotated and is_rule(arguments[1]):
        return ", ".join(words_of(arguments[1]))
    if origin is Annotated:
        whole = "a whole number " if arguments[0] is int else ""
        return (
            f"{whole}{plain(arguments[1].low)} to {plain(arguments[1].high)} ({arguments[1].unit})"
        )
    words = {
        str: NAME.words,
        bool: "true or false",
        dt.date: "a date as YYYY-MM-DD, or YYYY-MM for its first day",
    }
    return words.get(
        kind,
        f"a list of one or more different names ({NAME_WORDS}), up to {MOST_NAMES}"
        if origin is tuple
        else "a section",
    )
