"""Records kept column by column: a sweep that reads two of a worker's numbers touches the memory of those two alone."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
CACHE_LINE_BYTES = 64


class Columns:
    """As many records as there are rows, one contiguous array a column; `columns[name]` is the array itself, not a copy.

    All columns lie in one block of memory: it is copied in one go, and where it is large the system can give it large pages.
    """

    __slots__ = ("_arrays", "_block", "dtype", "size")

    def __init__(self, dtype: np.dtype[Any], size: int, block: Array | None = None) -> None:
        self.dtype, self.size = dtype, size
        places, size_bytes = layout(dtype, size)
        self._block: Array = filled_with_zeros(size_bytes) if block is None else block
        self._arrays = {name: self._block[start:end].view(column) for name, column, start, end in places}

    @classmethod
    def of_records(cls, records: Array) -> Columns:
        """Columns with the numbers of a structured array."""
        columns = cls(records.dtype, len(records))
        for name in records.dtype.names or ():
            columns[name] = records[name]
        return columns

    @property
    def addresses(self) -> list[int]:
        """Where each column begins in memory."""
        first = self._block.ctypes.data
        return [first + start for _, _, start, _ in layout(self.dtype, self.size)[0]]

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, name: str) -> Array:
        return self._arrays[name]

    def __setitem__(self, name: str, value: object) -> None:
        self._arrays[name][...] = value

    def copy(self) -> Columns:
        """An independent copy."""
        return Columns(self.dtype, self.size, self._block.copy())

    def records(self) -> Array:
        """The same numbers as a structured array, one record a row (a copy)."""
        records = np.empty(self.size, self.dtype)
        for name, array in self._arrays.items():
            records[name] = array
        return records

    def tobytes(self) -> bytes:
        """All numbers, record by record."""
        return self.records().tobytes()


@functools.cache
def layout(dtype: np.dtype[Any], size: int) -> tuple[tuple[tuple[str, np.dtype[Any], int, int], ...], int]:
    """Name, type, first and last byte of each column in its block, each on cache lines of its own; and the size of the block."""
    places, start = [], 0
    for name in dtype.names or ():
        length = dtype[name].itemsize * size
        places.append((name, dtype[name], start, start + length))
        start += -(-length // CACHE_LINE_BYTES) * CACHE_LINE_BYTES
    return tuple(places), start


def filled_with_zeros(size_bytes: int) -> Array:
    """Memory of zeros; NumPy asks for large pages for `empty`, not for `zeros`."""
    block = np.empty(size_bytes, np.uint8)
    block.fill(0)
    return block
