"""Results of which a file was copied in part: one line that names it, and nothing is written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from experiments.report import main as report
from experiments.results.months import read_months
from experiments.results.result_folder import load_result
from experiments.run import main as run
from experiments.storage.folder_error import FolderError
from experiments.sweep import main as sweep

Harm = Callable[[Path], object]


def holds(text: str) -> Harm:
    """Give a file another content."""
    return lambda path: path.write_text(text, encoding="utf-8")


def cut_at(share: float) -> Harm:
    """Keep the first part of a file."""
    return lambda path: path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])


def without(key: str) -> Harm:
    """Leave a key out of a JSON or YAML file."""
    return changed(key, lambda content, last: content.pop(last))


def with_value(key: str, value: object) -> Harm:
    """Give a key of a JSON file another value."""
    return changed(key, lambda content, last: content.update({last: value}))


def changed(key: str, change: Callable[[dict[str, Any], str], object]) -> Harm:
    """Change the mapping that holds a dotted key."""

    def harm(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        content = inner = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
        *outer, last = key.split(".")
        for name in outer:
            inner = inner[name]
        change(inner, last)
        path.write_text(json.dumps(content), encoding="utf-8")

    return harm


HARMS = [
    *((name, holds(text)) for name in ("run.json", "summary.json") for text in ("", "{}", "null")),
    *(("config.yaml", holds(text)) for text in ("", "{}", "null", "# a comment\n", "a: [1,")),
    *((name, cut_at(0.5)) for name in ("run.json", "summary.json", "months.parquet")),
    *(("config.yaml", cut_at(share)) for share in (0.1, 0.5, 0.9)),
    ("months.parquet", holds("")),
    ("months.parquet", cut_at(0.99)),
    ("summary.json", without("measures")),
    ("summary.json", with_value("measures", None)),
    ("summary.json", with_value("replicates", "three")),
    ("summary.json", without("uncertainty.kind")),
    ("summary.json", without("measures.wage_real_rub.by_month")),
    ("summary.json", with_value("measures.wage_real_rub", 7)),
    ("summary.json", with_value("measures.wage_real_rub.by_month", {"2017-01": [1.0]})),
    ("summary.json", with_value("measures.wage_real_rub.by_month", {"2017-01": [1, 2, "c"]})),
    ("summary.json", with_value("measures.wage_real_rub.by_month", {"2017-01": [1, 2, 1e999]})),
    ("run.json", without("versions")),
    ("run.json", with_value("command", 7)),
    ("config.yaml", without("population")),
    ("config.yaml", with_value("policy", None)),
]


@pytest.fixture
def result(finished: Path, tmp_path: Path) -> Path:
    """A copy of a finished result, to be harmed."""
    return Path(shutil.copytree(finished, tmp_path / "result"))


@pytest.mark.parametrize(("name", "harm"), HARMS)
def test_a_half_copied_file_is_named(result: Path, name: str, harm: Harm) -> None:
    load_result(result)
    harm(result / name)
    with pytest.raises(FolderError, match=r"^[^\n]*: damaged, copy it or make the result again: "):
        load_result(result)


@pytest.mark.parametrize("command", ["report", "comparison", "read"])
def test_commands_refuse_it_in_one_line(
    command: str,
    result: Path,
    finished: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (result / "summary.json").write_text("{}", encoding="utf-8")
    out = tmp_path / "out"
    before = (result / "report.html").read_bytes()
    status = {
        "report": lambda: report([str(result)]),
        "comparison": lambda: report([str(finished), str(result), "--output", str(out)]),
        "read": lambda: sweep(["--read", str(out), str(finished), str(result)]),
    }[command]()
    (line,) = capsys.readouterr().err.splitlines()
    assert status == 2
    assert line.startswith(f"{result}/summary.json: damaged")
    assert not out.exists()
    assert (result / "report.html").read_bytes() == before


@pytest.mark.parametrize("harm", [holds(""), holds("null"), holds("a: [1,"), holds("[]")])
def test_from_refuses_a_half_copied_configuration(
    result: Path, tmp_path: Path, harm: Harm, capsys: pytest.CaptureFixture[str]
) -> None:
    harm(result / "config.yaml")
    assert run(["--from", str(result), f"output_dir={tmp_path / 'outputs'}"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{result}/config.yaml: damaged")
    assert not (tmp_path / "outputs").exists()


def test_from_names_what_a_cut_configuration_lacks(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (result / "config.yaml").read_text(encoding="utf-8")
    (result / "config.yaml").write_text(text[: text.index("name: ")], encoding="utf-8")
    assert run(["--from", str(result), f"output_dir={tmp_path / 'outputs'}"]) == 2
    said = capsys.readouterr().err
    assert "seed: missing" in said
    assert "Traceback" not in said


def test_months_that_are_cut_between_their_ends_are_refused_when_they_are_read(
    result: Path,
) -> None:
    path = result / "months.parquet"
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2000] = bytes(2000)
    path.write_bytes(content)
    with pytest.raises(FolderError, match=r"months\.parquet: damaged"):
        list(read_months(path))
