"""Shards: Parquet files of some runs' months, or of failures; the same runs give the same bytes, and a file is named by them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.configuration.variants import Value
from experiments.sweeps.design.tasks import Failure, Values

RUNS, FAILURES = "runs", "failures"
WORD = pa.dictionary(pa.int32(), pa.string())
FAILURE_COLUMNS = ("stage", "message", "traceback")


class Labelled(NamedTuple):
    """What a run is called in a table: id, values of the keys that vary, draw and replicate."""

    run: str
    values: Mapping[str, Value]
    draw: int
    replicate: int


@dataclass(frozen=True)
class Layout:
    """Columns that all shards of a store share: keys that vary with their types, months, and measures."""

    keys: Mapping[str, pa.DataType]
    months: Sequence[str]
    measures: Sequence[str]


def key_types(keys: Sequence[str], points: Sequence[Mapping[str, Value]]) -> dict[str, pa.DataType]:
    """The column type of each key: numbers as floats, everything else as words."""
    numeric = {key: all(is_number(point.get(key)) for point in points) for key in keys}
    return {key: pa.float64() if numeric[key] else WORD for key in keys}


def is_number(value: Value) -> bool:
    """Whether a value is a number or missing."""
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


def runs_table(
    layout: Layout, labels: Sequence[Labelled], values: Mapping[str, Mapping[str, Values]]
) -> pa.Table:
    """One row a run and month, one float32 column a measure; a measure without meaning in a month is null."""
    length = len(layout.months)
    columns = label_columns(layout, labels, length)
    months = np.tile(np.arange(length, dtype=np.int32), len(labels))
    columns["month"] = pa.DictionaryArray.from_arrays(pa.array(months), pa.array(layout.months))
    blank = np.full(length, np.nan, np.float32)
    for name in layout.measures:
        stacked = np.concatenate([values[label.run].get(name, blank) for label in labels])
        columns[name] = pa.array(stacked, from_pandas=True)
    return pa.table(columns)


def label_columns(layout: Layout, labels: Sequence[Labelled], repeat: int) -> dict[str, pa.Array]:
    """Columns that name a run, each value repeated for every row of it."""
    rows = np.repeat(np.arange(len(labels)), repeat)
    columns = {"run": worded([label.run for label in labels], rows)}
    for key, kind in layout.keys.items():
        own = [label.values.get(key) for label in labels]
        columns[key] = (
            pa.array(own, kind).take(pa.array(rows))
            if kind != WORD
            else worded([text(value) for value in own], rows)
        )
    for name in ("draw", "replicate"):
        columns[name] = pa.array(
            np.array([getattr(label, name) for label in labels], np.int32)[rows]
        )
    return columns


def text(value: Value) -> str | None:
    """A value as a word."""
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def worded(words: Sequence[str | None], rows: Any) -> pa.Array:
    """A column of words, stored once each."""
    return pa.array(words, pa.string()).dictionary_encode().take(pa.array(rows)).cast(WORD)


def failures_table(
    layout: Layout, labels: Sequence[Labelled], failures: Mapping[str, Failure]
) -> pa.Table:
    """One row a failed run: at which stage, with which message and traceback."""
    columns = label_columns(layout, labels, 1)
    for name in FAILURE_COLUMNS:
        columns[name] = pa.array(
            [getattr(failures[label.run], name) for label in labels], pa.string()
        )
    return pa.table(columns)


def encoded(table: pa.Table) -> bytes:
    """A table as the bytes of a Parquet file."""
    words = [
        field.name
        for field in table.schema
        if field.type in (WORD, pa.string()) or field.name in ("draw", "replicate")
    ]
    floats = [field.name for field in table.schema if field.type == pa.float32()]
    labels = [name for name in table.column_names if name not in floats]
    options = {
        "compression": "zstd",
        "use_dictionary": words,
        "use_byte_stream_split": floats,
        "write_statistics": labels,
    }
    buffer = io.BytesIO()
    pq.write_table(table, buffer, row_group_size=len(table) or 1, **options)
    return buffer.getvalue()


def sha256(content: bytes) -> str:
    """Checksum of a shard."""
    return hashlib.sha256(content).hexdigest()


def file_name(kind: str, digest: str) -> str:
    """A shard's path within its store."""
    return f"{kind}/{digest[:32]}.parquet"


def ids_in(path: Path) -> list[str]:
    """Ids of the runs in a shard, in order."""
    column = pq.read_table(path, columns=["run"])["run"].combine_chunks()
    return list(dict.fromkeys(column.to_pylist()))
