"""Reading a property for many workers at once: each group's rows by its own class's formula."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from sim.agents.readings import Peopled, Reading, Rows, Word
from sim.agents.worker_views import Worker, worker_class
from sim.engine.worker_columns import Array
from sim.inputs.problems import nearest, shown


def worker_types(model: Peopled) -> list[type[Worker]]:
    """View classes of a model's groups, in the order of the population."""
    return [
        worker_class(name, group.kind) for name, group in model.specification.population.items()
    ]


class Values(NamedTuple):
    """One property of n workers, and which of them have a value.

    Dtype, and what stands for a missing value: f8 (NaN), i8 (0), bool (False) or strings (None).
    """

    column: Array
    present: Array

    def known(self) -> Array:
        """The values of those who have one."""
        return self.column[self.present]

    def listed(self) -> list[Any]:
        """All n as plain Python objects; NaN or None without a value."""
        values: list[Any] = self.column.tolist()
        if self.column.dtype.kind in "fO" or self.present.all():
            return values
        return [
            value if has else None for value, has in zip(values, self.present.tolist(), strict=True)
        ]


class WorkerColumns(NamedTuple):
    """Some rows of a model's worker columns."""

    model: Peopled
    rows: Array  # i8[n]

    def groups(self) -> Array:
        """i1[n] group of each worker."""
        return self.model.state.workers["group"][self.rows]  # type: ignore[no-any-return]

    def of_type(self, agent_type: type) -> Array:
        """bool[n]: whose view class is, or derives from, `agent_type`."""
        found = [
            number
            for number, kind in enumerate(worker_types(self.model))
            if issubclass(kind, agent_type)
        ]
        return np.isin(self.groups(), found)

    def reading(self, name: str) -> Reading[Any] | None:
        """The reading of this name if every kind of worker here has one."""
        types = worker_types(self.model)
        here = np.unique(self.groups()).tolist() or range(len(types))
        found = [getattr(types[group], name, None) for group in here]
        return found[0] if all(isinstance(reading, Reading) for reading in found) else None

    def read(self, name: str) -> Values | None:
        """The property of all rows at once; None if it is no reading of every kind here."""
        reading = self.reading(name)
        if reading is None:
            return None
        values = Values(
            np.full(self.rows.size, reading.blank, reading.dtype),
            np.zeros(self.rows.size, np.bool_),
        )
        for group, positions in self._by_group():
            rows = self.rows[positions]
            own = getattr(worker_types(self.model)[group], name)
            known, present = own.of_many(Rows(self.model, group, rows))
            values.present[positions] = present
            values.column[positions[present]] = known
        return values

    def matches(self, name: str, wanted: object) -> Array:
        """bool[n]: which workers' property equals `wanted` or, if that is a list, one of its items.

        None stands for having no value.
        """
        reading, values = self.reading(name), self.read(name)
        if reading is None or values is None:
            raise AttributeError(
                f"select: {name!r} is no column of every worker here{self._hint(name)}"
            )
        found = np.zeros(self.rows.size, np.bool_)
        for choice in wanted if isinstance(wanted, (list, tuple, set, frozenset)) else (wanted,):
            self._check_word(reading, choice)
            found |= (
                ~values.present if choice is None else values.present & (values.column == choice)
            )
        return found

    def _by_group(self) -> Iterator[tuple[int, Array]]:
        """Each group here and the positions of its rows."""
        groups = self.groups()
        for group in np.unique(groups).tolist():
            yield group, np.flatnonzero(groups == group)

    def _check_word(self, reading: Reading[Any], choice: object) -> None:
        """Refuse a word that the column can never hold."""
        if not isinstance(reading, Word) or choice is None:
            return
        words = list(reading.words(self.model))
        if choice not in words:
            raise ValueError(
                f"select: {reading.name}: given {shown(choice)}; allowed: {', '.join(words)}"
            )

    def _hint(self, name: str) -> str:
        close = nearest(
            name, (known for known in dir(Worker) if isinstance(getattr(Worker, known), Reading))
        )
        return f"; the closest is {close!r}" if close else ""
