"""The first thing in which two files differ, in words."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.engine.worker_columns import Array


def difference(recorded: Path, again: Path) -> str:
    """Where a file and the same file made again differ first; empty if no byte differs."""
    if recorded.read_bytes() == again.read_bytes():
        return ""
    found = ""
    if recorded.suffix == ".parquet":
        found = table_difference(recorded, again)
    elif recorded.suffix == ".json":
        values = (json.loads(path.read_text(encoding="utf-8")) for path in (recorded, again))
        found = value_difference(*values)
    return found or byte_difference(recorded.read_bytes(), again.read_bytes())


def byte_difference(recorded: bytes, again: bytes) -> str:
    """The first byte and line that differ."""
    pairs = zip(recorded, again, strict=False)
    shorter = min(len(recorded), len(again))
    at = next((place for place, (one, other) in enumerate(pairs) if one != other), shorter)
    return f"differs first at byte {at:,}, in line {recorded[:at].count(10) + 1:,}"


def value_difference(recorded: Any, again: Any, place: str = "") -> str:
    """The first value of two JSON documents that differs, with its keys; empty if none does."""
    if isinstance(recorded, Mapping) and isinstance(again, Mapping):
        if list(recorded) != list(again):
            return f"differs first in the keys of {place or 'the whole'}"
        inner = (value_difference(recorded[key], again[key], f"{place} {key}") for key in recorded)
        return next(filter(None, inner), "")
    if recorded == again:
        return ""
    return f"differs first in{place}: recorded {recorded}, now {again}"


def table_difference(recorded: Path, again: Path) -> str:
    """The earliest row of two tables with another value; empty if every value is the same.

    Rows are read in the groups in which they were written, so that a large table need not fit in
    memory. The earliest is that of the first month, if the table has months.
    """
    earliest: tuple[str, str] | None = None
    for one, other in itertools.zip_longest(row_groups(recorded), row_groups(again)):
        if one is None or other is None or one.schema != other.schema or len(one) != len(other):
            return "differs in its columns or in the number of its rows"
        unequal = unequal_rows(one, other)
        if unequal.any():
            found = first_row(one, other, unequal)
            earliest = found if earliest is None else min(earliest, found, key=lambda each: each[0])
    return "" if earliest is None else f"differs first at {earliest[1]}"


def row_groups(path: Path) -> Iterator[pa.Table]:
    """The groups of rows of a Parquet file, one after the other."""
    file = pq.ParquetFile(path)
    for number in range(file.num_row_groups):
        yield file.read_row_group(number)


def unequal_rows(one: pa.Table, other: pa.Table) -> Array:
    """Which rows differ in some column, b1[rows]: numbers to the bit, texts as texts."""
    unequal = np.zeros(len(one), bool)
    for name in one.column_names:
        values = [plain_column(table[name]) for table in (one, other)]
        unequal |= values[0] != values[1]
    return unequal


def plain_column(column: pa.ChunkedArray) -> Array:
    """A column as an array in which equal bits compare equal, and so does NaN with itself."""
    values = column.to_numpy()
    comparable: Array = values.view(f"i{values.itemsize}") if values.dtype.kind == "f" else values
    return comparable


def first_row(one: pa.Table, other: pa.Table, unequal: Array) -> tuple[str, str]:
    """The month of the earliest row that differs, and the row in words."""
    places = np.flatnonzero(unequal)
    months = one["month"].to_numpy() if "month" in one.column_names else None
    at = int(places[0] if months is None else min(places, key=lambda place: str(months[place])))
    rows = [table.slice(at, 1).to_pylist()[0] for table in (one, other)]
    about = ", ".join(
        f"{name} {value}"
        for name, value in rows[0].items()
        if not isinstance(value, float) and rows[1][name] == value and value != "all"
    )
    changed = "; ".join(
        f"{name} recorded {value}, now {rows[1][name]}"
        for name, value in rows[0].items()
        if rows[1][name] != value
    )
    return "" if months is None else str(months[at]), f"{about}: {changed}"
