"""What the commands of decisions leave in an output folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def results(folder: Path) -> list[Path]:
    """Results in an output folder, oldest first; their names begin with the date."""
    return sorted(folder.glob("2*"), key=lambda path: path.stat().st_ctime)


def summary_of(result: Path) -> dict[str, Any]:
    """The summary of a result."""
    summary: dict[str, Any] = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    return summary


def page_of(result: Path) -> str:
    """The report of a result."""
    return (result / "report.html").read_text(encoding="utf-8")
