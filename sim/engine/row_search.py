"""Find rows whose entry in a column of bytes has a given value, 64 rows at a time.

One vector comparison passes 64 rows, so the cost depends mainly on how many rows are found.
"""

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
ANYWHERE, INSIDE, OUTSIDE = range(3)


@allocating_part
def list_with_event_now(state: State, group: int, where: int) -> Array:
    """List, ascending, the rows of a group whose next event is this month.

    `where` limits them to those in construction (INSIDE) or outside it (OUTSIDE).
    """
    first, last = state.groups[group].first, state.groups[group].last
    next_event, status, month, rows = (
        state.next_event,
        state.workers.status,
        state.now[0].month,
        state.lists[EVENT_NOW],
    )
    count = 0
    for start in range(first, last, BLOCK):
        away = mask_of_equal(status, start, last, ALL_BITS, AWAY)
        mask = mask_of_equal(next_event, start, last, ALL_BITS, month) & mask_of_wanted(away, where)
        count = append_rows(mask, start, rows, count)
    return rows[:count]  # type: ignore[no-any-return]


@part
def list_rows_equal(
    column: Array, bits: int, value: int, first: int, last: int, rows: Array
) -> int:
    """List, ascending, the rows whose bytes, masked by `bits`, equal a value; return how many.

    Rows from first to last (exclusive) are searched. They are written to the front of `rows`, which
    needs room for AT_ONCE - 1 more than are found.
    """
    count = 0
    for start in range(first, last, BLOCK):
        count = append_rows(mask_of_equal(column, start, last, bits, value), start, rows, count)
    return count


@inlined_part
def mask_of_equal(column: Array, start: int, last: int, bits: int, value: int) -> Any:
    """Word whose bit i is set if the byte of row start + i, masked by `bits`, equals the value.

    Bits of rows from `last` on are 0.
    """
    if start + BLOCK <= last:
        return equal_in_block(column, start, bits, value)  # type: ignore[call-arg]
    mask = np.uint64(0)
    for row in range(start, last):
        mask |= np.uint64(column[row] & bits == value) << np.uint64(row - start)
    return mask


@inlined_part
def mask_of_wanted(away: Any, where: int) -> Any:
    """Mask of the rows to keep, given the mask of those outside construction."""
    if where == ANYWHERE:
        return ~np.uint64(0)
    return away if where == OUTSIDE else ~away


@inlined_part
def append_rows(mask: Any, start: int, rows: Array, count: int) -> int:
    """Append the rows of the set bits to a list and return its length.

    AT_ONCE entries are written in one go without counting; the surplus is overwritten by the next.
    """
    # Most blocks hold a few rows: a loop whose length is each block's own count would often be
    # mispredicted by the processor.
    end = count + count_bits(mask)  # type: ignore[call-arg]
    while count < end:
        for more in range(AT_ONCE):
            rows[count + more] = start + lowest_bit(mask)
            mask &= mask - np.uint64(1)
        count += AT_ONCE
    return end


@intrinsic
def equal_in_block(
    typing: Any, column: Any, start: Any, bits: Any, value: Any
) -> tuple[Any, Callable[..., Any]]:
    """Compare a whole block of 64 rows at once, in one or two vector instructions."""

    def compare(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        array = context.make_array(sig.args[0])(context, builder, args[0])
        size, end = array.nitems, builder.add(args[1], cgutils.intp_t(BLOCK - 1))
        refuse_outside(context, builder, args[1], size, "mask_of_equal: column[start]")
        refuse_outside(context, builder, end, size, "mask_of_equal: column[start + BLOCK - 1]")
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
def lowest_bit(typing: Any, mask: Any) -> tuple[Any, Callable[..., Any]]:
    """Place of the lowest bit that is set; 64 where none is."""

    def count(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), count


@intrinsic
def count_bits(typing: Any, mask: Any) -> tuple[Any, Callable[..., Any]]:
    """How many bits are set."""

    def count(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.int64(types.uint64), count
