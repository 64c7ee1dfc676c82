"""Folders of experiments.calibrate and experiments.validate, made again and compared."""

from __future__ import annotations

import importlib
import shlex
import tempfile
from pathlib import Path

from experiments.command import OnDisk
from experiments.configuration.key_commands import KeyCommand
from experiments.configuration.keys import read_keys
from experiments.storage.folder_error import FolderError
from experiments.storage.recorded_folder import RECORD_NAME, faults, read_record
from experiments.verification.differences import difference
from experiments.verification.verdict import Verdict
from experiments.verification.versions_compared import certificates, version_differences

MODULES = ("experiments.calibrate", "experiments.validate")
KEPT_APART = {"output_dir": "", "ship": "no"}
"""Settings that say where a result goes, with what they are while it is made again."""


def verify_fit(folder: Path) -> Verdict:
    """Check the files of a folder against its record, then run its command again and compare.

    A fit takes as long as it did. Raises FolderError if the record is damaged or of no command.
    """
    verdict = Verdict(folder)
    verdict.fault(faults(folder, RECORD_NAME))
    if not verdict.is_sound:
        return verdict
    record = read_record(folder)
    verdict.note([f"{len(record['files'])} files are as recorded in {RECORD_NAME}"])
    verdict.note(version_differences(record))
    with tempfile.TemporaryDirectory() as made:
        again = made_again(str(record["command"]), Path(made))
        verdict.compared(
            {name: difference(folder / name, again / name) for name in record["files"]}
        )
    verdict.note(certificates(record))
    return verdict


def made_again(text: str, parent: Path) -> Path:
    """The folder that a command writes when it is run again, below `parent`."""
    _, _, module, *given = shlex.split(text)
    if module not in MODULES:
        raise FolderError(f"{text}: not a command that this program can run again")
    command: KeyCommand = importlib.import_module(module).COMMAND
    settings = read_keys(given, command.keys)
    moved = {key: value for key, value in KEPT_APART.items() if key in settings}
    command.done(settings | moved | {"output_dir": str(parent)}, text, OnDisk())
    (folder,) = (path for path in parent.iterdir() if not path.name.startswith("."))
    return folder
