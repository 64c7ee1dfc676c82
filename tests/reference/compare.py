"""Engine and reference as comparable columns, and the first place where they differ, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from sim.branches import BASELINE, POLICY, POLICY_AT_BASELINE_WAGES
from sim.calendar import label
from sim.engine.panel import TABLES, Panel
from sim.engine.records import CELL, FIRM, TRADE
from sim.engine.worker_columns import BURN_IN_MONTHS, NOWHERE, PAPERS, SEEKING, WORKER, Array
from sim.model import LabourMarket
from sim.policy.programme import fork_month
from sim.scenario import Scenario
from tests.reference.market import ReferenceMarket

Columns = dict[str, Array]
WORKER_COLUMNS = tuple(WORKER.names or ())
CELL_COLUMNS = tuple(name for name in CELL.names or () if name not in {"week_start_vacancies"})
FIRM_COLUMNS, TRADE_COLUMNS = tuple(FIRM.names or ()), tuple(TRADE.names or ())


class DifferenceError(AssertionError):
    """Engine and reference disagree."""


def of_objects(what: str, objects: Sequence[object], names: Iterable[str]) -> Columns:
    """Attributes of a list of objects."""
    return {f"{what}.{name}": np.array([getattr(one, name) for one in objects]) for name in names}


def of_fields(what: str, records: Array, names: Iterable[str]) -> Columns:
    """Fields of an array of records."""
    return {f"{what}.{name}": records[name] for name in names}


def reference_columns(market: ReferenceMarket) -> Columns:
    """Everything that persists in the objects, column by column."""
    columns = of_objects("cell", market.posts, CELL_COLUMNS)
    columns |= of_objects("firm", market.firms, FIRM_COLUMNS) | of_objects(
        "trade", market.trades, TRADE_COLUMNS
    )
    columns["cell.staff heads"] = np.array(
        [[post.heads_of[people] for people in market.groups] for post in market.posts]
    )
    columns["cell.staff efficiency"] = np.array(
        [[post.labour_of[people] for people in market.groups] for post in market.posts]
    )
    columns["cell.unfilled shares"] = np.array([post.unfilled_shares for post in market.posts])
    columns["firm.pipeline"] = np.array([list(firm.under_way) for firm in market.firms])
    columns["group.paper"] = np.array(
        [[people.papers[paper] for paper in range(len(PAPERS))] for people in market.groups]
    )
    columns["group.levy"] = np.array([people.levy_thousandths for people in market.groups])
    columns["group.repatriated"] = np.array([len(people.repatriated) for people in market.groups])
    columns["market.seekers"] = np.array(
        [worker.slot for worker in sorted(market.seekers, key=lambda worker: worker.slot)],
        dtype=np.int64,
    )
    return columns | worker_columns(market)


def worker_columns(market: ReferenceMarket) -> Columns:
    """The objects' worker attributes in the order of rows."""
    workers = [worker for people in market.groups for worker in people.members]
    columns: Columns = {"worker.next_event": np.array([worker.next_event for worker in workers])}
    columns |= of_objects("worker", workers, set(WORKER_COLUMNS) - {"firm", "trade", "group"})
    columns["worker.firm"] = np.array(
        [worker.post.firm.number if worker.post else NOWHERE for worker in workers]
    )
    columns["worker.trade"] = np.array(
        [worker.trade.number if worker.trade else NOWHERE for worker in workers]
    )
    columns["worker.group"] = np.array([worker.people.number for worker in workers])
    return columns


def engine_columns(market: LabourMarket) -> Columns:
    """The same columns from the engine's arrays."""
    state = market.state
    columns = of_fields("worker", state.workers, WORKER_COLUMNS) | {
        "worker.next_event": state.next_event
    }
    columns |= of_fields("cell", state.cells, CELL_COLUMNS) | of_fields(
        "firm", state.firms, FIRM_COLUMNS
    )
    columns |= of_fields("trade", state.trades, TRADE_COLUMNS)
    columns["cell.staff heads"], columns["cell.staff efficiency"] = (
        state.staff["heads"],
        state.staff["efficiency"],
    )
    columns["cell.unfilled shares"] = state.unfilled.T
    columns["firm.pipeline"] = np.roll(
        state.pipeline, -((market.month + 1024) % len(state.pipeline)), axis=0
    ).T
    columns["group.paper"] = state.papers
    columns["group.levy"], columns["group.repatriated"] = (
        state.groups_now["levy_sum"],
        state.groups_now["repatriated"],
    )
    rows = np.flatnonzero(state.workers["status"] == SEEKING)
    group = state.workers["group"][rows].astype(np.int64)
    columns["market.seekers"] = (group << 40) + rows - state.groups["first"][group]
    return columns


