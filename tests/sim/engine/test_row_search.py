"""Rows are found by whole bytes or some bits of a column, wherever a search begins and ends."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.compiling import kernel
from sim.engine.row_search import ALL_BITS, BLOCK, list_rows_equal
from sim.engine.state import AT_ONCE
from sim.engine.worker_columns import Array


@kernel
def listed(column: Array, bits: int, value: int, first: int, last: int, rows: Array) -> int:
    """The same compiled."""
    return list_rows_equal(column, bits, value, first, last, rows)


@pytest.mark.parametrize("bits", [ALL_BITS, 1, 2, 5])
@pytest.mark.parametrize("dtype", [np.uint8, np.int8])
@given(
    seed=st.integers(0, 2**32),
    size=st.integers(0, 5 * BLOCK),
    ends=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_those_are_listed_whose_bits_hold_the_value(
    bits: int, dtype: type, seed: int, size: int, ends: tuple[float, float]
) -> None:
    column = np.random.default_rng(seed).integers(0, 8, size).astype(dtype)
    first, last = sorted(int(end * size) for end in ends)
    for value in range(8):
        rows = np.full(size + AT_ONCE - 1, -1, np.int32)
        expected = [row for row in range(first, last) if int(column[row]) & bits == value]
        assert listed(column, bits, value, first, last, rows) == len(expected)
        assert rows[: len(expected)].tolist() == expected


def test_months_before_the_start_are_found() -> None:
    column, rows = np.array([-24, 3, -24] * BLOCK, np.int8), np.empty(3 * BLOCK + AT_ONCE, np.int32)
    assert listed(column, ALL_BITS, -24, 0, column.size, rows) == 2 * BLOCK
