"""Rules that protect those who have had a job for long (structure.separations)."""

from __future__ import annotations

from sim.engine.compiling import rule


@rule
def job_end_is_due(draw: float, months_in_job: int, seniority_months: float) -> bool:
    """Whether a job ends when its event comes: with probability 1 / (1 + months / seniority).

    The hazard of a job's end falls with tenure (Farber 1999); it is halved after
    `seniority_months`.
    """
    return draw * (1.0 + months_in_job / seniority_months) < 1.0


@rule
def layoff_rank(draw: float, job_began: int) -> float:
    """Rank by which workers are laid off, lowest first: who was hired last, then the lower draw."""
    return draw - job_began


@rule
def layoff_probability_after_notice(due_now: float, due_before: float) -> float:
    """Probability of being laid off where notice is given: the lower one of two months.

    A firm has to find labour in excess in two months running before anybody goes.
    """
    return min(due_now, due_before)
