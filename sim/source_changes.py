"""Whether source files have changed since this process began, which then runs older code.

Imported with the package, before any module that could be older than its file.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

SIM_FOLDER = Path(__file__).parent


def change_times(paths: Iterable[Path]) -> dict[Path, int]:
    """When each file was last changed in any way, in nanoseconds; 0 if it is gone."""
    return {path: path.stat().st_ctime_ns if path.exists() else 0 for path in paths}


CHANGED_AT_START = change_times(SIM_FOLDER.rglob("*.py"))


def sources_changed() -> bool:
    """Whether a source file of the science has changed since this process began."""
    return change_times(CHANGED_AT_START) != CHANGED_AT_START
