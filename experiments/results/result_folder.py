"""The result folder of experiments.run: written completely or not at all, and read back.

Folders carry the version of their format. Those of other versions are refused, as names in their
files would be read wrongly or not at all.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import itertools
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from experiments.results.leftovers import unfinished_folder
from experiments.results.whole_results import (
    CONFIG_KEYS,
    RECORD_KEYS,
    defects,
    summary_defects,
    table_defect,
)
from experiments.storage.folder_error import FolderError
from experiments.storage.recorded_folder import RUN_RECORD, check_file
from experiments.storage.sealed_json import check_seal
from experiments.storage.whole_files import flush, make_folder, write_whole
from sim.inputs.strict_yaml import plain_yaml

MEASURES, PARAMETERS, MONTHS, SUMMARY, CONFIG, RECORD, REPORT = (
    "measures.parquet",
    "parameters.parquet",
    "months.parquet",
    "summary.json",
    "config.yaml",
    RUN_RECORD,
    "report.html",
)
TABLES = (MEASURES, PARAMETERS, MONTHS)
FORMAT, FIRST_FORMAT, RESULT_FORMAT = "format", 1, 4
"""The key, the version of folders that lack it, and the version that this program writes and reads.

Raise RESULT_FORMAT with every change to names in summary.json, run.json or months.parquet.
1: the baseline is called twin; column `run` in months.parquet; `events`, `drawn` in summary.json
2: baseline; `branch`; `policy_dates`, `sampled`
3: run.json holds the digest of each file and of itself; measures.parquet, parameters.parquet;
   months.parquet holds the whole market's numbers, and dates
