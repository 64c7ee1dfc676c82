"""Finished results that the explorer finds under a path, and what it reads of them."""

from __future__ import annotations

import json
import shutil

import pyarrow as pa
import pytest

from experiments.explorer.finished_results import find_finished, summary_of
from experiments.reporting.overlay import NamedSummary, bands_note
from experiments.results.result_folder import load_result
from experiments.storage.folder_error import FolderError
from experiments.sweeps.store.run_store import open_run_store
from experiments.sweeps.store.shards import RUNS

MONTHS = ("2016-01", "2016-02")


def write_store(folder, scale, shards):
    """A store with these shards, each a list of rows by column name."""
    store = open_run_store(folder, {"varies": {}, "fixed": {"market.scale": scale}})
    for rows in shards:
        store.add(RUNS, pa.Table.from_pylist(rows), [])


def test_finished_results_are_found_under_a_path(finished, tmp_path):
    found = find_finished(finished.parent).results
    assert list(found) == [finished.name]
    summary = load_result(finished).summary
    assert summary_of(found[finished.name], summary) == summary
    assert list(find_finished(finished).results) == [finished.name]
    with pytest.raises(FolderError, match="no finished result"):
        find_finished(tmp_path)
    with pytest.raises(FolderError, match="no finished result"):
        find_finished(tmp_path / "nowhere")


def test_points_of_a_sweep_are_read_from_its_shards(finished, tmp_path):
    shards = [
        [
            {
                "run": f"id{shard}{replicate}",
                "policy.compliance": compliance,
                "draw": 0,
                "replicate": replicate,
                "month": month,
                "shortfall_workers": 10.0 * (2 * replicate + number) + shard,
            }
            for replicate in range(3)
            for number, month in enumerate(MONTHS)
        ]
        for shard, compliance in enumerate((0.25, 0.75))
    ]
    write_store(tmp_path, "0.25", shards)
    found = find_finished(tmp_path).results
    assert list(found) == ["policy.compliance=0.25", "policy.compliance=0.75"]
    summary = summary_of(found["policy.compliance=0.75"], load_result(finished).summary)
    assert (summary["replicates"], summary["start"]) == (3, "2016-01")
    assert (summary["months"], summary["scale"]) == (2, 0.25)
    by_month = summary["measures"]["shortfall_workers"]["by_month"]
    assert by_month["2016-02"] == [13.0, 31.0, 49.0]


def test_sampled_parameters_of_a_sweep_belong_to_its_points_and_are_in_their_bands(
    finished, tmp_path
):
    rows = [
        {
            "run": f"{policy}{draw}{replicate}",
            "policy": policy,
            "population.north_korean.levy_share": 0.1 * draw,
            "draw": draw,
            "replicate": replicate,
            "month": month,
            "shortfall_workers": 10.0 * draw,
        }
        for policy in ("cliff", "un2397")
        for draw in range(4)
        for replicate in range(2)
        for month in MONTHS
    ]
    write_store(tmp_path, "1.0", [rows])
    found = find_finished(tmp_path).results
    assert list(found) == ["policy=cliff", "policy=un2397"]
    summary = summary_of(found["policy=cliff"], load_result(finished).summary)
    assert summary["replicates"] == 8
    note = bands_note([NamedSummary("cliff", summary)])
    assert note.endswith("chance and parameters (4 draws of the sweep).")


def test_a_real_sweep_is_opened_point_by_point(whole_sweep, finished):
    like = load_result(finished).summary
    found = find_finished(whole_sweep).results
    assert len(found) > 1
    for each in found.values():
        summary = summary_of(each, like)
        assert summary["months"] == len(summary["measures"]["shortfall_workers"]["by_month"])


def test_a_store_of_an_earlier_version_is_refused(copied_sweep):
    record = json.loads((copied_sweep / "store.json").read_text(encoding="utf-8"))
    del record["format"]
    (copied_sweep / "store.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(FolderError, match=r"was written by an earlier version"):
        find_finished(copied_sweep)


def test_a_store_of_an_earlier_version_among_others_is_named_and_left_out(
    copied_sweep, finished, tmp_path
):
    (copied_sweep / "store.json").write_text("{}", encoding="utf-8")
    shutil.copytree(finished, tmp_path / "result")
    found = find_finished(tmp_path)
    assert list(found.results) == ["result"]
    (note,) = found.notes
    assert f"{copied_sweep} was written by an earlier version" in note
    shutil.rmtree(tmp_path / "result")
    with pytest.raises(FolderError, match=r"earlier version(.|\n)*no finished result"):
        find_finished(tmp_path)
