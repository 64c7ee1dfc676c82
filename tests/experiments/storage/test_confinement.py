"""Names in data lead nowhere but into the folder that names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.storage.digests import confined
from experiments.storage.folder_error import FolderError
from experiments.storage.manifest import ADDED, MANIFEST, Entry, next_line, read_manifest
from experiments.storage.recorded_folder import faults, write_record
from experiments.storage.sealed_json import write_sealed
from tests.support.small_sweeps import run_sweep, small_sweep

OUTSIDE = ["../x", "runs/../../x", "/etc/passwd", "link/x", "a\0b"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link").symlink_to(tmp_path)
    with pytest.raises(FolderError, match="lies outside this folder"):
        confined(tmp_path / "folder", name)


def test_names_inside_are_taken(tmp_path: Path) -> None:
    (tmp_path / "within").symlink_to(tmp_path / "runs")
    for name in ("a.json", "runs/b.parquet", "within/c"):
        assert confined(tmp_path, name) == tmp_path / name


@pytest.mark.parametrize("name", ["../treasure", "/{parent}/treasure", "runs/../../treasure"])
def test_a_manifest_cannot_move_a_file_outside_its_store(
    copied_sweep: Path, tmp_path: Path, name: str
) -> None:
    treasure = tmp_path / "treasure"
    treasure.write_text("not part of the store")
    path = copied_sweep / MANIFEST
    last = read_manifest(copied_sweep).last
    forged = Entry(ADDED, name.format(parent=tmp_path), "0" * 64, 21, "f" * 32)
    path.write_bytes(path.read_bytes() + next_line(last, forged)[1])
    with pytest.raises(FolderError, match="lies outside this folder"):
        run_sweep(small_sweep(copied_sweep))
    assert treasure.read_text() == "not part of the store"


def test_a_store_whose_folder_of_runs_is_a_link_to_elsewhere_is_refused(
    copied_sweep: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    (copied_sweep / "runs").rename(elsewhere)
    (elsewhere / ".mine.tmp").write_text("not part of the store")
    (copied_sweep / "runs").symlink_to(elsewhere)
    before = sorted(elsewhere.iterdir())
    with pytest.raises(FolderError, match="lies outside this folder"):
        run_sweep(small_sweep(copied_sweep))
    assert sorted(elsewhere.iterdir()) == before


def test_a_record_cannot_name_a_file_outside_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    write_record(folder, {})
    write_sealed(folder / "record.json", {"files": {"../treasure": "0" * 64}})
    with pytest.raises(FolderError, match="lies outside this folder"):
        faults(folder, "record.json")
