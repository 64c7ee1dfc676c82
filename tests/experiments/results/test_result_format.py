"""Folders of other versions: every reader refuses them in a sentence that says what to do."""

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from experiments.report import main as report
from experiments.results.months import read_months
from experiments.results.result_folder import RESULT_FORMAT, load_result
from experiments.run import main as run
from experiments.screenshots import main as screenshots
from experiments.storage.folder_error import FolderError
from experiments.storage.recorded_folder import write_record
from experiments.sweep import main as sweep
from sim.inputs.problems import RENAMED_KEYS

EARLIER = "written by an earlier version of this program (result format 1, this version reads"
LATER = "written by a later version of this program"


def changed(path: Path, **changes: Any) -> None:
    """Set keys of a JSON file; None removes a key."""
    content = json.loads(path.read_text(encoding="utf-8")) | changes
    kept = {key: value for key, value in content.items() if value is not None}
    path.write_text(json.dumps(kept), encoding="utf-8")


def of_format(finished: Path, parent: Path, number: int | None) -> Path:
    """A copy of a finished result whose files say that they have this format; None: no format."""
    folder = Path(shutil.copytree(finished, parent / f"format-{number}"))
    for name in ("run.json", "summary.json"):
        changed(folder / name, format=number)
    table = pq.read_table(folder / "months.parquet")
    metadata = {} if number is None else {"format": str(number)}
    pq.write_table(table.replace_schema_metadata(metadata), folder / "months.parquet")
    seal(folder)
    return folder


def seal(folder: Path) -> None:
    """Bring the record of a result up to date with its files, as their writer would."""
    write_record(folder, json.loads((folder / "run.json").read_text(encoding="utf-8")), "run.json")


def with_old_keys(node: Any) -> Any:
    """A configuration in which renamed keys have the names that they had before."""
    old_names = {new: old for old, new in RENAMED_KEYS.items()}
    if not isinstance(node, dict):
        return node
    return {old_names.get(name, name): with_old_keys(value) for name, value in node.items()}


@pytest.fixture
def earlier(finished: Path, tmp_path: Path) -> Path:
    """A result of the first format, which had no number, with its configuration keys."""
    folder = of_format(finished, tmp_path, None)
    config = yaml.safe_load((folder / "config.yaml").read_text(encoding="utf-8"))
    text = yaml.safe_dump(with_old_keys(config), sort_keys=False)
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def later(finished: Path, tmp_path: Path) -> Path:
    """A result of the format that comes next."""
    return of_format(finished, tmp_path, RESULT_FORMAT + 1)


def test_every_file_of_a_result_carries_the_format(finished: Path) -> None:
    for name in ("run.json", "summary.json"):
        assert json.loads((finished / name).read_text(encoding="utf-8"))["format"] == RESULT_FORMAT
    metadata = pq.read_schema(finished / "months.parquet").metadata
    assert int(metadata[b"format"]) == RESULT_FORMAT


@pytest.mark.parametrize("name", ["run.json", "summary.json"])
def test_one_file_of_another_format_is_enough_to_refuse(
    name: str, finished: Path, tmp_path: Path
) -> None:
    folder = of_format(finished, tmp_path, RESULT_FORMAT)
    load_result(folder)
    changed(folder / name, format=RESULT_FORMAT + 1)
    seal(folder)
    with pytest.raises(FolderError, match="later version"):
        load_result(folder)


@pytest.mark.parametrize("name", ["run.json", "summary.json"])
def test_a_file_that_holds_no_mapping_is_refused(name: str, finished: Path, tmp_path: Path) -> None:
    folder = of_format(finished, tmp_path, RESULT_FORMAT)
    (folder / name).write_text("[]", encoding="utf-8")
    with pytest.raises(FolderError, match=f"{name}: damaged"):
        load_result(folder)


@pytest.mark.parametrize("other", ["earlier", "later"])
def test_months_of_another_format_are_refused(other: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(other)
    with pytest.raises(FolderError, match=rf"months\.parquet: written by .* {other} version"):
        next(read_months(folder / "months.parquet"))


@pytest.mark.parametrize("command", ["report", "comparison", "pictures", "read", "screenshots"])
@pytest.mark.parametrize("other", ["earlier", "later"])
def test_every_command_that_reads_results_refuses_another_format(
    command: str,
    other: str,
    finished: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder, out = str(request.getfixturevalue(other)), tmp_path / "out"
    before = sorted(path.name for path in Path(folder).iterdir())
    status = {
        "report": lambda: report([folder, "--output", str(out)]),
        "comparison": lambda: report([str(finished), folder, "--output", str(out)]),
        "pictures": lambda: report([folder, "--png", str(out)]),
        "read": lambda: sweep(["--read", str(out), str(finished), folder]),
        "screenshots": lambda: screenshots([folder, "--output", str(out)]),
    }[command]()
    (line,) = capsys.readouterr().err.splitlines()
    assert status == 2
    if other == "earlier":
        assert line.startswith(f"{folder}: {EARLIER}")
        assert line.endswith(f"make it again with: python -m experiments.run --from {folder}")
    else:
        assert line.startswith(f"{folder}: {LATER}")
        assert line.endswith("update the program")
    assert not out.exists()
    assert sorted(path.name for path in Path(folder).iterdir()) == before


def test_from_names_the_renamed_keys_of_an_earlier_configuration_and_runs_once_they_are_mended(
    earlier: Path, finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = tmp_path / "outputs"
    command = ["--from", str(earlier), f"output_dir={outputs}"]
    assert run(command) == 2
    message = capsys.readouterr().err
    assert f"{earlier}/config.yaml: written by an earlier version of this program" in message
    for old, new in RENAMED_KEYS.items():
        assert f".{old}: no such key" in message
        assert f".{new}; write that name instead" in message
    assert not outputs.exists()
    text = (earlier / "config.yaml").read_text(encoding="utf-8")
    for old, new in RENAMED_KEYS.items():
        text = text.replace(old, new)
    (earlier / "config.yaml").write_text(text, encoding="utf-8")
    assert run(command) == 0
    (again,) = outputs.iterdir()
    assert (again / "months.parquet").read_bytes() == (finished / "months.parquet").read_bytes()


def test_from_refuses_the_configuration_of_a_later_version(
    later: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--from", str(later), f"output_dir={tmp_path / 'outputs'}"]) == 2
    assert f"{later}: {LATER}" in capsys.readouterr().err
    assert not (tmp_path / "outputs").exists()


def test_a_mistake_in_a_configuration_of_this_version_is_not_blamed_on_its_age(
    finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--from", str(finished), "policy.complience=1", f"output_dir={tmp_path}"]) == 2
    assert "earlier version" not in capsys.readouterr().err
