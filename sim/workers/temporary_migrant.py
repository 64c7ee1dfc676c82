"""Rules of temporary migrants (in Primorye: Chinese and Central Asians).

A candidate is the likelier to come the more pay after tax and permit fee exceeds pay at home and
the cost of the move.
"""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.engine.elementary import log, logistic

NO_QUOTA = 2**31 - 1
"""Stands for the quota of a group that has none: more heads than there can be."""
FULL_QUOTA_SHARE = 0.95
"""Use from which a quota counts as full: some leave every month; an assumption."""
QUOTA_YEAR_MONTHS = 12


@rule
def pay_kept_rub(pay_rub: float, income_tax_share: float, permit_fee_rub: float) -> float:
    """Pay after income tax and the monthly fee of a permit, nominal RUB a month.

    The fee is an advance on the tax (Russian Tax Code, art. 227.1), so the larger of the two is
    what is taken.
    """
    return min((1.0 - income_tax_share) * pay_rub, pay_rub - permit_fee_rub)


@rule
def log_gain_from_migrating(
    pay_kept_rub: float, home_pay_rub: float, moving_cost_share: float
) -> float:
    """Log of the pay that is kept, over construction pay at home plus the cost of the move.

    The cost is a share of pay at home (Imbert & Papp find about a third). Pay of zero or less
    counts as 1e-9 roubles, so that the log exists.
    """
    return log(max(pay_kept_rub, 1e-9)) - log((1.0 + moving_cost_share) * home_pay_rub)


@rule
def comes(draw: float, gain: float, choice_noise: float) -> bool:
    """Whether a candidate comes: with probability L(gain / noise)."""
    return draw < logistic(gain / choice_noise)


@rule
def pay_per_head_rub(
    wage_relative: float,
    subsidy_share: float,
    efficiency: float,
    pay_ratio: float,
    base_wage_rub: float,
    outside_pay: float,
) -> float:
    """Nominal monthly pay that a candidate expects.

    The posted wage with the state's subsidy, for his efficiency and after the discount that
    migrants take, turned into roubles by pay outside construction in the month.
    """
    return (
        wage_relative * (1.0 + subsidy_share) * efficiency / pay_ratio * base_wage_rub * outside_pay
    )


@rule
def quota_in_force(quota: int, cap: float) -> int:
    """The cap of a lever, rounded half up, in place of the group's quota; below 0 there is none.

    A group without a quota stays without one.
    """
    return quota if cap < 0.0 or quota == NO_QUOTA else int(cap + 0.5)


@rule
def gain_with_network(
    gain: float, choice_noise: float, network_elasticity: float, compatriots: int, settled: int
) -> float:
    """The gain from migrating where compatriots raise the odds of coming.

    Odds are multiplied by ((compatriots + 1) / (settled + 1)) ^ elasticity: they are those of pay
    alone where as many are there as a full quota, or as at the start where there is no quota
    (networks: Munshi 2003; Beine, Docquier & Ozden 2011).
    """
    crowd = log((compatriots + 1.0) / (settled + 1.0))
    return gain + choice_noise * network_elasticity * crowd


@rule
def recruits_wanted(
    vacancies: float, recruits_per_vacancy: float, gain: float, choice_noise: float
) -> float:
    """Workers whom employers recruit abroad for vacancies of some months ago, before rounding.

    Each asks for a share of the vacancies; candidates accept with probability L(gain / noise).
    """
    return vacancies * recruits_per_vacancy * logistic(gain / choice_noise)


@rule
def revised_quota(quota: int, heads: int, step_share: float) -> int:
    """Next year's quota: a step up if it is full, a step down if a step of it is unused."""
    if quota == NO_QUOTA:
        return quota
    if heads >= FULL_QUOTA_SHARE * quota:
        return int(quota * (1.0 + step_share) + 0.5)
    if heads < (1.0 - step_share) * quota:
        return int(quota * (1.0 - step_share) + 0.5)
    return quota
