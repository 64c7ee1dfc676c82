"""Generations on disk: one Parquet file each, written whole or not at all, so that a stopped fit goes on where it was."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.calibration.smc import Generation
from sim.engine.worker_columns import Array

ABOUT = b"generation"
NUMBERS = ("number", "tolerance", "acceptance", "simulations")


def identity(*parts: object) -> str:
    """A short name for everything a fit depends on: settings, code, evidence, observations."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:16]


def write_generation(
    folder: Path, generation: Generation, names: Sequence[str], moments: Sequence[str]
) -> Path:
    """The shard of a generation: points of the unit cube by parameter, distance, moments."""
    columns = dict(zip(names, generation.points.T, strict=True)) | {
        "distance": generation.distances
    }
    columns |= {
        f"moment.{name}": column for name, column in zip(moments, generation.moments.T, strict=True)
    }
    path = folder / f"generation-{generation.number:03d}.parquet"
    write_table(path, columns, {name: getattr(generation, name) for name in NUMBERS})
    return path


def write_table(path: Path, columns: Mapping[str, Array], about: Mapping[str, Any]) -> None:
    """A Parquet file under a temporary name, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.table(
        {name: pa.array(column) for name, column in columns.items()}
    ).replace_schema_metadata({ABOUT: json.dumps(about)})
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        pq.write_table(table, draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read_generations(
    folder: Path, names: Sequence[str], moments: Sequence[str]
) -> list[Generation]:
    """Generations 0, 1, ... as far as they can be read; a damaged one and what follows are simulated again."""
    found: list[Generation] = []
    while (path := folder / f"generation-{len(found):03d}.parquet").is_file():
        try:
            found.append(read_generation(path, names, moments))
        except (pa.ArrowException, KeyError, ValueError):
            break
    return found


def read_generation(path: Path, names: Sequence[str], moments: Sequence[str]) -> Generation:
    """One generation."""
    table = pq.read_table(path)
    about = json.loads(table.schema.metadata[ABOUT])
    points, simulated = (
        np.column_stack([table[name].to_numpy() for name in group])
        for group in (names, [f"moment.{m}" for m in moments])
    )
    return Generation(
        about["number"],
        points,
        table["distance"].to_numpy(),
        simulated,
        *(about[name] for name in NUMBERS[1:]),
    )
