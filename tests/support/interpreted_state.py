"""A State whose records read and write in plain Python as they do in kernels.

`state.workers[row].status = SEEKING` runs in a part of a kernel without compiling it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.columns import Columns
from sim.engine.state import Sizes, State
from sim.engine.worker_columns import Array


class Row:
    """One record: its numbers as attributes."""

    def __init__(self, numbers: Any, place: Any) -> None:
        object.__setattr__(self, "numbers", numbers)
        object.__setattr__(self, "place", place)

    def __getattr__(self, name: str) -> Any:
        return self.numbers[name][self.place].item()

    def __setattr__(self, name: str, value: object) -> None:
        self.numbers[name][self.place] = value


class Records:
    """Records of one field, kept by column or one after the other."""

    def __init__(self, numbers: Columns | Array) -> None:
        self.numbers, self.size = numbers, numbers.size

    def __getitem__(self, place: Any) -> Row:
        return Row(self.numbers, place)

    def __getattr__(self, name: str) -> Array:
        return self.numbers[name]


class InterpretedState:
    """All zeros; fields of records by row, the others as arrays."""

    def __init__(self, sizes: Sizes) -> None:
        self.state = State(sizes)

    def __getattr__(self, name: str) -> Any:
        field = getattr(self.state, name)
        return Records(field) if isinstance(field, Columns) or field.dtype.names else field


def rows_equal(column: Array, bits: int, value: int, first: int, last: int, rows: Array) -> int:
    """What sim.engine.row_search.list_rows_equal does, in plain Python."""
    found = first + np.flatnonzero(column[first:last].astype(np.int64) & bits == value)
    rows[: found.size] = found
    return int(found.size)
