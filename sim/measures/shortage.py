"""The shortage measures: standard workers missing at a stated wage, never an extra head count of one run alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine.worker_columns import Array
from sim.measures.comparison import Comparison, FullScaleRun, ratio


class Gap(NamedTuple):
    """Standard workers by month and trade, f8[T, K], that a run has less than its twin."""

    missing: Array
    idled: Array


def labour_gap(twin: FullScaleRun, run: FullScaleRun) -> Gap:
    """S_k = max(0, E_k(twin) - E_k(run)): missing hands as far as vacancies reach the twin's, the rest idled by the missing hands."""
    gap = np.maximum(0.0, twin.labour_by_trade() - run.labour_by_trade())
    wanted = wanted_share(run.by_trade("vacancy_stock"), twin.by_trade("vacancy_stock"))
    return Gap(wanted * gap, (1.0 - wanted) * gap)


def wanted_share(vacancies: Array, vacancies_twin: Array) -> Array:
    """Part of a gap for which hands are sought as in the twin: vacancies over the twin's, at most 1; where the twin seeks nobody, 1."""
    at_most_one: Array = np.divide(
        np.minimum(vacancies, vacancies_twin),
        vacancies_twin,
        out=np.ones_like(vacancies_twin),
        where=vacancies_twin > 0.0,
    )
    return at_most_one


def shortage_measures(runs: Comparison) -> dict[str, Array]:
    """Shortfall at the twin's wage, remaining gap at the policy run's own, vacancies left open, and the naive rule beside them."""
    twin_labour = runs.twin.labour_by_trade()
    at_twin_wage, at_own_wage = (
        labour_gap(runs.twin, runs.pinned),
        labour_gap(runs.twin, runs.policy),
    )
    found: dict[str, Array] = {}
    for name, gap in (("shortfall", at_twin_wage), ("remaining_gap", at_own_wage)):
        found |= in_all_and_by_trade(f"{name}_workers", gap.missing, runs)
        found |= in_all_and_by_trade(f"{name}_idled_workers", gap.idled, runs)
        found[f"{name}_percent"] = 100.0 * ratio(gap.missing.sum(axis=1), twin_labour.sum(axis=1))
        found[f"{name}_idled_percent"] = 100.0 * ratio(
            gap.idled.sum(axis=1), twin_labour.sum(axis=1)
        )
    found |= in_all_and_by_trade(
        "unfilled_vacancies", runs.policy.by_trade("vacancies_unfilled"), runs
    )
    found["unfilled_vacancies_twin"] = runs.twin.by_trade("vacancies_unfilled").sum(axis=1)
    found["naive_loss_workers"] = naive_loss(runs)
    return found


def naive_loss(runs: Comparison) -> Array:
    """North Koreans gone x efficiency: f8[T] standard workers, as if nobody reacted and trades did not depend on each other."""
    lost = np.zeros(runs.scenario.months)
    for group, crew in zip(runs.crews, crew_efficiencies(runs), strict=True):
        lost += crew * heads_gone(runs, group)
    return lost


def heads_gone(runs: Comparison, group: int) -> Array:
    """Employed heads of a group in the twin less those of the policy run: f8[T]."""
    gone: Array = (
        runs.twin.by_group_trade("heads_employed") - runs.policy.by_group_trade("heads_employed")
    )[:, group].sum(axis=1)
    return gone


def crew_efficiencies(runs: Comparison) -> list[float]:
    """Standard workers a head, of each crew."""
    groups = list(runs.scenario.population.values())
    return [getattr(groups[group], "efficiency", 1.0) for group in runs.crews]


def in_all_and_by_trade(name: str, by_trade: Array, runs: Comparison) -> dict[str, Array]:
    """The sum over trades under `name`, and each trade under `name_trade`."""
    return {name: by_trade.sum(axis=1)} | split_by_trade(name, by_trade, runs)


def split_by_trade(name: str, by_trade: Array, runs: Comparison) -> dict[str, Array]:
    """Each trade's series under `name_trade`."""
    return {
        f"{name}_{trade}": by_trade[:, k] for k, trade in enumerate(runs.scenario.market.trades)
    }
