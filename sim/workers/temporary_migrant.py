"""Rules of temporary migrants (in Primorye: Chinese).

A candidate is the likelier to come the more pay after tax exceeds pay at home and the cost of the
move.
"""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.engine.elementary import log, logistic


@rule
def log_gain_from_migrating(
    pay_rub: float, home_pay_rub: float, income_tax_share: float, moving_cost_share: float
) -> float:
    """Log of pay after tax, over construction pay at home plus the cost of the move.

    The cost is a share of pay at home (Imbert & Papp find about a third). Pay of zero counts as
    1e-9 roubles, so that the log exists.
    """
    return log(max((1.0 - income_tax_share) * pay_rub, 1e-9)) - log(
        (1.0 + moving_cost_share) * home_pay_rub
    )


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
    """The cap of a lever, rounded half up, in place of the group's quota; below 0 there is none."""
    return quota if cap < 0.0 else int(cap + 0.5)
