"""Rules of contract crews (in Primorye: North Koreans).

A crew member is sent by his state on a dated contract and needs an annual work permit. The
expulsion policy ends his right to stay. sim/verbs/review_papers.py applies these rules to crew
members whose contract, permit or other paper ends.
"""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.engine.elementary import LEAST_NORMAL, log, logistic
from sim.engine.worker_columns import NEVER

COVER_CHOICE_NOISE = 0.5
"""Log points by which workers with the same pay and risk differ; an assumption."""
SHORT_CONTRACT_MONTHS = 12
LONG_CONTRACT_MONTHS = 36
YEAR_MONTHS = 12
STUDENT_PAPER_MONTHS = 12
TOURIST_PAPER_MONTHS = 3
CONTRACTS_ALLOWED, CONTRACTS_PRESIGNED, CONTRACTS_NEVER = range(3)


@rule
def contract_months(draw: float, short_contract_share: float) -> int:
    """Length of a worker's contracts: 12 months with the configured probability, else 36."""
    return SHORT_CONTRACT_MONTHS if draw < short_contract_share else LONG_CONTRACT_MONTHS


@rule
def contract_end_month_of_year(season: float, draw: float, seasonal_share: float) -> int:
    """Calendar month (0 = January) in which a worker's contracts end.

    It lies between January and July with probability `seasonal_share`, else in any month.
    """
    return int(7.0 * draw) if season < seasonal_share else int(12.0 * draw)


@rule
def months_left(length: int, year_draw: float, end_month_of_year: int, month_of_year: int) -> int:
    """Months left of a contract that is running when the simulation starts, 1 to its length.

    Whole years are uniform over the length; to them come the months until its calendar month of
    end.
    """
    months = (end_month_of_year - month_of_year) % YEAR_MONTHS
    if months == 0:
        months = YEAR_MONTHS
    return months + YEAR_MONTHS * int(year_draw * (length // YEAR_MONTHS))


@rule
def contract_is_replaced(draw: float, new_contracts: int, presigned: float) -> bool:
    """Whether a contract that ends is followed by a new one.

    Always while new contracts are allowed; between ban and adoption if it was signed before the ban
    (UNSCR 2375, paragraph 17); never afterwards.
    """
    if new_contracts == CONTRACTS_ALLOWED:
        return True
    return new_contracts == CONTRACTS_PRESIGNED and draw < presigned


@rule
def permit_is_renewed(draw: float, permit_renewal: float) -> bool:
    """Whether the annual permit is renewed under a running contract.

    The probability `permit_renewal` is 1 until the resolution is adopted.
    """
    return draw < permit_renewal


@rule
def complies(draw: float, compliance: float) -> bool:
    """Whether the departure of a worker who is obliged to leave is enforced at once.

    Compliance is the probability that it is (UNSCR 2397, paragraph 8).
    """
    return draw < compliance


@rule
def cover_probability(
    pay_kept_usd: float, home_income_usd: float, inspection_rate: float, compliance: float
) -> float:
    """Probability of staying on under a student's or tourist's paper rather than going home.

    Logistic in the log of pay kept over income at home, less a year's risk of being found. Zero if
    nothing of the pay is kept. The functional form is an assumption.
    """
    pay_over_home_income = pay_kept_usd / home_income_usd
    # A ratio below this is zero, or so small that it has no logarithm here.
    if pay_over_home_income < LEAST_NORMAL:
        return 0.0
    risk = 12.0 * inspection_rate * compliance
    return logistic((log(pay_over_home_income) - risk) / COVER_CHOICE_NOISE)


@rule
def is_found(draw: float, inspection_rate: float, compliance: float) -> bool:
    """Whether an inspection finds a worker who has no valid work paper."""
    return draw < inspection_rate * compliance


@rule
def cover_paper_months(is_student: bool) -> int:
    """Months that a student's or a tourist's paper lasts."""
    return STUDENT_PAPER_MONTHS if is_student else TOURIST_PAPER_MONTHS


@rule
def dispatched_workers(
    dispatch_rate: float, quota: float, compliance: float, agency_cost_usd: float, levy_usd: float
) -> float:
    """Workers a month whom the dispatch agency wants to send under cover.

    They fall with compliance, and with the agency's cost per worker over the levy it earns on him.
    The functional form is an assumption.
    """
    if levy_usd <= agency_cost_usd:
        return 0.0
    return dispatch_rate * quota * (1.0 - compliance) * (1.0 - agency_cost_usd / levy_usd)


@rule
def agency_experience(months: int, learning_months: float) -> float:
    """How much of what can be learned the agency has learned: m / (m + learning months).

    months: since the policy's first date. The form is that of a learning curve by time in use.
    """
    return months / (months + learning_months)


@rule
def margin_after_finds(agency_cost_usd: float, levy_usd: float, found: float, sent: float) -> float:
    """What is left of the levy, as a share, once the agency counts on as many finds as so far.

    found, sent: workers under cover found so far, and all who have been under cover.
    """
    expected_levy_usd = levy_usd * (1.0 - found / sent) if sent > 0.0 else levy_usd
    if expected_levy_usd <= agency_cost_usd:
        return 0.0
    return 1.0 - agency_cost_usd / expected_levy_usd


@rule
def replacements_wanted(
    unreplaced: float, lost_share: float, rate: float, compliance: float, worthwhile: float
) -> float:
    """Workers a month by whom the agency wants to replace lost legal places.

    They rise with the places not yet replaced and with the share of the quota that is lost.
    worthwhile: experience times margin. The functional form is an assumption.
    """
    return rate * lost_share * unreplaced * (1.0 - compliance) * worthwhile


@rule
def month_of_departure(
    draw: float, month: int, deadline: int, last_minute_share: float, last_minute_months: int
) -> int:
    """Month in which a worker who is obliged to leave before an announced deadline acts on it.

    With probability `last_minute_share` he puts it off to the last months, the likelier to a month
    the closer it is to the deadline; otherwise, and in these months, he acts at once. A deadline
    beyond the longest simulation is none.
    """
    if deadline > NEVER or month > deadline - last_minute_months or draw >= last_minute_share:
        return month
    # The same draw again, uniform once it is known to be below the share.
    position = draw / last_minute_share
    return deadline - int(last_minute_months * position * position)
