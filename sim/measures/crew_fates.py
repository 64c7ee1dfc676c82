"""What became of crew members at work at the start, and of those sent anew: an account.

In every month what comes into a node of the account leaves it or is still there: heads at the start
= the fates that come from AT_START; complied + gave in + found + let go, who go on TO_LEAVE =
repatriated + in the queue; went under cover + sent anew = found + let go + still under cover.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.calendar import month_containing
from sim.engine.panel import ByGroup, ByGroupTrade, ByPaper
from sim.engine.worker_columns import NO_PAPER, STUDENT, TOURIST, WORK, Array
from sim.measures.comparison import Comparison, computed_once
from sim.measures.measure import Measure

RENEWAL_MONTHS = 12
AT_START, TO_LEAVE = "at the start", "to leave"
UNDER_COVER = "under_cover"


class Fate(NamedTuple):
    """A line of the account: its words, where its heads come from, and where they go on to."""

    words: str
    comes_from: str | None
    goes_to: str | None = None


ACCOUNT = {
    "complied": Fate("complied", AT_START, TO_LEAVE),
    "gave_in": Fate("gave in", AT_START, TO_LEAVE),
    UNDER_COVER: Fate("went under cover", AT_START),
    "retained": Fate("kept a place", AT_START),
    "quietly_renewed": Fate("quietly renewed", AT_START),
    "on_contract": Fate("contract still runs", AT_START),
    "sent_anew": Fate("sent anew under cover", None, UNDER_COVER),
    "found": Fate("found", UNDER_COVER, TO_LEAVE),
    "let_go": Fate("let go by the employer", UNDER_COVER, TO_LEAVE),
    "still_under_cover": Fate("still under cover", UNDER_COVER),
    "repatriated": Fate("gone home", TO_LEAVE),
    "in_queue": Fate("still in the queue", TO_LEAVE),
}
"""Measures `{crew}_FATE_heads` that add up."""
SINCE_START = "workers, cumulated"


def cumulated(branches: Comparison, measure: ByGroup | ByGroupTrade, group: int) -> Array:
    """A monthly count of a group added up from the start on, all trades together: f8[T]."""
    monthly = branches.policy.of(measure)[:, group]
    return np.cumsum(monthly.sum(axis=1) if monthly.ndim > 1 else monthly)


def heads_on(branches: Comparison, group: int, *papers: int) -> Array:
    """Employed heads of a crew on some papers: f8[T]."""
    by_paper = branches.policy.of(ByPaper.HEADS_EMPLOYED_BY_PAPER)[:, group]
    heads: Array = by_paper[:, list(papers)].sum(axis=1)
    return heads


@computed_once
def quietly_renewed(branches: Comparison, group: int) -> Array:
    """Heads on a quiet renewal, f8[T]: renewals last a year, and end at the deadline."""
    renewals = branches.policy.of(ByGroup.CREW_QUIETLY_RENEWED)[:, group]
    leave_by = branches.scenario.policy.leave_by
    deadline = month_containing(leave_by, branches.scenario.start) if leave_by else None
    total = np.zeros(renewals.shape)
    for month in range(renewals.size):
        # Renewals are events and this is a stock: those of the last year that no deadline has
        # ended.
        first = max(0, month - RENEWAL_MONTHS + 1)
        if deadline is not None and deadline <= month:
            first = max(first, deadline)
        total[month] = renewals[first : month + 1].sum()
    return total


def on_contract(branches: Comparison, group: int) -> Array:
    """Heads on a work paper who neither kept a place nor were renewed quietly: f8[T]."""
    kept = cumulated(branches, ByGroup.CREW_RETAINED, group)
    left: Array = heads_on(branches, group, WORK) - kept - quietly_renewed(branches, group)
    return left


def without_work(branches: Comparison, group: int) -> Array:
    """Heads of a crew in the queue whom their firms do not employ: f8[T]."""
    waiting: Array = branches.policy.of(ByGroup.HEADS_AWAY)[:, group]
    return waiting


def repatriated(branches: Comparison, group: int) -> Array:
    """Heads repatriated from work, and those who stopped working before and wait no more: f8[T]."""
    stopped = cumulated(branches, ByGroupTrade.STOOD_DOWN, group) - without_work(branches, group)
    gone: Array = cumulated(branches, ByGroupTrade.REPATRIATED, group) + stopped
    return gone


CREW_FATES = {
    "{crew}_complied_heads": Measure(
        SINCE_START,
        "{Crew} workers who left when obliged to (complied)",
        lambda branches, group: cumulated(branches, ByGroup.CREW_COMPLIED, group),
    ),
    "{crew}_gave_in_heads": Measure(
        SINCE_START,
        "{Crew} workers who gave in and left",
        lambda branches, group: cumulated(branches, ByGroup.CREW_GAVE_IN, group),
    ),
    "{crew}_under_cover_heads": Measure(
        SINCE_START,
        "{Crew} workers who went under cover",
        lambda branches, group: cumulated(branches, ByGroup.CREW_UNDER_COVER, group),
    ),
    "{crew}_found_heads": Measure(
        SINCE_START,
        "{Crew} workers found under cover",
        lambda branches, group: cumulated(branches, ByGroup.CREW_FOUND, group),
    ),
    "{crew}_let_go_heads": Measure(
        SINCE_START,
        "{Crew} workers under cover let go by the employer",
        lambda branches, group: cumulated(branches, ByGroup.CREW_LET_GO, group),
    ),
    "{crew}_retained_heads": Measure(
        "workers",
        "{Crew} workers who kept a place of the carve-out",
        lambda branches, group: cumulated(branches, ByGroup.CREW_RETAINED, group),
    ),
    "{crew}_quietly_renewed_heads": Measure(
        "workers", "{Crew} workers on a quiet renewal", quietly_renewed
    ),
    "{crew}_on_contract_heads": Measure(
        "workers", "{Crew} workers whose contract still runs", on_contract
    ),
    "{crew}_repatriated_heads": Measure(
        SINCE_START,
        "{Crew} workers repatriated",
        repatriated,
    ),
    "{crew}_sent_anew_heads": Measure(
        SINCE_START,
        "{Crew} workers sent anew under cover",
        lambda branches, group: cumulated(branches, ByGroupTrade.DISPATCHED, group),
    ),
    "{crew}_in_queue_heads": Measure(
        "workers",
        "{Crew} workers waiting for transport",
        lambda branches, group: heads_on(branches, group, NO_PAPER) + without_work(branches, group),
    ),
    "{crew}_in_queue_without_work_heads": Measure(
        "workers", "{Crew} workers waiting for transport without work", without_work
    ),
    "{crew}_still_under_cover_heads": Measure(
        "workers",
        "{Crew} workers under cover",
        lambda branches, group: heads_on(branches, group, STUDENT, TOURIST),
    ),
}
