"""Whether keys that are said to be without effect are: others in their place change no number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from experiments.fuzzing.changes import quantities
from sim.inputs.dotted_keys import flatten, replace_at
from sim.paired import PairedBranches, run_paired
from sim.scenario import Quantity, Scenario
from sim.without_effect import keys_without_effect

BRANCHES = ("baseline", "policy", "policy_at_baseline_wages")
TABLES = ("by_group_trade", "by_group", "by_trade", "market")


def falsely_without_effect(
    scenario: Scenario, replicate: int, pair: PairedBranches
) -> Iterator[str]:
    """Branches that other numbers at all keys without effect change; `pair`: the scenario's own."""
    other, keys = with_other_numbers(scenario)
    if not keys:
        return
    again = run_paired(other, replicate)
    for branch in BRANCHES:
        before, after = getattr(pair, branch), getattr(again, branch)
        changed = [
            table
            for table in TABLES
            if not np.array_equal(getattr(before, table), getattr(after, table), equal_nan=True)
        ]
        if changed:
            yield f"{branch}: {', '.join(changed)} changed by {', '.join(keys)}, said unread"


def with_other_numbers(scenario: Scenario) -> tuple[Scenario, list[str]]:
    """The scenario with another number at each key without effect, and those keys."""
    found = list(unread_numbers(scenario))
    for key, value in found:
        scenario = replace_at(scenario, key, value)
    return scenario, [key for key, _ in found]


def unread_numbers(scenario: Scenario) -> Iterator[tuple[str, float]]:
    """Every number without effect, with another in its range."""
    values, ranges = flatten(scenario), quantities()
    for unread in keys_without_effect(scenario):
        for key, value in values.items():
            quantity = ranges.get(key.rpartition(".")[2])
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            is_inside = f"{key}.".startswith(f"{unread.key}.") and key != unread.cause
            if is_inside and is_number and quantity:
                yield key, another(value, quantity)


def another(value: float, quantity: Quantity) -> Any:
    """Another number in a range: half of one that is not at the lower end."""
    low, high = quantity.low, quantity.high
    at_low = value - low < 1e-9 * (high - low) or value / 2 < low
    other = low + (high - low) / 7 if at_low else value / 2
    return int(other) if isinstance(value, int) else other
