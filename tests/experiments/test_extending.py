"""The worked examples of docs/extending.md: each patch applies, touches few files, and works."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "extending.md"
EXAMPLE = re.compile(r"^## (.+?)$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^```(diff|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PARTS = ("sim", "configs", "experiments", "tests")
FILES_AT_MOST = {
    "Another rule for who goes home": (1, 0),
    "A measure from existing counters": (1, 0),
    "A measure with a new counter": (2, 1),
    "A nationality of an existing kind": (1, 0),
    "A kind of worker with its own behaviour": (6, 1),
}
"""Files of each example outside the tests, and in the reference model."""


class Example(NamedTuple):
    """A patch, and the program that shows what it does."""

    patch: str
    check: str


def examples() -> dict[str, Example]:
    """Every section of the page that has a patch."""
    found = {}
    for title, text in EXAMPLE.findall(PAGE.read_text(encoding="utf-8")):
        code = dict(CODE.findall(text))
        if "diff" in code:
            found[title] = Example(code["diff"], code["python"])
    return found


def patched_copy(patch: str, folder: Path) -> Path:
    """A copy of the sources with a patch applied."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "apply", "-"], cwd=folder, check=True, input=patch, text=True)
    return folder


def test_the_page_has_the_five_examples() -> None:
    assert set(examples()) == set(FILES_AT_MOST)


@pytest.mark.parametrize("title", FILES_AT_MOST)
def test_an_example_touches_as_few_files_as_promised(title: str) -> None:
    touched = set(re.findall(r"^diff --git a/\S+ b/(\S+)$", examples()[title].patch, re.MULTILINE))
    reference = {name for name in touched if name.startswith("tests/")}
    assert (len(touched - reference), len(reference)) <= FILES_AT_MOST[title]
    assert len(reference) <= FILES_AT_MOST[title][1]


@pytest.mark.slow
@pytest.mark.parametrize("title", FILES_AT_MOST)
def test_an_example_works_as_its_page_says(title: str, tmp_path: Path) -> None:
    example = examples()[title]
    folder = patched_copy(example.patch, tmp_path / "copy")
    done = subprocess.run(
        [sys.executable, "-c", example.check], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
