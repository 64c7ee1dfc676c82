"""What two naive rules foresee for the krai: those sent home leave in equal monthly parts, from the last stock known until the deadline."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from experiments.calibration.targets import moments
from experiments.validation.naive import DEMAND_ELASTICITY, SUPPLY_ELASTICITY
from sim.calendar import month_index
from sim.engine.worker_columns import BURN_IN_MONTHS, Array
from sim.inputs.dated_inputs import dated_inputs
from sim.scenario import ContractCrew, Resident, Scenario, TemporaryMigrant

Ratio = tuple[str, int, int] | None
Rule = Callable[[str, Ratio, str, Scenario], float]
STOCKS = {
    "permits_left_mid_july_2018": ("2018-07", 6.5),
    "permits_left_end_2018": ("2018-12", 12.0),
}
"""When a stock became known, and how many months after the end of 2017 it is counted."""
DEADLINE = 24.0


def head_count(name: str, ratio: Ratio, origin: str, krai: Scenario) -> float:
    """Nobody changes his paper, pay follows that of the krai's other sectors, what is built falls as heads do."""
    if ratio is None:
        return float(left(np.array(STOCKS[name][1]), origin)) if name in STOCKS else 0.0
    if ratio[0] == "wage_nominal_rub":
        return pay_outside(ratio, krai)
    return 1.0 - lost(ratio, origin, krai)


def static_market(name: str, ratio: Ratio, origin: str, krai: Scenario) -> float:
    """The same loss in one competitive market, demand -0.4 and supply 0.25; nothing is said about papers and permits."""
    if ratio is None:
        return math.nan
    wage = lost(ratio, origin, krai) / (
        SUPPLY_ELASTICITY * share_of(Resident, krai) - DEMAND_ELASTICITY
    )
    return (
        pay_outside(ratio, krai) * (1.0 + wage)
        if ratio[0] == "wage_nominal_rub"
        else 1.0 + DEMAND_ELASTICITY * wage
    )


def left(months: Array, origin: str) -> Array:
    """Share of the stock of December 2017 that is left, months after its end: straight lines between what is known and the deadline."""
    known = [
        (after, moments()[name].value) for name, (when, after) in STOCKS.items() if when <= origin
    ]
    points = [(0.0, 1.0), *known, (DEADLINE, 0.0)]
    return np.asarray(
        np.interp(months, [after for after, _ in points], [share for _, share in points])
    )


def lost(ratio: tuple[str, int, int], origin: str, krai: Scenario) -> float:
    """Heads gone in the mean of the year, share of all who work."""
    months = 12.0 * (ratio[1] - 2018) + np.arange(1.0, 13.0)
    return float((1.0 - left(months, origin)).mean()) * share_of(ContractCrew, krai)


def share_of(kind: type, krai: Scenario) -> float:
    """Part of all who work at the start that belongs to groups of a kind."""
    heads = {
        number: group.heads
        if isinstance(group, ContractCrew)
        else group.tied_heads
        if isinstance(group, TemporaryMigrant)
        else group.employed
        for number, group in enumerate(krai.population.values())
        if isinstance(group, ContractCrew | TemporaryMigrant | Resident)
    }
    mine = sum(
        heads[number]
        for number, group in enumerate(krai.population.values())
        if isinstance(group, kind)
    )
    return mine / sum(heads.values())


def pay_outside(ratio: tuple[str, int, int], krai: Scenario) -> float:
    """Growth of nominal pay in the krai's other sectors between the means of the two years."""
    level = dated_inputs(krai).outside_pay[BURN_IN_MONTHS:]
    means = []
    for year in ratio[1:]:
        first = month_index(krai.start.replace(year=year, month=1), krai.start)
        means.append(level[first : first + 12].mean())
    return float(means[0] / means[1])


RULES: dict[str, Rule] = {"head count": head_count, "static supply and demand": static_market}
