"""Rivals of the technology rule: labour is saved where it cannot be had, or in costly steps."""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.engine.elementary import log


@rule
def next_log_labour_by_vacancies(
    log_labour_per_unit: float, excess_unfilled: float, saving_response: float, months: float
) -> float:
    """Log labour per unit of output next month, if unfilled vacancies drive technology.

    It closes 1 / `months` of the gap to -response x (u - u*): firms mechanise what they find no
    workers for, whatever wages do (Hornbeck & Naidu 2014; Clemens, Lewis & Postel 2018).
    excess_unfilled: mean over trades of unfilled shares above the normal ones.
    """
    target = -saving_response * excess_unfilled
    return log_labour_per_unit + (target - log_labour_per_unit) / months


@rule
def adoption_pays(
    value_over_cost: float,
    size_over_mean: float,
    saving_share: float,
    payback_months: float,
    adoption_cost_months: float,
) -> bool:
    """Whether the labour that a machine saves in its payback time is worth its fixed cost.

    The cost does not depend on the size of the firm, so that large firms adopt first (David 1966).
    It is counted in monthly wage bills of the mean firm.
    """
    saved = payback_months * saving_share * size_over_mean * value_over_cost
    return saved > adoption_cost_months


@rule
def next_log_labour_in_steps(
    log_labour_per_unit: float, pays_now: bool, pays_at_rest: bool, saving_share: float
) -> float:
    """Log labour per unit of output next month, if a machine is bought once or not at all.

    Firms for which it pays at rest have it from the start, and what they have is their normal
    labour per unit. Nobody sells a machine again.
    """
    if pays_now and not pays_at_rest and log_labour_per_unit >= 0.0:
        return log(1.0 - saving_share)
    return log_labour_per_unit
