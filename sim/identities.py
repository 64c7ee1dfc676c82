"""What must hold in every month of every run: each function lists what does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.panel import Panel, measure_named
from sim.engine.state import State
from sim.engine.worker_columns import (
    AWAY,
    BURN_IN_MONTHS,
    EMPLOYED,
    NEVER,
    NO_PAPER,
    NOWHERE,
    ORDINARY,
    REPATRIATED,
    RETAINED,
    SEEKING,
    STATUSES,
    Array,
)
from sim.model import LabourMarket

ROUNDING = 1e-9


def measured(panel: Panel, name: str) -> Array:
    """One measure of the panel, by month and along its own axes."""
    return panel.of(measure_named(name))


@dataclass(frozen=True, eq=False)
class Before:
    """What a month opens with."""

    stock: Array
    backlog: Array
    pipeline: Array


def opening(state: State) -> Before:
    """A copy of the stocks before a step."""
    return Before(state.stock.copy(), state.firms["backlog"].copy(), state.pipeline.sum(axis=0))


def run_checked(model: LabourMarket, until: int) -> list[str]:
    """Simulate to the start of month `until`; list each broken identity with its month."""
    broken = []
    while model.month < until:
        before, month = opening(model.state), model.month
        model.run_to(month + 1)
        broken += [f"month {month}: {problem}" for problem in broken_identities(model, before)]
    return broken


def broken_identities(model: LabourMarket, before: Before) -> Iterator[str]:
    """Everything that does not add up after a month."""
    for check in (statuses, books, counters, events, policy_counters):
        yield from check(model.state)
    yield from flows(model, before)
    yield from orders(model, before)
    yield from pay(model)


def unless(holds: Any, problem: str) -> Iterator[str]:
    """The problem, unless everything holds."""
    if not np.all(holds):
        yield problem


def statuses(state: State) -> Iterator[str]:
    """Exactly one status; a firm with a job only, a trade inside construction only."""
    workers = state.workers
    status = workers["status"]
    inside = np.isin(status, (EMPLOYED, SEEKING))
    yield from unless((status >= 0) & (status < len(STATUSES)), "a status that does not exist")
    yield from unless(
        (workers["firm"] != NOWHERE) == (status == EMPLOYED),
        "a firm without a job, or a job without a firm",
    )
    yield from unless(
        (workers["trade"] != NOWHERE) == inside, "a trade outside construction, or none inside"
    )
    yield from unless(workers["efficiency"][status == EMPLOYED] > 0, "hands that build nothing")


def books(state: State) -> Iterator[str]:
    """Heads and effective labour by cell and group are those of the workers who point there."""
    workers, groups = state.workers.records(), state.groups.size
    crews = state.groups["is_crew"] != 0
    employed = workers[workers["status"] == EMPLOYED]
    cell = employed["firm"].astype(np.int64) * state.trades.size + employed["trade"]
    place = cell * groups + employed["group"]
    dismissible = ~crews[employed["group"]] & (employed["terms"] == ORDINARY)
    # Labour is counted in whole thousandths, so that its sums are exact in any order.
    sums: dict[str, tuple[Array, Array]] = {
        "heads by cell": (state.cells["heads"], count(cell, state.cells.size)),
        "labour by cell": (
            state.cells["efficiency"],
            count(cell, state.cells.size, employed["efficiency"]),
        ),
        "dismissible labour": (
            state.cells["dismissible"],
            count(cell, state.cells.size, employed["efficiency"] * dismissible),
        ),
        "heads by cell and group": (state.staff["heads"].ravel(), count(place, state.staff.size)),
        "labour by cell and group": (
            state.staff["efficiency"].ravel(),
            count(place, state.staff.size, employed["efficiency"]),
        ),
    }
    for name, (kept, counted) in sums.items():
        yield from unless(kept == counted, f"{name} differ from the workers")


def count(positions: Array, size: int, weights: Array | None = None) -> Array:
    """How many, or how much, falls on each position."""
    found = np.zeros(size, np.int64)
    # Not bincount: with weights that sums in floating point, and these sums must be exact.
    np.add.at(found, positions, 1 if weights is None else weights)
    return found


def counters(state: State) -> Iterator[str]:
    """Heads by group, trade and status and by paper are those of the columns."""
    workers, groups = state.workers.records(), state.groups.size
    for status in (SEEKING, EMPLOYED):
        there = workers[workers["status"] == status]
        counted = count(
            there["group"].astype(np.int64) * state.trades.size + there["trade"],
            groups * state.trades.size,
        )
        yield from unless(
            state.stock[:, :, status].ravel() == counted,
            f"stock of the {STATUSES[status]} differs from the workers",
        )
    employed = workers[workers["status"] == EMPLOYED]
    papers = count(
        employed["group"].astype(np.int64) * state.papers.shape[1] + employed["paper"],
        state.papers.size,
    )
    yield from unless(state.papers.ravel() == papers, "heads by paper differ from the workers")
    levy = count(employed["group"].astype(np.int64), groups, employed["levy_share"])
    yield from unless(
        state.groups_now["levy_sum"] == levy, "the sum of levy shares differs from the workers"
    )


def policy_counters(state: State) -> Iterator[str]:
    """Places held, slots of the repatriated and papers are those of the columns."""
    workers, crew = state.workers, state.groups["is_crew"][state.workers["group"]] != 0
    gone = workers["status"] == REPATRIATED
    yield from unless(
        state.groups_now["repatriated"]
        == count(workers["group"][gone].astype(np.int64), state.groups.size),
        "repatriated slots",
    )
    held = np.sum((workers["terms"] == RETAINED) & (workers["status"] == EMPLOYED))
    yield from unless(state.now["places_held"][0] == held, "places held differ from the holders")
    yield from unless(
        held <= max(0, int(state.now["places"][0])), "more places held than there are"
    )
    waiting = (workers["status"] == AWAY) & (workers["paper"] == NO_PAPER)
    yield from unless(
        ~crew | np.isin(workers["status"], (EMPLOYED, REPATRIATED)) | waiting,
        "a crew member neither at work, nor waiting for transport, nor at home",
    )
    ordered_home = crew & (workers["paper"] == NO_PAPER) & ~gone
    yield from unless(
        state.next_event[ordered_home] == state.now["month"][0],
        "somebody ordered home is not looked at next month",
    )


def events(state: State) -> Iterator[str]:
    """Nobody's next event lies in the past; who is home for good has none."""
    yield from unless(state.next_event >= state.now["month"][0], "an event was missed")
    yield from unless(
        state.next_event[state.workers["status"] == REPATRIATED] == NEVER,
        "a repatriated worker is still visited",
    )


