"""Random inputs end as they must; where the program fails, the fuzzer says so and how to see it."""

from __future__ import annotations

import random

import pytest

from experiments import fuzz
from experiments.configuration.shipped_files import CONFIGS
from experiments.fuzzing import cases, trials
from experiments.fuzzing.base_inputs import bases
from experiments.fuzzing.cases import described, make_case

QUICK, SLOW = 60, 20_000


def findings(seed: int, count: int) -> tuple[int, list[str]]:
    """How many cases were simulated, and every finding as it is printed."""
    counts, found = fuzz.try_all(seed, 0, count, lambda: None)
    assert sum(counts.values()) == count
    return counts[trials.SIMULATED], [fuzz.shown_finding(each) for each in found]


def test_random_inputs_run_soundly_or_are_refused_by_key() -> None:
    simulated, found = findings(1, QUICK)
    assert found == []
    assert simulated > 0


@pytest.mark.slow
def test_twenty_thousand_random_inputs_run_soundly_or_are_refused_by_key() -> None:
    simulated, found = findings(2, SLOW)
    assert found == []
    assert simulated > 200


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
