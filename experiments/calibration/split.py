"""Training and held-out cases, and the evidence that a fit may read.

A fit takes its evidence from `training_facts` and `training_series`, in which held-out values are
not there, and its targets through `refuse_untrained`, which stops at a target that no training case
lists.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.inputs.dated_inputs import facts, series
from sim.inputs.evidence_files import Fact, Series
from sim.inputs.problems import ScenarioError, refused, unknown
from sim.inputs.strict_yaml import load_mapping, place

SPLIT = Path(__file__).with_name("split.yaml")
TRAINING, HELD_OUT, ASSUMED = "training", "held_out", "assumed"
ROLES = (TRAINING, HELD_OUT, ASSUMED)
FIELDS = ("title", "role", "known", "targets")
HIDDEN = ("series", "facts")


@dataclass(frozen=True)
class SplitCase:
    """A case: its role, what was known of it when, its targets, and the evidence it hides."""

    title: str
    role: str
    known: str
    targets: tuple[str, ...]
    hidden_series: Mapping[str, tuple[str, ...]]
    hidden_facts: tuple[str, ...]


@functools.cache
def read_split(path: Path = SPLIT) -> Mapping[str, SplitCase]:
    """All cases by name. Raises ScenarioError with everything that is wrong with the file."""
    raw = load_mapping(path)
    if problems := [each for name, entry in raw.items() for each in case_problems(name, entry)]:
        raise ScenarioError([f"{place(path)}: {problem}" for problem in problems])
    return {name: split_case(entry) for name, entry in raw.items()}


def case_problems(name: str, entry: Mapping[str, Any]) -> list[str]:
    """What is wrong with one case."""
    missing = [f"{name}: {field}: missing" for field in FIELDS if field not in entry]
    strange = [
        unknown(f"{name}: {field}", entry[field], (*FIELDS, *HIDDEN), "field")
        for field in entry
        if field not in (*FIELDS, *HIDDEN)
    ]
    role = entry.get("role", TRAINING)
    wrong = (
        [] if role in ROLES else [refused(f"{name}: role", role, ", ".join(ROLES), "choose one")]
    )
    if role == TRAINING and set(HIDDEN) & set(entry):
        wrong.append(f"{name}: hides evidence, which only a held_out case does; remove it")
    return [*missing, *strange, *wrong]


def split_case(entry: Mapping[str, Any]) -> SplitCase:
    """One case of the file."""
    return SplitCase(
        str(entry["title"]),
        str(entry["role"]),
        str(entry["known"]),
        tuple(map(str, entry["targets"])),
        {name: tuple(map(str, dates)) for name, dates in entry.get("series", {}).items()},
        tuple(map(str, entry.get("facts", ()))),
    )


def case_of(target: str) -> str:
    """The first case that lists a target. Raises ScenarioError if none does."""
    for name, case in read_split().items():
        if target in case.targets:
            return name
    raise ScenarioError([f"{target}: no case of {place(SPLIT)} lists this target; list it there"])


def training_facts() -> dict[str, Fact]:
    """Facts by name without those that held-out cases hide."""
    hidden = {name for case in read_split().values() for name in case.hidden_facts}
    return {name: fact for name, fact in facts().items() if name not in hidden}


def training_series() -> dict[str, Series]:
    """Series by name without the values that held-out cases hide; none is left empty."""
    hidden = {
        (name, date)
        for case in read_split().values()
        for name, dates in case.hidden_series.items()
        for date in dates
    }
    shown = {
        name: {date: value for date, value in known.values.items() if (name, date) not in hidden}
        for name, known in series().items()
    }
    return {
        name: dataclasses.replace(series()[name], values=values)
        for name, values in shown.items()
        if values
    }


def refuse_untrained(targets: Iterable[str]) -> None:
    """Raises ScenarioError if a fit asks for a target that no training case lists."""
    trained = {
        name for case in read_split().values() if case.role == TRAINING for name in case.targets
    }
    problems = [
        f"{name}: no training case of {place(SPLIT)} lists this target, so no fit may read it; "
        "list it there, or take it out of the fit"
        for name in targets
        if name not in trained
    ]
    if problems:
        raise ScenarioError(problems)
