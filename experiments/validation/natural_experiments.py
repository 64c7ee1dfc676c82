"""Simulating a natural experiment with and without its shock, under the same random numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.configuration.parameter_values import number_at, scenario_with
from experiments.configuration.settings import load_settings
from experiments.ensembles.market_parameters import for_residents
from experiments.validation.case_files import Case
from experiments.validation.effects import (
    EFFECTS,
    EmployedNatives,
    Shock,
    employed_heads,
    size_points,
)
from experiments.validation.naive_rules import RULES
from experiments.validation.replicates import all_replicates
from sim.calendar import month_index
from sim.engine.panel import Panel
from sim.engine.worker_columns import EMPLOYED, Array
from sim.inputs.dated_inputs import parameters
from sim.measures.comparison import FullScaleBranch
from sim.model import LabourMarket
from sim.paired import after_burn_in, run_paired
from sim.scenario import Scenario

ParameterDraws = Sequence[Mapping[str, float]]
"""Parameters of each replicate by configuration key; an empty mapping leaves the defaults."""


@dataclass(frozen=True)
class Prediction:
    """One effect: its value in each replicate, and what the naive rules say.

    `size_points`: the incomers that the shock brought, percent of all employed without it.
    """

    effect: str
    values: Array
    naive: dict[str, float]
    size_points: float


def predict(case: Case, draws: ParameterDraws, extra: Sequence[str] = ()) -> list[Prediction]:
    """Every effect that has a target; one replicate a draw.

    The `extra` overrides hold with and without the shock.
    """
    draws = with_own_numbers(case, draws)
    shocked, calm = (
        scenarios_of((*case.overrides, *without_shock, *extra), case.natives, draws)
        for without_shock in ((), case.without_shock)
    )
    shocks = all_replicates(
        lambda number: simulate_shock(case, shocked[number], calm[number], number),
        len(draws),
        case.name.replace("_", " "),
    )
    # The naive rules know one market, so they are given the median replicate.
    size, natives = (
        float(np.median([read(shock) for shock in shocks])) for read in (size_points, native_share)
    )
    return [
        Prediction(
            effect,
            np.array([EFFECTS[effect](shock) for shock in shocks]),
            {name: rule(effect, size, natives) for name, rule in RULES.items()},
            size,
        )
        for effect in case.targets
    ]


def with_own_numbers(case: Case, draws: ParameterDraws) -> ParameterDraws:
    """Draws in which this market's own numbers, from its ranges, replace the krai's.

    A draw without parameters stays as it is: where behaviour is not sampled, nothing is.
    """
    own = numbers_unlike_the_krai(load_settings(case.overrides).resolved)
    # A seed of its own: what is sampled from the ranges does not depend on the seed of the draws.
    generator = np.random.default_rng(0)
    return [
        {key: value for key, value in draw.items() if key not in own}
        | {key: float(generator.uniform(*limits)) for key, limits in case.ranges.items() if draw}
        for draw in draws
    ]


def numbers_unlike_the_krai(resolved: Mapping[str, Any]) -> set[str]:
    """Keys of the market's numbers that differ from the krai's defaults."""
    return {
        key
        for key, entry in parameters().items()
        if key.startswith("market.") and number_at(resolved, key) != entry.default
    }


def scenarios_of(overrides: Sequence[str], natives: str, draws: ParameterDraws) -> list[Scenario]:
    """The scenario of each draw; what is sampled for the krai's residents goes to the natives."""
    resolved = load_settings(overrides).resolved
    return [
        scenario_with(resolved, {for_residents(key, natives): value for key, value in draw.items()})
        for draw in draws
    ]


def native_share(shock: Shock) -> float:
    """Natives' share of all employed without the shock."""
    natives = employed_heads(shock.without_shock, shock.natives, shock.month).sum()
    return float(natives / shock.without_shock.heads_by_trade()[shock.month].sum())


def simulate_shock(case: Case, shocked: Scenario, calm: Scenario, replicate: int) -> Shock:
    """One replicate with and without the shock.

    Where the two scenarios are the same, the shock is their policy, and the replicate without it
    is the policy's baseline; otherwise two markets are simulated.
    """
    natives, incomers = (
        list(shocked.population).index(name) for name in (case.natives, case.incomers)
    )
    month, persons = month_index(case.reading_month, shocked.start), None
    if shocked == calm:
        pair = run_paired(shocked, replicate)
        panels = [pair.policy, pair.baseline]
    else:
        markets = LabourMarket(shocked, replicate), LabourMarket(calm, replicate)
        if case.counted_from is not None:
            months = month_index(case.counted_from, shocked.start), month
            persons = (
                employed_natives(markets[0], natives, *months),
                employed_natives(markets[1], natives, *months),
            )
        panels = [panel_of(market) for market in markets]
    branches = [FullScaleBranch(panel, shocked.market.scale) for panel in panels]
    return Shock(branches[0], branches[1], natives, incomers, month, persons)


def panel_of(market: LabourMarket) -> Panel:
    """The months from `start` on of a market, which is run to its end if it is not there yet."""
    if market.month < market.specification.months:
        market.run_to_end()
    return after_burn_in(market.panel)


def employed_natives(
    market: LabourMarket, natives: int, earlier: int, later: int
) -> EmployedNatives:
    """Run a market, and keep which natives are employed at the end of each of the two months."""
    return EmployedNatives(
        employed_at_end_of(market, natives, earlier), employed_at_end_of(market, natives, later)
    )


def employed_at_end_of(market: LabourMarket, group: int, month: int) -> Array:
    """Run to the end of a month: whether each member of a group is employed then, bool[P]."""
    market.run_to(month + 1)
    # A resident keeps his row for life, so that rows at two dates are the same persons.
    rows = market.state.groups[group]
    members = slice(int(rows["first"]), int(rows["last"]))
    found: Array = market.state.workers["status"][members] == EMPLOYED
    return found
