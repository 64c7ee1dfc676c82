"""Which numbers of a scenario only some alternatives of a rule read (sim.structure)."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from sim.inputs.dotted_keys import annotations_of, flatten, value_at
from sim.scenario import Quantity, Scenario
from sim.structure import Rule, Structure, is_in_force, rules
from sim.workers.kinds import KINDS


@functools.cache
def readers() -> Mapping[str, tuple[Rule, ...]]:
    """The alternatives that alone read a number, by the last part of its key."""
    records: list[Any] = [Scenario, *(kind.configuration for kind in KINDS.values())]
    found: dict[str, tuple[Rule, ...]] = {}
    while records:
        for name, hint in annotations_of(records.pop()).items():
            if hasattr(hint, "__dataclass_fields__"):
                records.append(hint)
            for note in getattr(hint, "__metadata__", ()):
                if isinstance(note, Quantity) and note.read_by:
                    found[name] = note.read_by
    return found


def readers_of(key: str) -> tuple[Rule, ...]:
    """The alternatives that alone read the number at a key; none if it is always read."""
    return readers().get(key.rpartition(".")[2], ())


def is_read(key: str, structure: Structure) -> bool:
    """Whether the rules in force read the number at a key."""
    alternatives = readers_of(key)
    return not alternatives or any(is_in_force(structure, each) for each in alternatives)


def is_read_as_shipped(key: str) -> bool:
    """Whether the shipped rules read the number at a key."""
    alternatives = readers_of(key)
    return not alternatives or any(each == 0 for each in alternatives)


def switches_that_read(key: str) -> str:
    """The choices under which the number at a key is read: `structure.evasion=deadline`."""
    return " or ".join(f"structure.{rule_of(each)}={each.key}" for each in readers_of(key))


def rule_of(alternative: Rule) -> str:
    """The key of the rule to which an alternative belongs."""
    return next(name for name, kind in rules().items() if kind is type(alternative))


def not_sampled_notes(scenario: Scenario) -> list[str]:
    """A sentence on the numbers that only rivals in force read, which no shipped draw holds."""
    keys = [
        key
        for key in flatten(scenario)
        if is_read(key, scenario.structure) and not is_read_as_shipped(key)
    ]
    listed = ", ".join(f"{key} {value_at(scenario, key):g}" for key in keys)
    sentence = f"Numbers that only rival rules read are not sampled; they are as set: {listed}."
    return [sentence] if keys else []
