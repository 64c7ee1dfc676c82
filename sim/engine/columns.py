"""Records kept column by column.

A loop that reads two of a worker's numbers touches the memory of those two columns alone.
"""

from __future__ import annotations

from typing import Any, NamedTuple, NoReturn

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
    """A table of records, one contiguous array a column; `columns[name]` is the array, no copy.

    Numbers are written into the arrays: `columns[name] = values`. Which arrays these are, and how
    long, is fixed, as compiled code reads the memory behind them. A copy or a pickle holds the
    numbers in memory of its own.
    """

    __slots__ = ("_arrays", "_block", "_places", "dtype", "size")
    dtype: np.dtype[Any]
    size: int
    _arrays: dict[str, Array]
    _block: Array
    _places: dict[str, ColumnPlace]

    def __init__(
        self, dtype: np.dtype[Any], size: int, block: Array, places: dict[str, ColumnPlace]
    ) -> None:
        for name, value in (
            ("dtype", dtype),
            ("size", size),
            ("_block", block),
            ("_places", places),
            ("_arrays", {}),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def of_records(cls, records: Array) -> Columns:
        """A table of its own with the numbers of a structured array."""
        places = column_places(records.dtype, records.size, 0)
        end = max((place.end for place in places.values()), default=0)
        columns = cls(records.dtype, records.size, memory(end), places)
        for name in places:
            columns[name] = records[name]
        return columns

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, name: str) -> Array:
        if name not in self._arrays:
            dtype, start, end = self._places[name]
            self._arrays[name] = self._block[start:end].view(dtype)
        return self._arrays[name]

    def __setitem__(self, name: str, value: object) -> None:
        self[name][...] = value

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(
            f"{name}: a table cannot be given another array, size or type; "
            f'write numbers into a column instead: columns["{name}"] = values'
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """The numbers, for a copy or a pickle."""
        return Columns.of_records, (self.records(),)

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
    """Places of the columns of `size` records from byte `start` on, each on its own cache lines."""
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
    first = -address_of(block) % CACHE_LINE_BYTES
    return block[first : first + size_bytes]


def zeros(size_bytes: int) -> Array:
    """A block of zeros; NumPy asks for large pages for `empty`, not for `zeros`."""
    block = memory(size_bytes)
    block.fill(0)
    return block


def copied(block: Array) -> Array:
    """A block with the same bytes, which begins with a cache line."""
    copy = memory(block.size)
    copy[:] = block
    return copy


def address_of(block: Array) -> int:
    """Where an array begins in memory."""
    return int(block.__array_interface__["data"][0])
