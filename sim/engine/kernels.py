"""Kernels of a State alone, compiled when they are called first."""

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
def without_garbage_collection() -> Iterator[None]:
    """Search for no garbage while compiling.

    The compiler makes millions of objects that it goes on using: looking for garbage among them
    takes a tenth of its time.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def compiled_for_state(kernel_of_state: Any) -> Callable[[int], None]:
    """The compiled kernel, to be called with the address of a State's table.

    Called so, it need not work out the types of its arguments.
    """
    with without_garbage_collection():
        kernel_of_state.compile((STATE,))
    return kernel_of_state.overloads[(STATE,)].entry_point  # type: ignore[no-any-return]


def state_kernel(function: Callable[[State], None]) -> Callable[[State], None]:
    """Compile a kernel of a State alone; anything else in place of the State is refused."""
    kernel_of_state, compiled = kernel(function), None

    @functools.wraps(function)
    def run(state: State) -> None:
        nonlocal compiled
        if compiled is None:
            compiled = compiled_for_state(kernel_of_state)
        # Compiled code would take any address: this is the last place to look.
        if not isinstance(state, State):
            raise TypeError(
                f"{function.__name__}: works on a State, not on {type(state).__name__}; "
                "a model's is market.state"
            )
        try:
            compiled(state.address)
        except IndexError as error:
            error.add_note(f"in the kernel {function.__name__} or a part of it")
            raise

    run.kernel = kernel_of_state  # type: ignore[attr-defined]
    return run
