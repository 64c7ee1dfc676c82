"""Small sweeps for tests: some hundred workers, thirty months, six runs, parameters fixed."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.sweeps.design.sweep_settings import load_sweep
from experiments.sweeps.sweep_session import Sweep, opened_store, prepare, progress_of, simulate

SMALL = (
    "market.scale=0.004",
    "months=30",
    "policy.compliance=0,0.5,1",
    "replicates=2",
    "uncertainty=none",
    "executor.pool=threads",
    "executor.workers=2",
)


def small_sweep(folder: Path, *overrides: str) -> Sweep:
    """A sweep of three points and two replicates, with its store in `folder`.

    A design of one's own may have draws, which say themselves how uncertain parameters are.
    """
    is_own = any(text.startswith("experiment=") for text in overrides)
    base = [text for text in SMALL if not (is_own and text.startswith("uncertainty"))]
    return prepare(load_sweep([*base, f"store={folder}", *overrides]))


def run_sweep(sweep: Sweep) -> tuple[list[str], int]:
    """Simulate what is missing; returns the repairs, and how many runs were missing."""
    with opened_store(sweep) as (store, repairs):
        missing = progress_of(sweep, store).missing
        simulate(sweep, store, missing, lambda done, failed: None)
    return repairs, len(missing)


def rows(folder: Path, kind: str = "runs") -> pa.Table:
    """All rows of a store in one order, however they are spread over shards."""
    tables = [pq.read_table(path) for path in sorted((folder / kind).glob("*.parquet"))]
    plain = [
        pa.table(
            {
                name: column.cast(plain_type(column.type))
                for name, column in zip(t.column_names, t.columns, strict=True)
            }
        )
        for t in tables
    ]
    table = pa.concat_tables(plain)
    keys = [("run", "ascending")] + (
        [("month", "ascending")] if "month" in table.column_names else []
    )
    return table.sort_by(keys)


def plain_type(kind: pa.DataType) -> pa.DataType:
    """The type, with texts stored as plain strings."""
    return pa.string() if pa.types.is_dictionary(kind) else kind


def shard_names(folder: Path) -> Sequence[str]:
    """Names of a store's shards of runs, which are hashes of their content."""
    return sorted(path.name for path in (folder / "runs").glob("*.parquet"))


def wait_for_shard(folder: Path, seconds: float = 60.0) -> None:
    """Wait until a store has a shard of runs; raises TimeoutError if none appears."""
    deadline = time.monotonic() + seconds
    while not list(folder.glob("runs/*.parquet")):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{folder}: no shard in {seconds} seconds")
        time.sleep(0.01)


def never() -> threading.Event:
    """The `stopping` event of a sweep that nobody stops."""
    return threading.Event()


def assert_same_results(folder: Path, other: Path) -> None:
    """Assert that every value of every run is the same to the bit."""
    assert rows(folder).equals(rows(other))
