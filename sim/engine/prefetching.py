"""Fetching ahead: memory is asked for some rows before their turn.

A month's books touch workers and cells here and there in memory.
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
"""What the books need of a record; a group's staff of a cell lies in one cache line."""
CELLS_AHEAD, ROWS_AHEAD = 8, 16
TO_WRITE, KEEP_NEAR, DATA = 1, 3, 1


@intrinsic
def prefetch(typing: Any, record: Any) -> tuple[Any, Callable[..., Any]]:
    """Have the processor prefetch what the books need of a record (LLVM's emit_prefetch).

    Nothing waits for it, and nothing changes.
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
    """Fetch who stands some places further on."""
    prefetch(state.workers[rows[min(position + ROWS_AHEAD, rows.size - 1)]])  # type: ignore[call-arg]


@part
def prefetch_cell(state: State, cell: int, group: int) -> None:
    """Fetch the books of a cell, and of its staff of a group."""
    prefetch(state.cells[cell])  # type: ignore[call-arg]
    prefetch(state.staff[cell, group])


@part
def prefetch_employer(state: State, rows: Array, cells: Array, position: int) -> None:
    """Fetch the cell that hires who stands some places further on."""
    ahead = min(position + CELLS_AHEAD, rows.size - 1)
    prefetch_cell(state, cells[ahead], state.workers[rows[ahead]].group)


@part
def prefetch_hire(state: State, rows: Array, cells: Array, position: int) -> None:
    """Fetch those hired some places further on, and the cells that hire them."""
    prefetch_worker(state, rows, position)
    prefetch_employer(state, rows, cells, position)


@part
def prefetch_separation(state: State, rows: Array, position: int) -> None:
    """Fetch those who leave their cell further on: first the workers, then the cells they name."""
    prefetch_worker(state, rows, position)
    worker = state.workers[rows[min(position + CELLS_AHEAD, rows.size - 1)]]
    prefetch_cell(state, max(worker.firm * state.trades.size + worker.trade, 0), worker.group)


@part
def prefetch_job_move(state: State, rows: Array, cells: Array, position: int) -> None:
    """Fetch those who change their cell some places further on, and both cells."""
    prefetch_separation(state, rows, position)
    prefetch_employer(state, rows, cells, position)
