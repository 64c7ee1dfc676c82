"""Generations of an unfinished fit on disk, so that a stopped fit continues where it was.

Each fit has a folder under `.calibration`, named after its identity: everything that the result
depends on. Each generation is one Parquet file, which is written whole or not at all.
"""

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
from experiments.results.result_folder import write_json
from sim.engine.worker_columns import Array

FORMAT = 2
"""Version of the files in a fit's folder: raise it when older files can no longer be continued."""
IDENTITY = "identity.json"
METADATA = b"generation"
NUMBERS = ("number", "tolerance", "acceptance", "simulations")


def fit_folder(parent: Path, settings: Mapping[str, Any], inputs: Mapping[str, object]) -> Path:
    """The folder of the fit with these settings and inputs, made if it is not there yet.

    `inputs`: what a fit depends on beside its settings, such as code and evidence, or their hashes.
    """
    identity = {"format": FORMAT, "settings": dict(settings), "inputs": digests(inputs)}
    name = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]
    folder = parent / ".calibration" / name
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / IDENTITY, identity)
    return folder


def digests(inputs: Mapping[str, object]) -> dict[str, str]:
    """A short hash of each input."""
    return {
        name: hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]
        for name, value in inputs.items()
    }


def ignored_fits(folder: Path) -> list[str]:
    """A sentence for each unfinished fit beside `folder` that this version cannot continue.

    Fits of this version with other settings are left alone: their own command continues them.
    """
    ours = read_identity(folder)
    notes = []
    for other in sorted(path for path in folder.parent.iterdir() if path.is_dir()):
        theirs = read_identity(other)
        if theirs.get("format") != FORMAT:
            reason = "it was left by another version of this program"
        elif theirs["settings"] == ours["settings"] and theirs["inputs"] != ours["inputs"]:
            changed = [
                name for name, digest in ours["inputs"].items() if digest != theirs["inputs"][name]
            ]
            reason = f"it has the same settings, but the {' and '.join(changed)} changed since"
        else:
            continue
        notes.append(
            f"{other}: not continued, as {reason}; delete the folder if you do not need it"
        )
    return notes


def read_identity(folder: Path) -> dict[str, Any]:
    """The identity of a fit; empty where there is none that can be read, as before format 2."""
    try:
        found = json.loads((folder / IDENTITY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_generation(
    folder: Path, generation: Generation, keys: Sequence[str], recorded_names: Sequence[str]
) -> Path:
    """The file of a generation: unit-cube points by parameter, distances, recorded values."""
    columns = dict(zip(keys, generation.points.T, strict=True))
    columns["distance"] = generation.distances
    columns |= dict(zip(recorded_columns(recorded_names), generation.recorded.T, strict=True))
    path = folder / f"generation-{generation.number:03d}.parquet"
    write_table(path, columns, {name: getattr(generation, name) for name in NUMBERS})
    return path


def recorded_columns(names: Sequence[str]) -> list[str]:
    """Column names of recorded values; the prefix tells them apart from parameters."""
    return [f"recorded.{name}" for name in names]


def write_table(path: Path, columns: Mapping[str, Array], metadata: Mapping[str, Any]) -> None:
    """Write a Parquet file under a temporary name, then rename it: it is whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.table({name: pa.array(column) for name, column in columns.items()})
    table = table.replace_schema_metadata({METADATA: json.dumps(metadata)})
    # The process number keeps two processes from writing to the same temporary file.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        pq.write_table(table, draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read_generations(
    folder: Path, keys: Sequence[str], recorded_names: Sequence[str]
) -> list[Generation]:
    """Generations 0, 1, ... up to the first that is missing or damaged."""
    found: list[Generation] = []
    while (path := folder / f"generation-{len(found):03d}.parquet").is_file():
        try:
            found.append(read_generation(path, keys, recorded_names))
        # A file cut off when the machine stopped, or with columns of another format.
        except (pa.ArrowException, KeyError, ValueError):
            break
    return found


def generations_kept(folder: Path) -> str:
    """How many generations of a fit are on disk, and what becomes of them; empty if none are."""
    count = len(list(folder.glob("generation-*.parquet")))
    if not count:
        return ""
    kept = "1 finished generation is" if count == 1 else f"{count} finished generations are"
    return f"{kept} kept in {folder}, and the same command continues after them"


def read_generation(path: Path, keys: Sequence[str], recorded_names: Sequence[str]) -> Generation:
    """One generation."""
    table = pq.read_table(path)
    about = json.loads(table.schema.metadata[METADATA])
    points, recorded = (
        np.column_stack([table[name].to_numpy() for name in names])
        for names in (keys, recorded_columns(recorded_names))
    )
    return Generation(
        about["number"],
        points,
        table["distance"].to_numpy(),
        recorded,
        *(about[name] for name in NUMBERS[1:]),
    )
