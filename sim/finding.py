"""Finding rows by what columns of bytes hold, 64 rows at a time: a sweep costs what it finds, not what it passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from sim.compiled import allocating_part, inlined_part, part
from sim.population import AWAY, Array
from sim.state import AT_ONCE, DUE, State

BLOCK = 64
ANYBODY, INSIDE, OUTSIDE = range(3)


@allocating_part
def list_due(state: State, group: int, whose: int) -> Array:
    """Rows of a group whose month has come, ascending: anybody's, or of those in construction or outside it alone."""
    first, last = state.groups[group].first, state.groups[group].last
    due, status, month, rows = state.due, state.workers.status, state.now[0].month, state.lists[DUE]
    found = 0
    for start in range(first, last, BLOCK):
        places = places_with(due, start, last, month) & wanted(places_with(status, start, last, AWAY), whose)
        found = note_places(places, start, rows, found)
    return rows[:found]  # type: ignore[no-any-return]


@part
def list_with(column: Array, value: int, first: int, last: int, rows: Array) -> int:
    """List at the front of `rows`, ascending, those from first to last (exclusive) whose i1 column holds a value; returns how many."""
    found = 0
    for start in range(first, last, BLOCK):
        found = note_places(places_with(column, start, last, value), start, rows, found)
    return found


@inlined_part
def places_with(column: Array, start: int, last: int, value: int) -> Any:
    """A word whose bit i says that row start + i holds the value; no bit for rows from `last` on."""
    if start + BLOCK <= last:
        return equal_in_block(column, start, value)  # type: ignore[call-arg]
    places = np.uint64(0)
    for row in range(start, last):
        places |= np.uint64(column[row] == value) << np.uint64(row - start)
    return places


@inlined_part
def wanted(away: Any, whose: int) -> Any:
    """Places of those who are wanted, from the places of those outside."""
    if whose == ANYBODY:
        return ~np.uint64(0)
    return away if whose == OUTSIDE else ~away


@inlined_part
def note_places(places: Any, start: int, rows: Array, found: int) -> int:
    """Note the rows of the bits that are set, AT_ONCE without asking whether there are so many; returns how many are noted now."""
    # Most blocks hold a few rows: a loop that ended after each block's own number of them would often be mispredicted.
    end = found + how_many(places)  # type: ignore[call-arg]
    while found < end:
        for more in range(AT_ONCE):
            rows[found + more] = start + lowest_place(places)
            places &= places - np.uint64(1)
        found += AT_ONCE
    return end


@intrinsic
def equal_in_block(typing: Any, column: Any, start: Any, value: Any) -> tuple[Any, Callable[..., Any]]:
    """The same for 64 rows at once, in a vector instruction or two."""

    def compare(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        array = context.make_array(sig.args[0])(context, builder, args[0])
        block, lanes = ir.VectorType(ir.IntType(8), BLOCK), ir.VectorType(ir.IntType(32), BLOCK)
        values = builder.load(builder.bitcast(builder.gep(array.data, [args[1]]), block.as_pointer()), align=1)
        nothing = ir.Constant(block, ir.Undefined)
        one = builder.insert_element(nothing, builder.trunc(args[2], ir.IntType(8)), cgutils.int32_t(0))
        every = builder.shuffle_vector(one, nothing, ir.Constant(lanes, [0] * BLOCK))
        return builder.bitcast(builder.icmp_signed("==", values, every), ir.IntType(64))

    return types.uint64(column, types.int64, types.int64), compare


@intrinsic
def lowest_place(typing: Any, places: Any) -> tuple[Any, Callable[..., Any]]:
    """Place of the lowest bit that is set; 64 where none is."""

    def count(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), count


@intrinsic
def how_many(typing: Any, places: Any) -> tuple[Any, Callable[..., Any]]:
    """How many bits are set."""

    def count(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.int64(types.uint64), count
