"""Rules of residents, in Primorye the Russians.

They weigh construction against an outside option, search on the job and learn their trade.
"""

from __future__ import annotations

import math

from sim.engine.compiling import rule
from sim.engine.elementary import log, logistic

MOVE_SENSITIVITY = 10.0
RECONSIDERS, SEARCHES_ON_THE_JOB, JOB_ENDS = range(3)


@rule
def inside_probability(
    log_wage_relative: float, attachment: float, taste: float, choice_noise: float
) -> float:
    """Probability that a resident who reconsiders chooses construction over other sectors.

    p(x) = L((ln w + a - x) / zeta), with L the logistic function and w relative to pay outside.
    """
    return logistic((log_wage_relative + attachment - taste) / choice_noise)


@rule
def log_tightness(vacancies_opened: int, seekers: int) -> float:
    """Labour market tightness: log of vacancies per seeker.

    One is added to both numbers, so that tightness is defined if there are none.
    """
    return log((vacancies_opened + 1.0) / (seekers + 1.0))


@rule
def log_expected_pay(
    log_wage: float,
    log_tightness: float,
    log_tightness_normal: float,
    job_finding_elasticity: float,
) -> float:
    """Log expected pay of a job yet to be found: the wage times the chance of finding one.

    The chance is relative to that at normal tightness (Harris & Todaro 1970).
    """
    return log_wage + job_finding_elasticity * (log_tightness - log_tightness_normal)


@rule
def employed_event_kind(
    draw: float, reconsider_rate: float, on_the_job_search_rate: float, job_end_rate: float
) -> int:
    """Kind of event that happens to an employed worker, each with probability proportional to its rate.

    Returns how many cumulative sums of the rates the draw has passed.
    """
    position = draw * (reconsider_rate + on_the_job_search_rate + job_end_rate)
    return int(position >= reconsider_rate) + int(
        position >= reconsider_rate + on_the_job_search_rate
    )


@rule
def move_probability(log_wage_old: float, log_wage_new: float) -> float:
    """Probability that an employed worker takes an offer from another firm.

    1 / (1 + (w_old / w_new)^10): a smooth form of Burdett & Mortensen (1998).
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
    """Wage that somebody outside construction considers when choosing whether to enter.

    The posted wage, the state's subsidy on top, and the entry grant spread over a year.
    """
    return wage_relative * (1.0 + subsidy_share) + grant_wage


@rule
def exit_rate_per_month(inside_probability: float, reconsider_rate: float) -> float:
    """Probability that a resident leaves construction in a month: reconsiders and does not stay."""
    return reconsider_rate * (1.0 - inside_probability)


@rule
def taste_in_thousandths(standard_normal: float, taste_sd: float) -> int:
    """Log outside option in thousandths, kept within what its column holds."""
    return int(math.floor(max(-32000.0, min(32000.0, 1000.0 * taste_sd * standard_normal)) + 0.5))
