"""The config.yaml of somebody else's result is data: it looks nothing up and writes nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from experiments.run import load_jobs, main, parse
from tests.support.shipped_scenarios import make_settings


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A folder with a saved configuration."""
    text = yaml.safe_dump(make_settings("policy=cliff").resolved)
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def refusal(folder: Path, text: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command says of a saved configuration to which a text is added."""
    path = folder / "config.yaml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    assert main(["--cfg", "--from", str(folder)]) == 2
    return capsys.readouterr().err


def test_it_does_not_see_the_environment(
    saved: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "hunter2")
    said = refusal(saved, "extra: run-${oc.env:SECRET}\n", capsys)
    assert "extra: given 'run-${oc.env:SECRET}'; allowed: plain values" in said
    assert "hunter2" not in said


@pytest.mark.parametrize("key", ["defaults", "hydra"])
def test_it_composes_no_other_files(
    saved: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refusal(saved, f"{key}: [policy: none]\n", capsys)
    assert f"{key}: given" in said
    assert "no such section in a saved configuration" in said


def test_an_alias_bomb_is_refused_at_once(saved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bomb = "".join(
        f"{this}: &{this} [{', '.join([f'*{last}' if last else 'x'] * 10)}]\n"
        for last, this in zip(["", *"abcdefghi"], "abcdefghij", strict=True)
    )
    assert "more than 20000 values" in refusal(saved, bomb, capsys)


def test_its_results_do_not_go_where_it_says(saved: Path) -> None:
    path = saved / "config.yaml"
    text = path.read_text(encoding="utf-8").replace("output_dir: outputs", "output_dir: /etc")
    path.write_text(text, encoding="utf-8")
    (settings,) = load_jobs(parse(["--from", str(saved)]))
    assert settings.output_dir == "outputs"
    (settings,) = load_jobs(parse(["--from", str(saved), "output_dir=mine"]))
    assert settings.output_dir == "mine"
