"""What is held out is hidden from every fit."""

import dataclasses
import re
from pathlib import Path

import pytest

from experiments.calibration import split, targets
from experiments.calibration.split import (
    HELD_OUT,
    ROLES,
    SPLIT,
    TRAINING,
    read_split,
    refuse_untrained,
    training_facts,
    training_series,
)
from experiments.calibration.targets import read_targets
from sim.inputs.dated_inputs import facts, series
from sim.inputs.problems import ScenarioError
from sim.inputs.strict_yaml import load_mapping

HELD = [name for case in read_split().values() if case.role == HELD_OUT for name in case.targets]


def test_every_role_is_used_and_no_target_is_in_two_cases_of_the_krai() -> None:
    assert {case.role for case in read_split().values()} == set(ROLES)
    listed = [
        name
        for key, case in read_split().items()
        if key.startswith(("krai", "shapes"))
        for name in case.targets
    ]
    assert len(listed) == len(set(listed))


def test_what_is_hidden_exists_in_the_evidence() -> None:
    for case in read_split().values():
        assert set(case.hidden_facts) <= set(facts())
        for name, dates in case.hidden_series.items():
            assert set(dates) <= set(series()[name].values)


@pytest.mark.parametrize("name", HELD)
def test_a_fit_to_a_held_out_target_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = targets.TARGETS.read_text(encoding="utf-8")
    path = tmp_path / "targets.yaml"
    path.write_text(text.replace("permits_left_end_2018:", f"{name}:"), encoding="utf-8")
    monkeypatch.setattr(targets, "TARGETS", path)
    with pytest.raises(ScenarioError, match=f"{name}: no training case"):
        read_targets()


def test_a_fit_to_held_out_evidence_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hidden = next(case for case in read_split().values() if case.role == HELD_OUT).hidden_facts[0]
    path = tmp_path / "targets.yaml"
    path.write_text(
        targets.TARGETS.read_text(encoding="utf-8").replace("dprk_permits_russia", hidden),
        encoding="utf-8",
    )
    monkeypatch.setattr(targets, "TARGETS", path)
    with pytest.raises(KeyError, match="that a fit may read"):
        read_targets()


def test_held_out_values_change_nothing_that_a_fit_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    before, known = (read_targets(), training_facts(), training_series()), dict(series())
    for case in read_split().values():
        for name, dates in case.hidden_series.items():
            values = known[name].values | dict.fromkeys(dates, 1.0)
            known[name] = dataclasses.replace(known[name], values=values)
    hidden = {name for case in read_split().values() for name in case.hidden_facts}
    others = {
        name: dataclasses.replace(fact, value=1.0) if name in hidden else fact
        for name, fact in facts().items()
    }
    assert known != series()
    assert others != facts()
    monkeypatch.setattr(split, "series", lambda: known)
    monkeypatch.setattr(split, "facts", lambda: others)
    assert (read_targets(), training_facts(), training_series()) == before


def test_no_part_of_the_calibration_reads_evidence_past_the_split() -> None:
    readers = {
        path.name
        for path in SPLIT.parent.glob("*.py")
        if re.search(r"import [^\n]*\b(facts|series)\b", path.read_text(encoding="utf-8"))
    }
    assert readers == {"split.py"}


def test_everything_the_shipped_fit_uses_is_training() -> None:
    refuse_untrained(load_mapping(targets.TARGETS))
    assert read_split()["krai_to_2018"].role == TRAINING


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("role: held_out", "role: hidden", "krai_2019: role: given 'hidden'; allowed: training"),
        ("role: held_out", "role: training", "hides evidence, which only a held_out case does"),
        ("  role: assumed", "  rule: assumed", "german_border_outflow: role: missing"),
    ],
)
def test_a_broken_split_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "split.yaml"
    path.write_text(SPLIT.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioError, match=words):
        read_split(path)
