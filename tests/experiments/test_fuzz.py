"""Random inputs end as they must; where the program fails, the fuzzer says so and how to see it."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from experiments import fuzz
from experiments.configuration.shipped_files import CONFIGS
from experiments.fuzzing import cases, many_cases, trials
from experiments.fuzzing.base_inputs import bases
from experiments.fuzzing.cases import described, make_case
from experiments.fuzzing.many_cases import CASES_TOGETHER, Ended, try_all

QUICK, SLOW = 60, 20_000


def findings(seed: int, count: int, processes: int = 1) -> tuple[int, list[str]]:
    """How many cases were simulated, and every finding as it is printed."""
    counts, found = try_all(seed, 0, count, lambda: None, processes)
    assert sum(counts.values()) == count
    return counts[trials.SIMULATED], found


@pytest.mark.slow
def test_random_inputs_run_soundly_or_are_refused_by_key() -> None:
    simulated, found = findings(1, QUICK)
    assert found == []
    assert simulated > 0


@pytest.mark.long
@pytest.mark.slow
def test_twenty_thousand_random_inputs_run_soundly_or_are_refused_by_key() -> None:
    """Estimated from cases of each kind: 310 s of processor time, 160 s on two idle cores."""
    simulated, found = findings(2, SLOW, processes=2)
    assert found == []
    assert simulated > SLOW / 25


@pytest.mark.long
@pytest.mark.slow
def test_cases_in_two_processes_end_as_in_one() -> None:
    one, two = (try_all(1, 0, CASES_TOGETHER + 10, lambda: None, each) for each in (1, 2))
    assert one == two


def dying(seed: int, numbers: tuple[int, ...], folder: Path) -> list[Ended]:
    """A program that dies of case 3."""
    if 3 in numbers:
        os._exit(5)
    return [(trials.LOADED, []) for _ in numbers]


@pytest.mark.slow
def test_a_case_that_kills_its_process_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_cases, "try_together", dying)
    counts, (found,) = try_all(1, 0, 8, lambda: None, processes=2)
    assert counts == {trials.LOADED: 7, trials.REFUSED: 1}
    assert "ended with exit code 5" in found
    assert "python -m experiments.fuzz seed=1 first=3 n=1" in found


@pytest.mark.parametrize("kind", cases.KINDS)
def test_a_case_of_every_kind_ends_as_it_must(kind: str) -> None:
    with trials.workplace() as place:
        for number in range(2):
            given = cases.MAKERS[kind](random.Random(number))
            assert trials.tried(cases.Case(1, number, kind, given), place)[1] == []


def test_cases_are_those_of_their_seed_and_number_and_start_from_every_market() -> None:
    first, again = ([described(make_case(3, number)) for number in range(50)] for _ in range(2))
    assert first == again
    assert first != [described(make_case(4, number)) for number in range(50)]
    shipped = {path.stem for path in (CONFIGS / "market").glob("*.yaml")}
    assert {base.market for base in bases()} == shipped
    assert min(cases.WEIGHTS) > 0.0


def failing(case: cases.Case, place: trials.Workplace) -> trials.Outcome:
    """A program with a bug."""
    raise ZeroDivisionError("no luck")


def hanging(case: cases.Case, place: trials.Workplace) -> trials.Outcome:
    """A program that never ends."""
    while True:
        pass


def test_a_traceback_is_a_finding_with_the_command_that_shows_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(trials, "TRIALS", dict.fromkeys(cases.KINDS, failing))
    assert fuzz.main(["n=1", "seed=5", "first=7"]) == 1
    printed = capsys.readouterr().out
    assert "traceback: ZeroDivisionError at test_fuzz.py" in printed
    assert "python -m experiments.fuzz seed=5 first=7 n=1" in printed
    assert "1 findings" in printed


def test_a_hang_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "LONGEST_SECONDS", 1)
    monkeypatch.setattr(trials, "TRIALS", dict.fromkeys(cases.KINDS, hanging))
    (found,) = findings(1, 1)[1]
    assert found.startswith("no answer after 1 s of computing")


def test_a_refusal_that_names_no_key_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def vague(case: cases.Case, place: trials.Workplace) -> trials.Outcome:
        raise trials.ScenarioError(["something is wrong"])

    monkeypatch.setattr(trials, "TRIALS", dict.fromkeys(cases.KINDS, vague))
    assert findings(1, 1)[1][0].startswith("names no key: something is wrong")


def test_one_case_is_printed_and_help_names_every_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz.main(["n=1", "first=4"]) == 0
    assert described(make_case(1, 4)) in capsys.readouterr().out
    assert fuzz.main(["--help"]) == 0
    assert all(f"  {key}=" in fuzz.USAGE for key in fuzz.KEYS)
    assert fuzz.main(["n=0"]) == 2
