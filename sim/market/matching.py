"""Urn-ball matching: seekers apply, by wage, to one of the vacancies of their trade; a vacancy takes one applicant."""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.engine.elementary import UNIT, exp

WEEKS = 4
WORKING_DAYS = 21.0


@rule
def attraction(log_wage: float, wage_sensitivity: float) -> float:
    """Weight of one vacancy in an applicant's choice: w^mu."""
    return exp(wage_sensitivity * log_wage)


@rule
def application_weeks(draw: float, application_probability: float) -> int:
    """Weeks of the month in which somebody applies, each with probability q, as bits: the draw, read digit by digit.

    What is left of a draw below q, or of one above it, is uniform again and decides on the next week. Draws from `application_chance`
    on are those of whoever applies in no week.
    """
    again, otherwise = (
        1.0 / max(application_probability, UNIT),
        1.0 / max(1.0 - application_probability, UNIT),
    )
    weeks = 0
    for week in range(WEEKS):
        if draw < application_probability:
            weeks += 1 << week
            draw = draw * again
        else:
            draw = (draw - application_probability) * otherwise
    return weeks


@rule
def week_bit(week: int) -> int:
    """The bit of a week among those in which somebody applies."""
    return 1 << week


@rule
def applies(weeks: int, week: int) -> bool:
    """Whether a week is among those in which somebody applies."""
    return weeks & week_bit(week) != 0


@rule
def application_chance(application_probability: float) -> float:
    """Chance to apply in at least one of the four weeks; on-the-job search without it leaves no trace and is not simulated."""
    never = 1.0 - application_probability
    return 1.0 - never * never * never * never
