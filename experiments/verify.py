"""`python -m experiments.verify FOLDER...` makes results again and says whether they are the same.

First every file is checked against the record that was written with it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.command import DONE, FAILED, REFUSED, run_command, say

USAGE = """\
usage: python -m experiments.verify FOLDER...

  FOLDER   what experiments.run, sweep, calibrate or validate has written

Checks every file of a folder against its record, in which each file has a digest. Then makes the
result again in a temporary folder and says 'verified' if every byte is the same. If not, it names
the first month, measure, file or version that differs. Where the program's source has no commit or
was changed since, the result is not certifiable, which is said too.

status: 0 every folder is verified; 1 a file is damaged, or something differs; 2 no such folder
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    if {"-h", "--help"} & set(given):
        print(USAGE, end="")
        return DONE
    if not given or any(word.startswith("-") for word in given):
        return say(f"give one or more folders\n{USAGE}", REFUSED)
    return run_command(lambda: max([verify(Path(folder)) for folder in given]))


def verify(folder: Path) -> int:
    """Verify one folder and print the verdict; returns the exit status."""
    from experiments.results.result_folder import RECORD
    from experiments.storage.folder_error import FolderError
    from experiments.storage.recorded_folder import RECORD_NAME
    from experiments.sweeps.store.store_record import STORE

    if (folder / STORE).is_file():
        from experiments.verification.sweep_again import verify_store as checked
    elif (folder / RECORD).is_file():
        from experiments.verification.run_again import verify_run as checked
    elif (folder / RECORD_NAME).is_file():
        from experiments.verification.fit_again import verify_fit as checked
    else:
        raise FolderError(
            f"{folder}: neither {RECORD} nor {STORE} nor {RECORD_NAME} is there; give a folder "
            "that experiments.run, sweep, calibrate or validate has written"
        )
    verdict = checked(folder)
    print(verdict.text())
    return DONE if verdict.is_sound else FAILED


if __name__ == "__main__":
    sys.exit(main())
