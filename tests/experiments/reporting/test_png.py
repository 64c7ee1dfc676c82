"""Pictures where the browser that is named does not exist, or is none."""

from __future__ import annotations

from pathlib import Path

import kaleido
import pytest

from experiments.report import main


def test_a_wrong_browser_path_was_a_traceback(
    finished: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "chrome"))
    assert main([str(finished), "--png", str(tmp_path / "pictures")]) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith(f"BROWSER_PATH: {tmp_path}/chrome is no program that can be started; ")
    assert not (tmp_path / "pictures").exists()


def test_a_program_that_is_no_browser_ends_in_one_sentence(
    finished: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def closes_at_once(*_: object, **__: object) -> None:
        raise RuntimeError("The browser seemed to close immediately after starting.")

    monkeypatch.setenv("BROWSER_PATH", "true")
    monkeypatch.setattr(kaleido, "write_fig_from_object_sync", closes_at_once)
    assert main([str(finished), "--png", str(tmp_path / "pictures")]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("--png: true does not render pictures (RuntimeError: The browser seemed")
