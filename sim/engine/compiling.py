"""Compilation: `rule` for pure scalar functions (plain Python when called from Python), `kernel` for sweeps over columns."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")
os.environ.setdefault("NUMBA_OPT", "2")

import numba

from sim.engine.numba_linking import only_in_callers

Function = TypeVar("Function", bound=Callable[..., object])


SCIENCE = Path(__file__).parents[1]
HOLDS_A_KERNEL = re.compile(r"^@(?:state_)?kernel\b", re.MULTILINE)
IMPORTED = re.compile(r"^\s*from (sim[\w.]*) import (\([^)]*\)|.+)", re.MULTILINE)


def source_hash(paths: Iterable[Path] | None = None) -> str:
    """Hash of source files of the science, by default all: it names the code that a run used."""
    digest = hashlib.sha256()
    for path in sorted(SCIENCE.rglob("*.py") if paths is None else paths):
        digest.update(path.relative_to(SCIENCE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def compiled_sources() -> set[Path]:
    """Every file that can change what is compiled: those with kernels, and what they import."""
    found: set[Path] = set()
    to_read = {
        path for path in SCIENCE.rglob("*.py") if HOLDS_A_KERNEL.search(path.read_text("utf-8"))
    }
    while to_read:
        path = to_read.pop()
        found.add(path)
        to_read |= imported_files(path.read_text("utf-8")) - found
    return found


def imported_files(source: str) -> set[Path]:
    """Files of the science that a module imports: modules, and modules named in a package."""
    names = {
        name
        for module, listed in IMPORTED.findall(source)
        for name in (module, *(f"{module}.{word}" for word in re.findall(r"\w+", listed)))
    }
    places = (SCIENCE.joinpath(*name.split(".")[1:]) for name in names)
    files = {file for place in places for file in (place.with_suffix(".py"), place / "__init__.py")}
    return {file for file in files if file.is_file()}


def _cache_folder() -> str:
    """A folder per state of the compiled sources: numba misses a rule changed in another file."""
    parent = os.environ.get("NUMBA_CACHE_DIR") or str(
        Path.home() / ".cache" / "primorye-labour" / "kernels"
    )
    return str(Path(parent) / source_hash(compiled_sources()))


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
