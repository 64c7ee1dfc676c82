"""Spreading tasks over a pool: bounded in memory, outcomes as they come, and a worker that dies costs only what it had in hand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import NamedTuple

from experiments.sweeps.design.tasks import Failure, Outcome, Task
from experiments.sweeps.execution.pools import Pool
from experiments.sweeps.execution.worker import nothing

AHEAD = 2
"""Tasks in hand for each worker, so that none waits."""
SUSPECT, GUILTY = 2, 3
"""Deaths of workers over a task after which its runs are tried one by one, and after which it is given up."""
POLL_SECONDS = 0.25


class Attempt(NamedTuple):
    """A task and how often a worker has died over it."""

    task: Task
    deaths: int = 0


class Spread:
    """Tasks on a pool. Once `stopping` is set nothing more is begun, and what is in hand is finished."""

    def __init__(self, pool: Pool, tasks: Iterator[Task], stopping: threading.Event) -> None:
        self.pool, self.stopping = pool, stopping
        self._new, self._again = map(Attempt, tasks), list[Attempt]()
        self._running: dict[Future[Outcome], Attempt] = {}

    def outcomes(self) -> Iterator[Outcome]:
        """Outcomes of all tasks, in any order."""
        while True:
            self._fill()
            if not self._running:
                return
            finished, _ = wait(self._running, POLL_SECONDS, FIRST_COMPLETED)
            if self.stopping.is_set():
                self._drop_what_has_not_begun()
            taken = [
                (future, self._running.pop(future))
                for future in finished
                if future in self._running
            ]
            for future, attempt in taken:
                if (outcome := self._outcome(future, attempt)) is not None:
                    yield outcome

    def _fill(self) -> None:
        """Hand out tasks until every worker has enough; those to be tried again first."""
        while not self.stopping.is_set() and len(self._running) < AHEAD * self.pool.width:
            attempt = self._again.pop() if self._again else next(self._new, None)
            if attempt is None:
                return
            self._running[self.pool.submit(attempt.task)] = attempt

    def _drop_what_has_not_begun(self) -> None:
        """Cancel queued tasks; they are found missing by the next sweep."""
        self._running = {
            future: attempt for future, attempt in self._running.items() if not future.cancel()
        }

    def _outcome(self, future: Future[Outcome], attempt: Attempt) -> Outcome | None:
        """What a finished task gave; None if its worker died and it is tried again."""
        error = future.exception()
        if error is None:
            return future.result()
        self.pool.check()
        deaths = attempt.deaths + 1
        if deaths >= GUILTY:
            return given_up(attempt.task, error)
        tasks = attempt.task.single() if deaths == SUSPECT else [attempt.task]
        self._again += [Attempt(task, deaths) for task in tasks]
        return None


def given_up(task: Task, error: BaseException) -> Outcome:
    """Runs that no worker survived."""
    said = f"{type(error).__name__}: {' '.join(str(error).split())}"
    return nothing(
        tuple(Failure(run, "worker", f"{GUILTY} workers died over it; {said}") for run in task.runs)
    )
