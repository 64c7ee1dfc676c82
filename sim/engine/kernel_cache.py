"""Compiled kernels on disk: one file each, which is whole and the user's own or counts as absent.

Numba's own cache trusts what it finds: after a power cut, or with a quota reached, an emptied file
would end every later start in an error. Here each file begins with a hash of its name and content.
"""

from __future__ import annotations

import functools
import hashlib
import os
import pickle
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, override

import llvmlite
import numba
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

Folders = Callable[[], Sequence[Path]]
BUILT_BY = (numba.__version__, llvmlite.__version__, sys.implementation.cache_tag)
DIGEST_BYTES = hashlib.sha256().digest_size


class KernelCache(_Cache):
    """Where a kernel is looked for before it is compiled, and kept afterwards.

    folders: the first that has a kernel gives it, the first that can be written takes it; none: no
    kernel is kept.
    """

    def __init__(self, function: Callable[..., object], folders: Folders) -> None:
        self._function, self._folders = function, folders

    @property
    @override
    def cache_path(self) -> str:
        """The folder that is tried first."""
        return str(next(iter(self._folders()), ""))

    @override
    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The kernel compiled for these types; None if no folder has it whole."""
        target_context.refresh()
        name = file_name(self._function, (sig, *target_context.codegen().magic_tuple()))
        content = next(whole_files(name, self._folders()), None) if name else None
        if content is None:
            return None
        rebuilt: Any = CompileResult._rebuild
        return rebuilt(target_context, *pickle.loads(content))

    @override
    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a kernel, unless its code refers to the memory of this process."""
        name = file_name(self._function, (sig, *data.codegen.magic_tuple()))
        if name and not data.library.has_dynamic_globals:
            content = dumps(data._reduce())  # type: ignore[no-untyped-call]
            keep(name, content, self._folders())

    @override
    def enable(self) -> None:
        """Do nothing: numba calls this for functions whose cache can be switched off."""

    @override
    def disable(self) -> None:
        """Do nothing, as `enable`."""

    @override
    def flush(self) -> None:
        """Do nothing: kernels of other sources are in other folders."""


def file_name(function: Callable[..., object], made_for: tuple[object, ...]) -> str | None:
    """A name that differs for other sources, types, processors and compilers.

    None for functions that are not kept: a closure holds values that no source shows, and what is
    typed into a notebook has no file.
    """
    code = function.__code__
    if function.__closure__ or not Path(code.co_filename).is_file():
        return None
    source = hashlib.sha256(Path(code.co_filename).read_bytes()).hexdigest()
    place = f"{function.__module__}.{function.__qualname__}", code.co_firstlineno
    identity = hashlib.sha256(repr((made_for, BUILT_BY, source, place)).encode()).hexdigest()
    return f"{place[0].replace('<locals>', '')}-{identity[:32]}.kernel"


def whole_files(name: str, folders: Sequence[Path]) -> Iterator[bytes]:
    """What these folders hold under a name, where it is whole and no other user has put it there.

    A kernel is unpickled, which can run any code.
    """
    for folder in folders:
        try:
            with (folder / name).open("rb") as file:
                is_own = os.fstat(file.fileno()).st_uid == os.geteuid()
                digest, content = file.read(DIGEST_BYTES), file.read()
        except OSError:
            continue
        if is_own and digest == digest_of(name, content):
            yield content


def keep(name: str, content: bytes, folders: Sequence[Path]) -> None:
    """Write a file to the first folder that takes it; warn, once, if none does."""
    problems = []
    for folder in folders:
        draft = folder / f"{name}.{os.getpid()}-{threading.get_ident()}.tmp"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(digest_of(name, content) + content)
            draft.replace(folder / name)
        except OSError as error:
            problems.append(f"{folder}: {error.strerror}")
            remove_draft(draft)
        else:
            return
    if problems:
        warn_once("; ".join(problems))


def remove_draft(draft: Path) -> None:
    """Remove what could not be written in full, if it is there."""
    try:
        draft.unlink(missing_ok=True)
    except OSError:
        return


@functools.cache
def warn_once(problems: str) -> None:
    """Warn that every start will compile the kernels again."""
    warnings.warn(
        f"compiled kernels cannot be kept ({problems}): every start compiles them again; set "
        "NUMBA_CACHE_DIR to a folder that can be written",
        RuntimeWarning,
        stacklevel=2,
    )


def digest_of(name: str, content: bytes) -> bytes:
    """Hash of a file's name and content: a damaged or renamed file does not fit its own."""
    return hashlib.sha256(name.encode() + b"\0" + content).digest()
