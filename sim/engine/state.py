"""Everything that changes or is read in a month, as arrays: what kernels work on and what a fork copies."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.engine.columns import (
    Array,
    ColumnPlace,
    Columns,
    column_places,
    copied,
    in_cache_lines,
    memory,
    zeros,
)
from sim.engine.draws import DECISIONS
from sim.engine.panel import ByGroup, ByGroupTrade, ByPaper, ByTrade, Fate, Flow, OfMarket
from sim.engine.records import (
    CELL,
    DATED,
    DATED_BY_GROUP,
    FIRM,
    GROUP,
    GROUP_NOW,
    NOW,
    PARAMETERS,
    STAFF,
    TRADE,
    WAIT,
)
from sim.engine.worker_columns import PAPERS, STATUSES, WORKER

UNFILLED_WINDOW = 6
CANDIDATES, WAITING, ON_THE_JOB_SEARCHERS, EVENT_NOW = range(4)
AT_ONCE = 4
"""Rows noted in one go: lists of rows have room for as many less one beyond all workers."""
WAIT_PARTS = 1024
"""Equal parts of [0, 1) for which the guide to a wait knows where to start looking (sim.engine.waiting_times); places in the table of a rate."""
CONSTANT, GOES_ON, RECORDED, ROOM = BLOCKS = range(4)
"""Blocks of memory: shared by forks; what a run goes on from, copied by a fork; the panel, copied; room for the verbs, fresh."""


class Sizes(NamedTuple):
    """How many there are of everything."""

    groups: int  # G
    trades: int  # K
    firms: int  # J; cells C = J * K, firm * K + trade
    workers: int  # N
    months: int  # T, burn-in and all
    pipeline_months: int  # P

    def along(self, axis: str | int) -> int:
        """Length of an axis: a number, or a letter: those above, C, L (places in a list of rows), W (places in the table of waits)."""
        if isinstance(axis, int):
            return axis
        if axis == "C":
            return self.firms * self.trades
        if axis == "L":
            return self.workers + AT_ONCE - 1
        if axis == "W":
            return self.groups * 2 * WAIT_PARTS
        return self["GKJNTP".index(axis)]


class Field(NamedTuple):
    """One array of the state: what it holds and along which axes."""

    dtype: np.dtype[Any] | str
    axes: tuple[str | int, ...]
    meaning: str
    by_column: bool = False
    block: int = GOES_ON


FIELDS = {
    "parameters": Field(PARAMETERS, (1,), "numbers of the market", block=CONSTANT),
    "groups": Field(GROUP, ("G",), "numbers of each group, rows first to last", block=CONSTANT),
    "entry_shares": Field(
        "f8", ("G", "K"), "cumulated trade shares of the configuration", block=CONSTANT
    ),
    "firm_shares": Field("f8", ("J",), "cumulated sizes", block=CONSTANT),
    "waits": Field(
        WAIT,
        ("W",),
        "waits of each group without and with a job, tabulated",
        by_column=True,
        block=CONSTANT,
    ),
    "dated": Field(
        DATED, ("T",), "what the outside world does, by month, burn-in first", block=CONSTANT
    ),
    "dated_by_group": Field(DATED_BY_GROUP, ("T", "G"), "the same by group", block=CONSTANT),
    "now": Field(NOW, (1,), "what is in force this month"),
    "groups_now": Field(GROUP_NOW, ("G",), "what holds for a group this month"),
    "keys": Field("i8", (DECISIONS,), "streams of the month by decision"),
    "workers": Field(WORKER, ("N",), "rows of a group together", by_column=True),
    "next_event": Field("i1", ("N",), "month of the next event, 127 never"),
    "cells": Field(CELL, ("C",), "trade by trade in every firm", by_column=True),
    "staff": Field(STAFF, ("C", "G"), "heads and efficiency of a group in a cell"),
    "firms": Field(FIRM, ("J",), "firms", by_column=True),
    "trades": Field(TRADE, ("K",), "trades"),
    "unfilled": Field("f8", (UNFILLED_WINDOW, "C"), "unfilled shares of the last six months"),
    "pipeline": Field("f8", ("P", "J"), "work built and not yet completed"),
    "stock": Field("i8", ("G", "K", len(STATUSES)), "heads by status (seeking and employed)"),
    "papers": Field("i8", ("G", len(PAPERS)), "employed heads by paper"),
    "flows": Field("i8", ("G", "K", len(Flow)), "of the month"),
    "fates": Field("i8", ("G", len(Fate)), "of the month"),
    "registrations": Field("i8", ("G", len(PAPERS)), "of the month"),
    "by_group_trade": Field(
        "f8",
        ("T", len(ByGroupTrade), "G", "K"),
        "the panel (sim.engine.panel), burn-in first",
        block=RECORDED,
    ),
    "by_group": Field("f8", ("T", len(ByGroup), "G"), "the panel", block=RECORDED),
    "by_paper": Field("f8", ("T", len(ByPaper), "G", len(PAPERS)), "the panel", block=RECORDED),
    "by_trade": Field("f8", ("T", len(ByTrade), "K"), "the panel", block=RECORDED),
    "market": Field("f8", ("T", len(OfMarket)), "the panel", block=RECORDED),
    "lists": Field(
        "i4",
        (4, "L"),
        "candidates, waiting, on_the_job_searchers, those whose month has come",
        block=ROOM,
    ),
    "numbers": Field("f8", ("N",), "numbers of workers", block=ROOM),
    "baseline_log_wages": Field(
        "f8", ("C",), "wages that a policy branch at baseline wages is to post", block=ROOM
    ),
}


def words_of(field: Field) -> int:
    """Words a field takes in the table: its lengths, then the address of its data or of each column."""
    return len(field.axes) + (len(np.dtype(field.dtype).names or ()) if field.by_column else 1)


FIRST_WORD = dict(
    zip(FIELDS, np.cumsum([0, *map(words_of, FIELDS.values())]).tolist(), strict=False)
)


class Place(NamedTuple):
    """Where an array lies in its block, in bytes, and its shape; the places of its columns, if it has some."""

    start: int
    end: int
    shape: tuple[int, ...]
    columns: dict[str, ColumnPlace]

    def addresses(self) -> list[int]:
        """Where its data, or each column, begins."""
        return [column.start for column in self.columns.values()] or [self.start]


class Layout(NamedTuple):
    """Where everything lies."""

    places: dict[str, Place]
    block_bytes: list[int]
    words: Array  # i8 the table, addresses counted from the start of their block
    block_of_word: (
        Array  # i8 the block an address lies in; for a length one more than there are blocks
    )


@functools.lru_cache(maxsize=32)
def layout(sizes: Sizes) -> Layout:
    """Lay out the arrays one after the other, each on cache lines of its own."""
    places, block_bytes = {}, [0 for _ in BLOCKS]
    words: list[int] = []
    block_of_word: list[int] = []
    for name, field in FIELDS.items():
        dtype, shape, start = (
            np.dtype(field.dtype),
            tuple(map(sizes.along, field.axes)),
            block_bytes[field.block],
        )
        columns = column_places(dtype, math.prod(shape), start) if field.by_column else {}
        end = max(
            (column.end for column in columns.values()),
            default=start + dtype.itemsize * math.prod(shape),
        )
        place = places[name] = Place(start, end, shape, columns)
        block_bytes[field.block] = in_cache_lines(end)
        addresses = place.addresses()
        words += [*shape, *addresses]
        block_of_word += [len(BLOCKS)] * len(shape) + [field.block] * len(addresses)
    return Layout(places, block_bytes, np.array(words, np.int64), np.array(block_of_word, np.int64))


class State:
    """The market's arrays by name (FIELDS), in a few blocks of memory. Kernels reach them through the table of lengths and addresses."""

    __slots__ = (*FIELDS, "_blocks", "_table", "address", "sizes")

    def __init__(self, sizes: Sizes, blocks: Sequence[Array] | None = None) -> None:
        """All zeros, unless blocks are given."""
        self.sizes = sizes
        here = layout(sizes)
        self._blocks = blocks or [zeros(size) for size in here.block_bytes]
        begins = np.array([*(block.ctypes.data for block in self._blocks), 0], np.int64)
        self._table = here.words + begins[here.block_of_word]
        self.address: int = self._table.ctypes.data

    def __getattr__(self, name: str) -> Any:
        """An array that nobody has asked for yet."""
        if name not in FIELDS:
            raise AttributeError(f"a State has no {name!r}")
        field, place = FIELDS[name], layout(self.sizes).places[name]
        block, dtype = self._blocks[field.block], np.dtype(field.dtype)
        array: Any = (
            Columns(dtype, place.shape[0], block, place.columns)
            if field.by_column
            else block[place.start : place.end].view(dtype).reshape(place.shape)
        )
        setattr(self, name, array)
        return array

    def __index__(self) -> int:
        """What kernels take a State by."""
        return self.address

    def fork(self) -> State:
        """An independent copy that goes on from here; constants are shared, room for the verbs is fresh."""
        constants, goes_on, recorded, room = self._blocks
        return State(self.sizes, (constants, copied(goes_on), copied(recorded), memory(room.size)))
