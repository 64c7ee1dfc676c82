"""Ask for memory ahead of its use, so that updating jobs does not wait for it.

Hires and separations touch workers and cells scattered over memory. Loops over them request the
rows of a few iterations later while they work on the present one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from sim.engine.compiling import part
from sim.engine.numba_state import BYTE, RecordType, place
from sim.engine.state import State
from sim.engine.worker_columns import Array

PREFETCHED_COLUMNS = {
    "workers": ("firm", "trade", "group", "efficiency", "experienced_from", "paper"),
    "cells": ("heads", "efficiency", "dismissible"),
    "staff": ("heads",),
}
"""Columns that booking a job reads or writes.

A cell's staff of one group lies in one cache line, so one of its columns is enough.
"""
CELLS_AHEAD, ROWS_AHEAD = 8, 16
TO_WRITE, KEEP_NEAR, DATA = 1, 3, 1


@intrinsic
def prefetch(typing: Any, record: Any) -> tuple[Any, Callable[..., Any]]:
    """Have the processor load the columns that booking a job needs (LLVM's prefetch instruction).

    It neither waits for the memory nor changes any value.
    """

    def emit_prefetch(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        number = ir.IntType(32)
        how = [ir.Constant(number, value) for value in (TO_WRITE, KEEP_NEAR, DATA)]
        function = ir.FunctionType(ir.VoidType(), [BYTE.as_pointer(), number, number, number])
        call = cgutils.get_or_insert_function(builder.module, function, "llvm.prefetch.p0i8")
        for column in PREFETCHED_COLUMNS[record.field]:
            builder.call(
                call,
                [
                    builder.bitcast(
                        place(context, builder, record, args[0], column), BYTE.as_pointer()
                    ),
                    *how,
                ],
            )
        return context.get_dummy_value()

    if not isinstance(record, RecordType):
        return None  # type: ignore[return-value]
    return types.void(record), emit_prefetch


@part
def prefetch_worker(state: State, rows: Array, position: int) -> None:
    """Prefetch the worker ROWS_AHEAD places further on in the list."""
    prefetch(state.workers[rows[min(position + ROWS_AHEAD, rows.size - 1)]])  # type: ignore[call-arg]


@part
def prefetch_cell(state: State, cell: int, group: int) -> None:
    """Prefetch the records of a cell and of its staff from one group."""
    prefetch(state.cells[cell])  # type: ignore[call-arg]
    prefetch(state.staff[cell, group])


@part
def prefetch_employer(state: State, rows: Array, cells: Array, position: int) -> None:
    """Prefetch the cell that hires the worker CELLS_AHEAD places further on in the list."""
    ahead = min(position + CELLS_AHEAD, rows.size - 1)
    prefetch_cell(state, cells[ahead], state.workers[rows[ahead]].group)


@part
def prefetch_hire(state: State, rows: Array, cells: Array, position: int) -> None:
    """Prefetch workers hired further on in the list, and the cells that hire them."""
    prefetch_worker(state, rows, position)
    prefetch_employer(state, rows, cells, position)


@part
def prefetch_separation(state: State, rows: Array, position: int) -> None:
    """Prefetch workers who leave their cell further on in the list, and later those cells.

    The worker's record says which cell it is, so it is requested more places ahead.
    """
    prefetch_worker(state, rows, position)
    worker = state.workers[rows[min(position + CELLS_AHEAD, rows.size - 1)]]
    prefetch_cell(state, max(worker.firm * state.trades.size + worker.trade, 0), worker.group)


@part
def prefetch_job_move(state: State, rows: Array, cells: Array, position: int) -> None:
    """Prefetch workers who change firm further on in the list, and both of their cells."""
    prefetch_separation(state, rows, position)
    prefetch_employer(state, rows, cells, position)
