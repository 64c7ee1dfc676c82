"""months.parquet: every number of every branch of every replicate, one tidy row each.

Heads and amounts are the whole market's, whatever the scale of the simulation. The measures that
are computed from them are in measures.parquet (experiments.results.measures_table).

Written and read in batches of replicates, so that a long run need not fit in memory.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.results.result_folder import (
    FIRST_FORMAT,
    FORMAT,
    RECORD,
    RESULT_FORMAT,
    check_format,
    damaged,
    load_result,
)
from experiments.storage.recorded_folder import check_file
from experiments.storage.whole_files import whole_file
from sim.branches import BRANCHES
from sim.calendar import date_of
from sim.engine.panel import TABLES, Panel
from sim.engine.worker_columns import PAPERS, Array
from sim.measures.comparison import FullScaleBranch
from sim.paired import PairedBranches
from sim.scenario import ContractCrew, Scenario

ALL = "all"
KEYS = ("nationality", "trade", "paper", "measure", "unit")
WORD = pa.dictionary(pa.int16(), pa.string())
SCHEMA = pa.schema(
    [("replicate", pa.int32()), ("branch", WORD), ("month", pa.date32())]
    + [(key, WORD) for key in KEYS]
    + [("value", pa.float64())]
)

FILE_SCHEMA = SCHEMA.with_metadata({FORMAT: str(RESULT_FORMAT)})


class Row(NamedTuple):
    """What one number of a month is about."""

    nationality: str
    trade: str
    paper: str
    measure: str
    unit: str


def rows_of(scenario: Scenario) -> list[Row]:
    """What every number of a month is about, in the order of a flattened panel."""
    groups, trades = list(scenario.population), scenario.market.trades
    places = {
        "by_group_trade": [(group, trade, ALL) for group in groups for trade in trades],
        "by_group": [(group, ALL, ALL) for group in groups],
        "by_paper": [(group, ALL, paper) for group in groups for paper in PAPERS],
        "by_trade": [(ALL, trade, ALL) for trade in trades],
        "market": [(ALL, ALL, ALL)],
    }
    return [
        Row(*place, measure.key, measure.unit)
        for part, table in TABLES.items()
        for measure in table
        for place in places[part]
    ]


def is_written(row: Row, scenario: Scenario) -> bool:
    """Whether a row has a meaning: papers and fates exist for contract crews only."""
    about_crews = row.paper != ALL or row.measure.startswith("crew_")
    return not about_crews or isinstance(scenario.population[row.nationality], ContractCrew)


def flattened(panel: Panel) -> Array:
    """A panel as f8[T, rows], its columns in the order of `rows_of`."""
    return np.concatenate([array.reshape(array.shape[0], -1) for array in panel], axis=1)


class MonthsWriter:
    """Appends batches of replicates, one row group each.

    The same replicates give the same bytes.
    """

    def __init__(self, path: Path, scenario: Scenario) -> None:
        rows = rows_of(scenario)
        self._columns = np.array([i for i, row in enumerate(rows) if is_written(row, scenario)])
        self._rows = [rows[i] for i in self._columns]
        self._months = [date_of(month, scenario.start) for month in range(scenario.months)]
        self._scale = scenario.market.scale
        words = [field.name for field in SCHEMA if field.type == WORD]
        self._stack = contextlib.ExitStack()
        sink = self._stack.enter_context(whole_file(path))
        self._file = self._stack.enter_context(
            pq.ParquetWriter(sink, FILE_SCHEMA, compression="zstd", use_dictionary=words)
        )

    def __enter__(self) -> MonthsWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def append(self, batch: Sequence[PairedBranches]) -> None:
        """Write the three branches of these replicates."""
        blocks = len(batch) * len(BRANCHES) * len(self._months)
        size = len(self._rows)
        replicates = np.array([pair.replicate for pair in batch], np.int32)
        values = np.concatenate(
            [
                self._whole_market(getattr(pair, branch))[:, self._columns].ravel()
                for pair in batch
                for branch in BRANCHES
            ]
        )
        # Codes are repeated and not texts, as a batch has millions of rows.
        columns: list[pa.Array] = [pa.array(np.repeat(replicates, values.size // len(batch)))]
        columns.append(
            dictionary_column(
                np.tile(np.repeat(np.arange(len(BRANCHES)), len(self._months) * size), len(batch)),
                BRANCHES,
            )
        )
        columns.append(
            pa.array(self._months, pa.date32()).take(
                np.tile(np.repeat(np.arange(len(self._months)), size), len(batch) * len(BRANCHES))
            )
        )
        columns += [self._key(position, blocks) for position in range(len(KEYS))]
        columns.append(pa.array(values))
        # A row group a batch, so that a reader needs no more memory at a time than the writer did.
        self._file.write_table(
            pa.Table.from_arrays(columns, schema=FILE_SCHEMA), row_group_size=values.size
        )

    def _whole_market(self, panel: Panel) -> Array:
        """A panel's numbers as the whole market would have them, whatever the scale."""
        return flattened(FullScaleBranch(panel, self._scale).panel)

    def _key(self, position: int, blocks: int) -> pa.Array:
        """One column of KEYS, repeated for every month of every branch."""
        words = [row[position] for row in self._rows]
        known = list(dict.fromkeys(words))
        return dictionary_column(np.tile([known.index(word) for word in words], blocks), known)


def dictionary_column(codes: Array, words: Iterable[str]) -> pa.Array:
    """A dictionary-encoded column: `codes` are places in `words`."""
    return pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(np.int16)), pa.array(list(words), pa.string())
    )


def read_months(path: Path) -> Iterator[pa.Table]:
    """The file's batches, one table each.

    Raises FolderError if it is damaged, not as the record of its folder says, or if its format is
    another version's.
    """
    try:
        file = pq.ParquetFile(path)
        metadata = file.schema_arrow.metadata or {}
        check_format(path, int(metadata.get(FORMAT.encode(), FIRST_FORMAT)))
        if (path.parent / RECORD).is_file():
            check_file(path.parent, path.name, load_result(path.parent).record)
        for group in range(file.num_row_groups):
            yield file.read_row_group(group)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise damaged(path, " ".join(str(error).split())) from error
