"""Ctrl-C, SIGTERM and the like: each ends a command with a sentence about what is on disk."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from typing import NoReturn

NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Signals that stop a process: the terminal that closes on POSIX, Ctrl-Break on Windows."""
STOPS = tuple(getattr(signal, name) for name in NAMES if hasattr(signal, name))
INTERRUPTED = 130


def say_that_it_was_loading() -> None:
    """Until the command has loaded, have a signal end the process with a sentence."""
    for number in heeded():
        signal.signal(number, end_while_loading)


def end_while_loading(number: int, frame: object) -> NoReturn:
    """Say that nothing was written, and end at once: a half-loaded library might not end."""
    os.write(2, b"interrupted while it was loading; nothing was written\n")
    os._exit(INTERRUPTED)


@contextlib.contextmanager
def signals_interrupt() -> Iterator[None]:
    """Have every signal that stops a process raise KeyboardInterrupt, as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        # Python lets only the main thread set signal handlers.
        yield
        return
    before = {number: signal.signal(number, signal.default_int_handler) for number in heeded()}
    try:
        yield
    finally:
        for number, handler in before.items():
            # What was said while it was loading would be false by now.
            later = signal.SIG_DFL if handler is end_while_loading else handler
            signal.signal(number, later)


def ignore_signals() -> None:
    """Let nothing interrupt the last sentence of a command."""
    if threading.current_thread() is threading.main_thread():
        for number in heeded():
            signal.signal(number, signal.SIG_IGN)


def heeded() -> list[signal.Signals]:
    """The signals that are not ignored: `nohup` lets a command ignore that its terminal closed."""
    return [number for number in STOPS if signal.getsignal(number) is not signal.SIG_IGN]
