"""Result folders: complete or absent, and never written over one another."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest

from experiments.results import result_folder as store
from experiments.results.leftovers import UNFINISHED
from experiments.results.result_folder import load_result, new_result
from experiments.storage.folder_error import FolderError
from experiments.storage.sealed_json import write_json

NOON = dt.datetime(2018, 2, 1, 12, 0, 0)


def write_one(parent, text="a"):
    """Write a result of one file; returns its folder."""
    with new_result(parent, "un2397", NOON) as draft:
        (draft.folder / "summary.json").write_text(text)
    return draft.final


def test_a_folder_is_named_by_time_and_name(tmp_path):
    folder = write_one(tmp_path)
    assert folder == tmp_path / "2018-02-01-120000-un2397"
    assert list(tmp_path.iterdir()) == [folder]


def test_two_in_the_same_second_get_names_of_their_own(tmp_path):
    folders = [write_one(tmp_path, text) for text in "abc"]
    assert [folder.name[18:] for folder in folders] == ["un2397", "un2397-2", "un2397-3"]
    assert [(folder / "summary.json").read_text() for folder in folders] == ["a", "b", "c"]


def test_a_name_taken_at_the_last_moment_is_not_overwritten(tmp_path, monkeypatch):
    """Another process takes the name between the check and the rename."""
    taken = write_one(tmp_path, "first")
    monkeypatch.setattr(
        store.os.path, "lexists", lambda path: str(path) != str(taken) and store.Path(path).exists()
    )
    assert write_one(tmp_path, "second") != taken
    assert (taken / "summary.json").read_text() == "first"


def test_a_file_of_that_name_stays(tmp_path):
    (tmp_path / "2018-02-01-120000-un2397").write_text("not a folder")
    assert write_one(tmp_path).name.endswith("un2397-2")


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_interrupted_result_leaves_nothing(tmp_path, error):

    def write_half():
        with new_result(tmp_path, "x", NOON) as draft:
            (draft.folder / "summary.json").write_text("half")
            raise error

    with pytest.raises(error):
        write_half()
    assert list(tmp_path.iterdir()) == []


def test_a_killed_process_leaves_nothing_that_looks_whole(tmp_path):
    """What kill -9 leaves is hidden, is named unfinished, and is refused by readers."""
    code = (
        "import os, pathlib, sys; from experiments.results.result_folder import new_result\n"
        "with new_result(pathlib.Path(sys.argv[1]), 'x') as draft:\n"
        "    (draft.folder / 'months.parquet').write_text('half'); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    (left,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert left.name.startswith(".")
    assert left.name.endswith(UNFINISHED)
    with pytest.raises(FolderError, match="missing"):
        load_result(left)


def test_an_output_dir_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(FolderError, match="choose another output_dir"),
        new_result(tmp_path / "file", "x"),
    ):
        pass


def test_a_finished_result_reads_back(finished):
    result = load_result(finished)
    assert result.summary["replicates"] == 3
    assert result.config["market"]["scale"] == 0.02
    assert result.record["seed"] == 1
    assert result.months.is_file()


def test_a_damaged_result_is_refused(tmp_path):
    for name in (store.MONTHS, store.SUMMARY, store.CONFIG, store.RECORD):
        (tmp_path / name).write_text("{")
    with pytest.raises(FolderError, match="damaged"):
        load_result(tmp_path)


def test_a_folder_that_is_no_result_is_refused(tmp_path):
    with pytest.raises(FolderError, match="not a result folder"):
        load_result(tmp_path)


def test_json_holds_no_nan(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "x.json", {"value": float("nan")})
