"""A flipped bit in any file that is read back is found before its numbers are used."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from experiments.calibration.generations import (
    fit_folder,
    read_generations,
    read_identity,
    write_generation,
)
from experiments.calibration.posterior import SHIPPED, read_draws
from experiments.calibration.smc import Generation
from experiments.explorer.finished_results import find_finished
from experiments.fault_injection.edited_bytes import edited_byte
from experiments.results.months import read_months
from experiments.results.result_folder import load_result
from experiments.storage.folder_error import FolderError
from experiments.storage.folder_lock import locked
from experiments.sweeps.store.store_record import read_store_record
from tests.support.damage import flip_a_bit
from tests.support.small_sweeps import assert_same_results, run_sweep, small_sweep

KEYS, RECORDED = ["a", "b"], ["c"]
EDITS = 40


def generation(number: int) -> Generation:
    generator = np.random.default_rng(number)
    return Generation(
        number, generator.random((9, 2)), generator.random(9), generator.random((9, 1)), 1.0, 0.5, 9
    )


@pytest.fixture
def fit(tmp_path: Path) -> Path:
    """The folder of a fit with three generations."""
    folder = fit_folder(tmp_path, {"particles": 9}, {"code": "x"})
    for number in range(3):
        write_generation(folder, generation(number), KEYS, RECORDED)
    return folder


def test_generations_read_back(fit: Path) -> None:
    found, damaged = read_generations(fit, KEYS, RECORDED)
    assert damaged == []
    for number, each in enumerate(found):
        assert np.array_equal(each.points, generation(number).points)
        assert np.array_equal(each.recorded, generation(number).recorded)


def test_no_flipped_bit_of_a_generation_reaches_the_posterior(fit: Path) -> None:
    """Before generations had digests, 168 of 400 such flips changed the posterior in silence."""
    first, second, _ = sorted(fit.glob("generation-*"))
    generator = random.Random(5)
    for _ in range(400):
        with edited_byte(second, generator):
            found, damaged = read_generations(fit, KEYS, RECORDED)
            assert len(found) == 1
            assert [line.split(":")[0] for line in damaged] == [str(second)]
    # Neither does one generation under the number of another.
    second.unlink()
    shutil.copy(first, fit / first.name.replace("-000-", "-001-"))
    assert len(read_generations(fit, KEYS, RECORDED)[0]) == 1


def test_one_fit_at_a_time_uses_a_folder(fit: Path) -> None:
    with (
        locked(fit, "output_dir"),
        pytest.raises(FolderError, match=r"in use by process .*; .* another output_dir="),
        locked(fit, "output_dir"),
    ):
        pass


def test_an_edited_identity_of_a_fit_counts_for_nothing(fit: Path) -> None:
    generator = random.Random(6)
    assert read_identity(fit)["settings"] == {"particles": 9}
    for _ in range(EDITS):
        with edited_byte(fit / "identity.json", generator):
            assert read_identity(fit) == {}


@pytest.mark.parametrize("name", ["run.json", "summary.json", "config.yaml", "months.parquet"])
def test_an_edited_file_of_a_result_is_not_read(finished: Path, tmp_path: Path, name: str) -> None:
    folder, generator = Path(shutil.copytree(finished, tmp_path / "result")), random.Random(7)
    for _ in range(EDITS):
        with edited_byte(folder / name, generator), pytest.raises(FolderError):
            list(read_months(folder / "months.parquet"))
    load_result(folder)


def test_an_edited_record_of_a_store_is_not_read(copied_sweep: Path) -> None:
    generator = random.Random(8)
    for _ in range(EDITS):
        with edited_byte(copied_sweep / "store.json", generator), pytest.raises(FolderError):
            read_store_record(copied_sweep)


def test_the_explorer_does_not_show_a_damaged_shard(copied_sweep: Path) -> None:
    (shard,) = (copied_sweep / "runs").iterdir()
    assert len(find_finished(copied_sweep).results) == 3
    with (
        edited_byte(shard, random.Random(9)),
        pytest.raises(FolderError, match=f"{shard.name}: damaged.* mends its store"),
    ):
        find_finished(copied_sweep)


def test_a_flipped_bit_anywhere_in_a_store_is_mended(copied_sweep: Path, whole_sweep: Path) -> None:
    generator = random.Random(10)
    for name in ("manifest.jsonl", "runs"):
        (path,) = [copied_sweep / name] if name != "runs" else (copied_sweep / name).iterdir()
        flip_a_bit(path, generator)
        repairs, _ = run_sweep(small_sweep(copied_sweep))
        assert repairs
        assert_same_results(copied_sweep, whole_sweep)
        assert run_sweep(small_sweep(copied_sweep)) == ([], 0)


@pytest.mark.parametrize("name", ["posterior.parquet", "prior.parquet", "record.json"])
def test_damaged_parameter_draws_are_not_sampled(tmp_path: Path, name: str) -> None:
    folder, generator = Path(shutil.copytree(SHIPPED, tmp_path / "posterior")), random.Random(11)
    kind = "prior" if name.startswith("prior") else "posterior"
    assert read_draws(kind, folder)
    for _ in range(EDITS):
        with edited_byte(folder / name, generator), pytest.raises(FolderError):
            read_draws(kind, folder)
