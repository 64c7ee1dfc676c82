"""The natural experiments: what happened, what was found, and how near counts as a hit; each a YAML file written before its run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.validation.effects import EFFECTS
from sim.inputs.dated_inputs import facts
from sim.inputs.problems import ScenarioError, unknown
from sim.inputs.strict_yaml import load_mapping, place

CASES = Path(__file__).parent / "cases"
FIELDS = (
    "title",
    "source",
    "shock",
    "overrides",
    "ranges",
    "without",
    "natives",
    "incomers",
    "read_in",
    "targets",
)
OPTIONAL = ("counted_from", "note")
BY_PERSON = "share_by_hiring"


@dataclass(frozen=True)
class Target:
    """What was found, and the largest miss that still counts as a hit."""

    value: float
    unit: str
    tolerance: float
    reason: str


@dataclass(frozen=True)
class Case:
    """One natural experiment. `without`: overrides that take the shock away; none: the baseline of the policy run.

    `ranges`: low and high of numbers by which the market is described otherwise than the krai, drawn where behaviour is drawn.
    `counted_from`: the earlier of the two months at whose ends persons are counted (the later is `read_in`); None: nothing is.
    `note`: what a reader of the targets must know; "" for nothing.
    """

    name: str
    title: str
    source: str
    shock: str
    overrides: tuple[str, ...]
    ranges: dict[str, tuple[float, float]]
    without: tuple[str, ...]
    natives: str
    incomers: str
    read_in: dt.date
    counted_from: dt.date | None
    targets: dict[str, Target]
    note: str = ""


def cases() -> list[Case]:
    """All shipped experiments in the order of their names."""
    return [read_case(path) for path in sorted(CASES.glob("*.yaml"))]


def read_case(path: Path) -> Case:
    """One experiment; raises ScenarioError where the file lacks something."""
    raw = load_mapping(path)
    problems = [f"{place(path)}: {name}: missing" for name in FIELDS if name not in raw]
    problems += [
        unknown(f"{place(path)}: {name}", raw[name], FIELDS)
        for name in raw
        if name not in (*FIELDS, *OPTIONAL)
    ]
    problems = problems or wrong_dates(f"{place(path)}: counted_from", raw)
    if problems:
        raise ScenarioError(problems)
    targets = {
        name: read_target(f"{place(path)}: {name}", name, entry)
        for name, entry in raw["targets"].items()
    }
    title, source, shock, natives, incomers = (
        str(raw[name]) for name in ("title", "source", "shock", "natives", "incomers")
    )
    ranges = {str(key): (float(low), float(high)) for key, (low, high) in raw["ranges"].items()}
    read_in, counted_from = (
        month_of(raw["read_in"]),
        month_of(raw["counted_from"]) if "counted_from" in raw else None,
    )
    overrides, without = (tuple(map(str, raw[name])) for name in ("overrides", "without"))
    return Case(
        path.stem,
        title,
        source,
        shock,
        overrides,
        ranges,
        without,
        natives,
        incomers,
        read_in,
        counted_from,
        targets,
        str(raw.get("note", "")),
    )


def month_of(text: object) -> dt.date:
    """The first day of a month written as 1993-06."""
    return dt.date.fromisoformat(f"{text}-01")


def wrong_dates(key: str, raw: Mapping[str, Any]) -> list[str]:
    """What is wrong with the earlier month of a case: it belongs to what is counted by person, in markets that are run from the start."""
    if (BY_PERSON in raw["targets"]) != ("counted_from" in raw):
        return [
            f"{key}: goes with {BY_PERSON}, which is counted by person between two months; give both or neither"
        ]
    if "counted_from" not in raw:
        return []
    problems = (
        []
        if month_of(raw["counted_from"]) < month_of(raw["read_in"])
        else [f"{key}: {raw['counted_from']} is not before read_in"]
    )
    return problems + (
        []
        if raw["without"]
        else [
            f"{key}: a policy run and its baseline keep no persons; take the shock away by `without`"
        ]
    )


def read_target(key: str, name: str, entry: Mapping[str, Any]) -> Target:
    """A target from a fact of the evidence or a value of its own."""
    if name not in EFFECTS:
        raise ScenarioError([unknown(key, name, EFFECTS, "effect")])
    if "fact" not in entry:
        return Target(
            float(entry["value"]),
            str(entry["unit"]),
            float(entry["tolerance"]),
            str(entry["reason"]),
        )
    fact = facts().get(entry["fact"])
    if fact is None or not isinstance(fact.value, float):
        raise ScenarioError(
            [f"{key}: fact: no single number {entry['fact']} in facts.yaml; name another"]
        )
    return Target(fact.value, fact.unit, float(entry["tolerance"]), str(entry["reason"]))
