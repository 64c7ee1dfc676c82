"""Readings: worker columns translated into words and units.

One formula serves a single worker as well as many workers at once.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol, Self, overload

import numpy as np

from sim.calendar import label
from sim.engine.state import State
from sim.engine.worker_columns import BURN_IN_MONTHS, LAST_MONTH, Array
from sim.inputs.dated_inputs import DatedInputs
from sim.scenario import Scenario

LONGEST_TERM_MONTHS = 60
DTYPES: dict[type, type] = {float: np.float64, int: np.int64, bool: np.bool_, str: np.object_}


OneOrMany = Any
"""A value, or an array with one for each worker: formulas are written once for both."""


class Peopled(Protocol):
    """What a reading needs of a model."""

    specification: Scenario
    state: State
    inputs: DatedInputs

    @property
    def month(self) -> int:
        """Month, counted from `start`, that comes next."""


class Rows(NamedTuple):
    """Workers of one group as a formula sees them: the row of one, or an array of rows."""

    model: Peopled
    group: int
    rows: OneOrMany

    def column(self, name: str) -> OneOrMany:
        """Their numbers in a worker column."""
        return self.model.state.workers[name][self.rows]

    @property
    def own(self) -> np.void:
        """The group's record (state.GROUP)."""
        return self.model.state.groups[self.group]  # type: ignore[no-any-return]

    def subset(self, chosen: Array) -> Rows:
        """The rows for which `chosen` is true."""
        return self._replace(rows=self.rows[chosen])


class Viewed(Protocol):
    """One worker who knows his row."""

    def as_rows(self) -> Rows:
        """The worker as formulas take it."""


Formula = Callable[[Rows], OneOrMany]


class Reading[T]:
    """A read-only property of workers.

    A worker for whom `when` does not hold has no value: NaN where numbers are floats, else None.
    """

    def __init__(
        self, kind: type, unit: str, meaning: str, read: Formula, when: Formula | None = None
    ) -> None:
        self.kind, self.unit, self.meaning, self.read, self.when = kind, unit, meaning, read, when
        self.missing: Any = float("nan") if kind is float else None
        self.__doc__ = f"{meaning} [{unit}]"

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, worker: None, owner: type) -> Self: ...
    @overload
    def __get__(self, worker: Viewed, owner: type) -> T: ...
    def __get__(self, worker: Viewed | None, owner: type) -> Self | T:
        """The value of one worker; on the class, the reading itself."""
        return self if worker is None else self.of_one(worker.as_rows())

    def __set__(self, worker: Viewed, value: object) -> None:
        raise AttributeError(
            f"{self.name}: workers are read-only here; "
            "their columns change through the model's rules only"
        )

    def of_one(self, rows: Rows) -> T:
        """The value of a single worker as a plain Python object."""
        if self.when is not None and not self.when(rows):
            return self.missing  # type: ignore[no-any-return]
        value = self.read(rows)
        return value.item() if isinstance(value, np.generic) else value  # type: ignore[no-any-return]

    def of_many(self, rows: Rows) -> tuple[Array, Array]:
        """Values of the m workers that have one, and which of the n workers these are.

        Shapes: [m] of the dtype of the kind, and bool[n].
        """
        everybody = np.ones(rows.rows.size, np.bool_)
        present = everybody if self.when is None else everybody & self.when(rows)
        chosen = rows if present.all() else rows.subset(present)
        return np.array(np.broadcast_to(self.read(chosen), chosen.rows.shape), self.dtype), present

    @property
    def blank(self) -> float | None:
        """What an array holds where a worker has no value."""
        return {float: np.nan, str: None}.get(self.kind, 0)

    @property
    def dtype(self) -> type:
        """What arrays of this reading hold: f8, i8, bool or Python strings."""
        return DTYPES[self.kind]


class Word[T](Reading[T]):
    """A column of indices read as words; a negative index is no word."""

    def __init__(
        self, column: str, meaning: str, words: Callable[[Peopled], Sequence[str]]
    ) -> None:
        self.words = words
        super().__init__(str, "word", meaning, self._look_up, lambda rows: rows.column(column) >= 0)
        self.column = column

    def _look_up(self, rows: Rows) -> OneOrMany:
        return np.array(self.words(rows.model), np.object_)[rows.column(self.column)]


@functools.cache
def month_labels(start: dt.date) -> Array:
    """'YYYY-MM' of every month a column can name, the first burn-in month first."""
    return np.array(
        [
            label(month, start)
            for month in range(-BURN_IN_MONTHS, LAST_MONTH + LONGEST_TERM_MONTHS + 1)
        ],
        np.object_,
    )


def month_reading(column: str, meaning: str, when: Formula) -> Reading[str | None]:
    """A column of months since the start read as a label."""

    def read(rows: Rows) -> OneOrMany:
        return month_labels(rows.model.specification.start)[rows.column(column) + BURN_IN_MONTHS]

    return Reading(str, "YYYY-MM", meaning, read, when)


def thousandths_reading(column: str, unit: str, meaning: str) -> Reading[float]:
    """A column of thousandths read in whole units."""
    return Reading(float, unit, meaning, lambda rows: rows.column(column) / 1000.0)