4: summary.json and run.json name the alternative of each rule, `structure`
"""
CONFIG_HEAD = """\
# The complete configuration of this result, defaults included.
# To run it again from the root of the repository:
#   python -m experiments.run --from FOLDER
# where FOLDER is the folder that this file is in; overrides may follow.
"""


@dataclass(frozen=True)
class Result:
    """A finished result: folder, summary, resolved configuration, and record of how it was made."""

    folder: Path
    summary: dict[str, Any]
    config: dict[str, Any]
    record: dict[str, Any]

    @property
    def months(self) -> Path:
        """The file with the tidy table of all branches (experiments.results.months)."""
        return self.folder / MONTHS


@dataclass
class Draft:
    """A result being written in `folder`; `place` is where it goes."""

    folder: Path
    place: Path | None = None

    @property
    def final(self) -> Path | None:
        """The folder of the result once it is complete; None before, and if it never was."""
        return None if self.folder.exists() or self.place is None else self.place


@contextlib.contextmanager
def new_result(parent: Path, name: str, now: dt.datetime | None = None) -> Iterator[Draft]:
    """A temporary folder to fill.

    It is renamed to `<date-time>-<name>` when the block ends without an error, and deleted else.
    Folders that killed processes have left in `parent` are deleted first.
    """
    with contextlib.ExitStack() as stack:
        try:
            make_folder(parent)
            draft = Draft(stack.enter_context(unfinished_folder(parent)))
        except OSError as error:
            raise FolderError(
                f"output_dir: no folder can be made in {parent}: {error.strerror}; "
                "choose another output_dir"
            ) from error
        try:
            yield draft
            _publish(draft, parent, f"{now or dt.datetime.now():%Y-%m-%d-%H%M%S}-{name}")
        finally:
            if draft.folder.exists():
                draft.place = None


def _publish(draft: Draft, parent: Path, name: str) -> None:
    """Rename the folder, whose files are on disk, to a free name: NAME, NAME-2, NAME-3 ..."""
    flush(draft.folder)
    # mkdtemp makes private folders; the umask, which can only be read by setting it, is the user's.
    umask = os.umask(0)
    os.umask(umask)
    draft.folder.chmod(0o777 & ~umask)
    for number in itertools.count(1):
        draft.place = parent / (name if number == 1 else f"{name}-{number}")
        if not os.path.lexists(draft.place) and _renamed(draft.folder, draft.place):
            flush(parent)
            return


def _renamed(folder: Path, final: Path) -> bool:
    """Rename a folder if the name is still free; returns whether it was.

    Renaming onto a folder that is not empty fails, so two processes cannot take the same name.
    """
    try:
        folder.rename(final)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            return False
        raise
    return True


def write_config(path: Path, resolved: Mapping[str, Any]) -> None:
    """Write the resolved configuration as YAML, from which Hydra composes the same again."""
    write_whole(path, (CONFIG_HEAD + as_yaml(resolved)).encode())


def as_yaml(content: Mapping[str, Any]) -> str:
    """A mapping as YAML, in the order of its keys."""
    return yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True)


def load_result(folder: Path) -> Result:
    """A finished result.

    Raises FolderError if a file is missing, cannot be read, is of another version's format, or is
    not as the record says. Tables are checked against the record where they are read.
    """
    missing = [name for name in (*TABLES, SUMMARY, CONFIG, RECORD) if not (folder / name).is_file()]
    if missing:
        raise FolderError(
            f"{folder}: not a result folder, as {', '.join(missing)} is missing; "
            "give a folder that experiments.run has written"
        )
    record, summary, config = (read_mapping(folder / name) for name in (RECORD, SUMMARY, CONFIG))
    # The format first: files of another version would seem damaged.
    for content in (record, summary):
        check_format(folder, format_of(content))
    check_whole(folder, summary, config, record)
    check_seal(folder / RECORD, record)
    for name in (SUMMARY, CONFIG):
        check_file(folder, name, record)
    return Result(folder, summary, config, record)


def check_whole(
    folder: Path, summary: Mapping[str, Any], config: Mapping[str, Any], record: Mapping[str, Any]
) -> None:
    """Raise FolderError, with the first thing that is wrong, if a file is cut or half copied."""
    wrong = {
        SUMMARY: list(summary_defects(summary)),
        CONFIG: defects(config, CONFIG_KEYS),
        RECORD: defects(record, RECORD_KEYS),
        **{name: [defect] if (defect := table_defect(folder / name)) else [] for name in TABLES},
    }
    for name, found in wrong.items():
        if found:
            raise damaged(folder / name, found[0])


def damaged(path: Path, problem: str) -> FolderError:
    """The error for a file of a result that is not whole."""
    return FolderError(f"{path}: damaged, copy it or make the result again: {problem}")


def read_mapping(path: Path) -> dict[str, Any]:
    """The mapping in a JSON or YAML file of a result; raises FolderError if there is none."""
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text) if path.suffix == ".json" else plain_yaml(text)
    except UnicodeDecodeError as error:
        raise FolderError(f"{path}: no text in UTF-8; save it as UTF-8") from error
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise damaged(path, " ".join(str(error).split())) from error
    if not isinstance(content, dict) or not content:
        raise damaged(path, "it holds no mapping")
    return content


def format_of(content: Mapping[str, Any]) -> int:
    """The version of the format in which run.json or summary.json was written."""
    found = content.get(FORMAT, FIRST_FORMAT)
    return found if isinstance(found, int) else FIRST_FORMAT


def check_format(place: Path, found: int) -> None:
    """Raise FolderError, with what to do, if a folder or file is of another version's format."""
    versions = f"result format {found}, this version reads {RESULT_FORMAT}"
    if found > RESULT_FORMAT:
        raise FolderError(
            f"{place}: written by a later version of this program ({versions}); update the program"
        )
    if found < RESULT_FORMAT:
        folder = place if place.is_dir() else place.parent
        raise FolderError(
            f"{place}: written by an earlier version of this program ({versions}); "
            f"make it again with: python -m experiments.run --from {folder}"
        )


def earlier_config_note(folder: Path) -> str | None:
    """What to do about problems in the config.yaml of a folder of an earlier format.

    None if the folder is of the present format or has no run.json; raises FolderError if it is of
    a later format.
    """
    if not (folder / RECORD).is_file():
        return None
    found = format_of(read_mapping(folder / RECORD))
    if found > RESULT_FORMAT:
        check_format(folder, found)
    if found == RESULT_FORMAT:
        return None
    return (
        f"{folder / CONFIG}: written by an earlier version of this program; "
        "mend the keys named here in that file and run the same command again"
    )
