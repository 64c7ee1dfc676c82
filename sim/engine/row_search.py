"""Finding rows by what columns of bytes, or some bits of them, hold, 64 at a time: a sweep costs what it finds, not what it passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from sim.engine.compiling import allocating_part, inlined_part, part
from sim.engine.numba_state import refuse_outside
from sim.engine.state import AT_ONCE, EVENT_NOW, State
from sim.engine.worker_columns import AWAY, Array

BLOCK = 64
ALL_BITS = -1
ANYBODY, INSIDE, OUTSIDE = range(3)


@allocating_part
def list_with_event_now(state: State, group: int, whose: int) -> Array:
    """Rows of a group whose month has come, ascending: anybody's, or of those in construction or outside it alone."""
    first, last = state.groups[group].first, state.groups[group].last
    due, status, month, rows = (
        state.next_event,
        state.workers.status,
        state.now[0].month,
        state.lists[EVENT_NOW],
    )
    found = 0
    for start in range(first, last, BLOCK):
        away = places_with(status, start, last, ALL_BITS, AWAY)
        places = places_with(due, start, last, ALL_BITS, month) & wanted(away, whose)
        found = note_places(places, start, rows, found)
    return rows[:found]  # type: ignore[no-any-return]


@part
def list_with(column: Array, bits: int, value: int, first: int, last: int, rows: Array) -> int:
    """List, ascending, the rows from first to last (exclusive) where these bits of a column of bytes hold a value; returns how many.

    They are put at the front of `rows`, which has room for AT_ONCE - 1 more than there are.
    """
    found = 0
    for start in range(first, last, BLOCK):
        found = note_places(places_with(column, start, last, bits, value), start, rows, found)
    return found


@inlined_part
def places_with(column: Array, start: int, last: int, bits: int, value: int) -> Any:
    """A word whose bit i says that these bits of row start + i hold the value; no bit for rows from `last` on."""
    if start + BLOCK <= last:
        return equal_in_block(column, start, bits, value)  # type: ignore[call-arg]
    places = np.uint64(0)
    for row in range(start, last):
        places |= np.uint64(column[row] & bits == value) << np.uint64(row - start)
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
def equal_in_block(
    typing: Any, column: Any, start: Any, bits: Any, value: Any
) -> tuple[Any, Callable[..., Any]]:
    """The same for 64 rows at once, in a vector instruction or two."""

    def compare(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        array = context.make_array(sig.args[0])(context, builder, args[0])
        size, end = array.nitems, builder.add(args[1], cgutils.intp_t(BLOCK - 1))
        refuse_outside(context, builder, args[1], size, "places_with: column[start]")
        refuse_outside(context, builder, end, size, "places_with: column[start + BLOCK - 1]")
        block, lanes = ir.VectorType(ir.IntType(8), BLOCK), ir.VectorType(ir.IntType(32), BLOCK)
        nothing = ir.Constant(block, ir.Undefined)

        def in_every_lane(number: Any) -> Any:
            one = builder.insert_element(
                nothing, builder.trunc(number, ir.IntType(8)), cgutils.int32_t(0)
            )
            return builder.shuffle_vector(one, nothing, ir.Constant(lanes, [0] * BLOCK))

        values = builder.load(
            builder.bitcast(builder.gep(array.data, [args[1]]), block.as_pointer()), align=1
        )
        some = builder.and_(values, in_every_lane(args[2]))
        return builder.bitcast(
            builder.icmp_signed("==", some, in_every_lane(args[3])), ir.IntType(64)
        )

    return types.uint64(column, types.int64, types.int64, types.int64), compare


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
