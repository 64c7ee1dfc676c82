"""The validation page states scores as they are, good and bad."""

import re

import numpy as np
import pytest

from experiments.calibration.split import read_split
from experiments.validation.case_files import read_cases
from experiments.validation.score_rows import ScoredTarget, score_row, score_summary
from experiments.validation.scores import draws_forecast, point_forecast
from experiments.validation.validation_report import (
    NAIVE_RULES,
    emergent_rows,
    reading_dates,
    score_cells,
    validation_page,
)

BRACERO = next(case for case in read_cases() if case.name == "bracero_end")


def row(model: float, case: str = "bracero_end") -> dict:
    return score_row(
        ScoredTarget(
            case=case,
            target="native_wage_change",
            unit="percent",
            observed=0.0,
            foreseen_from="the shock",
            standard_error=1.0,
            standard_error_reason="assumption",
            model=draws_forecast(np.array([model]), 1.0),
            naive={rule: point_forecast(1.0, (), 1.0) for rule in NAIVE_RULES[:2]},
        )
    )


@pytest.fixture(scope="module")
def page() -> str:
    rows = [row(0.0), row(9.0), row(0.0, "german_border_outflow")]
    return validation_page(
        {
            "command": "python -m experiments.validate",
            "replicates": 2,
            "scale": 0.1,
            "parameters": "defaults",
            "interval": "chance only",
            "hindcast_draws": 10,
            "targets": rows,
            "summary": score_summary(rows),
            "emergent": [],
            "code_hash": "c0de",
            "evidence_hash": "e" * 64,
        },
        read_cases(),
    )


def test_what_is_worse_than_a_naive_rule_is_marked() -> None:
    assert score_cells(row(9.0))[3] == "**no**"
    assert score_cells(row(9.0))[7].startswith("**")
    assert score_cells(row(0.0))[3] == "yes"
    assert "**" not in "".join(score_cells(row(0.0)))


def test_cases_stand_with_their_role_and_what_was_known(page: str) -> None:
    flat = " ".join(page.split())
    for name in ("bracero_end", "german_border_outflow"):
        assert " ".join(read_split()[name].known.split()) in flat
    assert "counted nowhere above" in flat
    assert "## Primorsky Krai in 2019" not in page


def test_the_totals_count_observed_targets_once(page: str) -> None:
    (line,) = re.findall(r"^\| all \| (.*)$", page, re.M)
    assert line.startswith("2 | 1 (1) |")


def test_silent_rules_are_said_to_be_silent(page: str) -> None:
    table = page.split("## What the naive rules say")[1].split("## What emerges")[0]
    assert table.count("silent") == 3 * len(NAIVE_RULES[2:])


def test_the_page_says_from_when_persons_are_counted() -> None:
    assert reading_dates(BRACERO) == "Read in 1967-12"
    assert (
        reading_dates(next(case for case in read_cases() if case.counted_from))
        == "Read in 1993-06, persons counted from 1990-06"
    )


def test_an_expectation_is_within_the_interval_or_not() -> None:
    values = {"a": np.linspace(0.0, 1.0, 101), "b": np.zeros(3)}
    rows = emergent_rows(values, {"a": (0.5, "share"), "b": (None, "share")})
    assert [entry["within"] for entry in rows] == [True, None]
    assert rows[0]["prediction"] == [0.05, 0.5, 0.95]
