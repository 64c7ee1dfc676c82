"""run.json: what a result was made with, so that it can be traced and made again."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib.metadata
import platform
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from experiments.configuration.settings import Settings
from experiments.results.result_folder import FORMAT, RESULT_FORMAT
from sim.engine.compiling import source_hash
from sim.inputs.dated_inputs import EVIDENCE
from sim.inputs.own_evidence import own_files

PACKAGES = ("mesa", "numpy", "numba", "scipy", "hydra-core", "pyarrow", "plotly")


def run_record(settings: Settings, command: str) -> dict[str, Any]:
    """The command, versions, and hashes of code, evidence and parameter draws.

    The hash of months.parquet is added once that file is written.
    """
    draws = EVIDENCE / "posterior" / f"{settings.uncertainty}.parquet"
    return {
        FORMAT: RESULT_FORMAT,
        "command": command,
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "seed": settings.scenario.seed,
        "replicates": settings.replicates,
        "code_hash": source_hash(),
        "evidence_hash": evidence_hash(),
        "versions": versions(),
        **({} if settings.uncertainty == "none" else {"draws_hash": hash_of([draws])}),
    }


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that a result depends on."""
    return {"python": platform.python_version()} | {
        name: importlib.metadata.version(name) for name in PACKAGES
    }


def evidence_hash() -> str:
    """Hash of the evidence files in sim/evidence, and of the user's own."""
    return hash_of([*sorted(EVIDENCE.glob("*.yaml")), *own_files()])


def hash_of(paths: Iterable[Path]) -> str:
    """SHA-256 of files one after the other, read in pieces to save memory."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    return digest.hexdigest()
