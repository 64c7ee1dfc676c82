"""Who replaced the lost labour: an account in standard worker-months that adds up exactly.

Labour lost with the crews = other groups + labour-saving technology + longer backlog + never built
+ trade imbalance, policy branch minus baseline, cumulated.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.engine.panel import ByGroupTrade, OfMarket
from sim.engine.worker_columns import Array
from sim.measures.comparison import Comparison, FullScaleBranch, computed_once
from sim.measures.measure import PAIRED, Measure


@computed_once
def labour_gained(branches: Comparison) -> Array:
    """Effective labour of each group, policy branch minus baseline: f8[T, G]."""
    labour, labour_baseline = (
        branch.of(ByGroupTrade.EFFECTIVE_LABOUR).sum(axis=2)
        for branch in (branches.policy, branches.baseline)
    )
    gained: Array = labour - labour_baseline
    return gained


def lost_with_crews(branches: Comparison) -> Array:
    """Labour of the crews that is gone."""
    lost: Array = -labour_gained(branches)[:, branches.crews].sum(axis=1)
    return lost


def saved_by_technology(branches: Comparison) -> Array:
    """Labour that the same output would have taken at the baseline's labour per unit."""
    saved_per_unit = labour_per_unit(branches.baseline) - labour_per_unit(branches.policy)
    saved: Array = branches.policy.of(OfMarket.OUTPUT) * saved_per_unit
    return saved


def put_off(branches: Comparison) -> Array:
    """Work that waits in a longer order book, at the baseline's labour per unit."""
    growth = backlog_growth(branches.policy) - backlog_growth(branches.baseline)
    waiting: Array = labour_per_unit(branches.baseline) * growth
    return waiting


def never_built(branches: Comparison) -> Array:
    """Work cancelled or not ordered, at the baseline's labour per unit."""
    policy, baseline = branches.policy, branches.baseline
    not_ordered = baseline.of(OfMarket.ORDERS) - policy.of(OfMarket.ORDERS)
    cancelled = policy.of(OfMarket.CANCELLED) - baseline.of(OfMarket.CANCELLED)
    lost: Array = labour_per_unit(baseline) * (not_ordered + cancelled)
    return lost


def trade_imbalance(branches: Comparison) -> Array:
    """Labour idle in the baseline less that idle in the policy branch."""
    return idle_labour(branches.baseline) - idle_labour(branches.policy)


def labour_per_unit(branch: FullScaleBranch) -> Array:
    """Composite labour a unit of output: f8[T]."""
    return branch.of(OfMarket.LABOUR_PER_UNIT)


def backlog_growth(branch: FullScaleBranch) -> Array:
    """Change of the order book over the month, from orders = output + change + cancelled: f8[T]."""
    orders, output = branch.of(OfMarket.ORDERS), branch.of(OfMarket.OUTPUT)
    return orders - output - branch.of(OfMarket.CANCELLED)


def idle_labour(branch: FullScaleBranch) -> Array:
    """Standard workers beyond what the month's output takes at balanced trades: f8[T]."""
    used: Array = labour_per_unit(branch) * branch.of(OfMarket.OUTPUT)
    return branch.labour_by_trade().sum(axis=1) - used


def account_line(label: str, monthly: Callable[..., Array]) -> Measure:
    """A line of the account, cumulated."""
    return Measure(
        "standard worker-months, cumulated",
        label,
        lambda branches, *positions: np.cumsum(monthly(branches, *positions)),
        PAIRED,
    )


REPLACEMENT = {
    "lost_labour_worker_months": account_line("Labour lost with the {crews}", lost_with_crews),
    "replaced_by_{other}_worker_months": account_line(
        "Replaced by {other} workers", lambda branches, group: labour_gained(branches)[:, group]
    ),
    "saved_by_technology_worker_months": account_line(
        "Saved by labour-saving technology", saved_by_technology
    ),
    "put_off_to_backlog_worker_months": account_line("Put off: longer backlog", put_off),
    "never_built_worker_months": account_line("Never built: cancelled or not ordered", never_built),
    "trade_imbalance_worker_months": account_line(
        "Trade imbalance (negative: labour idled by missing trades)", trade_imbalance
    ),
}
