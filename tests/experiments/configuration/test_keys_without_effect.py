"""A key that was set and has no effect is named on the terminal, in the record and on the page."""

from __future__ import annotations

import dataclasses

import pytest

from experiments import run
from experiments.configuration.keys_without_effect import NOTES, keys_without_effect
from experiments.configuration.settings import load_settings
from experiments.reporting.report_page import report_html
from experiments.results.provenance import run_record
from experiments.results.result_folder import load_result
from experiments.sweeps.design.sweep_settings import load_sweep

SET = ("policy=none", "policy.compliance=0.5", "uncertainty=none")
SENTENCE = "policy.compliance: has no effect, as the policy has no date"
LEVER = "levers.training.cost_rub_per_place"


def test_a_run_names_it_on_the_terminal_and_in_its_record(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "simulate_into", stop)
    assert run.main(SET) == 130
    assert capsys.readouterr().err.startswith(f"{SENTENCE}\n")
    assert run_record(load_settings(SET), "")[NOTES] == [SENTENCE]
    assert NOTES not in run_record(load_settings(SET[:1]), "")


def test_the_page_of_a_result_names_it(finished) -> None:
    whole = load_result(finished)
    strange = dataclasses.replace(whole, record=whole.record | {NOTES: [SENTENCE]})
    assert f"{SENTENCE}." in report_html(strange)
    assert "has no effect" not in report_html(whole)


def test_parameters_held_where_none_is_sampled() -> None:
    held = "held=[population.north_korean.heads]"
    assert keys_without_effect(load_settings([held, "uncertainty=none"])) == [
        "held: has no effect, as uncertainty=none samples nothing"
    ]
    assert keys_without_effect(load_settings([held])) == []


def test_a_sweep_names_what_has_no_effect_at_any_of_its_points() -> None:
    def notes(*overrides: str) -> list[str]:
        design = load_sweep([*overrides, "replicates=1"]).design
        return [note for note in design.notes if "has no effect" in note]

    assert notes("policy=none,cliff", "policy.compliance=0.2,1") == []
    assert notes("policy=none", "policy.compliance=0.2,1") == [SENTENCE]
    assert notes("policy=cliff", f"{LEVER}=1000,2000") == [
        f"{LEVER}: has no effect, as the lever has no from_date"
    ]
