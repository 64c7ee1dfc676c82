"""The state's memory: arrays lie apart, kernels and Python see the same numbers, a fork shares constants alone."""

from __future__ import annotations

import itertools
import math

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.columns import CACHE_LINE_BYTES, Columns
from sim.engine.kernels import state_kernel
from sim.engine.state import CONSTANT, FIELDS, GOES_ON, RECORDED, ROOM, Sizes, State, layout

SMALL = Sizes(groups=3, trades=2, firms=5, workers=101, months=7, pipeline_months=4)
numbers = st.integers(1, 300)


def arrays_of(state: State, name: str) -> list[np.ndarray]:
    """The array of a field, or its columns."""
    found = getattr(state, name)
    return (
        [found[column] for column in found.dtype.names] if isinstance(found, Columns) else [found]
    )


@given(
    st.builds(
        Sizes,
        st.integers(1, 256),
        st.integers(1, 128),
        numbers,
        numbers,
        st.integers(1, 150),
        st.integers(1, 60),
    )
)
def test_arrays_lie_apart_on_cache_lines_of_their_own(sizes):
    here = layout(sizes)
    taken: dict[int, list[tuple[int, int]]] = {
        block: [] for block in (CONSTANT, GOES_ON, RECORDED, ROOM)
    }
    for name, field in FIELDS.items():
        place, dtype = here.places[name], np.dtype(field.dtype)
        assert place.shape == tuple(map(sizes.along, field.axes))
        lengths = (
            [dtype[column].itemsize for column in dtype.names]
            if field.by_column
            else [dtype.itemsize]
        )
        starts = place.addresses()
        taken[field.block] += [
            (a, a + n * math.prod(place.shape)) for a, n in zip(starts, lengths, strict=True)
        ]
    for block, extents in taken.items():
        extents.sort()
        assert all(start % CACHE_LINE_BYTES == 0 for start, _ in extents)
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(extents))
        assert extents[-1][1] <= here.block_bytes[block]


@state_kernel
def write_numbers(state: State) -> None:
    """Numbers by column, one after the other, in one, two and three dimensions."""
    for row in range(state.workers.size):
        state.workers[row].taste = -row
        state.next_event[row] = row % 120
    for cell in range(state.cells.size):
        state.cells[cell].log_wage = 0.5 * cell
        for group in range(state.groups.size):
            state.staff[cell, group].efficiency = 10 * cell + group
    for k in range(state.trades.size):
        state.trades[k].weight = k + 0.25
        state.by_trade[6, 1, k] = k


def test_kernels_and_python_see_the_same_numbers():
    state = State(SMALL)
    assert all(
        not array.view(np.uint8).any() for name in FIELDS for array in arrays_of(state, name)
    )
    write_numbers(state)
    rows, cells = np.arange(101), np.arange(10)
    assert (state.workers["taste"] == -rows).all()
    assert (state.next_event == rows % 120).all()
    assert (state.cells["log_wage"] == 0.5 * cells).all()
    assert (state.staff["efficiency"] == 10 * cells[:, None] + np.arange(3)).all()
    assert (state.trades["weight"] == [0.25, 1.25]).all()
    assert (state.by_trade[6, 1] == [0, 1]).all()
    written = {"workers", "next_event", "cells", "staff", "trades", "by_trade"}
    assert all(
        not array.view(np.uint8).any()
        for name in set(FIELDS) - written
        for array in arrays_of(state, name)
    )


def test_a_fork_shares_constants_alone():
    state = State(SMALL)
    write_numbers(state)
    fork = state.fork()
    for name, field in FIELDS.items():
        for ours, theirs in zip(arrays_of(state, name), arrays_of(fork, name), strict=True):
            assert np.shares_memory(ours, theirs) == (field.block == CONSTANT)
            assert field.block == ROOM or ours.tobytes() == theirs.tobytes()


def test_a_name_that_is_no_field_is_refused():
    with pytest.raises(AttributeError, match="'worker'"):
        State(SMALL).worker  # noqa: B018


def test_rules_for_other_types_hold_beside_those_asked_first():
    @numba.njit
    def mixed(words: str) -> tuple:
        table = {"a": 1.5}
        table["b"] = 2.0
        pair = (1, 2.5)
        return words[1] + words[0], table["b"] + pair[0], [3, 4][1] + True, words == "ab", not words

    assert mixed("ab") == ("ba", 3.0, 5, True, False)
