"""Worker processes of this machine, each on a pipe of its own: one that dies harms no other, and its death is seen at once.

A pool whose workers share one queue of results can wait for ever when one is killed while it holds the queue's lock. A pipe has no lock,
and ends for its reader when the last writer is gone, even in the middle of a message.
"""

from __future__ import annotations

import functools
import multiprocessing
import multiprocessing.connection
import os
import queue
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from typing import Any, override


class WorkerDiedError(RuntimeError):
    """A worker process ended with a task in hand."""


class WorkerProcess:
    """A process and the pipe to it; makes one call after another."""

    def __init__(self, context: ForkServerContext) -> None:
        self._pipe, other_end = context.Pipe()
        self._process = context.Process(target=serve, args=(other_end,), daemon=True)
        self._process.start()
        other_end.close()

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What the function gives there; raises WorkerDiedError if the process ends over it."""
        try:
            self._pipe.send((function, arguments))
            return self._pipe.recv()
        except (EOFError, OSError):
            self.close()
            raise WorkerDiedError(
                f"worker process {self._process.pid} ended with exit code {self._process.exitcode}"
            ) from None

    def close(self) -> None:
        """Let the process end, and wait until it has."""
        self._pipe.close()
        self._process.join()


class ProcessCrew(Executor):
    """As many worker processes as asked for, each led by a thread; one that dies is replaced, and only the call it had in hand fails."""

    def __init__(self, width: int) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["experiments.sweeps.execution.worker"])
        self._leaders = ThreadPoolExecutor(width)
        self._idle: queue.SimpleQueue[WorkerProcess] = queue.SimpleQueue()
        for _ in range(width):
            self._idle.put(WorkerProcess(self._context))

    @override
    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have the first worker that is free call a function."""
        return self._leaders.submit(self._lead, functools.partial(fn, **kwargs), *args)

    @override
    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Finish what runs, drop the rest if asked to, and end the processes."""
        self._leaders.shutdown(True, cancel_futures=cancel_futures)
        while not self._idle.empty():
            self._idle.get().close()

    def _lead(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Give a call to an idle worker; there are as many as threads."""
        worker = self._idle.get()
        try:
            return worker.call(function, *arguments)
        except WorkerDiedError:
            worker = WorkerProcess(self._context)
            raise
        finally:
            self._idle.put(worker)


def serve(pipe: Connection) -> None:
    """What a worker process does: make the calls that come down the pipe until it is closed; one that raises ends it.

    Ctrl-C, which reaches every process of a terminal, is left to the sweep; a sweep that is gone is followed in death.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=follow_parent, daemon=True).start()
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            return
        pipe.send(function(*arguments))


def follow_parent() -> None:
    """End this process once the sweep that started it is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
