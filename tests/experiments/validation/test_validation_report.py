"""The verdicts of the validation report: hits, misses and rivals are stated as they are."""

import numpy as np

from experiments.validation.case_files import read_cases
from experiments.validation.natural_experiments import Prediction
from experiments.validation.validation_report import (
    DEFINITIONS,
    case_row,
    emergent_rows,
    reading_dates,
    target_cells,
)

BRACERO = next(case for case in read_cases() if case.name == "bracero_end")
TOLERANCE = BRACERO.targets["native_wage_change"].tolerance


def row(value: float, rivals: tuple[float, float]) -> dict:
    prediction = Prediction(
        "native_wage_change",
        np.full(5, value),
        dict(zip(("head count", "static"), rivals, strict=True)),
    )
    return case_row(BRACERO, prediction)


def test_a_median_within_the_tolerance_is_a_hit() -> None:
    assert row(TOLERANCE, (0.0, 59.0))["hit"]
    assert not row(TOLERANCE + 0.1, (0.0, 59.0))["hit"]


def test_a_miss_is_written_as_one() -> None:
    assert "**MISS**" in target_cells(row(50.0, (0.0, 59.0)))


def test_a_tie_beats_nobody_and_silence_is_no_rival() -> None:
    assert row(0.0, (0.0, 59.0))["beats_both"] is False
    assert row(1.0, (np.nan, 59.0))["beats_both"] is True
    assert row(1.0, (np.nan, np.nan))["beats_both"] is None
    assert target_cells(row(1.0, (np.nan, np.nan)))[-1] == "no rival"


def test_a_rule_that_is_exact_is_never_beaten_and_the_page_says_so() -> None:
    found = BRACERO.targets["native_wage_change"].value
    assert [row(found + miss, (found, 59.0))["beats_both"] for miss in (0.0, 0.01, -1.0)] == [
        False,
        False,
        False,
    ]
    assert "A rule that is exact cannot be beaten" in DEFINITIONS.replace("\n", " ")


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
