"""`sweep`: a kernel of a State alone, compiled when it is called first."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sim.compiled import kernel
from sim.compiled_state import STATE
from sim.state import State


@contextmanager
def garbage_left_lying() -> Iterator[None]:
    """The compiler makes millions of objects that it goes on using: looking for garbage among them costs a tenth of its time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class Sweep:
    """A kernel of a State alone. It has one compiled type, so that calling it does not work out the types of arguments anew."""

    def __init__(self, function: Callable[[State], None]) -> None:
        functools.update_wrapper(self, function)
        self._dispatcher: Any = kernel(function)
        self._run: Callable[[State], None] | None = None

    def __call__(self, state: State) -> None:
        """Sweep over this state."""
        if self._run is None:
            with garbage_left_lying():
                self._dispatcher.compile((STATE,))
            self._run = self._dispatcher.overloads[(STATE,)].entry_point
        self._run(state)


def sweep(function: Callable[[State], None]) -> Sweep:
    """Compile a kernel of a State alone."""
    return Sweep(function)
