"""Records kept column by column: a sweep that reads two of a worker's numbers touches the memory of those two alone."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
CACHE_LINE_BYTES = 64


class ColumnPlace(NamedTuple):
    """Where a column lies in a block of memory, in bytes."""

    dtype: np.dtype[Any]
    start: int
    end: int


class Columns:
    """As many records as there are rows, one contiguous array a column; `columns[name]` is the array itself, not a copy."""

    __slots__ = ("_arrays", "_block", "_places", "dtype", "size")

    def __init__(
        self, dtype: np.dtype[Any], size: int, block: Array, places: dict[str, ColumnPlace]
    ) -> None:
        self.dtype, self.size = dtype, size
        self._block, self._places = block, places
        self._arrays: dict[str, Array] = {}

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, name: str) -> Array:
        if name not in self._arrays:
            dtype, start, end = self._places[name]
            self._arrays[name] = self._block[start:end].view(dtype)
        return self._arrays[name]

    def __setitem__(self, name: str, value: object) -> None:
        self[name][...] = value

    def records(self) -> Array:
        """The same numbers as a structured array, one record a row (a copy)."""
        records = np.empty(self.size, self.dtype)
        for name in self._places:
            records[name] = self[name]
        return records

    def tobytes(self) -> bytes:
        """All numbers, record by record."""
        return self.records().tobytes()


def column_places(dtype: np.dtype[Any], size: int, start: int) -> dict[str, ColumnPlace]:
    """Places of the columns of so many records from a byte on, each on cache lines of its own."""
    places = {}
    for name in dtype.names or ():
        end = start + dtype[name].itemsize * size
        places[name] = ColumnPlace(dtype[name], start, end)
        start = in_cache_lines(end)
    return places


def in_cache_lines(size_bytes: int) -> int:
    """Bytes of the cache lines that so many bytes take."""
    return -(-size_bytes // CACHE_LINE_BYTES) * CACHE_LINE_BYTES


def memory(size_bytes: int) -> Array:
    """A block of bytes, not filled, that begins with a cache line."""
    block = np.empty(size_bytes + CACHE_LINE_BYTES, np.uint8)
    first = -block.ctypes.data % CACHE_LINE_BYTES
    return block[first : first + size_bytes]


def zeros(size_bytes: int) -> Array:
    """A block of zeros; NumPy asks for large pages for `empty`, not for `zeros`."""
    block = memory(size_bytes)
    block.fill(0)
    return block


def copied(block: Array) -> Array:
    """A copy of a block."""
    copy = memory(block.size)
    copy[:] = block
    return copy
