"""Running a natural experiment: behaviour frozen, the same draws with and without the shock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.config import load_settings
from experiments.drawn import scenario_with
from experiments.ensemble import available_cores, in_order
from experiments.nested import value_at
from experiments.validation.cases import Case
from experiments.validation.effects import EFFECTS, Shock, heads, points
from experiments.validation.naive import RULES
from sim.inputs import parameters
from sim.krai import KraiRun
from sim.model import LabourMarket
from sim.paired import after_burn_in, run_paired
from sim.policy.calendar import month_index
from sim.population import Array
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
    both = [scenarios_of((*case.overrides, *without, *extra), case.natives, drawn) for without in ((), case.without)]
    shocks = list(in_order(lambda number: shock_of(case, both[0][number], both[1][number], number), len(draws), available_cores()))
    size, natives = (float(np.median([read(shock) for shock in shocks])) for read in (points, share_of_natives))
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
    own, generator = described_otherwise(load_settings(case.overrides).resolved), np.random.default_rng(0)
    return [
        {key: value for key, value in draw.items() if key not in own}
        | {key: float(generator.uniform(*limits)) for key, limits in case.ranges.items() if draw}
        for draw in draws
    ]


def described_otherwise(resolved: Mapping[str, Any]) -> set[str]:
    """Numbers of a market that are not the krai's."""
    return {key for key, entry in parameters().items() if key.startswith("market.") and value_at(resolved, key) != entry.default}


def scenarios_of(overrides: Sequence[str], natives: str, draws: Draws) -> list[Scenario]:
    """The scenario of each draw: what is drawn for residents goes to this market's natives."""
    resolved, people = load_settings(overrides).resolved, f"population.{natives}."
    return [scenario_with(resolved, {key.replace(RESIDENT, people): value for key, value in draw.items()}) for draw in draws]


def share_of_natives(shock: Shock) -> float:
    """Natives among all who work without the shock."""
    return float(heads(shock.calm, shock.natives)[shock.month].sum() / shock.calm.heads_by_trade()[shock.month].sum())


def shock_of(case: Case, shocked: Scenario, calm: Scenario, replicate: int) -> Shock:
    """The two runs of one replicate."""
    groups = [list(shocked.population).index(name) for name in (case.natives, case.incomers)]
    return Shock(*two_runs(shocked, calm, replicate), groups[0], groups[1], month_index(case.read_in, shocked.start))


def two_runs(shocked: Scenario, calm: Scenario, replicate: int) -> tuple[KraiRun, KraiRun]:
    """With and without: two markets where the population differs, else a policy run and its twin."""
    if shocked == calm:
        pair = run_paired(shocked, replicate)
        return KraiRun(pair.policy, shocked.market.scale), KraiRun(pair.twin, shocked.market.scale)
    markets = [LabourMarket(scenario, replicate) for scenario in (shocked, calm)]
    for market in markets:
        market.run_to_end()
    first, second = (KraiRun(after_burn_in(market.panel), shocked.market.scale) for market in markets)
    return first, second
