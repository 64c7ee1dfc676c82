"""Compilation: `rule` for pure scalar functions (plain Python when called from Python), `kernel` for sweeps over columns."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")
os.environ.setdefault("NUMBA_OPT", "2")

import numba
from numba.extending import register_jitable

Function = TypeVar("Function", bound=Callable[..., object])


SCIENCE = Path(__file__).parent
COMPILED_SOURCES = (
    "compiled.py",
    "columns.py",
    "compiled_state.py",
    "draws.py",
    "elementary.py",
    "finding.py",
    "panel.py",
    "population.py",
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


# Nobody calls a rule or part by itself once it is compiled: entry points for Python and C would take a tenth of the time.
only_in_callers = functools.partial(register_jitable, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def rule(function: Function) -> Function:
    """Mark a pure scalar function that both the kernels and plain Python call."""
    compiled: Function = only_in_callers(_nrt=False)(function)
    return compiled


def kernel(function: Function) -> Function:
    """Compile a sweep over columns: cached on disk, releases the interpreter lock, IEEE arithmetic."""
    compiled: Function = numba.njit(cache=True, nogil=True, error_model="numpy")(function)  # type: ignore[assignment]
    return compiled


def part(function: Function) -> Function:
    """Mark a piece of a kernel: compiled into its caller, changes the columns it is given, makes and returns no arrays.

    It borrows the arrays of its caller: references to them, which would be counted in atomic steps, are not.
    """
    compiled: Function = only_in_callers(_nrt=False)(function)
    return compiled


def inlined_part(function: Function) -> Function:
    """A part that is never called but always written out: for small pieces called so often that calls cost."""
    compiled: Function = only_in_callers(_nrt=False, forceinline=True)(function)
    return compiled


def allocating_part(function: Function) -> Function:
    """A part that makes arrays or returns some; what calls it and gets arrays is one as well, or a kernel."""
    compiled: Function = only_in_callers(_nrt=True)(function)
    return compiled
