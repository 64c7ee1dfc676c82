"""Paired simulation: the three branches of one replicate, forked from one history.

The branches are the baseline, the policy branch and the policy branch at baseline wages.
Scenarios that differ only in policy and levers form a family: they share the history and the
baseline of a seed.
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
    """Panels of the three branches of one replicate, from `start` on (without the burn-in).

    Policy and levers bind from `fork_month` on; None if nothing binds.
    """

    replicate: int
    fork_month: int | None
    baseline: Panel
    policy: Panel
    policy_at_baseline_wages: Panel


def run_paired(scenario: Scenario, replicate: int) -> PairedBranches:
    """Simulate one replicate of one scenario."""
    return next(run_family([scenario], replicate))


def run_family(scenarios: Sequence[Scenario], replicate: int) -> Iterator[PairedBranches]:
    """Simulate one replicate of each scenario, in order, sharing one history and one baseline.

    Raises ValueError if the scenarios differ in more than policy and levers.
    """
    past = simulate_shared_history(scenarios, replicate)
    for scenario in scenarios:
        yield branches_of(scenario, past)


class SharedHistory(NamedTuple):
    """What the scenarios of a family share: the baseline and the states to fork from.

    The baseline is simulated to its end; there is a state for the start of each month in which
    some scenario diverges.
    """

    baseline: LabourMarket
    history: dict[int, LabourMarket]


def simulate_shared_history(scenarios: Sequence[Scenario], replicate: int) -> SharedHistory:
    """Simulate the history and the baseline that these scenarios share.

    Raises ValueError if they differ in more than policy and levers.
    """
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
        # A copy of its own, as the baseline itself goes on to its end: branches post its wages.
        history[month] = baseline.fork(BASELINE)
    baseline.run_to_end()
    return SharedHistory(baseline, history)


def branches_of(scenario: Scenario, past: SharedHistory) -> PairedBranches:
    """Fork the two policy branches from the first month in which they can differ from the baseline.

    Before that month they are the baseline.
    """
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
