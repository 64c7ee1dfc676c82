"""The keys that a sweep has besides those of experiments.run, and what they may hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from experiments.configuration.run_keys import RunKeys
from sim.inputs.dotted_keys import declared_keys
from sim.inputs.values import Text
from sim.scenario import Quantity

DEFAULT_FILES = {"experiment": "compliance", "executor": "local"}
"""Groups of configs/ that only a sweep has, with the file chosen by default."""
DEFAULT_VALUES = {"store": "null", "retry_failed": "false"}
"""Single keys that only a sweep has, with their defaults as written in an override."""
SHARED_KEYS = (*DEFAULT_FILES, *DEFAULT_VALUES, *declared_keys(RunKeys), "seed", "start", "months")
"""Keys that have one value for all runs of a sweep."""

Address = Annotated[
    str,
    Text(
        "the address of a Dask scheduler, such as tcp://10.0.0.5:8786", r"([a-z]+://)?[^\s/]+:\d+"
    ),
]


@dataclass(frozen=True)
class ExecutorSettings:
    """Where runs are simulated.

    `workers` null: one for each core; `pool`: threads or processes of this machine; `address`: of
    a Dask scheduler, null: a cluster is started for the sweep.
    """

    kind: Annotated[str, Text("local or dask", "local|dask")]
    workers: Annotated[int, Quantity("workers", 1, 4096)] | None
    pool: Annotated[str, Text("auto, threads or processes", "auto|threads|processes")]
    address: Address | None


@dataclass(frozen=True)
class StoreSettings:
    """Where results are kept, and whether runs that failed before are tried again.

    `store` null: a folder in output_dir named by what its runs share.
    """

    store: Annotated[str, Text("the path of a folder", r"[^\0]*[^\0\s][^\0]*")] | None
    retry_failed: bool
