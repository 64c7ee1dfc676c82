"""Compilation: `rule` for pure scalar functions (plain Python when called from Python), `kernel` for sweeps over columns."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")
os.environ.setdefault("NUMBA_OPT", "2")

import numba

from sim.compiled_pieces import only_in_callers

Function = TypeVar("Function", bound=Callable[..., object])


SCIENCE = Path(__file__).parent
COMPILED_SOURCES = (
    "compiled.py",
    "columns.py",
    "compiled_pieces.py",
    "compiled_state.py",
    "draws.py",
    "elementary.py",
    "fetching.py",
    "finding.py",
    "panel.py",
    "population.py",
    "records.py",
    "state.py",
    "state_sweep.py",
    "waiting.py",
    "firms",
    "market",
    "verbs",
    "workers",
)


def source_hash(names: tuple[str, ...] = (".",)) -> str:
    """Hash of the science's sources (by default all): names the code of a run, or the state of what is compiled."""
    digest = hashlib.sha256()
    paths = {path for name in names for path in ([SCIENCE / name] if name.endswith(".py") else (SCIENCE / name).rglob("*.py"))}
    for path in sorted(paths):
        digest.update(path.relative_to(SCIENCE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder() -> str:
    """A folder per state of the compiled sources: numba does not notice that a rule in another file changed."""
    parent = os.environ.get("NUMBA_CACHE_DIR") or str(Path.home() / ".cache" / "primorye-labour" / "kernels")
    return str(Path(parent) / source_hash(COMPILED_SOURCES))


numba.config.CACHE_DIR = _cache_folder()  # type: ignore[attr-defined]


def rule(function: Function) -> Function:
    """Mark a pure scalar function that both the kernels and plain Python call."""
    return only_in_callers(function)


def kernel(function: Function) -> Function:
    """Compile a sweep over columns: cached on disk, releases the interpreter lock, IEEE arithmetic."""
    compiled: Function = numba.njit(cache=True, nogil=True, error_model="numpy")(function)  # type: ignore[assignment]
    return compiled


def part(function: Function) -> Function:
    """Mark a piece of a kernel: compiled into its caller, changes the columns it is given, makes and returns no arrays.

    It borrows the arrays of its caller: references to them, which would be counted in atomic steps, are not.
    """
    return only_in_callers(function)


def inlined_part(function: Function) -> Function:
    """A part that is never called but always written out: for small pieces called so often that calls cost."""
    return only_in_callers(function, written_out=True)


def allocating_part(function: Function) -> Function:
    """A part that makes arrays or returns some; what calls it and gets arrays is one as well, or a kernel."""
    return only_in_callers(function, counts_references=True)
