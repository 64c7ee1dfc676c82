"""The result folder: written whole under a name of its own or not at all, and read back."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

MONTHS, SUMMARY, CONFIG, RECORD, REPORT = (
    "months.parquet",
    "summary.json",
    "config.yaml",
    "run.json",
    "report.html",
)
UNFINISHED = ".unfinished"
CONFIG_HEAD = """\
# Everything this result was made from, defaults included. To run it again, from the root of the repository:
#   python -m experiments.run --from FOLDER
# where FOLDER is the folder this file lies in; overrides may follow.
"""


class FolderError(RuntimeError):
    """A result folder that cannot be written or read."""


@dataclass(frozen=True)
class Result:
    """A finished result: where it lies, its summary, its resolved configuration and the record of how it was made."""

    folder: Path
    summary: dict[str, Any]
    config: dict[str, Any]
    record: dict[str, Any]

    @property
    def months(self) -> Path:
        """The tidy table of all runs (experiments.results.months)."""
        return self.folder / MONTHS


@dataclass
class Draft:
    """A result being written in `folder`; `final` is where it lies once it is whole."""

    folder: Path
    final: Path | None = None


@contextlib.contextmanager
def new_result(parent: Path, name: str, now: dt.datetime | None = None) -> Iterator[Draft]:
    """A temporary folder to fill; it takes its name `<date-time>-<name>` only when the block ends well, and vanishes when not."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        draft = Draft(Path(tempfile.mkdtemp(UNFINISHED, ".", parent)))
    except OSError as error:
        raise FolderError(
            f"output_dir: no folder can be made in {parent}: {error.strerror}; choose another output_dir"
        ) from error
    try:
        yield draft
        draft.final = _publish(
            draft.folder, parent, f"{now or dt.datetime.now():%Y-%m-%d-%H%M%S}-{name}"
        )
    finally:
        if draft.final is None:
            shutil.rmtree(draft.folder, ignore_errors=True)


def _publish(folder: Path, parent: Path, name: str) -> Path:
    """Flush everything to disk, then rename to a name that nobody has: NAME, NAME-2, NAME-3 ..."""
    for path in (*folder.iterdir(), folder):
        flush(path)
    umask = os.umask(0)
    os.umask(umask)
    folder.chmod(0o777 & ~umask)
    number = 1
    while True:
        final = parent / (name if number == 1 else f"{name}-{number}")
        if not os.path.lexists(final) and _renamed(folder, final):
            flush(parent)
            return final
        number += 1


def _renamed(folder: Path, final: Path) -> bool:
    """Whether the name was still free: renaming onto a folder with something in it fails."""
    try:
        folder.rename(final)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            return False
        raise
    return True


def flush(path: Path) -> None:
    """Force a file or folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """A mapping as a JSON file."""
    path.write_text(as_json(content), encoding="utf-8")


def as_json(content: Mapping[str, Any]) -> str:
    """JSON that says nothing else: no NaN, one trailing newline."""
    return json.dumps(content, allow_nan=False, ensure_ascii=False, indent=1) + "\n"


def write_config(path: Path, resolved: Mapping[str, Any]) -> None:
    """The resolved configuration as YAML that composes to itself."""
    path.write_text(CONFIG_HEAD + as_yaml(resolved), encoding="utf-8")


def as_yaml(content: Mapping[str, Any]) -> str:
    """A mapping as YAML in its own order."""
    return yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True)


def load_result(folder: Path) -> Result:
    """A finished result; raises FolderError if a file is missing or cannot be read."""
    missing = [name for name in (MONTHS, SUMMARY, CONFIG, RECORD) if not (folder / name).is_file()]
    if missing:
        raise FolderError(
            f"{folder}: not a result folder, {', '.join(missing)} missing; give a folder that experiments.run has written"
        )
    try:
        summary, record = (
            json.loads((folder / name).read_text(encoding="utf-8")) for name in (SUMMARY, RECORD)
        )
        config = yaml.safe_load((folder / CONFIG).read_text(encoding="utf-8"))
    except (ValueError, yaml.YAMLError) as error:
        raise FolderError(
            f"{folder}: {' '.join(str(error).split())}; the result is damaged, run it again"
        ) from error
    return Result(folder, summary, config, record)
