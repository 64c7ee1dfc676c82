"""What a worker does: simulate one replicate of some scenarios of a family and hand back their measures, or what went wrong."""

from __future__ import annotations

import contextlib
import functools
import time
import traceback
from collections.abc import Callable, Iterator

import numpy as np

from experiments.ensembles.ensemble import GARBAGE
from experiments.sweeps.design.identity import Version, current_version
from experiments.sweeps.design.tasks import Failure, Outcome, Task
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import DatedInputs, dated_inputs
from sim.measures.monthly import measure
from sim.paired import Past, branches_of, shared_past
from sim.scenario import Scenario


class StageError(Exception):
    """What a run raised, with the stage at which it did; the cause is what was raised."""

    def __init__(self, stage: str) -> None:
        super().__init__(stage)
        self.stage = stage


def perform(task: Task, stopping: Callable[[], bool] = lambda: False) -> Outcome:
    """Simulate and measure every run of a task; a run that fails harms no other. Runs left when `stopping` says so are not begun."""
    try:
        return performed(task, stopping)
    finally:
        GARBAGE.collect()


def performed(task: Task, stopping: Callable[[], bool]) -> Outcome:
    """What came of a task."""
    started, done, failures = time.perf_counter(), {}, []
    try:
        past, inputs = prepare(task)
    except StageError as error:
        return nothing(tuple(failure_of(run, error) for run in task.runs))
    for run, scenario in zip(task.runs, task.scenarios, strict=True):
        if stopping():
            break
        try:
            done[run] = simulate(scenario, past, inputs)
        except StageError as error:
            failures.append(failure_of(run, error))
    if not done:
        return nothing(tuple(failures))
    names = tuple(next(iter(done.values())))
    values = np.array([list(row.values()) for row in done.values()], np.float32)
    return Outcome(tuple(done), names, values, tuple(failures), time.perf_counter() - started)


def nothing(failures: tuple[Failure, ...]) -> Outcome:
    """An outcome without a success."""
    return Outcome((), (), np.empty((0, 0, 0), np.float32), failures, 0.0)


def prepare(task: Task) -> tuple[Past, DatedInputs]:
    """History and baseline of the task's scenarios, and the dated inputs they share."""
    with staged("version"):
        check_version(task.version)
    with staged("history and baseline"):
        return shared_past(task.scenarios, task.replicate), dated_inputs(task.scenarios[0])


def simulate(scenario: Scenario, past: Past, inputs: DatedInputs) -> dict[str, Array]:
    """Measures of one run by name."""
    with staged("policy and policy branch at baseline wages"):
        pair = branches_of(scenario, past)
    with staged("measures"):
        return measure(pair, scenario, inputs)


@contextlib.contextmanager
def staged(stage: str) -> Iterator[None]:
    """Say at which stage something was raised."""
    try:
        yield
    except Exception as error:
        raise StageError(stage) from error


def check_version(expected: Version) -> None:
    """Refuse to work for a sweep of another code or evidence: its ids would name results that are not its own."""
    if expected != own_version():
        raise RuntimeError(
            f"this worker has code {own_version().code}, the sweep {expected.code}; install the same code and evidence on both"
        )


own_version = functools.cache(current_version)


def failure_of(run: str, error: StageError) -> Failure:
    """What is kept of a failed run."""
    cause = error.__cause__ or error
    message = " ".join(str(cause).split()) or "no message"
    return Failure(
        run,
        error.stage,
        f"{type(cause).__name__}: {message}",
        "".join(traceback.format_exception(cause)),
    )
