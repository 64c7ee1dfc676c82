"""Generations of an unfinished fit on disk, so that a stopped fit continues where it was.

Each fit has a folder under `.calibration`, named after its identity: everything that the result
depends on. Each generation is one Parquet file, which is written whole or not at all and has the
digest of its content in its name.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.calibration.smc import Generation
from experiments.storage.digests import confined, name_by_content
from experiments.storage.folder_error import FolderError
from experiments.storage.sealed_json import check_seal, write_sealed
from experiments.storage.whole_files import make_folder, write_whole
from sim.engine.worker_columns import Array

FORMAT = 3
"""Version of the files in a fit's folder: raise it when older files can no longer be continued."""
IDENTITY = "identity.json"
METADATA = b"generation"
SUFFIX = ".parquet"
NUMBERS = ("number", "tolerance", "acceptance", "simulations")


def fit_folder(parent: Path, settings: Mapping[str, Any], inputs: Mapping[str, object]) -> Path:
    """The folder of the fit with these settings and inputs, made if it is not there yet.

    `inputs`: what a fit depends on beside its settings, such as code and evidence, or their hashes.
    """
    identity = {"format": FORMAT, "settings": dict(settings), "inputs": digests(inputs)}
    name = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]
    folder = parent / ".calibration" / name
    make_folder(folder)
    write_sealed(folder / IDENTITY, identity)
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
    """The identity of a fit; empty where there is none that is whole, as before format 3."""
    try:
        found = json.loads((folder / IDENTITY).read_text(encoding="utf-8"))
        check_seal(folder / IDENTITY, found)
    except (OSError, ValueError, TypeError, AttributeError, RecursionError, FolderError):
        return {}
    return dict(found)


def write_generation(
    folder: Path, generation: Generation, keys: Sequence[str], recorded_names: Sequence[str]
) -> None:
    """The file of a generation: unit-cube points by parameter, distances, recorded values."""
    columns = dict(zip(keys, generation.points.T, strict=True))
    columns["distance"] = generation.distances
    columns |= dict(zip(recorded_columns(recorded_names), generation.recorded.T, strict=True))
    content = table_bytes(columns, {name: getattr(generation, name) for name in NUMBERS})
    write_whole(folder / name_by_content(prefix_of(generation.number), content, SUFFIX), content)


def prefix_of(number: int) -> str:
    """How the name of a generation's file begins; it ends with the digest of its content."""
    return f"generation-{number:03d}-"


def recorded_columns(names: Sequence[str]) -> list[str]:
    """Column names of recorded values; the prefix tells them apart from parameters."""
    return [f"recorded.{name}" for name in names]


def table_bytes(columns: Mapping[str, Array], metadata: Mapping[str, Any]) -> bytes:
    """A Parquet file."""
    table = pa.table({name: pa.array(column) for name, column in columns.items()})
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({METADATA: json.dumps(metadata)}), buffer)
    return buffer.getvalue()


def read_generations(
    folder: Path, keys: Sequence[str], recorded_names: Sequence[str]
) -> tuple[list[Generation], list[str]]:
    """Generations 0, 1, ... up to the first without a whole file.

    Returns with them a sentence for each file that is damaged.
    """
    found: list[Generation] = []
    damaged: list[str] = []
    while paths := sorted(folder.glob(f"{prefix_of(len(found))}*{SUFFIX}")):
        read = [read_generation(path, len(found), keys, recorded_names) for path in paths]
        damaged += [
            f"{path}: damaged or edited, and not used; the fit simulates it again"
            for path, generation in zip(paths, read, strict=True)
            if generation is None
        ]
        whole = [generation for generation in read if generation is not None]
        if not whole:
            break
        found.append(whole[0])
    return found, damaged


def generations_kept(folder: Path) -> str:
    """How many generations of a fit are on disk, and what becomes of them; empty if none are."""
    count = len(list(folder.glob("generation-*.parquet")))
    if not count:
        return ""
    kept = "1 finished generation is" if count == 1 else f"{count} finished generations are"
    return f"{kept} kept in {folder}, and the same command continues after them"


def read_generation(
    path: Path, number: int, keys: Sequence[str], recorded_names: Sequence[str]
) -> Generation | None:
    """One generation; None if the digest in its name is not that of its content."""
    content, prefix = confined(path.parent, path.name).read_bytes(), prefix_of(number)
    if name_by_content(prefix, content, SUFFIX) != path.name:
        return None
    table = pq.read_table(io.BytesIO(content))
    about = json.loads(table.schema.metadata[METADATA])
    points, recorded = (
        np.column_stack([table[name].to_numpy() for name in names])
        for names in (keys, recorded_columns(recorded_names))
    )
    numbers = (about[name] for name in NUMBERS[1:])
    generation = Generation(
        about["number"], points, table["distance"].to_numpy(), recorded, *numbers
    )
    return generation if generation.number == number else None
