"""Simulating replicates on all cores, with a progress bar on standard error."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.progress import track

from experiments.ensembles.ensemble import available_cores, in_order


def all_replicates[Result](work: Callable[[int], Result], count: int, title: str) -> list[Result]:
    """work(0), work(1), ... in this order; the bar is called `title`."""
    results = in_order(work, count, available_cores())
    return list(track(results, title, count, console=Console(stderr=True), transient=True))
