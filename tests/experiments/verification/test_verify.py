"""The verify command: what it calls verified, and what it names when something differs."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.fault_injection.edited_bytes import edit_bytes, edited_byte
from experiments.fault_injection.small_commands import DamageError
from experiments.results import provenance
from experiments.results.provenance import certificate, source_state
from experiments.storage.recorded_folder import faults, read_record, write_record
from experiments.storage.sealed_json import write_sealed
from experiments.sweep import main as sweep
from experiments.verify import main
from tests.support.small_sweeps import SMALL

RECORD = "run.json"


@pytest.fixture
def copied(finished: Path, tmp_path: Path) -> Path:
    """A finished result, to be harmed."""
    return Path(shutil.copytree(finished, tmp_path / "result"))


def seal(folder: Path) -> None:
    """Make the record fit the files, as a stranger might who knows how."""
    write_record(folder, read_record(folder, RECORD), RECORD)


def test_a_finished_result_is_verified(finished: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(finished)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"{finished}: verified\n  6 files are as recorded in run.json\n")
    assert "measures.parquet, months.parquet, parameters.parquet" in printed


@pytest.mark.parametrize("edits", [200, pytest.param(10_000, marks=pytest.mark.slow)])
def test_every_single_byte_edit_of_a_result_is_found(copied: Path, edits: int) -> None:
    (copied / "report.html").write_bytes((copied / "report.html").read_bytes()[-50_000:])
    seal(copied)
    edit_bytes(
        sorted(copied.iterdir()), lambda: not faults(copied, RECORD), edits, random.Random(20)
    )
    assert faults(copied, RECORD) == []


def test_an_edit_that_the_check_overlooks_is_told(copied: Path) -> None:
    with pytest.raises(DamageError, match=r"config\.yaml: another byte at \d+ is not found"):
        edit_bytes([copied / "config.yaml"], lambda: True, 1, random.Random(21))


def test_missing_and_added_files_are_found(copied: Path) -> None:
    (copied / "config.yaml").unlink()
    (copied / "notes.txt").write_text("mine")
    assert faults(copied, RECORD) == [
        "config.yaml: missing",
        "notes.txt: not in the record of its folder",
    ]


def another_number_of_workers(folder: Path) -> None:
    """Change one number of one month of months.parquet."""
    path = folder / "months.parquet"
    file = pq.ParquetFile(path)
    table = file.read_row_group(0)
    values = table["value"].to_numpy().copy()
    values[len(values) // 3] += 1.0
    at = table.column_names.index("value")
    with pq.ParquetWriter(path, table.schema) as writer:
        writer.write_table(table.set_column(at, table.field(at), pa.array(values)))


def another_median(folder: Path) -> None:
    """Change one median of summary.json."""
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    summary["measures"]["shortfall_workers"]["by_month"]["2018-03"][1] += 0.5
    text = json.dumps(summary, ensure_ascii=False, indent=1) + "\n"
    (folder / "summary.json").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (another_number_of_workers, ["months.parquet: differs", "month 20", "value recorded"]),
        (another_median, ["summary.json: differs first in", "shortfall_workers by_month 2018-03"]),
    ],
)
def test_a_forged_number_under_a_right_digest_is_found_and_named(
    copied: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Path], None],
    named: list[str],
) -> None:
    change(copied)
    seal(copied)
    assert main([str(copied)]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith(f"{copied}: NOT verified\n")
    for words in named:
        assert words in printed


def test_an_edited_file_is_named_and_nothing_is_simulated(
    copied: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.verification.run_again.simulate_into", pytest.fail)
    with edited_byte(copied / "summary.json", random.Random(1)):
        assert main([str(copied)]) == 1
    assert "summary.json: damaged or edited" in capsys.readouterr().out
    with edited_byte(copied / RECORD, random.Random(2)):
        assert main([str(copied)]) == 2


def test_another_version_is_named(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = read_record(copied, RECORD)
    record["versions"]["numpy"] = "1.0"
    write_sealed(copied / RECORD, record)
    assert main([str(copied)]) == 1
    printed = capsys.readouterr().out
    assert "numpy: 1.0 made it" in printed
    assert "report.html: differs first" in printed


@pytest.fixture(scope="module")
def reported_sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verified") / "store"
    assert sweep([*SMALL, f"store={folder}"]) == 0
    return folder


def test_a_store_is_verified_and_its_damage_named(
    reported_sweep: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(reported_sweep)]) == 0
    assert "identical to the bit: 6 runs" in capsys.readouterr().out
    generator = random.Random(3)
    names = ["store.json", "manifest.jsonl", "summary.json", "report.html", "config.yaml"]
    for path in [*reported_sweep.glob("runs/*"), *(reported_sweep / name for name in names)]:
        with edited_byte(path, generator):
            assert main([str(reported_sweep)]) in (1, 2)
        said = capsys.readouterr()
        assert path.name in said.out + said.err


def test_what_holds_no_result_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 2
    assert "give a folder that experiments.run" in capsys.readouterr().err
    assert main([]) == 2


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """A program under version control: a function that calls git there."""
    root = tmp_path / "checkout"
    (root / "sim").mkdir(parents=True)
    (root / "sim" / "rule.py").write_text("A = 1\n")
    monkeypatch.setattr(provenance, "ROOT", root.resolve())

    def git(*words: str) -> None:
        own = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *own, *words], cwd=root, check=True, capture_output=True)

    return git


def test_a_changed_tree_is_not_certifiable(checkout: Callable[..., Any], tmp_path: Path) -> None:
    rule = tmp_path / "checkout" / "sim" / "rule.py"
    unversioned = {"source": source_state()}
    assert certificate(unversioned).startswith("Not certifiable: the program's source was not")
    checkout("init", "-q")
    checkout("add", "-A")
    checkout("commit", "-qm", "first")
    committed = source_state()
    assert committed["state"] == "committed"
    assert certificate({"source": committed}) == f"Commit {committed['commit'][:16]}"
    rule.write_text("A = 2\n")
    assert source_state() == {**committed, "state": "changed"}
    checkout("checkout", "-q", ".")
    assert source_state() == committed
    rule.with_name("another.py").write_text("")
    assert "changed after commit" in certificate({"source": source_state()})


def test_the_report_says_whether_it_can_be_certified(finished: Path) -> None:
    record = read_record(finished, RECORD)
    assert certificate(record) in (finished / "report.html").read_text(encoding="utf-8")
