"""Who replaced the lost hours: an account in standard worker-months that adds up exactly, cumulated from the fork."""

from __future__ import annotations

import numpy as np

from sim.engine.worker_columns import Array
from sim.measures.comparison import Comparison, FullScaleBranch


def replacement_measures(branches: Comparison) -> dict[str, Array]:
    """Labour lost with the crews = other groups + technology + longer backlog + never built + trade imbalance (policy minus baseline)."""
    more = branches.policy.by_group_trade("effective_labour").sum(
        axis=2
    ) - branches.baseline.by_group_trade("effective_labour").sum(axis=2)
    month = {"lost_labour_worker_months": -more[:, branches.crews].sum(axis=1)}
    for group, name in enumerate(branches.scenario.population):
        if group not in branches.crews:
            month[f"replaced_by_{name}_worker_months"] = more[:, group]
    month |= output_account(branches.baseline, branches.policy)
    return {name: np.cumsum(values) for name, values in month.items()}


def output_account(baseline: FullScaleBranch, policy: FullScaleBranch) -> dict[str, Array]:
    """Labour that technology saved, and work put off or never built valued at the baseline's labour per unit; f8[T] each."""
    per_unit = baseline.market("labour_per_unit")
    not_placed = baseline.market("orders") - policy.market("orders")
    cancelled = policy.market("cancelled") - baseline.market("cancelled")
    return {
        "saved_by_technology_worker_months": policy.market("output")
        * (per_unit - policy.market("labour_per_unit")),
        "put_off_to_backlog_worker_months": per_unit
        * (backlog_growth(policy) - backlog_growth(baseline)),
        "never_built_worker_months": per_unit * (not_placed + cancelled),
        "trade_imbalance_worker_months": idle_labour(baseline) - idle_labour(policy),
    }


def backlog_growth(run: FullScaleBranch) -> Array:
    """Change of the order book over the month, from orders = output + change + cancelled: f8[T]."""
    return run.market("orders") - run.market("output") - run.market("cancelled")


def idle_labour(run: FullScaleBranch) -> Array:
    """Labour on the payroll beyond what the month's output takes at balanced trades: f8[T] standard workers."""
    used: Array = run.market("labour_per_unit") * run.market("output")
    return run.labour_by_trade().sum(axis=1) - used
