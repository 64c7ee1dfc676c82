"""Rules of temporary migrants (in Primorye: Chinese and Central Asians).

A candidate is the likelier to come the more pay after tax and permit fee exceeds pay at home and
the cost of the move.
"""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.engine.elementary import log, logistic

NO_QUOTA = 2**31 - 1
"""Stands for the quota of a group that has none: more heads than there can be."""


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
