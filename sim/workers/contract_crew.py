"""Rules of contract crews, in Primorye the North Koreans.

Crew members are sent by their state on dated contracts, and an expulsion policy removes them.
Each rule is one scalar function; sim/verbs/ applies it to the workers whose turn has come.
"""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.engine.elementary import LEAST_NORMAL, log, logistic

LOGISTIC_WIDTH = 0.5
SHORT_CONTRACT_MONTHS = 12
LONG_CONTRACT_MONTHS = 36
YEAR_MONTHS = 12
STUDENT_PAPER_MONTHS = 12
TOURIST_PAPER_MONTHS = 3
CONTRACTS_ALLOWED, CONTRACTS_PRESIGNED, CONTRACTS_NEVER = range(3)


@rule
def contract_months(draw: float, short_contract_share: float) -> int:
    """Length of a worker's contracts in months: 12 with probability `short_contract_share`, else 36.

    The share is an assumption with prior range .3-.55.
    """
    return SHORT_CONTRACT_MONTHS if draw < short_contract_share else LONG_CONTRACT_MONTHS


@rule
def contract_end_month_of_year(season: float, draw: float, seasonal_share: float) -> int:
    """Calendar month (0 = January) in which a worker's contracts end.

    January to July with probability `seasonal_share`, else any month; all equally likely.
    """
    return int(7.0 * draw) if season < seasonal_share else int(12.0 * draw)


@rule
def months_left(length: int, year_draw: float, end_month_of_year: int, month_of_year: int) -> int:
    """Months left of a contract that is running at the start, 1 to `length`.

    Whole years are uniform over its length; the months up to its calendar end are added.
    """
    months = (end_month_of_year - month_of_year) % YEAR_MONTHS
    if months == 0:
        months = YEAR_MONTHS
    return months + YEAR_MONTHS * int(year_draw * (length // YEAR_MONTHS))


@rule
def contract_is_replaced(draw: float, new_contracts: int, presigned: float) -> bool:
    """Whether a contract that ends is replaced by a new one.

    Always while new contracts are allowed; from the ban until adoption only if presigned
    (UNSCR 2375, para 17); then never.
    """
    if new_contracts == CONTRACTS_ALLOWED:
        return True
    return new_contracts == CONTRACTS_PRESIGNED and draw < presigned


@rule
def permit_is_renewed(draw: float, permit_renewal: float) -> bool:
    """Whether an annual permit is renewed while the contract runs.

    Always before adoption, then with probability `permit_renewal`.
    """
    return draw < permit_renewal


@rule
def complies(draw: float, compliance: float) -> bool:
    """Whether a worker who must leave is made to leave on time (UNSCR 2397, para 8).

    `compliance` is the probability of that.
    """
    return draw < compliance


@rule
def cover_probability(
    pay_kept_usd: float, home_income_usd: float, inspection_rate: float, compliance: float
) -> float:
    """Probability that a worker who must leave stays under cover of another paper (assumption).

    Logistic in the log of pay kept over income at home, less a year's risk of being found.
    """
    pay_over_home_income = pay_kept_usd / home_income_usd
    if pay_over_home_income < LEAST_NORMAL:
        return 0.0
    risk = 12.0 * inspection_rate * compliance
    return logistic((log(pay_over_home_income) - risk) / LOGISTIC_WIDTH)


@rule
def is_found(draw: float, inspection_rate: float, compliance: float) -> bool:
    """An inspection finds a worker under cover."""
    return draw < inspection_rate * compliance


@rule
def cover_paper_months(is_student: bool) -> int:
    """A student paper lasts 12 months, a tourist paper 3."""
    return STUDENT_PAPER_MONTHS if is_student else TOURIST_PAPER_MONTHS


@rule
def dispatched_workers(
    dispatch_rate: float, quota: float, compliance: float, agency_cost_usd: float, levy_usd: float
) -> float:
    """New workers whom the sending agency dispatches under cover in a month (assumption).

    Their number falls with compliance and with the agency's cost relative to the levy it earns.
    """
    if levy_usd <= agency_cost_usd:
        return 0.0
    return dispatch_rate * quota * (1.0 - compliance) * (1.0 - agency_cost_usd / levy_usd)
