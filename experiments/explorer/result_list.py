"""The finished results of the explorer's folders, looked up again from time to time."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from experiments.explorer.finished_results import (
    FinishedPage,
    FinishedResult,
    Found,
    results_below,
)
from experiments.storage.folder_error import FolderError

SECONDS_BETWEEN_LOOKS = 5.0
ID_DIGITS = 16
MOST_PAGES_LISTED = 100


class ResultList:
    """What is finished in some folders; any thread may ask."""

    def __init__(self, folders: Sequence[Path], seconds: float = SECONDS_BETWEEN_LOOKS) -> None:
        self._folders, self._seconds = folders, seconds
        self._lock, self._looked = threading.Lock(), -seconds
        self._found = Found({}, [])

    @property
    def results(self) -> Mapping[str, FinishedResult]:
        """Results to compare with, by name."""
        return self._current().results

    @property
    def pages(self) -> Mapping[str, FinishedPage]:
        """Finished pages by id, the newest first."""
        newest = sorted(self._current().pages, key=lambda page: page.folder.name, reverse=True)
        return {id_of(page.folder): page for page in newest[:MOST_PAGES_LISTED]}

    def _current(self) -> Found:
        """What is there, not older than some seconds."""
        with self._lock:
            if time.monotonic() - self._looked >= self._seconds:
                self._found = merged([found_in(folder) for folder in self._folders])
                self._looked = time.monotonic()
            return self._found


def found_in(folder: Path) -> Found:
    """What a folder holds; what cannot be read is left out until it can be."""
    try:
        return results_below(folder)
    except (FolderError, OSError) as error:
        return Found({}, [str(error)])


def merged(parts: Sequence[Found]) -> Found:
    """What several folders hold."""
    results = {name: each for part in parts for name, each in part.results.items()}
    notes = [note for part in parts for note in part.notes]
    return Found(results, notes, [page for part in parts for page in part.pages])


def id_of(folder: Path) -> str:
    """A name for a folder that says nothing about where it is."""
    return hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:ID_DIGITS]