def differing(engine: Array, reference: Array) -> Array:
    """Places whose bits differ, as an array of indexes."""
    kind = np.float64 if engine.dtype.kind == "f" else np.int64
    words = [
        np.ascontiguousarray(array, dtype=kind).view(np.int64).reshape(array.shape)
        for array in (engine, reference)
    ]
    return np.argwhere(words[0] != words[1])


def compare_columns(engine: Columns, reference: Columns, when: str) -> None:
    """Raise DifferenceError at the first column, in name order, whose bits differ."""
    if engine.keys() != reference.keys():
        raise DifferenceError(f"{when}: columns differ: {sorted(engine.keys() ^ reference.keys())}")
    for name in sorted(engine):
        if engine[name].shape != reference[name].shape:
            raise DifferenceError(
                f"{when}, {name}: engine {engine[name].shape} entries, "
                f"reference {reference[name].shape}"
            )
        places = differing(engine[name], reference[name])
        if len(places):
            at = tuple(int(index) for index in places[0])
            values = f"engine {engine[name][at]!r}, reference {reference[name][at]!r}"
            raise DifferenceError(
                f"{when}, {name}, row {', '.join(map(str, at))}: {values} "
                f"(first of {len(places)} that differ)"
            )


def panel_columns(panel: Panel, at: int) -> Columns:
    """One month of a panel, measure by measure."""
    return {
        f"panel.{measure.key}": np.asarray(getattr(panel, part)[at, measure])
        for part, table in TABLES.items()
        for measure in table
    }


def compare_month(engine: LabourMarket, reference: ReferenceMarket, branch: str) -> None:
    """Compare everything after a month both have simulated."""
    month = engine.month - 1
    when = f"{branch} branch, {label(month, engine.specification.start)} (month {month})"
    compare_columns(engine_columns(engine), reference_columns(reference), when)
    at = month + BURN_IN_MONTHS
    compare_columns(panel_columns(engine.panel, at), panel_columns(reference.panel, at), when)


def run_together(engine: LabourMarket, reference: ReferenceMarket, branch: str, until: int) -> None:
    """Go on month by month to the start of `until`, comparing each."""
    for month in range(engine.month, until):
        engine.run_to(month + 1)
        reference.run_to(month + 1)
        compare_month(engine, reference, branch)


def compare_runs(
    scenario: Scenario, replicate: int = 0, market: type[LabourMarket] = LabourMarket
) -> None:
    """Compare every month of the three branches of one replicate.

    The engine forks the branches; the reference simulates each from its start.
    """
    for _ in compared_runs(scenario, replicate, market):
        pass


def compared_runs(
    scenario: Scenario, replicate: int, market: type[LabourMarket]
) -> Iterator[ReferenceMarket]:
    """Compare run after run; yields each reference when it has agreed to the end."""
    month = fork_month(scenario)
    engine, baseline = market(scenario, replicate), ReferenceMarket(scenario, replicate)
    compare_columns(engine_columns(engine), reference_columns(baseline), "opening")
    run_together(engine, baseline, BASELINE, scenario.months if month is None else month)
    forks = (
        {}
        if month is None
        else {branch: engine.fork(branch) for branch in (POLICY, POLICY_AT_BASELINE_WAGES)}
    )
    run_together(engine, baseline, BASELINE, scenario.months)
    yield baseline
    for branch, fork in forks.items():
        reference = ReferenceMarket(scenario, replicate, branch=branch, baseline=baseline)
        reference.run_to(fork.month)
        run_together(fork, reference, branch, scenario.months)
        yield reference
