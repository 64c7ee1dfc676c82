"""How functions are compiled: rules for kernels and plain Python, kernels, and parts of kernels.

With PRIMORYE_CHECKED=1 in the environment everything is compiled with checks of every index: slower
by several times, with the same results to the last bit, and an IndexError instead of a write into
memory that belongs to something else.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

# Read when numba is imported. Intel's vector functions would round differently from machine to
# machine.
os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")
os.environ.setdefault("NUMBA_OPT", "2")

import numba

from sim.engine.kernel_cache import KernelCache
from sim.engine.numba_linking import CHECKED, compiled_into_callers
from sim.engine.pickles import version_of
from sim.source_changes import SIM_FOLDER, sources_changed

Function = TypeVar("Function", bound=Callable[..., object])

DEFINES_A_KERNEL = re.compile(r"^@(?:state_)?kernel\b", re.MULTILINE)
IMPORT_STATEMENT = re.compile(r"^\s*from (sim[\w.]*) import (\([^)]*\)|.+)", re.MULTILINE)


def source_hash(paths: Iterable[Path] | None = None) -> str:
    """Hash of source files of the science, by default all: it names the code that a run used."""
    digest = hashlib.sha256()
    for path in sorted(SIM_FOLDER.rglob("*.py") if paths is None else paths):
        digest.update(path.relative_to(SIM_FOLDER).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def compiled_sources() -> set[Path]:
    """Every file that can change what is compiled: those with kernels, and what they import."""
    found: set[Path] = set()
    to_read = {
        path
        for path in SIM_FOLDER.rglob("*.py")
        if DEFINES_A_KERNEL.search(path.read_text("utf-8"))
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
        for module, listed in IMPORT_STATEMENT.findall(source)
        for name in (module, *(f"{module}.{word}" for word in re.findall(r"\w+", listed)))
    }
    places = (SIM_FOLDER.joinpath(*name.split(".")[1:]) for name in names)
    files = {file for place in places for file in (place.with_suffix(".py"), place / "__init__.py")}
    return {file for file in files if file.is_file()}


@version_of("compiled code")
@functools.cache
def compiled_version() -> str:
    """Hash of the sources of what is compiled, as they were when this process began."""
    return source_hash(compiled_sources())


def cache_folders() -> tuple[Path, ...]:
    """Where compiled kernels are kept: the user's cache or, if it is read-only, the sources.

    Nowhere once a source has changed: kernels of the code that runs would be taken for those of the
    new code, whose records may be laid out otherwise, and write where they should not.
    """
    return () if sources_changed() else kept_folders()


@functools.cache
def kept_folders() -> tuple[Path, Path]:
    """The folders of this state of the compiled sources.

    Each state has folders of its own, since a rule that changes in one file changes kernels of
    other files.
    """
    own = (
        os.environ.get("NUMBA_CACHE_DIR") or Path.home() / ".cache" / "primorye-labour" / "kernels"
    )
    version = compiled_version() + ("-checked" if CHECKED else "")
    return Path(own) / version, SIM_FOLDER / "__pycache__" / "kernels" / version


def rule(function: Function) -> Function:
    """Mark a pure scalar function that both the kernels and plain Python call."""
    return compiled_into_callers(function)


def kernel(function: Function) -> Function:
    """Compile a loop over rows: cached on disk, without the interpreter lock, IEEE arithmetic."""
    compile_it = numba.njit(nogil=True, error_model="numpy", boundscheck=CHECKED)
    compiled: Function = compile_it(function)  # type: ignore[assignment]
    compiled._cache = KernelCache(function, cache_folders)  # type: ignore[attr-defined]
    return compiled


def part(function: Function) -> Function:
    """Mark a part of a kernel: compiled into its caller, it makes and returns no arrays.

    It borrows the arrays of its caller: references to them, which would be counted in atomic steps,
    are not.
    """
    return compiled_into_callers(function)


def inlined_part(function: Function) -> Function:
    """A part that is written out wherever it is called: for small pieces called very often."""
    return compiled_into_callers(function, inlined=True)


def allocating_part(function: Function) -> Function:
    """A part that makes arrays or returns some.

    Whatever calls it and gets arrays is an allocating part as well, or a kernel.
    """
    return compiled_into_callers(function, counts_references=True)
