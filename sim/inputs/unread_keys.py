"""Numbers that no rule reads, as only a rival that is not in force would: they are named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.inputs.dated_inputs import parameters
from sim.inputs.dotted_keys import annotations_of, flatten, value_at
from sim.scenario import Quantity, Scenario
from sim.structure import Rule, Structure, is_in_force, rules


def read_by(record: Any, name: str) -> tuple[Rule, ...]:
    """The rivals of the shipped rules that alone read a field of a record; none: it is read."""
    kind: Any = type(record)
    hint = annotations_of(kind).get(name)
    parts = (hint, *getattr(hint, "__args__", ()))
    notes = [note for part in parts for note in getattr(part, "__metadata__", ())]
    return next((note.read_by for note in notes if isinstance(note, Quantity)), ())


def readers_of(scenario: Scenario) -> dict[str, tuple[Rule, ...]]:
    """The rivals that alone read a number, by its key, for every number that not all rules read."""
    found = {}
    for key in flatten(scenario):
        section, _, name = key.rpartition(".")
        rivals = read_by(value_at(scenario, section), name)
        if rivals:
            found[key] = rivals
    return found


def is_read(rivals: tuple[Rule, ...], structure: Structure) -> bool:
    """Whether one of these rivals is in force."""
    return any(is_in_force(structure, rival) for rival in rivals)


def unread_notes(scenario: Scenario) -> list[str]:
    """A sentence for each number that differs from its default although no rule reads it."""
    return list(notes_of(scenario))


def notes_of(scenario: Scenario) -> Iterator[str]:
    """The same, one by one."""
    for key, rivals in readers_of(scenario).items():
        default = default_of(key)
        value = value_at(scenario, key)
        if default is None or value == default or is_read(rivals, scenario.structure):
            continue
        wanted = " or ".join(f"structure.{rule_of(rival)}={rival.key}" for rival in rivals)
        yield f"{key} is {value:g}, but no rule reads it: it is read under {wanted} only."


def rule_of(rival: Rule) -> str:
    """The key of the rule to which an alternative belongs."""
    return next(name for name, kind in rules().items() if kind is type(rival))


def default_of(key: str) -> float | None:
    """The shipped default of a number; that of the krai's group for a group of another market."""
    name = key.rpartition(".")[2]
    known = parameters()
    shipped = known.get(key) or next(
        (entry for other, entry in known.items() if other.rpartition(".")[2] == name), None
    )
    return None if shipped is None else shipped.default
