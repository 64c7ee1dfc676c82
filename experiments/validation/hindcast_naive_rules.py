"""What the two naive rules foresee for the krai at an origin.

North Koreans leave in equal monthly parts, from the last known stock until the deadline.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from experiments.calibration.targets import month_at, read_targets, year_slice
from experiments.validation.naive_rules import DEMAND_ELASTICITY, SUPPLY_ELASTICITY
from sim.calendar import month_containing
from sim.engine.worker_columns import BURN_IN_MONTHS, Array
from sim.inputs.dated_inputs import dated_inputs
from sim.scenario import ContractCrew, Resident, Scenario, TemporaryMigrant

PAY = "wage_nominal_rub"
STOCKS = {
    "permits_left_mid_july_2018": ("2018-07", 6.5),
    "permits_left_end_2018": ("2018-12", 12.0),
}
"""For each stock, when it became known, and how many months after 2017 it was counted."""


class YearRatio(NamedTuple):
    """A measure's mean in a calendar year over its mean in a base year."""

    measure: str
    year: int
    base_year: int


Rule = Callable[[str, YearRatio | None, str, Scenario], float]
"""From a target's name, its ratio if it is one, an origin and the krai to the foreseen value."""


def head_count(name: str, ratio: YearRatio | None, origin: str, krai: Scenario) -> float:
    """Nobody changes papers, pay follows other sectors, and output falls in line with heads."""
    if ratio is None:
        return float(share_left(np.array(STOCKS[name][1]), origin, krai)) if name in STOCKS else 0.0
    return (
        pay_outside(ratio, krai) if ratio.measure == PAY else 1.0 - heads_lost(ratio, origin, krai)
    )


def static_market(name: str, ratio: YearRatio | None, origin: str, krai: Scenario) -> float:
    """The same loss of heads in one competitive market; NaN for papers and permits."""
    if ratio is None:
        return math.nan
    wage = heads_lost(ratio, origin, krai) / (
        SUPPLY_ELASTICITY * employment_share(Resident, krai) - DEMAND_ELASTICITY
    )
    if ratio.measure == PAY:
        return pay_outside(ratio, krai) * (1.0 + wage)
    return 1.0 + DEMAND_ELASTICITY * wage


def share_left(months: Array, origin: str, krai: Scenario) -> Array:
    """Share of the stock of December 2017 that is left so many months after its end.

    The share falls in straight lines between what is known at the origin and the deadline.
    """
    assert krai.policy.leave_by is not None
    deadline = month_containing(krai.policy.leave_by, krai.start) - month_at(2017, 12, krai)
    targets = read_targets()
    known = [
        (after, targets[name].value) for name, (when, after) in STOCKS.items() if when <= origin
    ]
    after, share = zip((0.0, 1.0), *known, (float(deadline), 0.0), strict=True)
    return np.asarray(np.interp(months, after, share))


def heads_lost(ratio: YearRatio, origin: str, krai: Scenario) -> float:
    """Heads gone, mean of the ratio's year, as a share of all employed."""
    months = 12.0 * (ratio.year - 2018) + np.arange(1.0, 13.0)
    gone = 1.0 - share_left(months, origin, krai)
    return float(gone.mean()) * employment_share(ContractCrew, krai)


def employment_share(kind: type, krai: Scenario) -> float:
    """Share of all employed at the start who belong to groups of a kind."""
    groups = [
        group
        for group in krai.population.values()
        if isinstance(group, ContractCrew | TemporaryMigrant | Resident)
    ]
    of_kind = sum(employed_at_start(group) for group in groups if isinstance(group, kind))
    return of_kind / sum(employed_at_start(group) for group in groups)


def employed_at_start(group: ContractCrew | TemporaryMigrant | Resident) -> float:
    """Heads of a group who work when the simulation starts."""
    if isinstance(group, ContractCrew):
        return group.heads
    return group.tied_heads if isinstance(group, TemporaryMigrant) else group.employed


def pay_outside(ratio: YearRatio, krai: Scenario) -> float:
    """Nominal pay in the krai's other sectors, mean of the year over mean of the base year."""
    level = dated_inputs(krai).outside_pay[BURN_IN_MONTHS:]
    year, base = (level[year_slice(y, krai)].mean() for y in (ratio.year, ratio.base_year))
    return float(year / base)


RULES: dict[str, Rule] = {"head count": head_count, "static supply and demand": static_market}
