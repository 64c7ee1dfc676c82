"""The manifest is a chain: no line can be edited, removed, moved or cut without a trace."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

from experiments.fault_injection.edited_bytes import edited_byte
from experiments.storage.folder_error import FolderError
from experiments.storage.manifest import (
    ADDED,
    MANIFEST,
    SET_ASIDE,
    Entry,
    chained,
    read_manifest,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose manifest has four lines, the last of which sets a shard aside."""
    manifest = read_manifest(tmp_path)
    manifest.rewrite()
    for name in "abc":
        manifest.append(Entry(ADDED, f"runs/{name}", "0" * 64, 3, "f" * 32, 0.5))
    manifest.append(Entry(SET_ASIDE, "runs/b"))
    return tmp_path


def test_a_manifest_reads_back(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert manifest.is_whole
    assert list(manifest.shards) == ["runs/a", "runs/c"]
    assert manifest.shards["runs/a"].ids() == ["f" * 32]


def test_every_edited_byte_breaks_the_chain(folder: Path) -> None:
    generator = random.Random(4)
    for _ in range(500):
        with edited_byte(folder / MANIFEST, generator):
            assert not read_manifest(folder).is_whole


def test_removed_and_exchanged_lines_break_the_chain(folder: Path) -> None:
    path = folder / MANIFEST
    lines = path.read_bytes().splitlines(keepends=True)
    for order in itertools.permutations(lines):
        path.write_bytes(b"".join(order))
        assert read_manifest(folder).is_whole == (list(order) == lines)
    for without in lines[:-1]:
        path.write_bytes(b"".join(line for line in lines if line != without))
        assert not read_manifest(folder).is_whole


def test_a_line_cut_at_any_byte_counts_for_nothing(folder: Path) -> None:
    path = folder / MANIFEST
    content = path.read_bytes()
    ends = {0} | {place + 1 for place, byte in enumerate(content) if byte == 10}
    for length in range(len(content)):
        path.write_bytes(content[:length])
        assert read_manifest(folder).is_whole == (length in ends)


def test_a_manifest_written_again_has_the_shards_that_count(folder: Path) -> None:
    path = folder / MANIFEST
    path.write_bytes(path.read_bytes()[:-5])
    manifest = read_manifest(folder)
    manifest.rewrite()
    manifest.append(Entry(ADDED, "runs/d"))
    again = read_manifest(folder)
    assert again.is_whole
    assert list(again.shards) == ["runs/a", "runs/b", "runs/c", "runs/d"]


@pytest.mark.parametrize(
    "line", [b"", b"[]", b"null", b'{"file": "runs/a"}', b'{"file": 1}', b"\xff", b"[" * 100_000]
)
def test_lines_that_are_no_entries_are_refused(folder: Path, line: bytes) -> None:
    path, last = folder / MANIFEST, read_manifest(folder).last
    path.write_bytes(path.read_bytes() + chained(last, line).encode() + b" " + line + b"\n")
    with pytest.raises(FolderError, match="written by another version"):
        read_manifest(folder)
