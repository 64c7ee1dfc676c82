"""`sweep`: a kernel of a State alone, compiled when it is called first."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sim.engine.compiling import kernel
from sim.engine.numba_state import STATE
from sim.engine.state import State


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


def compiled_for_a_state(kernel_of_state: Any) -> Callable[[int], None]:
    """The compiled kernel, to be called with the address of a State's table: no types of arguments are worked out at a call."""
    with garbage_left_lying():
        kernel_of_state.compile((STATE,))
    return kernel_of_state.overloads[(STATE,)].entry_point  # type: ignore[no-any-return]


def state_kernel(function: Callable[[State], None]) -> Callable[[State], None]:
    """Compile a kernel of a State alone."""
    kernel_of_state, compiled = kernel(function), None

    @functools.wraps(function)
    def run(state: State) -> None:
        nonlocal compiled
        if compiled is None:
            compiled = compiled_for_a_state(kernel_of_state)
        compiled(state.address)

    run.kernel = kernel_of_state  # type: ignore[attr-defined]
    return run
