"""Progress bars on standard error, or lines there for a program that reads them."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

PROGRESS_VARIABLE, LINES = "PRIMORYE_PROGRESS", "lines"
"""With this value in the environment, progress is written in lines: 'progress 12 400'."""
LINE_WORD = "progress"
SECONDS_BETWEEN_LINES = 0.25


class ProgressLines(Progress):
    """Progress for another program: a line with the things done and their total now and then."""

    def __init__(self) -> None:
        super().__init__(console=Console(quiet=True))
        self.written = 0.0

    def update(self, task_id: TaskID, **fields: Any) -> None:
        """Count as a bar does, and write a line unless the last one is very recent."""
        super().update(task_id, **fields)
        (task,) = (each for each in self.tasks if each.id == task_id)
        now = time.monotonic()
        if task.finished or now - self.written >= SECONDS_BETWEEN_LINES:
            self.written = now
            print(f"{LINE_WORD} {task.completed:.0f} {task.total:.0f}", file=sys.stderr, flush=True)


def progress_bar(things: str = "runs") -> Progress:
    """A progress bar: things done, rate, remaining time, failures (the field `failed`)."""
    if os.environ.get(PROGRESS_VARIABLE) == LINES:
        return ProgressLines()

    class Rate(ProgressColumn):
        """Column with the things done per second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.finished_speed or task.speed or 0.0:,.1f} {things}/s")

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(things),
        Rate(),
        TextColumn("remaining"),
    )
    failed = TextColumn("{task.fields[failed]} failed")
    return Progress(
        *columns, TimeRemainingColumn(), failed, console=Console(stderr=True), transient=True
    )
