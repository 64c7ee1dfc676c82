"""Records kept column by column: a sweep that reads two of a worker's numbers touches the memory of those two alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Columns:
    """As many records as there are rows, one contiguous array a column; `columns[name]` is the array itself, not a copy."""

    __slots__ = ("_arrays", "dtype", "size")

    def __init__(self, dtype: np.dtype[Any], arrays: Mapping[str, Array]) -> None:
        self.dtype = dtype
        self._arrays = {name: np.ascontiguousarray(arrays[name], dtype[name]) for name in dtype.names or ()}
        self.size = len(next(iter(self._arrays.values())))

    @classmethod
    def blank(cls, dtype: np.dtype[Any], size: int) -> Columns:
        """Columns of zeros."""
        return cls(dtype, {name: np.zeros(size, dtype[name]) for name in dtype.names or ()})

    @classmethod
    def of_records(cls, records: Array) -> Columns:
        """Columns with the numbers of a structured array."""
        return cls(records.dtype, {name: records[name] for name in records.dtype.names or ()})

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, name: str) -> Array:
        return self._arrays[name]

    def __setitem__(self, name: str, value: object) -> None:
        self._arrays[name][...] = value

    def copy(self) -> Columns:
        """An independent copy."""
        return Columns(self.dtype, {name: array.copy() for name, array in self._arrays.items()})

    def records(self) -> Array:
        """The same numbers as a structured array, one record a row (a copy)."""
        records = np.empty(self.size, self.dtype)
        for name, array in self._arrays.items():
            records[name] = array
        return records

    def tobytes(self) -> bytes:
        """All numbers, record by record."""
        return self.records().tobytes()
