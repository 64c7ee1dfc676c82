"""The unit of work: baseline, policy and policy branch at baseline wages of one replicate under one seed, forked from one history.

Scenarios that differ in policy and levers alone share the history and the baseline of a seed: a family.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.branches import BASELINE, POLICY, POLICY_AT_BASELINE_WAGES, differences
from sim.engine.panel import Panel
from sim.engine.worker_columns import BURN_IN_MONTHS
from sim.model import LabourMarket
from sim.policy.programme import divergence_month, fork_month
from sim.scenario import Scenario


@dataclass(frozen=True, eq=False)
class PairedBranches:
    """Panels of one replicate from `start` on (no burn-in); policy and levers bind from `fork_month` on, None: nothing does."""

    replicate: int
    fork_month: int | None
    baseline: Panel
    policy: Panel
    policy_at_baseline_wages: Panel


def run_paired(scenario: Scenario, replicate: int) -> PairedBranches:
    """Simulate one replicate of one scenario."""
    return next(run_family([scenario], replicate))


def run_family(scenarios: Sequence[Scenario], replicate: int) -> Iterator[PairedBranches]:
    """Simulate one replicate of each scenario, in their order; the history and the baseline are simulated once for all.

    Raises ValueError if the scenarios differ in more than policy and levers.
    """
    past = simulate_shared_history(scenarios, replicate)
    for scenario in scenarios:
        yield branches_of(scenario, past)


class SharedHistory(NamedTuple):
    """What a family shares: the baseline, simulated to its end, and its state at the start of each month in which some scenario diverges."""

    baseline: LabourMarket
    history: dict[int, LabourMarket]


def simulate_shared_history(scenarios: Sequence[Scenario], replicate: int) -> SharedHistory:
    """Simulate what these scenarios share. Raises ValueError if they differ in more than policy and levers."""
    problems = [line for scenario in scenarios for line in differences(scenarios[0], scenario)]
    if problems:
        raise ValueError(
            "\n  - ".join(
                [
                    "scenarios of a family may differ in policy and levers only",
                    *dict.fromkeys(problems),
                ]
            )
        )
    forks = {month for scenario in scenarios if (month := divergence_month(scenario)) is not None}
    baseline = LabourMarket(scenarios[0], replicate)
    history = {}
    for month in sorted(forks):
        baseline.run_to(month)
        history[month] = baseline.fork(BASELINE)
    baseline.run_to_end()
    return SharedHistory(baseline, history)


def branches_of(scenario: Scenario, past: SharedHistory) -> PairedBranches:
    """Fork policy and policy branch at baseline wages from the first month in which they can differ from the baseline; before it they are the baseline."""
    month, (baseline, history) = divergence_month(scenario), past
    reference = after_burn_in(baseline.panel)
    if month is None:
        return PairedBranches(
            baseline.replicate, fork_month(scenario), reference, reference, reference
        )
    panels = []
    for kind in (POLICY, POLICY_AT_BASELINE_WAGES):
        run = history[month].fork(kind, scenario, baseline)
        run.run_to_end()
        panels.append(after_burn_in(run.panel))
    return PairedBranches(baseline.replicate, fork_month(scenario), reference, *panels)


def after_burn_in(panel: Panel) -> Panel:
    """The months from `start` on."""
    return Panel(*(array[BURN_IN_MONTHS:] for array in panel))
