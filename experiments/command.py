"""What all commands share: exit statuses, and messages about failures and what is on disk."""

from __future__ import annotations

import sys
import traceback
from dataclasses import dataclass, field
from pathlib import Path

DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130


@dataclass
class Jobs:
    """The results that a command writes: how many, and the folders of those already written.

    `unfinished` says what is on disk as long as no result is written.
    """

    total: int = 1
    written: list[Path] = field(default_factory=list)
    unfinished: str = "nothing was written"

    def kept(self) -> str:
        """A sentence that says what is on disk when the command ends early."""
        if not self.written:
            return self.unfinished
        folders = "\n".join(f"  {folder}" for folder in self.written)
        return f"{len(self.written)} of {self.total} results had been written:\n{folders}"


class UsageError(ValueError):
    """A command line with an unknown option or a missing argument."""


def explain(error: Exception, jobs: Jobs | None = None) -> int:
    """Print what went wrong and what is on disk; returns the exit status.

    Refused input and unreadable folders give status 2 and disk errors 1. Any other error, such as a
    failed replicate, gives 1 with its traceback.
    """
    from experiments.ensembles.ensemble import ReplicateError
    from experiments.results.result_folder import FolderError
    from sim.inputs.problems import ScenarioError

    jobs = jobs or Jobs()
    if isinstance(error, ScenarioError) and jobs.written:
        return say(
            "\n".join([*error.problems, f"the next result was not simulated; {jobs.kept()}"]),
            REFUSED,
        )
    if isinstance(error, (ScenarioError, FolderError)):
        return say(f"{error}\n{jobs.kept()}" if jobs.written else str(error), REFUSED)
    if isinstance(error, OSError):
        return say(f"{error}; {jobs.kept()}", FAILED)
    traceback.print_exception(error.__cause__ if isinstance(error, ReplicateError) else error)
    return say(f"{error}; {jobs.kept()}", FAILED)


def say(message: str, status: int) -> int:
    """Print a message to standard error; returns the exit status it was given."""
    print(message, file=sys.stderr)
    return status
