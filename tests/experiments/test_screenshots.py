"""The README's pictures are made from a finished result; without one they are refused."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

from experiments import cli, screenshots
from experiments.reporting import png
from experiments.screenshots import DOCS, LARGEST_BYTES, explorer, main, report_pictures

README = Path(screenshots.__file__).parents[1] / "README.md"


def test_the_pictures_of_a_report_are_those_of_the_readme(chromium, finished, tmp_path):
    window = chromium.new_page(viewport={"width": 1000, "height": 860})
    made = list(report_pictures(window, (finished / "report.html").as_uri(), tmp_path))
    window.close()
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in made)
    shown = set(re.findall(r"docs/(\w+\.png)", README.read_text(encoding="utf-8")))
    findings = {f"{name}.png" for name in cli.commands()}
    assert shown <= {path.name for path in made} | findings | {"explorer.png"}


def test_the_pictures_in_docs_are_small():
    assert all(path.stat().st_size < LARGEST_BYTES for path in DOCS.glob("*.png"))


def test_the_explorer_is_served_for_a_picture_and_closed_again():
    with explorer() as address:
        assert urllib.request.urlopen(address).status == 200


def test_without_a_result_or_a_browser_it_is_refused(finished, tmp_path, monkeypatch, capsys):
    assert main([str(tmp_path)]) == 2
    assert "not a result folder" in capsys.readouterr().err
    monkeypatch.setattr(png, "browser", lambda: None)
    assert main([str(finished), "--output", str(tmp_path / "pictures")]) == 2
    assert "Chromium or Chrome is needed" in capsys.readouterr().err
    assert not (tmp_path / "pictures").exists()
