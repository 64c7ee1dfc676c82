"""Urn-ball matching: seekers apply, by wage, to one of the vacancies of their trade; a vacancy takes one applicant."""

from __future__ import annotations

from sim.compiled import rule
from sim.elementary import exp

WEEKS = 4
WORKING_DAYS = 21.0


@rule
def attraction(log_wage: float, wage_sensitivity: float) -> float:
    """Weight of one vacancy in an applicant's choice: w^mu."""
    return exp(wage_sensitivity * log_wage)


@rule
def applies(draw: float, application_probability: float) -> bool:
    """A seeker applies this week with probability q."""
    return draw < application_probability


@rule
def choice_draw(draw: float, application_probability: float) -> float:
    """What is left of the draw of one who applies is uniform again: it chooses the firm."""
    return draw / application_probability
