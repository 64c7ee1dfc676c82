"""What Windows lacks, taken away here: folders that open, fork, signals of POSIX, flock of folders.

No machine with Windows runs these tests; they show that nothing depends on what it lacks.
"""

from __future__ import annotations

import ast
import importlib
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from experiments.command_line import signals, streams
from experiments.results.leftovers import UNFINISHED, clear_leftovers, held, unfinished_folder
from experiments.storage import whole_files
from experiments.storage.folder_error import FolderError
from experiments.storage.folder_lock import locked
from experiments.sweeps.execution import worker_processes

ROOT = Path(__file__).parents[2]
POSIX_ONLY = ("fcntl", "resource", "pwd", "grp", "termios")


def test_only_the_disasters_import_what_windows_lacks() -> None:
    found = set()
    for path in (ROOT / "experiments").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {path.parent.name for name in names if name in POSIX_ONLY}
    assert found <= {"fault_injection"}


def test_signals_that_a_system_lacks_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "SIGHUP")
    monkeypatch.setattr(signal, "SIGBREAK", signal.SIGUSR1, raising=False)
    again = importlib.reload(signals)
    try:
        assert again.STOPS == (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)
    finally:
        monkeypatch.undo()
        importlib.reload(signals)


def test_folders_are_not_opened_where_they_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def open_files_only(path: Path | str, *more: int) -> int:
        if Path(path).is_dir():
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *more)

    monkeypatch.setattr(whole_files.os, "open", open_files_only)
    with pytest.raises(PermissionError):
        whole_files.write_whole(tmp_path / "here", b"x")
    monkeypatch.setattr(whole_files, "OPENS_FOLDERS", False)
    whole_files.write_whole(tmp_path / "file", b"a\nb")
    whole_files.make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "file").read_bytes() == b"a\nb"


def test_processes_are_spawned_where_there_is_no_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    assert worker_processes.clean_processes().get_start_method() == "forkserver"
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    assert worker_processes.clean_processes().get_start_method() == "spawn"


def test_a_reader_that_is_gone_ends_nothing_with_the_error_of_windows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(*_: object) -> int:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(streams.os, "write", gone)
    with pytest.raises(OSError, match="Invalid argument"):
        streams.PipeThatMayClose(1).write(b"text")
    monkeypatch.setattr(streams, "READER_GONE", (22,))
    assert streams.PipeThatMayClose(1).write(b"text") == 4


def test_a_folder_is_held_by_one_and_its_holder_is_named(tmp_path: Path) -> None:
    with (
        locked(tmp_path, "store"),
        pytest.raises(FolderError, match=f"in use by process {os.getpid()} on "),
        locked(tmp_path, "store"),
    ):
        pass
    with locked(tmp_path, "store"):
        pass


def test_an_unfinished_folder_goes_once_nobody_holds_it(tmp_path: Path) -> None:
    with unfinished_folder(tmp_path) as folder:
        with held(folder) as is_ours:
            assert not is_ours
        clear_leftovers(tmp_path)
        assert folder.is_dir()
    assert list(tmp_path.iterdir()) == []
    left, lock = tmp_path / f".x{UNFINISHED}", tmp_path / f".y{UNFINISHED}.lock"
    left.mkdir()
    lock.touch()
    clear_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []
