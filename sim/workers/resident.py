"""Rules of residents (in Primorye: Russians).

They choose between construction and an outside option, search on the job, and learn a trade.
"""

from __future__ import annotations

import math

from sim.engine.compiling import rule
from sim.engine.elementary import log, logistic

MOVE_SENSITIVITY = 10.0
"""A wage 10 % higher is taken by about 7 in 10 of those who see it; an assumption."""
RECONSIDERS, SEARCHES_ON_THE_JOB, JOB_ENDS = range(3)


@rule
def inside_probability(
    log_wage_relative: float, attachment: float, taste: float, choice_noise: float
) -> float:
    """Probability that a resident who reconsiders works or seeks work in construction.

    p(x) = L((ln w + a - x) / zeta) with pay w relative to pay outside construction, the group's
    attachment a, the worker's taste for the outside option x and choice noise zeta.
    """
    return logistic((log_wage_relative + attachment - taste) / choice_noise)


@rule
def log_tightness(vacancies_opened: int, seekers: int) -> float:
    """Log labour market tightness: vacancies per seeker.

    One is added to both counts, so that the ratio exists when either is zero.
    """
    return log((vacancies_opened + 1.0) / (seekers + 1.0))


@rule
def log_expected_pay(
    log_wage: float,
    log_tightness: float,
    log_tightness_normal: float,
    job_finding_elasticity: float,
) -> float:
    """Log pay expected from a job yet to be found: the wage times the chance of finding a job.

    After Harris & Todaro (1970); the chance is relative to that at normal tightness.
    """
    return log_wage + job_finding_elasticity * (log_tightness - log_tightness_normal)


@rule
def employed_event_kind(
    draw: float, reconsider_rate: float, on_the_job_search_rate: float, job_end_rate: float
) -> int:
    """Kind of an employed worker's event, drawn in proportion to the three hazard rates.

    The result counts the cumulated rates that the draw has passed: RECONSIDERS, SEARCHES_ON_THE_JOB
    or JOB_ENDS.
    """
    position = draw * (reconsider_rate + on_the_job_search_rate + job_end_rate)
    return int(position >= reconsider_rate) + int(
        position >= reconsider_rate + on_the_job_search_rate
    )


@rule
def move_probability(log_wage_old: float, log_wage_new: float) -> float:
    """Probability of moving to another firm: 1 / (1 + (w_old / w_new)^10).

    A smooth form of the job-to-job move in Burdett & Mortensen (1998), where any higher wage is
    taken.
    """
    return logistic(MOVE_SENSITIVITY * (log_wage_new - log_wage_old))


@rule
def grant_as_wage(
    grant_rub: float, base_wage_rub: float, consumer_prices: float, outside_pay: float
) -> float:
    """A relocation grant in prices of `start`, spread over a year, as a wage over pay outside."""
    return grant_rub / (12.0 * base_wage_rub) * consumer_prices / outside_pay


@rule
def entry_wage(wage_relative: float, subsidy_share: float, grant_wage: float) -> float:
    """Wage that an outsider weighs: the posted wage, the state's subsidy on it, and the grant."""
    return wage_relative * (1.0 + subsidy_share) + grant_wage


@rule
def exit_rate_per_month(inside_probability: float, reconsider_rate: float) -> float:
    """Hazard rate of leaving construction: a resident reconsiders and does not stay."""
    return reconsider_rate * (1.0 - inside_probability)


@rule
def taste_in_thousandths(standard_normal: float, taste_sd: float) -> int:
    """Log outside option in thousandths of a log point, within what its 16-bit column holds."""
    return int(math.floor(max(-32000.0, min(32000.0, 1000.0 * taste_sd * standard_normal)) + 0.5))
