"""Disasters that may befall compiled kernels on disk: each counts as a kernel never compiled."""

from __future__ import annotations

import errno
import importlib.util
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from experiments.results.provenance import COMMITTED, source_state
from sim import source_changes
from sim.engine import compiling, kernel_cache
from sim.engine.compiling import cache_folders
from sim.engine.kernel_cache import KernelCache, digest_of, keep, warn_once, whole_files
from tests.support.paths import ROOT

SOURCE = "import numba\n\n@numba.njit(nogil=True)\ndef twice(x):\n    return 2.0 * x\n"


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """A file with a kernel."""
    path = tmp_path / "twice_in_a_file.py"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def kernel_of(module: Path, *folders: Path) -> Any:
    """The kernel of the file, kept in these folders, as a new process would define it."""
    spec = importlib.util.spec_from_file_location(module.stem, module)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    loaded.twice._cache = KernelCache(loaded.twice.py_func, lambda: folders)
    return loaded.twice


def compiled_anew(kernel: Any) -> bool:
    """Whether a first call had to compile the kernel; what it returns is right either way."""
    assert kernel(4.5) == 9.0
    assert sum(kernel.stats.cache_hits.values()) + sum(kernel.stats.cache_misses.values()) == 1
    return bool(kernel.stats.cache_misses)


def only_file(folder: Path) -> Path:
    """The one file in a folder."""
    (path,) = folder.iterdir()
    return path


def test_a_kernel_is_compiled_once(module: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kernels"
    assert compiled_anew(kernel_of(module, folder))
    assert not compiled_anew(kernel_of(module, folder))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def noise(path: Path) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


def zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def one_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def content_of_another(path: Path) -> None:
    path.write_bytes(digest_of("sim.verbs.pay.pay", b"code") + b"code")


@pytest.mark.parametrize("harm", [emptied, cut, noise, zeros, one_bit, content_of_another])
def test_a_damaged_kernel_was_a_traceback_for_ever(
    module: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    folder = tmp_path / "kernels"
    compiled_anew(kernel_of(module, folder))
    whole = only_file(folder).read_bytes()
    harm(only_file(folder))
    assert compiled_anew(kernel_of(module, folder))
    assert len(only_file(folder).read_bytes()) == len(whole)
    assert not compiled_anew(kernel_of(module, folder))


def test_a_kernel_that_cannot_be_read_is_compiled_again(module: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kernels"
    compiled_anew(kernel_of(module, folder))
    path = only_file(folder)
    path.unlink()
    path.mkdir()
    with pytest.warns(RuntimeWarning, match=r"cannot be kept \(.*kernels: Is a directory"):
        assert compiled_anew(kernel_of(module, folder))


def test_another_user_s_kernel_is_not_run(
    module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kernels"
    compiled_anew(kernel_of(module, folder))
    assert list(whole_files(only_file(folder).name, [folder]))
    monkeypatch.setattr(kernel_cache.os, "geteuid", lambda: os.getuid() + 1)
    assert not list(whole_files(only_file(folder).name, [folder]))


@pytest.fixture(autouse=True)
def warned_anew() -> Iterator[None]:
    """Each test sees the warning that a process gives once."""
    warn_once.cache_clear()
    yield
    warn_once.cache_clear()


def test_a_home_that_cannot_be_written_leaves_kernels_with_the_sources(
    module: Path, tmp_path: Path
) -> None:
    home, sources = tmp_path / "home", tmp_path / "sources"
    home.write_text("a file, so that no folder can be made here", encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compiled_anew(kernel_of(module, home / "kernels", sources))
        assert not compiled_anew(kernel_of(module, home / "kernels", sources))
    assert only_file(sources)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_full_disk_costs_the_cache_and_not_the_command(
    module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    folder, write = tmp_path / "kernels", Path.write_bytes

    def half(path: Path, content: bytes) -> int:
        write(path, content[: len(content) // 2])
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.warns(RuntimeWarning, match=f"{folder}: {os.strerror(number)}.*NUMBA_CACHE_DIR"):
        assert compiled_anew(kernel_of(module, folder))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compiled_anew(kernel_of(module, folder))
    assert not list(folder.iterdir())


def test_two_that_keep_the_same_kernel_at_once_leave_it_whole(tmp_path: Path) -> None:
    content = os.urandom(1 << 16)
    with warnings.catch_warnings(), ThreadPoolExecutor(8) as pool:
        warnings.simplefilter("error")
        list(pool.map(lambda _: keep("kernel", content, [tmp_path]), range(64)))
    assert list(whole_files("kernel", [tmp_path])) == [content]
    assert only_file(tmp_path).name == "kernel"


def test_another_source_another_closure_and_a_notebook_get_no_old_kernel(
    module: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "kernels"
    compiled_anew(kernel_of(module, folder))
    module.write_text(SOURCE.replace("njit(nogil=True)", "njit(error_model='numpy')"))
    assert compiled_anew(kernel_of(module, folder))
    assert len(list(folder.iterdir())) == 2

    def closed(x: float) -> float:
        return x + len(SOURCE)

    typed: dict[str, Any] = {}
    exec(compile("def typed(x):\n    return x\n", "<notebook>", "exec"), typed)
    assert kernel_cache.file_name(typed["typed"], ()) is None
    assert kernel_cache.file_name((lambda: lambda: module)(), ()) is None
    assert kernel_cache.file_name(closed, ()) is not None


RUN = """
import hashlib
from sim.paired import run_paired
from tests.support.shipped_scenarios import make_scenario
pair = run_paired(make_scenario("market.scale=0.005", "months=3"), 0)
print(hashlib.sha256(b"".join(array.tobytes() for array in pair.policy)).hexdigest())
"""


def digest_with_cache(folder: Path) -> str:
    """Hash of a run's months by a new process that keeps its kernels under a folder."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN],
        cwd=ROOT,
        env={**os.environ, "NUMBA_CACHE_DIR": str(folder)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
def test_a_cache_of_which_every_file_is_damaged_gives_the_same_bytes(tmp_path: Path) -> None:
    own = cache_folders()[0]
    expected = digest_with_cache(own.parent)
    copy = tmp_path / own.name
    shutil.copytree(own, copy)
    harms = [emptied, cut, noise, zeros, one_bit, content_of_another]
    for number, path in enumerate(sorted(copy.iterdir())):
        harms[number % len(harms)](path)
    assert digest_with_cache(tmp_path) == expected
    assert digest_with_cache(tmp_path) == expected


def test_code_that_is_older_than_its_source_shares_no_kernel(
    tmp_path: Path, module: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "rule.py"
    source.write_text("old", encoding="utf-8")
    monkeypatch.setattr(source_changes, "CHANGED_AT_START", source_changes.change_times([source]))
    kept = compiling.cache_folders()
    assert len(kept) == 2
    source.write_text("new", encoding="utf-8")
    assert source_changes.sources_changed()
    assert compiling.cache_folders() == ()
    assert source_state()["state"] != COMMITTED
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compiled_anew(kernel_of(module))
    assert sorted(tmp_path.iterdir()) == sorted([source, module])
    source.unlink()
    assert compiling.cache_folders() == ()
