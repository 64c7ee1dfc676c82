"""Worker processes of this machine, each on a pipe of its own.

One that dies harms no other, and its death is noticed at once. In a pool whose workers share one
queue of results, all can wait for ever when one is killed while it holds the queue's lock. A pipe
has no lock, and it ends for its reader when the last writer is gone, even within a message.
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
from multiprocessing.context import ForkServerContext, SpawnContext
from typing import Any, Final, override

FORK_SERVER: Final = "forkserver"


class WorkerDiedError(RuntimeError):
    """A worker process ended before it returned a result."""


class WorkerProcess:
    """A process and the pipe to it; it makes one call after another."""

    def __init__(self, context: ForkServerContext | SpawnContext) -> None:
        self._pipe, other_end = context.Pipe()
        self._process = context.Process(target=serve, args=(other_end,), daemon=True)
        self._process.start()
        # With its copy open here, the pipe would not end when the process dies.
        other_end.close()

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """The function's result, computed there; raises WorkerDiedError if the process ends."""
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


class ProcessExecutor(Executor):
    """A fixed number of worker processes, each served by a thread of this one.

    A process that dies is replaced, and only the call it was making fails.
    """

    def __init__(self, width: int) -> None:
        self._context = clean_processes()
        self._threads = ThreadPoolExecutor(width)
        self._idle: queue.SimpleQueue[WorkerProcess] = queue.SimpleQueue()
        for _ in range(width):
            self._idle.put(WorkerProcess(self._context))

    @override
    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have the first idle process call a function."""
        return self._threads.submit(self._call, functools.partial(fn, **kwargs), *args)

    @override
    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Finish running calls, drop queued ones if asked to, and end the processes."""
        self._threads.shutdown(True, cancel_futures=cancel_futures)
        while not self._idle.empty():
            self._idle.get().close()

    def _call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function in an idle process; there is one for every thread."""
        worker = self._idle.get()
        try:
            return worker.call(function, *arguments)
        except WorkerDiedError:
            worker = WorkerProcess(self._context)
            raise
        finally:
            self._idle.put(worker)


def clean_processes() -> ForkServerContext | SpawnContext:
    """How processes are started that copy nothing of this one.

    A fork server starts them quickly; forking this process would copy its threads' locks in
    whatever state they are. Windows has no fork, and spawns each anew.
    """
    if FORK_SERVER not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context(FORK_SERVER)
    context.set_forkserver_preload(["experiments.sweeps.execution.task_simulation"])
    return context


def serve(pipe: Connection) -> None:
    """What a worker process does: make the calls from the pipe until it is closed.

    A call that raises ends the process. Ctrl-C, which reaches every process of a terminal, is left
    to the sweep.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=end_with_parent, daemon=True).start()
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            return
        pipe.send(function(*arguments))


def end_with_parent() -> None:
    """End this process once the sweep that started it has ended, even if it was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
