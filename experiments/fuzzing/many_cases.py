"""Many cases, in this process or in several."""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from pathlib import Path

from experiments.fuzzing.cases import described, make_case
from experiments.fuzzing.trials import REFUSED, Finding, Workplace, tried, workplace
from experiments.sweeps.execution.worker_processes import ProcessExecutor, WorkerDiedError

CASES_TOGETHER = 100
"""Cases that a process tries in one call."""
Ended = tuple[str, list[str]]
"""How a case ended, and its findings as they are printed."""


def try_all(
    seed: int, first: int, count: int, progress: Callable[[], object], processes: int = 1
) -> tuple[Counter[str], list[str]]:
    """How many cases ended in which way, and the findings; `progress` is called after each case.

    With one process cases are tried in this one, with more in processes of their own.
    """
    counts: Counter[str] = Counter()
    findings: list[str] = []
    numbers = range(first, first + count)
    with (
        workplace() as place,
        contextlib.closing(
            tried_here(seed, numbers, place)
            if processes == 1
            else tried_in_processes(seed, numbers, place.folder, processes)
        ) as every,
    ):
        for outcome, found in every:
            counts[outcome] += 1
            findings += found
            progress()
    return counts, findings


def tried_here(seed: int, numbers: Sequence[int], place: Workplace) -> Generator[Ended]:
    """Try cases one after another in this process."""
    for number in numbers:
        yield try_case(seed, number, place)


def try_case(seed: int, number: int, place: Workplace) -> Ended:
    """Try one case."""
    outcome, found = tried(make_case(seed, number), place)
    return outcome, [shown_finding(each) for each in found]


def shown_finding(finding: Finding) -> str:
    """A finding, what was given, and the command that shows it again."""
    return f"{finding.problem}\n  {described(finding.case)}\n  {finding.case.command()}"


def tried_in_processes(
    seed: int, numbers: Sequence[int], folder: Path, processes: int
) -> Generator[Ended]:
    """Try cases in so many processes; gives them in the order of their numbers."""
    pool = ProcessExecutor(processes)

    def call(together: tuple[int, ...]) -> Future[list[Ended]]:
        return pool.submit(try_together, seed, together, folder)

    try:
        calls = [(each, call(each)) for each in itertools.batched(numbers, CASES_TOGETHER)]
        for together, future in calls:
            try:
                yield from future.result()
            except WorkerDiedError:
                yield from (ended_alone(seed, number, call) for number in together)
    finally:
        pool.shutdown(cancel_futures=True)


def ended_alone(
    seed: int, number: int, call: Callable[[tuple[int, ...]], Future[list[Ended]]]
) -> Ended:
    """How a case ends that shared a call in which the process died; its own death is a finding."""
    try:
        (ended,) = call((number,)).result()
    except WorkerDiedError as error:
        return REFUSED, [shown_finding(Finding(make_case(seed, number), str(error)))]
    return ended


def try_together(seed: int, numbers: tuple[int, ...], folder: Path) -> list[Ended]:
    """Try some cases in a process that keeps a workplace of its own."""
    place = own_workplace(folder)
    return [try_case(seed, number, place) for number in numbers]


@functools.cache
def own_workplace(parent: Path) -> Workplace:
    """This process's workplace; whoever made the parent folder removes it."""
    folder = parent / f"process {os.getpid()}"
    folder.mkdir()
    return Workplace(folder)
