"""Models refer to themselves, so that only garbage collection frees them; left alone it counts objects, not megabytes."""

from __future__ import annotations

import functools
import gc
import time

HALF_A_SECOND = 0.5


class Garbage:
    """What is over but still takes memory."""

    def __init__(self) -> None:
        self.collected = 0.0

    def collect(self) -> None:
        """Free models that nobody uses any more, unless that was done within the last half second."""
        exempt_imports()
        if time.monotonic() - self.collected > HALF_A_SECOND:
            gc.collect()
            self.collected = time.monotonic()


GARBAGE = Garbage()


@functools.cache
def exempt_imports() -> None:
    """Keep what is loaded out of garbage collection, once: freeing models then takes 6 ms, not 90."""
    gc.collect()
    gc.freeze()
