"""A list of policies compared: probabilities of goals, regret, and the share that satisfies."""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.decisions.goals import AT_LEAST
from experiments.decisions.methods.policy_sets import mean_interval, probability_interval, regrets
from experiments.decisions.paired_runs import Wanted, question_sweep, run_values
from experiments.decisions.policy_axes import PolicyReader
from experiments.decisions.policy_search import Search, describe
from experiments.results.summary import rounded
from experiments.sweeps.design.axes import values_by_key
from experiments.sweeps.design.sweep_settings import SweepSettings
from sim.engine.worker_columns import Array


def compared(settings: SweepSettings, search: Search) -> dict[str, Any]:
    """What a comparison of the cells of the design finds."""
    design, values = settings.design, list_values(settings, search.reader)
    regret = regrets(benefit(search, values))
    met = np.stack([goal.met(values[..., place]) for place, goal in enumerate(search.goals)]).all(
        axis=0
    )
    low, high = probability_interval(met.mean(axis=1), met.shape[1])
    described = [
        describe(search, values_by_key(cell, design.axes), own)
        | {
            "regret": [rounded(each) for each in mean_interval(lost)],
            "largest_regret": rounded(float(lost.max())),
            "satisfied": [
                rounded(float(each)) for each in (low[place], met[place].mean(), high[place])
            ],
        }
        for place, (cell, own, lost) in enumerate(zip(design.cells, values, regret, strict=True))
    ]
    feasible = search.judge(values).feasible
    worth = search.worth(values)
    best = int(np.argmax(np.where(feasible, worth, -np.inf)))
    surplus = (search.judge(values).probability - search.wanted).min(axis=1)
    return {
        "axes": [],
        "policies": described,
        "best": described[best] if feasible.any() else None,
        "nearest": None if feasible.any() else described[int(np.argmax(surplus))],
        "minimax_regret": described[int(np.argmin(regret.max(axis=1)))]["values"],
        "regret_of": regretted(search),
        "prices": [],
    }


def list_values(settings: SweepSettings, reader: PolicyReader) -> Array:
    """Readings of every cell of a design under every draw: f8[cells, draws, readings]."""
    seeds = min(settings.design.replicates, len(reader.draws))
    sweep = question_sweep(settings, reader.draws, seeds)
    count, cells = len(reader.draws), len(settings.design.cells)
    runs = [
        Wanted(cell * count + draw, draw % seeds) for cell in range(cells) for draw in range(count)
    ]
    return reader.read(run_values(sweep, runs, reader.measures, reader.months), cells)


def benefit(search: Search, values: Array) -> Array:
    """What is regretted, f8[policies, draws]: the objective, or the first goal's reading."""
    if search.objective is not None:
        own: Array = search.sign * values[..., -1]
        return own
    first: Array = values[..., 0]
    return first if search.goals[0].sign == AT_LEAST else -first


def regretted(search: Search) -> str:
    """What regret is measured in."""
    return (search.objective or search.goals[0].reading).text
