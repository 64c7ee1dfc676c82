"""What a sweep hands to its workers, and what they hand back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.sweeps.design.run_ids import Version
from sim.scenario import Scenario

Values = NDArray[np.float32]


@dataclass(frozen=True)
class Task:
    """One replicate of scenarios that share history and baseline; `runs` holds their run ids."""

    replicate: int
    runs: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    version: Version

    def one_run_each(self) -> list[Task]:
        """The same work as tasks of one run."""
        return [
            Task(self.replicate, (run,), (scenario,), self.version)
            for run, scenario in zip(self.runs, self.scenarios, strict=True)
        ]


@dataclass(frozen=True)
class Failure:
    """A run that failed: the stage at which it did, the message and the traceback."""

    run: str
    stage: str
    message: str
    traceback: str = ""


@dataclass(frozen=True, eq=False)
class Outcome:
    """The result of a task: the runs that succeeded with their measures, and the failures.

    `values` is f4[runs, measures, months]; `seconds` is what the task took.
    """

    runs: tuple[str, ...]
    measures: tuple[str, ...]
    values: Values
    failures: tuple[Failure, ...]
    seconds: float


def failed_outcome(failures: tuple[Failure, ...]) -> Outcome:
    """The outcome of a task of which no run succeeded."""
    return Outcome((), (), np.empty((0, 0, 0), np.float32), failures, 0.0)
