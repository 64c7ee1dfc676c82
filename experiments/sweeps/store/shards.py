"""Shards: Parquet files of some runs' months, or of failures.

The same runs give the same bytes, and a shard is named by a hash of its bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.configuration.variants import Value
from experiments.results.explained_columns import explained_table
from experiments.results.export import Meaning
from experiments.storage.digests import name_by_content
from experiments.sweeps.design.axes import is_plain_number
from experiments.sweeps.design.tasks import Failure, Values

RUNS, FAILURES = "runs", "failures"
"""Folders of a store, one for each kind of shard."""
WORD = pa.dictionary(pa.int32(), pa.string())
FAILURE_COLUMNS = ("stage", "message", "traceback")


class RunLabel(NamedTuple):
    """What identifies a run in a table: id, values of the varied keys, draw and replicate."""

    run: str
    values: Mapping[str, Value]
    draw: int
    replicate: int


@dataclass(frozen=True)
class ShardColumns:
    """Columns that all shards of a store share: varied keys with their types, and measures.

    `months` are the rows of each run; `meanings` says what the columns hold.
    """

    keys: Mapping[str, pa.DataType]
    months: Sequence[str]
    measures: Sequence[str]
    meanings: Mapping[str, Meaning] = field(default_factory=dict)


def key_types(keys: Sequence[str], points: Sequence[Mapping[str, Value]]) -> dict[str, pa.DataType]:
    """The column type of each key: float where all its values are numbers or null, else word."""
    numeric = {key: all(fits_float(point.get(key)) for point in points) for key in keys}
    return {key: pa.float64() if numeric[key] else WORD for key in keys}


def fits_float(value: Value) -> bool:
    """Whether a value is a number or missing."""
    return value is None or is_plain_number(value)


def runs_table(
    columns: ShardColumns, labels: Sequence[RunLabel], values: Mapping[str, Mapping[str, Values]]
) -> pa.Table:
    """One row per run and month, one float32 column per measure; null where it has no value."""
    length = len(columns.months)
    table = label_columns(columns, labels, length)
    days = [dt.date.fromisoformat(f"{month}-01") for month in columns.months]
    table["month"] = pa.array(days * len(labels), pa.date32())
    blank = np.full(length, np.nan, np.float32)
    for name in columns.measures:
        stacked = np.concatenate([values[label.run].get(name, blank) for label in labels])
        table[name] = pa.array(stacked, from_pandas=True)
    unknown = Meaning("", "")
    return explained_table(
        {name: (column, columns.meanings.get(name, unknown)) for name, column in table.items()}
    )


def failures_table(
    columns: ShardColumns, labels: Sequence[RunLabel], failures: Mapping[str, Failure]
) -> pa.Table:
    """One row per failed run: stage, message and traceback."""
    table = label_columns(columns, labels, 1)
    for name in FAILURE_COLUMNS:
        texts = [getattr(failures[label.run], name) for label in labels]
        table[name] = pa.array(texts, pa.string())
    return pa.table(table)


def label_columns(
    columns: ShardColumns, labels: Sequence[RunLabel], repeat: int
) -> dict[str, pa.Array]:
    """The columns that identify a run, each value repeated for every row of the run."""
    rows = np.repeat(np.arange(len(labels)), repeat)
    table = {"run": word_column([label.run for label in labels], rows)}
    for key, kind in columns.keys.items():
        values = [label.values.get(key) for label in labels]
        table[key] = (
            word_column([as_word(value) for value in values], rows)
            if kind == WORD
            else pa.array(values, kind).take(pa.array(rows))
        )
    for name in ("draw", "replicate"):
        numbers = np.array([getattr(label, name) for label in labels], np.int32)
        table[name] = pa.array(numbers[rows])
    return table


def as_word(value: Value) -> str | None:
    """A value as text; bool as in YAML."""
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def word_column(words: Sequence[str | None], rows: Any) -> pa.Array:
    """A column of texts in which each text is stored once."""
    return pa.array(words, pa.string()).dictionary_encode().take(pa.array(rows)).cast(WORD)


def encoded(table: pa.Table) -> bytes:
    """A table as the bytes of a Parquet file."""
    words = [
        field.name
        for field in table.schema
        if field.type in (WORD, pa.string()) or field.name in ("draw", "replicate", "month")
    ]
    floats = [field.name for field in table.schema if field.type == pa.float32()]
    labels = [name for name in table.column_names if name not in floats]
    # Measures compress about a third better in split bytes than in a dictionary. Statistics of
    # labels let readers skip shards; those of measures would only take space.
    options = {
        "compression": "zstd",
        "use_dictionary": words,
        "use_byte_stream_split": floats,
        "write_statistics": labels,
    }
    buffer = io.BytesIO()
    pq.write_table(table, buffer, row_group_size=len(table) or 1, **options)
    return buffer.getvalue()


def shard_name(kind: str, content: bytes) -> str:
    """A shard's path within its store."""
    return name_by_content(f"{kind}/", content, ".parquet")


def ids_in(path: Path) -> list[str]:
    """Ids of the runs in a shard, in order."""
    column = pq.read_table(path, columns=["run"])["run"].combine_chunks()
    return list(dict.fromkeys(column.to_pylist()))
