"""Running a natural experiment: behaviour frozen, the same draws with and without the shock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.configuration.parameter_values import number_at, scenario_with
from experiments.configuration.settings import load_settings
from experiments.ensembles.ensemble import available_cores, in_order
from experiments.validation.case_files import Case
from experiments.validation.effects import EFFECTS, Natives, Shock, heads, points
from experiments.validation.naive import RULES
from sim.calendar import month_index
from sim.engine.panel import Panel
from sim.engine.worker_columns import EMPLOYED, Array
from sim.inputs.dated_inputs import parameters
from sim.measures.comparison import FullScaleBranch
from sim.model import LabourMarket
from sim.paired import after_burn_in, run_paired
from sim.scenario import Scenario

Draws = Sequence[Mapping[str, float]]
"""Behavioural parameters of each replicate by configuration key; an empty mapping leaves the defaults."""
RESIDENT = "population.russian."


@dataclass(frozen=True)
class Prediction:
    """One effect: the replicates' own values, and what the naive rules say."""

    effect: str
    values: Array
    naive: dict[str, float]


def predict(case: Case, draws: Draws, extra: Sequence[str] = ()) -> list[Prediction]:
    """Every targeted effect, one replicate a draw; `extra` overrides hold with and without the shock."""
    drawn = described(case, draws)
    both = [
        scenarios_of((*case.overrides, *without, *extra), case.natives, drawn)
        for without in ((), case.without)
    ]
    shocks = list(
        in_order(
            lambda number: shock_of(case, both[0][number], both[1][number], number),
            len(draws),
            available_cores(),
        )
    )
    size, natives = (
        float(np.median([read(shock) for shock in shocks])) for read in (points, share_of_natives)
    )
    return [
        Prediction(
            effect,
            np.array([EFFECTS[effect](shock) for shock in shocks]),
            {name: rule(effect, size, natives) for name, rule in RULES.items()},
        )
        for effect in case.targets
    ]


def described(case: Case, draws: Draws) -> Draws:
    """Draws with this market's own numbers, from its ranges, in place of the krai's; where no behaviour is drawn nothing is."""
    own, generator = (
        described_otherwise(load_settings(case.overrides).resolved),
        np.random.default_rng(0),
    )
    return [
        {key: value for key, value in draw.items() if key not in own}
        | {key: float(generator.uniform(*limits)) for key, limits in case.ranges.items() if draw}
        for draw in draws
    ]


def described_otherwise(resolved: Mapping[str, Any]) -> set[str]:
    """Numbers of a market that are not the krai's."""
    return {
        key
        for key, entry in parameters().items()
        if key.startswith("market.") and number_at(resolved, key) != entry.default
    }


def scenarios_of(overrides: Sequence[str], natives: str, draws: Draws) -> list[Scenario]:
    """The scenario of each draw: what is drawn for residents goes to this market's natives."""
    resolved, people = load_settings(overrides).resolved, f"population.{natives}."
    return [
        scenario_with(
            resolved, {key.replace(RESIDENT, people): value for key, value in draw.items()}
        )
        for draw in draws
    ]


def share_of_natives(shock: Shock) -> float:
    """Natives among all who work without the shock."""
    return float(
        heads(shock.calm, shock.natives)[shock.month].sum()
        / shock.calm.heads_by_trade()[shock.month].sum()
    )


def shock_of(case: Case, shocked: Scenario, calm: Scenario, replicate: int) -> Shock:
    """The two runs of one replicate: two markets where the population differs, else a policy run and its baseline."""
    groups = [list(shocked.population).index(name) for name in (case.natives, case.incomers)]
    month, persons = month_index(case.read_in, shocked.start), None
    if shocked == calm:
        pair = run_paired(shocked, replicate)
        panels = [pair.policy, pair.baseline]
    else:
        markets = LabourMarket(shocked, replicate), LabourMarket(calm, replicate)
        if case.counted_from is not None:
            months = month_index(case.counted_from, shocked.start), month
            persons = kept(markets[0], groups[0], *months), kept(markets[1], groups[0], *months)
        panels = [panel_of(market) for market in markets]
    runs = [FullScaleBranch(panel, shocked.market.scale) for panel in panels]
    return Shock(runs[0], runs[1], groups[0], groups[1], month, persons)


def panel_of(market: LabourMarket) -> Panel:
    """Run a market to its end, if it is not there: its months from `start` on."""
    if market.month < market.specification.months:
        market.run_to_end()
    return after_burn_in(market.panel)


def kept(market: LabourMarket, natives: int, earlier: int, later: int) -> Natives:
    """Run a market and keep who of the natives is employed at the end of two months."""
    return Natives(
        employed_at_end_of(market, natives, earlier), employed_at_end_of(market, natives, later)
    )


def employed_at_end_of(market: LabourMarket, group: int, month: int) -> Array:
    """Run to the end of a month: who of a group is employed then, bool[P]; a resident keeps his row for life."""
    market.run_to(month + 1)
    rows = market.state.groups[group]
    found: Array = (
        market.state.workers["status"][int(rows["first"]) : int(rows["last"])] == EMPLOYED
    )
    return found
