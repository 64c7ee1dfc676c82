"""The task of a progress bar that simulates: it says so while kernels are still to be compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress

STARTING, SIMULATING = "compiling or loading kernels", "simulating"


class SimulationTask:
    """A task whose bar moves without end until something is done, and shows how much from then on.

    A first start compiles kernels for some twenty seconds, in which nothing can be counted.
    """

    def __init__(self, bar: Progress, total: int, **fields: Any) -> None:
        self._bar, self._total = bar, total
        self._task = bar.add_task(STARTING, total=None, **fields)

    def update(self, **changes: Any) -> None:
        """Note that something is done; changes as `rich.progress.Progress.update` takes them."""
        self._bar.update(self._task, description=SIMULATING, total=self._total, **changes)
