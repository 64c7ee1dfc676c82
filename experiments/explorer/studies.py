"""Studies that a page may start: a sweep, a question, what an answer hangs on.

Each is one of the project's own commands with the scenario of the page, at a small scale, in a
process of its own that can be stopped. One runs at a time; the others wait in turn.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import experiments
from experiments.sweeps.progress_bars import LINE_WORD, LINES, PROGRESS_VARIABLE
from sim.inputs.problems import ScenarioError

MOST_WAITING = 8
"""Studies that may wait for their turn."""
NICENESS = 10
MOST_LINES, LONGEST_LINE = 12, 300
"""Of what a command prints so many lines are kept, each so long at most."""
SECONDS_TO_STOP = 20.0
OWN_ENVIRONMENT = {PROGRESS_VARIABLE: LINES, "PYTHONIOENCODING": "utf-8"}
WAITING, RUNNING, DONE, STOPPED, FAILED = "waiting", "running", "done", "stopped", "failed"


@dataclass
class Study:
    """A study of a page: its title, its command, how it stands, and what the command printed."""

    page: str
    title: str
    command: Sequence[str]
    status: str = WAITING
    done: int = 0
    total: int = 0
    printed: deque[str] = field(default_factory=lambda: deque(maxlen=MOST_LINES))
    process: subprocess.Popen[str] | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing will come of it any more."""
        return self.status in (DONE, STOPPED, FAILED)


Start = Callable[[Sequence[str]], "subprocess.Popen[str]"]
"""Starts the process of a command."""


class TooManyStudiesError(ScenarioError):
    """A study that cannot be taken on, and why."""


class StudyQueue:
    """The studies of all pages; its methods may be called from any thread."""

    def __init__(self, start: Start | None = None) -> None:
        self._start = start or started
        self._changed = threading.Condition()
        self._waiting: deque[Study] = deque()
        self._newest: dict[str, Study] = {}
        self._running: Study | None = None
        self._open = True
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def submit(self, page: str, title: str, command: Sequence[str]) -> None:
        """Take on a study; raises TooManyStudiesError if the page has one, or too many wait."""
        with self._changed:
            newest = self._newest.get(page)
            if newest is not None and not newest.is_over:
                raise TooManyStudiesError(["study: this page has one already; cancel it first"])
            if len(self._waiting) >= MOST_WAITING:
                allowed = f"up to {MOST_WAITING}"
                line = f"study: {MOST_WAITING} are waiting; allowed: {allowed}; try again later"
                raise TooManyStudiesError([line])
            # Only the newest of a page is shown; of other pages those that are over are forgotten.
            self._newest = {key: each for key, each in self._newest.items() if not each.is_over}
            study = Study(page, title, command)
            self._newest[page] = study
            self._waiting.append(study)
            self._changed.notify_all()

    def newest(self, page: str) -> Study | None:
        """The newest study of a page."""
        return self._newest.get(page)

    def ahead(self, study: Study) -> int:
        """How many studies come before one that waits."""
        with self._changed:
            own = self._waiting.index(study) if study in self._waiting else 0
            return own + (self._running is not None)

    def cancel(self, page: str) -> None:
        """Stop the study of a page; what its command has kept stays."""
        with self._changed:
            study = self._newest.get(page)
            if study is None or study.is_over:
                return
            study.status = STOPPED
            if study in self._waiting:
                self._waiting.remove(study)
            if study.process is not None:
                study.process.terminate()

    def close(self) -> None:
        """Stop everything and end the thread."""
        with self._changed:
            self._open = False
            running = self._running
            self._waiting.clear()
            self._changed.notify_all()
        if running is not None:
            self.cancel(running.page)
        self._thread.join()

    def _work(self) -> None:
        """What the thread does: run the next study, again and again."""
        while (study := self._next()) is not None:
            try:
                self._run(study)
            except OSError as error:
                study.printed.append(str(error))
                study.status = FAILED
            with self._changed:
                self._running = None

    def _next(self) -> Study | None:
        """Wait for a study; None when the queue closes."""
        with self._changed:
            while self._open and not self._waiting:
                self._changed.wait()
            if not self._open:
                return None
            self._running = self._waiting.popleft()
            return self._running

    def _run(self, study: Study) -> None:
        """Run one study to its end."""
        process = self._start(study.command)
        with self._changed:
            study.process = process
            if study.status == STOPPED:
                process.terminate()
            else:
                study.status = RUNNING
        assert process.stdout is not None
        read_lines(process.stdout, study)
        try:
            code = process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        process.stdout.close()
        if study.status != STOPPED:
            study.status = DONE if code == 0 else FAILED


def read_lines(lines: IO[str], study: Study) -> None:
    """Follow what a command prints: how far it is, and its last other lines."""
    for line in lines:
        words = line.split()
        if len(words) == 3 and words[0] == LINE_WORD and words[1].isdigit() and words[2].isdigit():
            study.done, study.total = int(words[1]), int(words[2])
        elif words:
            study.printed.append(line.rstrip()[:LONGEST_LINE])


def started(command: Sequence[str]) -> subprocess.Popen[str]:
    """The process of a command, which yields to the simulations that pages wait for."""
    root = str(Path(experiments.__file__).parents[1])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **OWN_ENVIRONMENT, "PYTHONPATH": path},
    )
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
    return process
