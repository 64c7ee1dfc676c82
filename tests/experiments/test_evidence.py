"""The evidence command: tables of everything, and one message for what does not fit together."""

import dataclasses

import pytest

from experiments import evidence
from experiments.evidence import (
    EVERY_GROUP,
    citation_problems,
    default_problems,
    found_after_all,
    main,
    market_problems,
)
from sim.inputs.dated_inputs import facts, not_found, parameters, reported_markets, series
from sim.inputs.problems import ScenarioError
from tests.support.shipped_scenarios import make_settings


def test_every_entry_is_printed_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in [*series(), *facts(), *parameters(), *not_found()])
    assert "assumption:" in printed


def test_one_kind_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts"]) == 0
    printed = capsys.readouterr().out
    assert "dprk_hours" in printed
    assert "market.scale" not in printed


@pytest.mark.parametrize(("argument", "status"), [("--help", 0), ("rumours", 2)])
def test_help_and_unknown_kinds(
    argument: str, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument]) == status
    assert "usage" in "".join(capsys.readouterr())


def test_a_default_that_differs_from_the_configuration_is_named() -> None:
    given = make_settings(EVERY_GROUP, "market.matching.wage_sensitivity=5").resolved
    (line,) = default_problems(given)
    assert "market.matching.wage_sensitivity" in line
    assert "4.0" in line


def test_contradictions_end_with_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = dataclasses.replace(
        parameters()["market.wages.base_wage_rub"], source="facts.yaml: hearsay"
    )
    monkeypatch.setattr(
        evidence, "parameters", lambda: {**parameters(), "market.wages.base_wage_rub": changed}
    )
    assert len(list(citation_problems())) == 1
    assert main(["series"]) == 1
    assert "hearsay" in capsys.readouterr().err


def test_a_market_that_names_no_figure_is_a_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = dataclasses.replace(
        reported_markets()["primorye"],
        housing_completed="hearsay",
        permits_in_country="housing_completed_primorye",
    )
    monkeypatch.setattr(evidence, "reported_markets", lambda: {"primorye": wrong})
    assert [problem.split(": ")[2] for problem in market_problems()] == [
        "housing_completed",
        "permits_in_country",
    ]


def test_what_is_found_after_all_leaves_the_list_of_what_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not list(found_after_all())
    first = next(iter(not_found().values()))
    monkeypatch.setattr(evidence, "not_found", lambda: {"dprk_hours": first})
    (line,) = found_after_all()
    assert "dprk_hours: the evidence has it now" in line


def test_unreadable_evidence_ends_with_status_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    problems = ["facts.yaml: dprk_hours: unit: given null, needs text"]
    monkeypatch.setattr(evidence, "evidence_problems", lambda: problems)
    assert main([]) == 2
    assert capsys.readouterr().err == str(ScenarioError(problems)) + "\n"
