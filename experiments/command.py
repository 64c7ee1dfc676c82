"""What all commands share: exit statuses, and what they say however they end."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from experiments.command_line.signals import INTERRUPTED, ignore_signals, signals_interrupt
from experiments.command_line.streams import patient_streams
from experiments.configuration.extras import how_to_get

DONE, FAILED, REFUSED = 0, 1, 2
NOTHING = "nothing was written"


class UsageError(ValueError):
    """A command line with an unknown option or a missing argument."""


class StoppedError(RuntimeError):
    """The work cannot go on, through no fault of the input or of this program."""


class PageError(RuntimeError):
    """All data are written, but not the page that shows them; `__cause__` is what went wrong."""


@dataclass
class OnDisk:
    """What a command has put on disk, asked for when it ends before it is done.

    total: how many results it writes. results: gives the folders of those that are whole by now.
    more: gives what else is kept, in a sentence, or nothing.
    """

    total: int = 1
    results: list[Callable[[], Path | None]] = field(default_factory=list)
    more: Callable[[], str] = lambda: ""

    def written(self) -> list[Path]:
        """The folders of results that are whole."""
        return [folder for result in self.results if (folder := result()) is not None]

    def sentence(self) -> str:
        """What is on disk; empty if there is nothing."""
        try:
            more = self.more()
        except OSError as error:
            more = f"what is kept could not be read ({error})"
        if not (written := self.written()):
            return more
        folders = "\n".join(f"  {folder}" for folder in written)
        own = f"{len(written)} of {self.total} results had been written:\n{folders}"
        return f"{own}\n{more}" if more else own


def run_command(work: Callable[[], int], on_disk: OnDisk | None = None) -> int:
    """Do a command's work; returns its exit status, however the work ends.

    0 done, 1 failed, 2 refused, 130 interrupted. A reader that closes the output ends nothing.
    """
    kept, status = on_disk or OnDisk(), DONE
    with signals_interrupt():
        try:
            with patient_streams():
                status = ended(work, kept)
        except OSError as error:
            # What was printed could not be written, as on a full disk. Most often that is known.
            if status == DONE:
                with patient_streams():
                    return explain(error, kept)
    return status


def ended(work: Callable[[], int], kept: OnDisk) -> int:
    """The exit status of the work, which says why and what is kept if it ends early."""
    try:
        return work()
    except KeyboardInterrupt:
        ignore_signals()
        return say(f"interrupted; {kept.sentence() or NOTHING}", INTERRUPTED)
    except Exception as error:
        return explain(error, kept)


def explain(error: Exception, kept: OnDisk) -> int:
    """Print what went wrong and what is on disk; returns the exit status.

    Refused input and unreadable folders give status 2, what the world did to the command 1. Any
    other error, such as a failed replicate, gives 1 with its traceback.
    """
    from experiments.storage.folder_error import FolderError
    from sim.inputs.problems import ScenarioError

    sentence = kept.sentence()
    if isinstance(error, ModuleNotFoundError) and (advice := how_to_get(error.name or "")):
        return say(advice, REFUSED)
    if isinstance(error, ScenarioError) and sentence:
        lines = [*error.problems, f"the next result was not simulated; {sentence}"]
        return say("\n".join(lines), REFUSED)
    if isinstance(error, (ScenarioError, FolderError, UsageError)):
        return say(f"{error}\n{sentence}" if sentence else str(error), REFUSED)
    if not isinstance(error, (OSError, StoppedError)):
        print_traceback(error)
    return say(f"{error}; {sentence or NOTHING}", FAILED)


def print_traceback(error: Exception) -> None:
    """Print where an error came from; of one that reports another, where the other came from."""
    from experiments.ensembles.ensemble import ReplicateError

    reports = isinstance(error, (ReplicateError, PageError)) and error.__cause__ is not None
    traceback.print_exception(error.__cause__ if reports else error)


def say(message: str, status: int) -> int:
    """Print a message to standard error; returns the exit status it was given."""
    print(message, file=sys.stderr)
    return status
