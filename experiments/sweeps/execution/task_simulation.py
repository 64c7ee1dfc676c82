"""What a worker does with a task: simulate one replicate of each scenario and measure it."""

from __future__ import annotations

import contextlib
import functools
import time
import traceback
from collections.abc import Callable, Iterator

import numpy as np

from experiments.ensembles.ensemble import GARBAGE
from experiments.sweeps.design.run_ids import Version, current_version
from experiments.sweeps.design.tasks import Failure, Outcome, Task, failed_outcome
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import DatedInputs, dated_inputs
from sim.measures.monthly import measure
from sim.paired import SharedHistory, branches_of, simulate_shared_history
from sim.scenario import Scenario


class StageError(Exception):
    """A run raised something at a stage; the cause is what it raised."""

    def __init__(self, stage: str) -> None:
        super().__init__(stage)
        self.stage = stage


def perform(task: Task, stopping: Callable[[], bool] = lambda: False) -> Outcome:
    """Simulate and measure every run of a task; a run that fails harms no other.

    Once `stopping` returns True, no further run is begun.
    """
    try:
        return outcome_of(task, stopping)
    finally:
        # Markets refer to themselves, so that only a collection frees them.
        GARBAGE.collect()


def outcome_of(task: Task, stopping: Callable[[], bool]) -> Outcome:
    """The outcome of a task."""
    started, done, failures = time.perf_counter(), {}, []
    try:
        past, inputs = prepare(task)
    except StageError as error:
        return failed_outcome(tuple(failure_of(run, error) for run in task.runs))
    for run, scenario in zip(task.runs, task.scenarios, strict=True):
        if stopping():
            break
        try:
            done[run] = measured(scenario, past, inputs)
        except StageError as error:
            failures.append(failure_of(run, error))
    if not done:
        return failed_outcome(tuple(failures))
    names = tuple(next(iter(done.values())))
    values = np.array([list(row.values()) for row in done.values()], np.float32)
    return Outcome(tuple(done), names, values, tuple(failures), time.perf_counter() - started)


def prepare(task: Task) -> tuple[SharedHistory, DatedInputs]:
    """The history and baseline that the task's scenarios share, and their dated inputs."""
    with stage("version"):
        check_version(task.version)
    with stage("history and baseline"):
        return simulate_shared_history(task.scenarios, task.replicate), dated_inputs(
            task.scenarios[0]
        )


def measured(scenario: Scenario, past: SharedHistory, inputs: DatedInputs) -> dict[str, Array]:
    """Measures of one run by name."""
    with stage("policy branch, and policy branch at baseline wages"):
        pair = branches_of(scenario, past)
    with stage("measures"):
        return measure(pair, scenario, inputs)


@contextlib.contextmanager
def stage(name: str) -> Iterator[None]:
    """Name the stage at which something was raised."""
    try:
        yield
    except Exception as error:
        raise StageError(name) from error


def check_version(expected: Version) -> None:
    """Raise RuntimeError if this worker has other code or evidence than the sweep.

    The sweep's run ids would otherwise name results that this version did not produce.
    """
    own = own_version()
    if expected != own:
        raise RuntimeError(
            f"this worker has code {own.code}, the sweep {expected.code}; "
            "install the same code and evidence on both"
        )


# Once a process, as all sources are hashed.
own_version = functools.cache(current_version)


def failure_of(run: str, error: StageError) -> Failure:
    """What is kept of a failed run."""
    cause = error.__cause__ or error
    message = " ".join(str(cause).split()) or "no message"
    lines = "".join(traceback.format_exception(cause))
    return Failure(run, error.stage, f"{type(cause).__name__}: {message}", lines)
