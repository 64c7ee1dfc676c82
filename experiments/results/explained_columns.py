"""Columns of a Parquet file that say what they hold: label and unit in their metadata."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from experiments.ensembles.uncertainty import FIXED_PARAMETERS, NONE
from experiments.results.export import Meaning

UNIT, LABEL = b"unit", b"label"
WHAT = {
    "run": Meaning("What determines the run's numbers", "hash"),
    "replicate": Meaning("Random history", "number from 0"),
    "draw": Meaning("Parameter draw", "number from 0"),
    "month": Meaning("First day of the month", "date"),
}


def draw_meaning(kind: str) -> Meaning:
    """What the column `draw` holds; a file of fixed parameters says there that they are fixed."""
    label, unit = WHAT["draw"]
    return Meaning(f"{label} ({FIXED_PARAMETERS})" if kind == NONE else label, unit)


def explained_table(columns: Mapping[str, tuple[pa.Array, Meaning]]) -> pa.Table:
    """A table whose columns say what they mean."""
    fields = [
        pa.field(name, column.type, metadata={LABEL: meaning.label, UNIT: meaning.unit})
        for name, (column, meaning) in columns.items()
    ]
    return pa.Table.from_arrays(
        [column for column, _ in columns.values()], schema=pa.schema(fields)
    )


def meanings_of(schema: pa.Schema) -> dict[str, Meaning]:
    """What the columns of a file mean, by name."""
    return {
        field.name: Meaning(
            (field.metadata or {}).get(LABEL, b"").decode(),
            (field.metadata or {}).get(UNIT, b"").decode(),
        )
        for field in schema
    }
