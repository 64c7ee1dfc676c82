"""The version of the program, installed or in a checkout."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

DISTRIBUTION = "primorye-labour"
PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def installed_version() -> str:
    """The version of the installed distribution, or of the checkout."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return str(tomllib.loads(PROJECT.read_text("utf-8"))["project"]["version"])
