"""The unit of work: twin, policy and pinned run of one replicate under one seed, forked from one history.

Scenarios that differ in policy and levers alone share the history and the twin of a seed: a family.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.engine.panel import Panel
from sim.engine.worker_columns import BURN_IN_MONTHS
from sim.model import PINNED, POLICY, TWIN, LabourMarket
from sim.policy.programme import divergence_month, fork_month
from sim.scenario import Scenario

RUNS = (TWIN, POLICY, PINNED)


@dataclass(frozen=True, eq=False)
class PairedRuns:
    """Panels of one replicate from `start` on (no burn-in); policy and levers bind from `fork_month` on, None: nothing does."""

    replicate: int
    fork_month: int | None
    twin: Panel
    policy: Panel
    pinned: Panel


def run_paired(scenario: Scenario, replicate: int) -> PairedRuns:
    """Simulate one replicate of one scenario."""
    return next(run_family([scenario], replicate))


def run_family(scenarios: Sequence[Scenario], replicate: int) -> Iterator[PairedRuns]:
    """Simulate one replicate of each scenario, in their order; the history and the twin are simulated once for all.

    Raises ValueError if the scenarios differ in more than policy and levers.
    """
    past = shared_past(scenarios, replicate)
    for scenario in scenarios:
        yield runs_of(scenario, past)


class Past(NamedTuple):
    """What a family shares: the twin, simulated to its end, and its state at the start of each month in which some scenario diverges."""

    twin: LabourMarket
    history: dict[int, LabourMarket]


def shared_past(scenarios: Sequence[Scenario], replicate: int) -> Past:
    """Simulate what these scenarios share. Raises ValueError if they differ in more than policy and levers."""
    if any(without_policy(scenario) != without_policy(scenarios[0]) for scenario in scenarios):
        raise ValueError("scenarios of a family may differ in policy and levers only")
    forks = {month for scenario in scenarios if (month := divergence_month(scenario)) is not None}
    twin = LabourMarket(scenarios[0], replicate)
    history = {}
    for month in sorted(forks):
        twin.run_to(month)
        history[month] = twin.fork(TWIN)
    twin.run_to_end()
    return Past(twin, history)


def runs_of(scenario: Scenario, past: Past) -> PairedRuns:
    """Fork policy and pinned run from the first month in which they can differ from the twin; before it they are the twin."""
    month, (twin, history) = divergence_month(scenario), past
    reference = after_burn_in(twin.panel)
    if month is None:
        return PairedRuns(twin.replicate, fork_month(scenario), reference, reference, reference)
    panels = []
    for kind in (POLICY, PINNED):
        run = history[month].fork(kind, scenario, twin)
        run.run_to_end()
        panels.append(after_burn_in(run.panel))
    return PairedRuns(twin.replicate, fork_month(scenario), reference, *panels)


def without_policy(scenario: Scenario) -> Scenario:
    """The scenario with policy and levers blanked: equal for scenarios that share their twin."""
    return dataclasses.replace(scenario, policy=None, levers=None)  # type: ignore[arg-type]


def after_burn_in(panel: Panel) -> Panel:
    """The months from `start` on."""
    return Panel(*(array[BURN_IN_MONTHS:] for array in panel))
