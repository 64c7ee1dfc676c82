"""Where crew members are: those the expulsion found at work, and those sent anew, by what has become of them."""

from __future__ import annotations

import numpy as np

from sim.calendar import month_containing
from sim.engine.worker_columns import NO_PAPER, STUDENT, TOURIST, WORK, Array
from sim.measures.comparison import Comparison, FullScaleBranch

RENEWAL_MONTHS = 12
DECIDED = ("complied", "gave_in", "under_cover", "found")
STAYED = ("retained", "quietly_renewed", "on_contract")


def crew_fate_measures(branches: Comparison, group: int, name: str) -> dict[str, Array]:
    """Heads by fate, f8[T]: decisions and moves cumulated, places at month end.

    In every month heads at the start = complied + gave in + went under cover + kept a place + quietly renewed + on contract;
    complied + gave in + found = sent home + in the queue; went under cover + sent anew = found + under cover.
    """
    policy = branches.policy
    papers = policy.by_paper("heads_employed_by_paper")[:, group]
    found = {
        f"{name}_{fate}_heads": np.cumsum(policy.by_group(f"crew_{fate}")[:, group])
        for fate in DECIDED
    }
    kept, renewed = (
        np.cumsum(policy.by_group("crew_retained")[:, group]),
        quietly_renewed(branches, group),
    )
    found |= dict(
        zip(
            (f"{name}_{fate}_heads" for fate in STAYED),
            (kept, renewed, papers[:, WORK] - kept - renewed),
            strict=True,
        )
    )
    found[f"{name}_repatriated_heads"] = moved(policy, "repatriated", group)
    found[f"{name}_sent_anew_heads"] = moved(policy, "dispatched", group)
    found[f"{name}_in_queue_heads"] = papers[:, NO_PAPER]
    found[f"{name}_still_under_cover_heads"] = papers[:, STUDENT] + papers[:, TOURIST]
    return found


def moved(run: FullScaleBranch, flow: str, group: int) -> Array:
    """A flow of all trades, cumulated: f8[T]."""
    return np.cumsum(run.by_group_trade(flow)[:, group].sum(axis=1))


def quietly_renewed(branches: Comparison, group: int) -> Array:
    """Heads on a quiet renewal, f8[T]: those of the last twelve months, and after the deadline, which calls all in, only those since."""
    renewals = branches.policy.by_group("crew_quietly_renewed")[:, group]
    leave_by = branches.scenario.policy.leave_by
    deadline = month_containing(leave_by, branches.scenario.start) if leave_by else None
    total = np.zeros(renewals.shape)
    for month in range(renewals.size):
        first = max(0, month - RENEWAL_MONTHS + 1)
        if deadline is not None and deadline <= month:
            first = max(first, deadline)
        total[month] = renewals[first : month + 1].sum()
    return total
