"""What a sweep hands to its workers, and what they hand back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.sweeps.design.identity import Version
from sim.scenario import Scenario

Values = NDArray[np.float32]


@dataclass(frozen=True)
class Task:
    """One replicate of scenarios that share history and baseline; `runs` are their ids."""

    replicate: int
    runs: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    version: Version

    def single(self) -> list[Task]:
        """The same work, one run a task."""
        return [
            Task(self.replicate, (run,), (scenario,), self.version)
            for run, scenario in zip(self.runs, self.scenarios, strict=True)
        ]


@dataclass(frozen=True)
class Failure:
    """A run that failed: at which stage, with which message and traceback."""

    run: str
    stage: str
    message: str
    traceback: str = ""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of a task: names of the measures, values f4[runs that succeeded, measures, months], and failures."""

    runs: tuple[str, ...]
    measures: tuple[str, ...]
    values: Values
    failures: tuple[Failure, ...]
    seconds: float
