"""Handing tasks to a pool and taking their outcomes, whatever happens to its workers.

Only a few tasks per worker are in hand at a time, which bounds memory. A worker that dies costs
only the task it had in hand.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from typing import NamedTuple

from experiments.sweeps.design.tasks import Failure, Outcome, Task, failed_outcome
from experiments.sweeps.execution.pools import LOST, POLL_SECONDS, Pool, WorkersLostError

TASKS_PER_WORKER = 2
"""Tasks in hand for each worker, so that none waits for the next."""
DEATHS_BEFORE_SINGLE_RUNS, DEATHS_BEFORE_GIVING_UP = 2, 3
"""Workers that die on a task before its runs are tried one by one, and before it has failed."""


class Attempt(NamedTuple):
    """A task, and how many workers have died on it."""

    task: Task
    deaths: int = 0


class TaskDispatcher:
    """Runs tasks on a pool; once `stopping` is set, begins no more and finishes those in hand."""

    def __init__(self, pool: Pool, tasks: Iterator[Task], stopping: threading.Event) -> None:
        self.pool, self.stopping = pool, stopping
        self._new, self._again = map(Attempt, tasks), list[Attempt]()
        self._running: dict[Future[Outcome], Attempt] = {}

    def outcomes(self) -> Iterator[Outcome]:
        """Outcomes of all tasks, in the order in which they finish."""
        while True:
            self._fill()
            if not self._running:
                return
            finished, _ = wait(self._running, POLL_SECONDS, FIRST_COMPLETED)
            if not finished:
                self.pool.check()
            if self.stopping.is_set():
                self._cancel_queued()
            taken = [
                (future, self._running.pop(future))
                for future in finished
                if future in self._running
            ]
            for future, attempt in taken:
                if (outcome := self._outcome(future, attempt)) is not None:
                    yield outcome

    def _fill(self) -> None:
        """Submit tasks until every worker has enough; those to be tried again go first."""
        while not self.stopping.is_set() and len(self._running) < self._most_in_hand:
            attempt = self._again.pop() if self._again else next(self._new, None)
            if attempt is None:
                return
            try:
                future = self.pool.submit(attempt.task)
            except (OSError, RuntimeError):
                self.pool.check()
                raise
            self._running[future] = attempt

    @property
    def _most_in_hand(self) -> int:
        return TASKS_PER_WORKER * self.pool.width

    def _cancel_queued(self) -> None:
        """Cancel tasks that no worker has begun; the next sweep finds their runs missing."""
        self._running = {
            future: attempt for future, attempt in self._running.items() if not future.cancel()
        }

    def _outcome(self, future: Future[Outcome], attempt: Attempt) -> Outcome | None:
        """The outcome of a finished task; None if its worker died and it is tried again."""
        try:
            error = future.exception()
        except CancelledError:
            # Tasks that this sweep cancels are forgotten, so somebody else has dropped this one.
            raise WorkersLostError(LOST) from None
        if error is None:
            return future.result()
        self.pool.check()
        deaths = attempt.deaths + 1
        if deaths >= DEATHS_BEFORE_GIVING_UP:
            return given_up(attempt.task, error)
        is_suspect = deaths == DEATHS_BEFORE_SINGLE_RUNS
        tasks = attempt.task.one_run_each() if is_suspect else [attempt.task]
        self._again += [Attempt(task, deaths) for task in tasks]
        return None


def given_up(task: Task, error: BaseException) -> Outcome:
    """The failures of a task on which too many workers have died."""
    reason = f"{type(error).__name__}: {' '.join(str(error).split())}"
    message = f"{DEATHS_BEFORE_GIVING_UP} workers died while they simulated it; {reason}"
    return failed_outcome(tuple(Failure(run, "worker", message) for run in task.runs))
