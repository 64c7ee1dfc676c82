"""Which runs of a sweep are missing, in which order they run, and which share a task or a shard."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from experiments.configuration.variants import Value
from experiments.sweeps.design.design import Design, family_of
from experiments.sweeps.design.run_ids import RunIds, Version
from experiments.sweeps.design.tasks import Failure, Task
from sim.inputs.problems import ScenarioError
from sim.scenario import Scenario

SHARD_RUNS = 64
SHARD_SECONDS = 10.0
"""A shard is written after so many runs or so much work: the most that a crash can cost."""
TASK_SECONDS = 3.0
"""Work in a task: a sweep that is asked to stop waits for the tasks in hand."""
FEWEST_TOGETHER, MOST_TOGETHER = 8, 64
"""Runs in a task: enough to share the cost of history and baseline, few enough to spread."""
FEWEST_TASKS = 8
"""Tasks that a small sweep is cut into, so that no core stands idle."""
SCENARIOS_KEPT = 2000
"""Scenarios kept for the next replicates instead of being built again; bounded for memory."""
MILLISECONDS_A_RUN, MILLISECONDS_A_KRAI = 5.0, 130.0
"""A first guess at 60 months on one core: a fixed cost, and a cost per unit of scale."""


class Run(NamedTuple):
    """One run of the design: its id, the point it simulates and the replicate."""

    id: str
    point: int
    replicate: int


class Batch(NamedTuple):
    """Runs that will lie in one shard, as tasks; runs that cannot be simulated come as failures."""

    runs: tuple[Run, ...]
    tasks: tuple[Task, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Plan:
    """Ids of all runs by point and replicate, and the values of every point."""

    design: Design
    version: Version
    ids: tuple[tuple[str, ...], ...]
    values: tuple[Mapping[str, Value], ...]
    _built: dict[int, Scenario] = field(default_factory=dict, repr=False)

    def all_ids(self) -> set[str]:
        """Ids of all runs. Points under equal draws, as a posterior may have, share their ids."""
        return {run for row in self.ids for run in row}

    def missing(self, done: Container[str]) -> list[Run]:
        """Runs that are not done, each once.

        They come replicate by replicate, so that a sweep that is stopped has every cell.
        """
        found: dict[str, Run] = {}
        for run in sorted(self.all_runs(), key=lambda run: run.replicate):
            if run.id not in done:
                found.setdefault(run.id, run)
        return list(found.values())

    def all_runs(self) -> Iterator[Run]:
        """Every run of the design, point by point."""
        draws = len(self.design.draws)
        for point, row in enumerate(self.ids):
            replicates = self.design.replicates_of(point % draws)
            yield from (
                Run(run, point, number) for run, number in zip(row, replicates, strict=True)
            )

    def batches(self, missing: Sequence[Run]) -> Iterator[Batch]:
        """Tasks for the missing runs, a shard's worth at a time."""
        together = runs_together(self.design.scenario, len(missing))
        enough = runs_in_a_shard(self.design.scenario)
        groups: list[list[Run]] = []
        for _, runs in itertools.groupby(missing, lambda run: run.replicate):
            for family in by_family(runs, self.values):
                parts = -(-len(family) // together)
                size = -(-len(family) // parts)
                for chunk in itertools.batched(family, size):
                    groups.append(list(chunk))
                    if sum(map(len, groups)) >= enough:
                        yield self.batch(groups)
                        groups = []
        if groups:
            yield self.batch(groups)

    def batch(self, groups: Sequence[Sequence[Run]]) -> Batch:
        """The tasks of one shard; a point whose values contradict one another is a failure."""
        failures: list[Failure] = []
        tasks = [task for group in groups if (task := self.task(group, failures.append))]
        return Batch(tuple(run for group in groups for run in group), tuple(tasks), tuple(failures))

    def task(self, runs: Sequence[Run], failed: Callable[[Failure], None]) -> Task | None:
        """A task that simulates these runs; None if none of their scenarios can be built."""
        built = {run.id: scenario for run in runs if (scenario := self.scenario_of(run, failed))}
        if not built:
            return None
        return Task(runs[0].replicate, tuple(built), tuple(built.values()), self.version)

    def scenario_of(self, run: Run, failed: Callable[[Failure], None]) -> Scenario | None:
        """The run's scenario; None, after a call of `failed`, if it cannot be built."""
        if run.point in self._built:
            return self._built[run.point]
        try:
            scenario = self.design.scenario_of(self.values[run.point])
        except ScenarioError as error:
            failed(Failure(run.id, "configuration", "; ".join(error.problems)))
            return None
        if len(self._built) < SCENARIOS_KEPT:
            self._built[run.point] = scenario
        return scenario


def make_plan(design: Design, version: Version) -> Plan:
    """The plan of a design; 100,000 runs take a fraction of a second."""
    ids = tuple(map(tuple, RunIds(design, version).ids()))
    return Plan(design, version, ids, tuple(point.values for point in design.points()))


def by_family(runs: Iterator[Run], values: Sequence[Mapping[str, Value]]) -> list[list[Run]]:
    """Runs grouped by shared history and baseline, in the order of each group's first run."""
    families: dict[object, list[Run]] = {}
    for run in runs:
        families.setdefault(family_of(values[run.point]), []).append(run)
    return list(families.values())


def run_seconds(scenario: Scenario) -> float:
    """A guess at how long one run takes on one core."""
    a_run = MILLISECONDS_A_RUN + MILLISECONDS_A_KRAI * scenario.market.scale
    return a_run * scenario.months / 60e3


def runs_together(scenario: Scenario, missing: int) -> int:
    """The largest number of runs in a task (see TASK_SECONDS, FEWEST_TASKS, FEWEST_TOGETHER)."""
    affordable = min(int(TASK_SECONDS / run_seconds(scenario)), -(-missing // FEWEST_TASKS))
    return max(FEWEST_TOGETHER, min(MOST_TOGETHER, affordable))


def runs_in_a_shard(scenario: Scenario) -> int:
    """Runs after which a shard is written, however large the market."""
    return max(1, min(SHARD_RUNS, int(SHARD_SECONDS / run_seconds(scenario))))