def flows(model: LabourMarket, before: Before) -> Iterator[str]:
    """Stocks follow from flows: opening + inflows - outflows = closing, by group and trade.

    Holds for workers with a job and for those seeking one; heads add up to the group.
    """
    month = model.month - 1 + BURN_IN_MONTHS

    def of(name: str) -> Array:
        values: Array = measured(model.panel, name)[month]
        return values

    moves, hired = of("job_to_job_moves"), of("hires")
    into_seeking = of("entered") + of("jobs_ended") + of("layoffs")
    out_of_work = (
        into_seeking
        - of("entered")
        + of("stood_down")
        + of("left_construction")
        + of("stays_ended")
        + of("repatriated")
    )
    yield from unless(
        before.stock[:, :, EMPLOYED] + hired - of("separations") == of("heads_employed"),
        "hires less separations",
    )
    yield from unless(
        of("separations") == out_of_work + moves, "separations differ from their kinds"
    )
    closing = (
        before.stock[:, :, SEEKING]
        + into_seeking
        - (hired - moves - of("dispatched"))
        - of("gave_up_seeking")
    )
    yield from unless(closing == of("heads_seeking"), "seekers")
    inside = of("heads_employed").sum(axis=1) + of("heads_seeking").sum(axis=1)
    outside = (
        measured(model.panel, "heads_away")[month]
        + measured(model.panel, "heads_repatriated")[month]
    )
    rows = model.state.groups["last"] - model.state.groups["first"]
    yield from unless(inside + outside == rows, "heads in all statuses differ from the group")
    away = count(
        model.state.workers["group"][model.state.workers["status"] == AWAY].astype(np.int64),
        rows.size,
    )
    yield from unless(
        measured(model.panel, "heads_away")[month] == away, "heads away differ from the workers"
    )


def orders(model: LabourMarket, before: Before) -> Iterator[str]:
    """Orders = built + backlog change + cancelled; built = completions + pipeline change.

    Holds in every firm; the panel holds the sums over firms.
    """
    firms, month = model.state.firms, model.month - 1 + BURN_IN_MONTHS
    # Relative to the firm's size, as the rounding error of its sums is.
    scale = firms["normal_output"] * 100.0 * ROUNDING
    backlog = before.backlog + firms["orders"] - firms["output"] - firms["cancelled"]
    yield from unless(np.abs(firms["backlog"] - backlog) <= scale, "orders, output and backlog")
    pipeline = before.pipeline + firms["output"] - firms["completions"]
    yield from unless(
        np.abs(model.state.pipeline.sum(axis=0) - pipeline) <= scale,
        "output, completions and pipeline",
    )
    for name in ("orders", "output", "completions", "backlog", "cancelled"):
        total = measured(model.panel, name)[month]
        yield from unless(
            abs(total - firms[name].sum()) <= scale.sum(),
            f"{name} in the panel differ from the firms",
        )
        yield from unless(firms[name] >= 0.0, f"negative {name}")


def pay(model: LabourMarket) -> Iterator[str]:
    """Pay = kept + levy; each group's pay is that of its workers."""
    state, month = model.state, model.month - 1 + BURN_IN_MONTHS
    paid, levy, kept = (
        measured(model.panel, name)[month] for name in ("pay_usd", "levy_usd", "kept_usd")
    )
    yield from unless(
        np.abs(paid - levy - kept) <= ROUNDING * np.maximum(1.0, paid), "pay, levy and what is kept"
    )
    employed = state.workers.records()[state.workers["status"] == EMPLOYED]
    wage = state.cells["wage"][
        employed["firm"].astype(np.int64) * state.trades.size + employed["trade"]
    ]
    bill = (
        np.bincount(employed["group"], employed["efficiency"] / 1000.0 * wage, state.groups.size)
        / state.groups["pay_ratio"]
    )
    rub = bill * state.parameters["base_wage_rub"] * state.now["outside_pay"]
    crews = state.groups["is_crew"] != 0
    heads = np.bincount(employed["group"], minlength=state.groups.size)
    rub[crews] = (heads * state.groups["contract_price_usd"] * state.now["rub_per_usd"])[crews]
    yield from unless(
        np.abs(measured(model.panel, "pay_rub")[month] - rub) <= 1e-9 * np.maximum(rub, 1.0),
        "pay differs from the workers'",
    )
    yield from unless((levy == 0.0) | crews, "a levy on somebody who has no state to pay it to")
