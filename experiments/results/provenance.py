"""run.json: what a result was made with, so that it can be traced and made again."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.configuration.keys_without_effect import NOTES, keys_without_effect
from experiments.configuration.settings import Settings
from experiments.ensembles.prior_draws import fit_of
from experiments.results.result_folder import FORMAT, RESULT_FORMAT
from experiments.storage.digests import hash_of
from sim.engine.compiling import source_hash
from sim.inputs.dated_inputs import EVIDENCE
from sim.inputs.dotted_keys import flatten
from sim.inputs.own_evidence import own_files
from sim.source_changes import sources_changed

PACKAGES = ("mesa", "numpy", "numba", "scipy", "hydra-core", "pyarrow", "plotly")
ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("sim", "experiments", "configs")
"""Folders of the program that can change a result."""
COMMITTED, CHANGED, NOT_VERSIONED = "committed", "changed", "not under version control"


def run_record(settings: Settings, command: str) -> dict[str, Any]:
    """The command, versions, hashes of code, evidence and parameter draws, keys without effect."""
    draws, ineffective = draws_hash(settings), keys_without_effect(settings)
    return {
        FORMAT: RESULT_FORMAT,
        "command": command,
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "seed": settings.scenario.seed,
        "replicates": settings.replicates,
        "structure": flatten(settings.scenario.structure),
        **program_record(),
        **({} if draws is None else {"draws_hash": draws}),
        **({NOTES: ineffective} if ineffective else {}),
    }


def draws_hash(settings: Settings) -> str | None:
    """Hash of the parameter draws that a run samples; None if it samples none."""
    if settings.uncertainty == "none":
        return None
    return hash_of([EVIDENCE / "posterior" / f"{fit_of(settings.uncertainty)}.parquet"])


def program_record() -> dict[str, Any]:
    """The program that makes a result: hashes of code and evidence, versions, and its commit."""
    return {
        "code_hash": source_hash(),
        "evidence_hash": evidence_hash(),
        "versions": versions(),
        "source": source_state(),
    }


def source_state() -> dict[str, str]:
    """The commit of the program's source, and whether files differ from it.

    Files are those that can change a result: a new or changed one makes it not certifiable, as
    nobody else has it, and so does one that changed while the program ran.
    """
    top, commit = git("rev-parse", "--show-toplevel"), git("rev-parse", "HEAD")
    if not top or not commit or Path(top).resolve() != ROOT:
        return {"commit": "", "state": NOT_VERSIONED}
    changes = git("status", "--porcelain", "--untracked-files=all", "--", *SOURCES)
    is_committed = changes == "" and not sources_changed()
    return {"commit": commit, "state": COMMITTED if is_committed else CHANGED}


def git(*arguments: str) -> str | None:
    """What a git command about the program prints; None if it fails or there is no git."""
    command = ["git", "-C", str(ROOT), "--no-optional-locks", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def certificate(record: Mapping[str, Any]) -> str:
    """The commit with which a result was made, or why nobody else can certify it, in words."""
    commit, state = record["source"]["commit"], record["source"]["state"]
    if state == COMMITTED:
        return f"Commit {commit[:16]}"
    after = f" after commit {commit[:16]}" if commit else ""
    return f"Not certifiable: the program's source was {state}{after}"


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that a result depends on."""
    return {"python": platform.python_version()} | {
        name: importlib.metadata.version(name) for name in PACKAGES
    }


def evidence_hash() -> str:
    """Hash of the evidence files in sim/evidence, and of the user's own."""
    return hash_of([*sorted(EVIDENCE.glob("*.yaml")), *own_files()])
