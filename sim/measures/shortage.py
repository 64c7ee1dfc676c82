"""The shortage measures: standard workers missing at a stated wage, never an extra head count of one run alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine.worker_columns import Array
from sim.measures.comparison import Comparison, FullScaleBranch, ratio


class Gap(NamedTuple):
    """Standard workers by month and trade, f8[T, K], that a run has less than its baseline."""

    missing: Array
    idled: Array


def labour_gap(baseline: FullScaleBranch, run: FullScaleBranch) -> Gap:
    """S_k = max(0, E_k(baseline) - E_k(run)): missing labour as far as vacancies reach the baseline's, the rest idled by the missing labour."""
    gap = np.maximum(0.0, baseline.labour_by_trade() - run.labour_by_trade())
    wanted = wanted_share(run.by_trade("vacancy_stock"), baseline.by_trade("vacancy_stock"))
    return Gap(wanted * gap, (1.0 - wanted) * gap)


def wanted_share(vacancies: Array, vacancies_baseline: Array) -> Array:
    """Part of a gap for which hands are sought as in the baseline: vacancies over the baseline's, at most 1; where the baseline seeks nobody, 1."""
    at_most_one: Array = np.divide(
        np.minimum(vacancies, vacancies_baseline),
        vacancies_baseline,
        out=np.ones_like(vacancies_baseline),
        where=vacancies_baseline > 0.0,
    )
    return at_most_one


def shortage_measures(branches: Comparison) -> dict[str, Array]:
    """Shortfall at the baseline wage, remaining gap at the policy run's own, vacancies left open, and the naive rule beside them."""
    baseline_labour = branches.baseline.labour_by_trade()
    at_baseline_wage, at_own_wage = (
        labour_gap(branches.baseline, branches.policy_at_baseline_wages),
        labour_gap(branches.baseline, branches.policy),
    )
    found: dict[str, Array] = {}
    for name, gap in (("shortfall", at_baseline_wage), ("remaining_gap", at_own_wage)):
        found |= in_all_and_by_trade(f"{name}_workers", gap.missing, branches)
        found |= in_all_and_by_trade(f"{name}_idled_workers", gap.idled, branches)
        found[f"{name}_percent"] = 100.0 * ratio(
            gap.missing.sum(axis=1), baseline_labour.sum(axis=1)
        )
        found[f"{name}_idled_percent"] = 100.0 * ratio(
            gap.idled.sum(axis=1), baseline_labour.sum(axis=1)
        )
    found |= in_all_and_by_trade(
        "unfilled_vacancies", branches.policy.by_trade("vacancies_unfilled"), branches
    )
    found["unfilled_vacancies_baseline"] = branches.baseline.by_trade("vacancies_unfilled").sum(
        axis=1
    )
    found["naive_loss_workers"] = naive_loss(branches)
    return found


def naive_loss(branches: Comparison) -> Array:
    """North Koreans gone x efficiency: f8[T] standard workers, as if nobody reacted and trades did not depend on each other."""
    lost = np.zeros(branches.scenario.months)
    for group, crew in zip(branches.crews, crew_efficiencies(branches), strict=True):
        lost += crew * heads_gone(branches, group)
    return lost


def heads_gone(branches: Comparison, group: int) -> Array:
    """Employed heads of a group in the baseline less those of the policy run: f8[T]."""
    gone: Array = (
        branches.baseline.by_group_trade("heads_employed")
        - branches.policy.by_group_trade("heads_employed")
    )[:, group].sum(axis=1)
    return gone


def crew_efficiencies(branches: Comparison) -> list[float]:
    """Standard workers a head, of each crew."""
    groups = list(branches.scenario.population.values())
    return [getattr(groups[group], "efficiency", 1.0) for group in branches.crews]


def in_all_and_by_trade(name: str, by_trade: Array, branches: Comparison) -> dict[str, Array]:
    """The sum over trades under `name`, and each trade under `name_trade`."""
    return {name: by_trade.sum(axis=1)} | split_by_trade(name, by_trade, branches)


def split_by_trade(name: str, by_trade: Array, branches: Comparison) -> dict[str, Array]:
    """Each trade's series under `name_trade`."""
    return {
        f"{name}_{trade}": by_trade[:, k] for k, trade in enumerate(branches.scenario.market.trades)
    }
