"""Who replaced the lost hours: an account in standard worker-months that adds up exactly, cumulated from the fork."""

from __future__ import annotations

import numpy as np

from sim.engine.worker_columns import Array
from sim.measures.comparison import Comparison, FullScaleRun


def replacement_measures(runs: Comparison) -> dict[str, Array]:
    """Labour lost with the crews = other groups + technique + longer backlog + never built + trade imbalance (policy minus twin)."""
    more = runs.policy.by_group_trade("effective_labour").sum(axis=2) - runs.twin.by_group_trade(
        "effective_labour"
    ).sum(axis=2)
    month = {"lost_labour_worker_months": -more[:, runs.crews].sum(axis=1)}
    for group, name in enumerate(runs.scenario.population):
        if group not in runs.crews:
            month[f"replaced_by_{name}_worker_months"] = more[:, group]
    month |= output_account(runs.twin, runs.policy)
    return {name: np.cumsum(values) for name, values in month.items()}


def output_account(twin: FullScaleRun, policy: FullScaleRun) -> dict[str, Array]:
    """Labour that technique saved, and work put off or never built valued at the twin's labour per unit; f8[T] each."""
    per_unit = twin.market("labour_per_unit")
    not_placed = twin.market("orders") - policy.market("orders")
    cancelled = policy.market("cancelled") - twin.market("cancelled")
    return {
        "saved_by_technique_worker_months": policy.market("output")
        * (per_unit - policy.market("labour_per_unit")),
        "put_off_to_backlog_worker_months": per_unit
        * (backlog_growth(policy) - backlog_growth(twin)),
        "never_built_worker_months": per_unit * (not_placed + cancelled),
        "trade_imbalance_worker_months": idle_labour(twin) - idle_labour(policy),
    }


def backlog_growth(run: FullScaleRun) -> Array:
    """Change of the order book over the month, from orders = output + change + cancelled: f8[T]."""
    return run.market("orders") - run.market("output") - run.market("cancelled")


def idle_labour(run: FullScaleRun) -> Array:
    """Labour on the payroll beyond what the month's output takes at balanced trades: f8[T] standard workers."""
    used: Array = run.market("labour_per_unit") * run.market("output")
    return run.labour_by_trade().sum(axis=1) - used
