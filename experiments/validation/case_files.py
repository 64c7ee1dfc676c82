"""Natural experiments as YAML files: the shock, what was found, and how precisely.

Each file was written before the experiment was first simulated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.validation.effects import EFFECTS, SHARE_BY_HIRING
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
    "without_shock",
    "natives",
    "incomers",
    "reading_month",
    "targets",
)
OPTIONAL = ("counted_from", "note")
HALF = "assumption: half the tolerance that was written before the first run"


@dataclass(frozen=True)
class CaseTarget:
    """What a study found.

    `value`: its verdict. `tolerance`: how far from it was near enough, written before the first
    run. `estimate`: its number, which is scored, with its standard error and where that is from.
    """

    value: float
    unit: str
    tolerance: float
    reason: str
    estimate: float
    standard_error: float
    standard_error_reason: str


@dataclass(frozen=True)
class Case:
    """One natural experiment.

    `overrides`: the configuration with the shock; `without_shock`: further overrides that take it
    away; if there are none, the baseline of the policy is compared.
    `ranges`: low and high of numbers that describe this market otherwise than the krai; they are
    sampled where behaviour is sampled.
    `natives`, `incomers`: names of the two groups.
    `reading_month`: the month in which effects are read, and at whose end persons are counted.
    `counted_from`: the earlier month at whose end persons are counted; None if they are not.
    `note`: what a reader of the targets must know.
    """

    name: str
    title: str
    source: str
    shock: str
    overrides: tuple[str, ...]
    ranges: dict[str, tuple[float, float]]
    without_shock: tuple[str, ...]
    natives: str
    incomers: str
    reading_month: dt.date
    counted_from: dt.date | None
    targets: dict[str, CaseTarget]
    note: str = ""


def read_cases() -> list[Case]:
    """All shipped experiments in the order of their names."""
    return [read_case(path) for path in sorted(CASES.glob("*.yaml"))]


def read_case(path: Path) -> Case:
    """One experiment. Raises ScenarioError with everything that is wrong with the file."""
    raw = load_mapping(path)
    if problems := case_problems(place(path), raw):
        raise ScenarioError(problems)
    return Case(
        name=path.stem,
        overrides=tuple(map(str, raw["overrides"])),
        ranges={str(key): (float(low), float(high)) for key, (low, high) in raw["ranges"].items()},
        without_shock=tuple(map(str, raw["without_shock"])),
        reading_month=first_day(raw["reading_month"]),
        counted_from=first_day(raw["counted_from"]) if "counted_from" in raw else None,
        targets={
            name: read_target(f"{place(path)}: {name}", name, entry)
            for name, entry in raw["targets"].items()
        },
        note=str(raw.get("note", "")),
        **{name: str(raw[name]) for name in ("title", "source", "shock", "natives", "incomers")},
    )


def case_problems(file: str, raw: Mapping[str, Any]) -> list[str]:
    """What is wrong with the fields of a case."""
    missing = [f"{file}: {name}: missing" for name in FIELDS if name not in raw]
    strange = [
        unknown(f"{file}: {name}", raw[name], FIELDS)
        for name in raw
        if name not in (*FIELDS, *OPTIONAL)
    ]
    return missing + strange or counting_problems(f"{file}: counted_from", raw)


def counting_problems(key: str, raw: Mapping[str, Any]) -> list[str]:
    """What is wrong with the month from which persons are counted.

    Persons are counted for the share by hiring only, and in two separate markets: a policy and its
    baseline come as monthly totals.
    """
    if (SHARE_BY_HIRING in raw["targets"]) != ("counted_from" in raw):
        return [
            f"{key}: goes with {SHARE_BY_HIRING}, which counts persons between two months; "
            "give both or neither"
        ]
    if "counted_from" not in raw:
        return []
    problems = []
    if first_day(raw["counted_from"]) >= first_day(raw["reading_month"]):
        problems.append(f"{key}: {raw['counted_from']} is not before reading_month")
    if not raw["without_shock"]:
        problems.append(
            f"{key}: persons cannot be counted in a policy and its baseline; "
            "take the shock away by without_shock"
        )
    return problems


def first_day(text: object) -> dt.date:
    """The first day of a month written as 1993-06."""
    return dt.date.fromisoformat(f"{text}-01")


def read_target(key: str, name: str, entry: Mapping[str, Any]) -> CaseTarget:
    """A target whose value is a fact of the evidence, or is given in the file."""
    if name not in EFFECTS:
        raise ScenarioError([unknown(key, name, EFFECTS, "effect")])
    value, unit = found_value(key, entry)
    return CaseTarget(
        value,
        unit,
        float(entry["tolerance"]),
        str(entry["reason"]),
        float(entry.get("estimate", value)),
        *standard_error(entry),
    )


def standard_error(entry: Mapping[str, Any]) -> tuple[float, str]:
    """Standard error of a target and where it is from; without a source half the tolerance."""
    if "standard_error" in entry:
        return float(entry["standard_error"]), str(entry["standard_error_reason"])
    return float(entry["tolerance"]) / 2.0, HALF


def found_value(key: str, entry: Mapping[str, Any]) -> tuple[float, str]:
    """What was found, and its unit."""
    if "fact" not in entry:
        return float(entry["value"]), str(entry["unit"])
    fact = facts().get(entry["fact"])
    if fact is None or not isinstance(fact.value, float):
        raise ScenarioError(
            [
                f"{key}: fact: facts.yaml has no single number {entry['fact']}; "
                "give the name of one that it has"
            ]
        )
    return fact.value, fact.unit
