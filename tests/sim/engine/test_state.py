"""The state's memory: arrays lie apart, and kernels and Python see the same numbers.

A fork shares constants alone, and what kernels would read wrongly is refused.
"""

from __future__ import annotations

import itertools
import math

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.columns import CACHE_LINE_BYTES, Columns, memory, zeros
from sim.engine.compiling import kernel
from sim.engine.kernels import state_kernel
from sim.engine.records import CELL
from sim.engine.state import (
    BLOCK_NAMES,
    CONSTANT,
    FIELDS,
    GOES_ON,
    RECORDED,
    ROOM,
    Sizes,
    State,
    layout,
)

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


def blocks_of(sizes: Sizes) -> list[np.ndarray]:
    """Blocks as a State of these sizes needs them."""
    return [zeros(size) for size in layout(sizes).block_bytes]


def test_a_state_works_on_the_blocks_it_is_given():
    blocks = blocks_of(SMALL)
    write_numbers(State(SMALL, blocks))
    assert blocks[GOES_ON].any()
    assert State(SMALL, blocks).cells["log_wage"][4] == 2.0


@pytest.mark.parametrize("block", [CONSTANT, GOES_ON, RECORDED, ROOM])
@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda block: block[:-CACHE_LINE_BYTES], "needed: uint8"),
        (lambda block: memory(block.size + 8)[8:], "begins within a cache line"),
        (lambda block: memory(2 * block.size)[::2], "needed: uint8"),
        (lambda block: block.view(np.int64), "needed: uint8"),
        (lambda block: block.view(np.int8), "needed: uint8"),
        (lambda block: block.reshape(2, -1), "needed: uint8"),
        (lambda block: block.tobytes(), "given bytes; needed: an array"),
        (lambda block: None, "given NoneType; needed: an array"),
    ],
)
def test_wrong_blocks_were_read_and_written_all_the_same(block, spoil, problem):
    blocks = blocks_of(SMALL)
    blocks[block] = spoil(blocks[block])
    with pytest.raises(ValueError, match=f"{BLOCK_NAMES[block]}: .*{problem}"):
        State(SMALL, blocks)


def test_every_wrong_block_is_named_at_once():
    blocks = blocks_of(SMALL)
    blocks[GOES_ON] = blocks[GOES_ON][:64]
    blocks[RECORDED].flags.writeable = False
    blocks[CONSTANT].flags.writeable = False
    with pytest.raises(ValueError, match="cannot use") as caught:
        State(SMALL, blocks)
    assert "what a run goes on from: given" in str(caught.value)
    assert "the panel: is read-only" in str(caught.value)
    assert "constants" not in str(caught.value)
    with pytest.raises(ValueError, match="given 3; needed: 4"):
        State(SMALL, blocks[:3])


def test_blocks_that_share_memory_are_refused():
    blocks = blocks_of(SMALL)
    both = zeros(blocks[GOES_ON].size + 64)
    blocks[GOES_ON] = both[:-64]
    blocks[ROOM] = both[64:][: blocks[ROOM].size]
    with pytest.raises(ValueError, match="share memory"):
        State(SMALL, blocks)


@pytest.mark.parametrize(
    ("axis", "wrong"),
    [
        ("groups", 257),
        ("groups", 0),
        ("trades", 129),
        ("firms", 2**31 + 1),
        ("workers", 2**31 - 3),
        ("workers", -1),
        ("months", 151),
        ("pipeline_months", 0),
        ("trades", 2.0),
    ],
)
def test_sizes_that_indices_cannot_tell_apart_are_refused(axis, wrong):
    with pytest.raises(ValueError, match=f"{axis}: given {wrong}; allowed: a whole number from 1"):
        State(SMALL._replace(**{axis: wrong}))


def test_a_field_that_was_given_another_array_was_not_what_kernels_saw():
    state = State(SMALL)
    for name in (*FIELDS, "sizes", "address", "_blocks", "_table", "wage"):
        with pytest.raises(AttributeError, match=f"{name}: a State cannot be given another array"):
            setattr(state, name, np.zeros(3))
    with pytest.raises(AttributeError, match="dtype: a table cannot be given another array"):
        state.cells.dtype = CELL
    with pytest.raises(AttributeError, match=r'columns\["wage"\] = values'):
        state.cells.wage = np.zeros(10)
    state.next_event += 3
    state.cells["wage"] += 1.5
    assert state.next_event.sum() == 303
    assert state.cells["wage"].sum() == 15.0


def test_arrays_cannot_be_resized():
    state = State(SMALL)
    for name in FIELDS:
        for array in arrays_of(state, name):
            with pytest.raises(ValueError, match="does not own its data"):
                array.resize(array.size + 1, refcheck=False)
    with pytest.raises(ValueError, match="broadcast"):
        state.cells["wage"] = np.zeros(11)


def test_closed_constants_are_read_only_and_stay_so_in_forks():
    state = State(SMALL)
    state.groups["quota"] = 7
    state.close_constants()
    for each in (state, state.fork(), state.fork().fork()):
        assert (each.groups["quota"] == 7).all()
        with pytest.raises(ValueError, match="read-only"):
            each.groups["quota"] = 8
        with pytest.raises(ValueError, match="read-only"):
            each.waits["bound"][0] = 0.0
        each.trades["weight"] = 1.0


@pytest.mark.parametrize("given", [None, 4096, np.zeros(3), "state"])
def test_a_kernel_takes_a_state_alone(given):
    with pytest.raises(TypeError, match="write_numbers: works on a State, not on"):
        write_numbers(given)


def test_an_object_with_an_address_was_taken_for_a_state():
    class Pretends:
        address = 64

        def __index__(self) -> int:
            return self.address

    with pytest.raises(TypeError, match="not on Pretends"):
        write_numbers(Pretends())
    with pytest.raises(numba.core.errors.TypingError):
        write_number(Pretends(), 1)
    write_number(State(SMALL), 1)


@kernel
def write_number(state: State, row: int) -> None:
    """A kernel of more than a State."""
    state.next_event[row] = 1


def test_a_name_that_is_no_field_is_refused():
    with pytest.raises(AttributeError, match="'worker'"):
        State(SMALL).worker  # noqa: B018


@pytest.mark.slow
def test_rules_for_other_types_hold_beside_those_asked_first():
    @numba.njit
    def mixed(words: str) -> tuple:
        table = {"a": 1.5}
        table["b"] = 2.0
        pair = (1, 2.5)
        return words[1] + words[0], table["b"] + pair[0], [3, 4][1] + True, words == "ab", not words

    assert mixed("ab") == ("ba", 3.0, 5, True, False)
