"""What naive rules foresee for the krai at an origin, and the errors that each made before.

Two rules know the policy: North Koreans leave in equal monthly parts, from the last known stock
until the deadline. The others know past levels only (trend_rules.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from experiments.calibration.targets import month_at, read_targets, year_slice
from experiments.validation.hindcast_targets import END_OF_2017, STOCKS, Foresight, YearRatio
from experiments.validation.naive_rules import DEMAND_ELASTICITY, SUPPLY_ELASTICITY
from experiments.validation.trend_rules import TREND_RULES, past_errors
from sim.calendar import month_containing
from sim.engine.worker_columns import BURN_IN_MONTHS, Array
from sim.inputs.dated_inputs import dated_inputs
from sim.scenario import ContractCrew, Resident, Scenario, TemporaryMigrant

PAY = "wage_nominal_rub"


class NaiveForecast(NamedTuple):
    """What a rule foresees, and by how much what was observed before differed from what it said."""

    point: float
    past_errors: tuple[float, ...]


Rule = Callable[[str, YearRatio | None, str, Scenario], float]
"""From a target's name, its ratio if it is one, an origin and the krai to the foreseen value."""


def naive_forecasts(
    name: str, foresight: Foresight, krai: Scenario
) -> dict[str, NaiveForecast | None]:
    """What every rule foresees for a target at its origin; None where it says nothing."""
    found: dict[str, NaiveForecast | None] = {
        rule: policy_forecast(says, name, foresight, krai) for rule, says in RULES.items()
    }
    for rule, trend in TREND_RULES.items():
        point = trend(foresight.past, foresight.year)
        lead = foresight.year - foresight.past[-1].year if foresight.past else 0.0
        found[rule] = (
            None
            if point is None
            else NaiveForecast(point, past_errors(trend, foresight.past, lead))
        )
    return found


def policy_forecast(
    rule: Rule, name: str, foresight: Foresight, krai: Scenario
) -> NaiveForecast | None:
    """What a rule that knows the policy foresees; None where it says nothing."""
    point = rule(name, foresight.ratio, foresight.origin, krai)
    if math.isnan(point):
        return None
    return NaiveForecast(point, policy_errors(rule, name, foresight, krai))


def policy_errors(rule: Rule, name: str, foresight: Foresight, krai: Scenario) -> tuple[float, ...]:
    """Observed less foreseen for every level after the first year of the simulation.

    Each is foreseen from the end of the year before it. Growth rates of other years are not: they
    lie before the simulation.
    """
    ratio = foresight.ratio
    if ratio is None:
        return stock_errors(rule, foresight, krai)
    return tuple(
        level.value - rule(name, ratio._replace(year=int(level.year)), before(level.year), krai)
        for level in foresight.past
        if level.year > max(ratio.base_year, krai.start.year)
    )


def stock_errors(rule: Rule, foresight: Foresight, krai: Scenario) -> tuple[float, ...]:
    """Observed less foreseen for the stocks counted before the origin, at the end of 2017."""
    counted = {END_OF_2017 + months / 12.0: name for name, (_, months) in STOCKS.items()}
    return tuple(
        level.value - rule(counted[level.year], None, before(END_OF_2017), krai)
        for level in foresight.past
        if level.year in counted
    )


def before(year: float) -> str:
    """The last month before a year."""
    return f"{int(year) - 1}-12"


def head_count(name: str, ratio: YearRatio | None, origin: str, krai: Scenario) -> float:
    """Nobody changes papers, pay follows other sectors, and output falls in line with heads."""
    if ratio is None:
        return float(share_left(np.array(STOCKS[name][1]), origin, krai)) if name in STOCKS else 0.0
    if ratio.measure == PAY:
        return pay_outside(ratio, krai)
    year, base = (1.0 - heads_lost(year, ratio, origin, krai) for year in ratio[1:3])
    return year / base


def static_market(name: str, ratio: YearRatio | None, origin: str, krai: Scenario) -> float:
    """The same loss of heads in one competitive market; NaN for papers and permits."""
    if ratio is None:
        return math.nan
    wage, base_wage = (static_wage(year, ratio, origin, krai) for year in ratio[1:3])
    if ratio.measure == PAY:
        return pay_outside(ratio, krai) * (1.0 + wage) / (1.0 + base_wage)
    return (1.0 + DEMAND_ELASTICITY * wage) / (1.0 + DEMAND_ELASTICITY * base_wage)


def static_wage(year: int, ratio: YearRatio, origin: str, krai: Scenario) -> float:
    """Rise of the wage that clears the market in a year, as a share."""
    return heads_lost(year, ratio, origin, krai) / (
        SUPPLY_ELASTICITY * employment_share(Resident, krai) - DEMAND_ELASTICITY
    )


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


def heads_lost(year: int, ratio: YearRatio, origin: str, krai: Scenario) -> float:
    """Heads gone, mean of the ratio's months of a year, as a share of all employed."""
    months = 12.0 * (year - 2018) + np.arange(1.0, ratio.months + 1.0)
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
    if isinstance(group, TemporaryMigrant):
        return group.tied_heads + group.free_heads_at_start
    return group.employed


def pay_outside(ratio: YearRatio, krai: Scenario) -> float:
    """Nominal pay in the krai's other sectors, mean of the year over mean of the base year."""
    level = dated_inputs(krai).outside_pay[BURN_IN_MONTHS:]
    year, base = (level[year_slice(y, krai)].mean() for y in (ratio.year, ratio.base_year))
    return float(year / base)


RULES: dict[str, Rule] = {"head count": head_count, "static supply and demand": static_market}
