"""What every command shares: exit statuses, and messages that say what went wrong and what is on disk."""

from __future__ import annotations

import sys
import traceback
from dataclasses import dataclass, field
from pathlib import Path

DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130


@dataclass
class Jobs:
    """How many results a command is to write, the folders of those that it has written, and what is kept before the first is."""

    total: int = 1
    written: list[Path] = field(default_factory=list)
    unfinished: str = "nothing was written"

    def kept(self) -> str:
        """What is on disk when the command ends early."""
        if not self.written:
            return self.unfinished
        folders = "\n".join(f"  {folder}" for folder in self.written)
        return f"{len(self.written)} of {self.total} results had been written:\n{folders}"


class UsageError(ValueError):
    """A command line that cannot be understood."""


def explain(error: Exception, jobs: Jobs | None = None) -> int:
    """A message for what went wrong: input refused, replicate failed, disk trouble; else the traceback. Then what is on disk."""
    from experiments.ensembles.ensemble import ReplicateError
    from experiments.results.result_folder import FolderError
    from sim.inputs.problems import ScenarioError

    jobs = jobs or Jobs()
    if isinstance(error, ScenarioError) and jobs.written:
        return say(
            "\n".join([*error.problems, f"one more result was not run; {jobs.kept()}"]), REFUSED
        )
    if isinstance(error, (ScenarioError, FolderError)):
        return say(f"{error}\n{jobs.kept()}" if jobs.written else str(error), REFUSED)
    if isinstance(error, OSError):
        return say(f"{error}; {jobs.kept()}", FAILED)
    traceback.print_exception(error.__cause__ if isinstance(error, ReplicateError) else error)
    return say(f"{error}; {jobs.kept()}", FAILED)


def say(message: str, status: int) -> int:
    """Print to standard error; returns the status."""
    print(message, file=sys.stderr)
    return status
