"""All numbers that a month reads or changes, in arrays that compiled code works on.

The arrays lie in a few blocks of memory, so that forking a branch copies blocks, not objects.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, NoReturn

import numpy as np

from sim.engine.columns import (
    CACHE_LINE_BYTES,
    Array,
    ColumnPlace,
    Columns,
    address_of,
    column_places,
    copied,
    in_cache_lines,
    memory,
    zeros,
)
from sim.engine.draws import DECISION_STREAMS
from sim.engine.panel import ByGroup, ByGroupTrade, ByPaper, ByTrade, Fate, Flow, OfMarket
from sim.engine.pickles import MadeBy, refuse_pickle, version_of
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
    STRUCTURE,
    TRADE,
    WAIT,
)
from sim.engine.worker_columns import BURN_IN_MONTHS, LAST_MONTH, PAPERS, STATUSES, WORKER

UNFILLED_WINDOW = 6
CANDIDATES, WAITING, ON_THE_JOB_SEARCHERS, EVENT_NOW = range(4)
AT_ONCE = 4
"""Rows noted in one go: a list of rows has room for AT_ONCE - 1 more than there are workers."""
WAIT_PARTS = 1024
"""Places in the table of waits of one rate, and parts of [0, 1) that its guide tells apart.

See sim.engine.waiting_times.
"""
CONSTANT, GOES_ON, RECORDED, ROOM = BLOCKS = range(4)
"""Blocks of memory: constants fixed at the opening, which forks share; the state that months change
and the panel, which a fork copies; working room for the verbs, new in a fork."""
BLOCK_NAMES = ("constants", "what a run goes on from", "the panel", "room for the verbs")


class Sizes(NamedTuple):
    """How many groups, trades, firms, workers and months there are."""

    groups: int  # G
    trades: int  # K
    firms: int  # J; cells C = J * K, firm * K + trade
    workers: int  # N
    months: int  # T, burn-in and all
    pipeline_months: int  # P

    def along(self, axis: str | int) -> int:
        """Length of an axis given as a number or a letter.

        Letters: those above, L (places in a list of rows), W (places in the table of waits).
        """
        if isinstance(axis, int):
            return axis
        if axis == "C":
            return self.firms * self.trades
        if axis == "L":
            return self.workers + AT_ONCE - 1
        if axis == "W":
            return self.groups * 2 * WAIT_PARTS
        return self["GKJNTP".index(axis)]


LARGEST = Sizes(
    groups=int(np.iinfo(WORKER["group"]).max) + 1,
    trades=int(np.iinfo(WORKER["trade"]).max) + 1,
    firms=int(np.iinfo(WORKER["firm"]).max) + 1,
    workers=int(np.iinfo(np.int32).max) + 1 - AT_ONCE,
    months=BURN_IN_MONTHS + LAST_MONTH,
    pipeline_months=1024,
)
"""The most that the columns of indices and of months can tell apart."""


class Field(NamedTuple):
    """One array of the state: what it holds and along which axes."""

    dtype: np.dtype[Any] | str
    axes: tuple[str | int, ...]
    meaning: str
    by_column: bool = False
    block: int = GOES_ON


FIELDS = {
    "parameters": Field(PARAMETERS, (1,), "numbers of the market", block=CONSTANT),
    "structure": Field(STRUCTURE, (1,), "alternatives of the rules in force", block=CONSTANT),
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
    "keys": Field("i8", (DECISION_STREAMS,), "streams of the month by decision"),
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
    """Words of a field in the table: its lengths, then the address of its data or each column."""
    return len(field.axes) + (len(np.dtype(field.dtype).names or ()) if field.by_column else 1)


FIRST_WORD = dict(
    zip(FIELDS, np.cumsum([0, *map(words_of, FIELDS.values())]).tolist(), strict=False)
)


class Place(NamedTuple):
    """Where an array lies in its block, in bytes, and its shape; places of its columns, if any."""

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
    block_of_word: Array  # i8 the block an address lies in; for a length, the number of blocks


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


def check_sizes(sizes: Sizes) -> None:
    """Refuse sizes for which there are no arrays: every problem in one ValueError."""
    problems = [
        f"{name}: given {given!r}; allowed: a whole number from 1 to {most:,}"
        for name, given, most in zip(Sizes._fields, sizes, LARGEST, strict=True)
        if not isinstance(given, int) or not 1 <= given <= most
    ]
    if problems:
        raise ValueError("a State of these sizes cannot be made: " + "; ".join(problems))


def check_blocks(blocks: Sequence[Array], here: Layout) -> None:
    """Refuse memory that compiled code would read or write wrongly: all problems in one ValueError.

    A block is a writable array of bytes of the layout's size that begins with a cache line; the
    constants may be read-only.
    """
    problems = list(block_problems(blocks, here))
    if problems:
        raise ValueError("a State cannot use these blocks: " + "; ".join(problems))


def block_problems(blocks: Sequence[Array], here: Layout) -> Iterator[str]:
    """What is wrong with blocks, one line each."""
    if len(blocks) != len(BLOCKS):
        yield f"given {len(blocks)}; needed: {len(BLOCKS)} ({', '.join(BLOCK_NAMES)})"
        return
    spans = []
    for number, name, block, size in zip(
        BLOCKS, BLOCK_NAMES, blocks, here.block_bytes, strict=True
    ):
        if not isinstance(block, np.ndarray):
            yield f"{name}: given {type(block).__name__}; needed: an array"
            continue
        if block.dtype != np.uint8 or block.shape != (size,) or not block.flags.c_contiguous:
            yield f"{name}: given {block.dtype}{list(block.shape)}; needed: uint8[{size}] in a row"
        if address_of(block) % CACHE_LINE_BYTES:
            yield f"{name}: begins within a cache line; sim.engine.columns.memory makes blocks"
        if number != CONSTANT and not block.flags.writeable:
            yield f"{name}: is read-only"
        spans.append((address_of(block), address_of(block) + block.nbytes, name))
    spans.sort()
    for (_, end, name), (start, _, other) in itertools.pairwise(spans):
        if start < end:
            yield f"{name} and {other}: share memory"


MADE_BY = ("compiled code", "layout of the arrays")


@version_of("layout of the arrays")
@functools.cache
def layout_version() -> str:
    """Hash of what lies where: names, types, axes and blocks of the fields."""
    lines = [
        f"{name} {np.dtype(field.dtype).descr} {field.axes} {field.by_column} {field.block}"
        for name, field in FIELDS.items()
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


class State:
    """The market's arrays by name (FIELDS), in a few blocks of memory.

    Compiled code reaches the arrays through a table of their lengths and addresses, so numbers are
    written into them (`state.flows[:] = 0`) and no field can be given another array. Copies and
    pickles hold blocks and a table of their own. An array that is held apart from its State is
    copied or pickled as NumPy does it: as numbers of its own.
    """

    __slots__ = (*FIELDS, "_blocks", "_table", "address", "sizes")
    sizes: Sizes
    address: int
    _blocks: tuple[Array, ...]
    _table: Array

    def __init__(self, sizes: Sizes, blocks: Sequence[Array] | None = None) -> None:
        """All zeros, unless blocks are given.

        Raises ValueError for sizes that are too large and for blocks that do not fit.
        """
        check_sizes(sizes)
        if blocks is None:
            blocks = [zeros(size) for size in layout(sizes).block_bytes]
        else:
            check_blocks(blocks, layout(sizes))
        self._work_on(sizes, blocks)

    def _work_on(self, sizes: Sizes, blocks: Sequence[Array]) -> None:
        """Take blocks that fit."""
        here = layout(sizes)
        begins = np.array([*map(address_of, blocks), 0], np.int64)
        table = here.words + begins[here.block_of_word]
        for name, value in (
            ("sizes", sizes),
            ("_blocks", tuple(blocks)),
            ("_table", table),
            ("address", address_of(table)),
        ):
            object.__setattr__(self, name, value)

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
        object.__setattr__(self, name, array)
        return array

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: compiled code would go on with the array that was there before."""
        # `state.flows += 1` writes into the array and then assigns the very same one.
        if name not in FIELDS or value is not getattr(self, name):
            raise AttributeError(
                f"{name}: a State cannot be given another array, compiled code would not see it; "
                f"write numbers into the one it has: state.{name}[...] = values"
            )

    def __index__(self) -> int:
        """Address of the table, by which kernels take a State."""
        return self.address

    def close_constants(self) -> None:
        """Make the numbers that forks share read-only, so that no branch can change another."""
        self._blocks[CONSTANT].flags.writeable = False
        for name, field in FIELDS.items():
            if field.block == CONSTANT:
                getattr(self, name)
                object.__delattr__(self, name)

    def fork(self) -> State:
        """An independent copy that goes on from here; constants are shared, working room is new."""
        constants, goes_on, recorded, room = self._blocks
        fork = State.__new__(State)
        fork._work_on(self.sizes, (constants, copied(goes_on), copied(recorded), memory(room.size)))
        return fork

    def __copy__(self) -> State:
        """A shallow copy would write into this State's memory: every copy is a whole one."""
        return self.__deepcopy__({})

    def __deepcopy__(self, memo: dict[int, Any]) -> State:
        """An independent copy; constants are shared only where nobody can change them any more."""
        constants, goes_on, recorded, room = self._blocks
        if constants.flags.writeable:
            constants = copied(constants)
        return State(self.sizes, (constants, copied(goes_on), copied(recorded), copied(room)))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the versions, sizes and bytes; room for the verbs holds nothing worth keeping."""
        *kept, _ = self._blocks
        closed = not kept[CONSTANT].flags.writeable
        return state_of, (MadeBy(MADE_BY), self.sizes, closed, *kept)

    def __setstate__(self, state: object) -> NoReturn:
        """Refuse a pickle of attributes: the addresses in it are those of another process."""
        refuse_pickle("it holds addresses")


def state_of(made_by: MadeBy, sizes: Sizes, closed: bool, *kept: Array) -> State:
    """The State that was pickled, on memory of its own; `made_by` has been checked by then."""
    room = memory(layout(sizes).block_bytes[ROOM])
    state = State(sizes, (*map(copied, kept), room))
    if closed:
        state.close_constants()
    return state
