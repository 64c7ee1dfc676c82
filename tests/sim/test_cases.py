"""The cases of tests/cases: what theory or evidence says must come out, and what does."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.branches import BASELINE
from sim.calendar import month_index
from sim.inputs.strict_yaml import load_mapping
from sim.paired import PairedBranches, run_paired
from sim.scenario import Scenario
from tests.support.case_measures import MEASURES
from tests.support.paths import CASES
from tests.support.shipped_scenarios import make_scenario

SCALE = "market.scale=0.1"
PATTERNS = {f"P{number}" for number in range(1, 9)}


@dataclass(frozen=True)
class Expectation:
    """An expected number: a value with tolerance, or a bound; relative to a month or baseline."""

    measure: str
    month: str
    reason: str
    value: float | None = None
    tolerance: float | None = None
    at_least: float = -np.inf
    at_most: float = np.inf
    relative_to: str | None = None
    over_baseline: bool = False

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value that passes."""
        if self.value is None:
            return self.at_least, self.at_most
        assert self.tolerance is not None, "a value needs a tolerance"
        return self.value - self.tolerance, self.value + self.tolerance


@dataclass(frozen=True)
class Case:
    """A case as its file has it."""

    note: str
    source: str
    overrides: list[str]
    replicates: int
    expected: list[dict[str, Any]]
    pattern: str | None = None
    known_miss: str | None = None

    @property
    def expectations(self) -> list[Expectation]:
        """What must come out."""
        return [Expectation(**entry) for entry in self.expected]


def read_case(path: Path) -> Case:
    """A case; a key that does not exist is an error."""
    return Case(**load_mapping(path))


FILES = sorted(CASES.glob("*.yaml"))


def as_parameter(path: Path) -> Any:
    """A case under its file's name; a known miss must still miss."""
    miss = read_case(path).known_miss
    return pytest.param(
        path, id=path.stem, marks=[pytest.mark.xfail(strict=True, reason=miss)] if miss else []
    )


@functools.cache
def replicates(
    overrides: tuple[str, ...], number: int
) -> tuple[Scenario, tuple[PairedBranches, ...]]:
    """Paired runs, shared by the cases that ask for the same."""
    scenario = make_scenario(SCALE, *overrides)
    return scenario, tuple(run_paired(scenario, replicate) for replicate in range(number))


def found(expectation: Expectation, scenario: Scenario, runs: PairedBranches) -> float:
    """The number asked for, in one replicate."""
    measure = MEASURES[expectation.measure]
    series = measure(scenario, runs)
    value = float(series[month_of(expectation.month, scenario)])
    if expectation.over_baseline:
        value /= float(
            measure(scenario, baseline_alone(runs))[month_of(expectation.month, scenario)]
        )
    if expectation.relative_to is not None:
        value /= float(series[month_of(expectation.relative_to, scenario)])
    return value


def baseline_alone(runs: PairedBranches) -> PairedBranches:
    """The baseline in place of all three runs."""
    return PairedBranches(
        runs.replicate,
        None,
        *(runs.baseline for _ in (BASELINE, "policy", "policy_at_baseline_wages")),
    )


def month_of(label: str, scenario: Scenario) -> int:
    """Index of 'YYYY-MM'."""
    return month_index(dt.date.fromisoformat(f"{label}-01"), scenario.start)


@pytest.mark.parametrize("path", [as_parameter(path) for path in FILES])
def test_a_case_comes_out_as_expected(path: Path) -> None:
    case = read_case(path)
    scenario, runs = replicates(tuple(case.overrides), case.replicates)
    missed = []
    for expectation in case.expectations:
        mean = float(np.mean([found(expectation, scenario, one) for one in runs]))
        low, high = expectation.bounds
        if not low - 1e-9 <= mean <= high + 1e-9:
            missed.append(
                f"{expectation.measure} in {expectation.month}: {mean:.6g}, "
                f"expected {low:.6g} to {high:.6g} ({expectation.reason})"
            )
    assert not missed, f"{case.note}\n" + "\n".join(missed)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_case_can_be_read_by_an_analyst(path: Path) -> None:
    case = read_case(path)
    assert case.note.endswith(".")
    assert case.source
    assert all(
        expectation.measure in MEASURES and expectation.reason for expectation in case.expectations
    )


def test_every_pattern_and_policy_has_a_case() -> None:
    cases = [read_case(path) for path in FILES]
    assert {case.pattern for case in cases if case.pattern} == PATTERNS
    chosen = {text for case in cases for text in case.overrides}
    assert {"policy=none", "policy=cliff", "policy=blind_eye", "policy=retain_10000"} <= chosen
    assert any(text.startswith("levers.") for text in chosen)
