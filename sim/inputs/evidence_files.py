"""Reads the evidence files.

A missing or malformed file is refused with a list of everything that is wrong in it.
"""

from __future__ import annotations

import datetime as dt
import inspect
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.inputs.problems import ScenarioError, shown
from sim.inputs.strict_yaml import load_mapping, place

CONFIDENCES = ("high", "medium", "low")
PERIODS = {"year": re.compile(r"\d{4}"), "month": re.compile(r"\d{4}-(0[1-9]|1[0-2])")}


@dataclass(frozen=True)
class Series:
    """A dated series with unit and source.

    Its values are dated by year ('2016') or hold from a month on ('2016-09').
    """

    unit: str
    period: str
    source: str
    confidence: str
    values: dict[str, float]

    @property
    def first(self) -> str:
        """First month covered, 'YYYY-MM'."""
        start = min(self.values)
        return f"{start}-01" if self.period == "year" else start

    @property
    def last(self) -> str:
        """The last date given, as it is written in the file."""
        return max(self.values)

    @property
    def held_from(self) -> dt.date:
        """First month that no value of the file covers by itself."""
        if self.period == "year":
            return dt.date(int(self.last) + 1, 1, 1)
        year, month = map(int, self.last.split("-"))
        return dt.date(year + month // 12, month % 12 + 1, 1)

    def dated(self) -> list[tuple[dt.date, float]]:
        """Values with the first day of their month, in order of time.

        The value of a year is dated to its middle, July.
        """
        day = "-07-01" if self.period == "year" else "-01"
        return [
            (dt.date.fromisoformat(f"{date}{day}"), value)
            for date, value in sorted(self.values.items())
        ]

    def at(self, month: str) -> float:
        """The value in force in 'YYYY-MM': the latest one not after it."""
        return self.values[max(date for date in self.values if date <= month)]


@dataclass(frozen=True)
class Parameter:
    """A number of the configuration: its default, and its prior range unless it is fixed.

    It has a source or, if it is assumed, a reason.
    """

    default: float | None
    prior: tuple[float, float] | None
    unit: str
    confidence: str
    source: str | None
    reason: str | None


@dataclass(frozen=True)
class Fact:
    """A single cited fact: a number, a range (low, high) or a date."""

    value: float | tuple[float, float] | dt.date
    unit: str
    period: str
    source: str
    confidence: str


@dataclass(frozen=True)
class ReportedMarket:
    """A market for which statistics are reported that its results can be compared with.

    Holds its short name and the names of those series and facts.
    """

    place: str
    standard_worker: str
    housing_completed: str
    crews: str
    country: str
    permits_in_country: str
    revenue_of_all_hosts_usd: str


@dataclass(frozen=True)
class Sender:
    """The state that sends contract crews: names of the crews, the state and its capital."""

    people: str
    state: str
    capital: str


@dataclass(frozen=True)
class NotFound:
    """A figure that was looked for and not found: where, and what it would decide."""

    what: str
    looked_in: str
    would_serve: str


def read_series(path: Path) -> dict[str, Series]:
    """The dated series of a file."""
    return read_entries(path, _series)


def read_parameters(path: Path) -> dict[str, Parameter]:
    """The parameters of a file, by configuration path."""
    return read_entries(path, _parameter)


def read_facts(path: Path) -> dict[str, Fact]:
    """The facts of a file, by name."""
    return read_entries(path, _fact)


def read_markets(path: Path) -> dict[str, ReportedMarket]:
    """The markets of a file, by name."""
    return read_entries(path, _texts(ReportedMarket))


def read_senders(path: Path) -> dict[str, Sender]:
    """The sending states of a file, by the name of the group."""
    return read_entries(path, _texts(Sender))


def read_not_found(path: Path) -> dict[str, NotFound]:
    """The figures of a file that were not found, by name."""
    return read_entries(path, _texts(NotFound))


def read_entries[Entry](path: Path, build: Callable[[Fields], Entry]) -> dict[str, Entry]:
    """Every entry of a YAML mapping; problems of all entries are raised together."""
    entries: dict[str, Entry] = {}
    problems = []
    for name, raw in load_mapping(path).items():
        try:
            entries[str(name)] = build(Fields(raw))
        except MalformedError as problem:
            problems.append(f"{place(path)}: {name}: {problem}; mend the file or restore it")
    if problems:
        raise ScenarioError(problems)
    return entries


class MalformedError(Exception):
    """An entry that does not say what its kind must say."""


class Fields(dict[str, Any]):
    """An entry's fields, asked for by name and type."""

    def __init__(self, raw: object) -> None:
        if not isinstance(raw, dict):
            raise MalformedError(
                f"given {shown(raw)}, needs a mapping with unit, source and values"
            )
        super().__init__(raw)

    def text(self, name: str, allowed: tuple[str, ...] = ()) -> str:
        """A field that holds text, or one of the words allowed."""
        value = self.get(name)
        if not isinstance(value, (str, int)) or isinstance(value, bool) or not str(value).strip():
            raise MalformedError(f"{name}: given {shown(value)}, needs text")
        if allowed and value not in allowed:
            raise MalformedError(f"{name}: given {shown(value)}, needs one of {', '.join(allowed)}")
        return str(value)

    def number(self, name: str) -> float:
        """A field that holds a finite number."""
        return _number(name, self.get(name))

    def range(self, name: str) -> tuple[float, float]:
        """A field that holds [low, high]."""
        return range_in(name, self.get(name))


def _number(name: str, value: object) -> float:
    # True would pass for 1: to Python it is a number.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise MalformedError(f"{name}: given {shown(value)}, needs a finite number")
    return float(value)


def range_in(name: str, value: object) -> tuple[float, float]:
    """A range [low, high] with low not above high."""
    if not isinstance(value, list) or len(value) != 2:
        raise MalformedError(f"{name}: given {shown(value)}, needs [low, high]")
    low, high = (_number(name, limit) for limit in value)
    if low > high:
        raise MalformedError(f"{name}: given {shown(value)}, needs low not above high")
    return low, high


def _series(fields: Fields) -> Series:
    period, unit = fields.text("period", tuple(PERIODS)), fields.text("unit")
    given = fields.get("values")
    if not isinstance(given, dict) or not given:
        raise MalformedError(f"values: given {shown(given)}, needs a mapping of dates to numbers")
    wrong = [str(date) for date in given if not PERIODS[period].fullmatch(str(date))]
    if wrong:
        raise MalformedError(f"values: dates {', '.join(wrong)} do not fit period {period}")
    values = {str(date): _number(f"values.{date}", value) for date, value in sorted(given.items())}
    _plausible(period, unit, values)
    return Series(
        unit, period, fields.text("source"), fields.text("confidence", CONFIDENCES), values
    )


def _plausible(period: str, unit: str, values: Mapping[str, float]) -> None:
    """No year left out, exchange rates and pay above 0, nothing below 0 but percent above -100."""
    years = [int(date[:4]) for date in values]
    if period == "year" and years != list(range(years[0], years[0] + len(years))):
        raise MalformedError(
            f"values: given {', '.join(values)}, needs every year between the first and the last"
        )
    low = -100.0 if unit.startswith("percent") else 0.0
    for date, value in values.items():
        if value < low or (
            value == low
            and (unit.startswith("percent") or " per " in unit or unit.endswith(" a month"))
        ):
            raise MalformedError(f"values.{date}: given {shown(value)}, out of range for {unit}")


def _parameter(fields: Fields) -> Parameter:
    default = (
        None if fields.get("default", "") is None else _number("default", fields.get("default"))
    )
    fixed, assumed = fields.get("fixed") is True, fields.get("assumption") is True
    prior = None if fixed else fields.range("prior")
    if prior and default is not None and not prior[0] <= default <= prior[1]:
        raise MalformedError(
            f"default: given {shown(default)}, needs to lie within prior {list(prior)}"
        )
    source = None if assumed else fields.text("source")
    reason = fields.text("reason") if assumed else None
    return Parameter(
        default, prior, fields.text("unit"), fields.text("confidence", CONFIDENCES), source, reason
    )


def _fact(fields: Fields) -> Fact:
    given, unit = fields.get("value"), fields.text("unit")
    value = (
        _date(given)
        if unit == "date"
        else range_in("value", given)
        if isinstance(given, list)
        else _number("value", given)
    )
    return Fact(
        value,
        unit,
        fields.text("period"),
        fields.text("source"),
        fields.text("confidence", CONFIDENCES),
    )


def _texts[Record](record: Callable[..., Record]) -> Callable[[Fields], Record]:
    """Reads a record whose fields are all text."""

    def build(fields: Fields) -> Record:
        return record(**{name: fields.text(name) for name in inspect.signature(record).parameters})

    return build


def _date(given: object) -> dt.date:
    try:
        return dt.date.fromisoformat(str(given))
    except ValueError:
        raise MalformedError(f"value: given {shown(given)}, needs a date as YYYY-MM-DD") from None
