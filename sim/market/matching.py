"""Rules of urn-ball matching: seekers apply at random, the likelier to a firm that pays more."""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.engine.elementary import TWO_TO_MINUS_53, exp

WEEKS = 4


@rule
def attraction(log_wage: float, wage_sensitivity: float) -> float:
    """Weight of one vacancy in an applicant's choice: w^mu."""
    return exp(wage_sensitivity * log_wage)


@rule
def application_weeks(draw: float, application_probability: float) -> int:
    """Weeks of the month in which a worker applies, each with probability q, as bits.

    One draw decides on all weeks: what is left of it below q, or above, is uniform again once it is
    rescaled, and decides on the next week. Draws from `monthly_application_probability` on are
    those of workers who apply in no week.
    """
    rescale_after_yes, rescale_after_no = (
        1.0 / max(application_probability, TWO_TO_MINUS_53),
        1.0 / max(1.0 - application_probability, TWO_TO_MINUS_53),
    )
    weeks = 0
    for week in range(WEEKS):
        if draw < application_probability:
            weeks += 1 << week
            draw = draw * rescale_after_yes
        else:
            draw = (draw - application_probability) * rescale_after_no
    return weeks


@rule
def week_bit(week: int) -> int:
    """Bit of a week among those in which a worker applies."""
    return 1 << week


@rule
def applies(weeks: int, week: int) -> bool:
    """Whether a worker applies in a week."""
    return weeks & week_bit(week) != 0


@rule
def monthly_application_probability(application_probability: float) -> float:
    """Probability of applying in at least one of the four weeks.

    On-the-job search without an application changes nothing, so it is not simulated.
    """
    # Multiplied out: the power function of machines differs in the last bits.
    never = 1.0 - application_probability
    return 1.0 - never * never * never * never
