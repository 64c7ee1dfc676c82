"""Progress bars on standard error."""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text


def progress_bar(things: str = "runs") -> Progress:
    """A progress bar: things done, rate, remaining time, failures (the field `failed`)."""

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
