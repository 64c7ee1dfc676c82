"""The explorer's simulations: a few threads that work on the newest scenario first.

A scenario is simulated twice under the same parameter draws: as a preview at a twentieth of the
krai, then at full size. What a closed page, or one that has moved on, had asked for is not
simulated any further.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from experiments.configuration.settings import Settings
from experiments.ensembles.ensemble import available_cores
from experiments.ensembles.uncertainty import sampled_scenarios
from experiments.explorer.explorer_ensembles import (
    REPLICATES,
    Ensemble,
    Stage,
    new_ensemble,
    scaled,
)
from experiments.results.summary import summarise
from sim.inputs.dated_inputs import dated_inputs
from sim.measures.monthly import measure
from sim.paired import run_paired
from sim.scenario import Scenario

PREVIEW, FULL_SIZE = Stage(0.05, REPLICATES), Stage(1.0, REPLICATES)
PREVIEW_THREADS = 2
NICENESS = 10
"""Priority of full-size threads: previews, which users wait for, get the processor first."""
CLOSED_AFTER_SECONDS = 20.0
"""A page polls several times a second; one that has been silent for so long is closed."""
MOST_JOBS, MOST_PAGES = 24, 32

PageScenario = tuple[str, str]
"""A page, and which of its two scenarios: the one of its sliders, or the pinned one."""


@dataclass
class Job:
    """A scenario with its two ensembles.

    `asked` is when a page last asked for it; `failure` is what went wrong, if anything did.
    """

    uncertainty: str
    preview: Ensemble
    full: Ensemble
    asked: float
    failure: str | None = None
    summaries: dict[float, dict[str, Any]] = field(default_factory=dict)


class SimulationState(NamedTuple):
    """How far the simulation of a scenario is.

    `summary` is that of the larger ensemble that is whole, at full size if `full`; `replicates` of
    `wanted` are done at full size; `warm` is whether the engine has been compiled.
    """

    summary: dict[str, Any] | None
    full: bool
    replicates: int
    wanted: int
    failure: str | None
    warm: bool

    @property
    def finished(self) -> bool:
        """Whether nothing better will come."""
        return self.failure is not None or self.replicates >= self.wanted


class SimulationPool:
    """Threads that simulate what pages show; its methods may be called from any thread."""

    def __init__(
        self, threads: int | None = None, stages: tuple[Stage, Stage] = (PREVIEW, FULL_SIZE)
    ) -> None:
        self._stages, self._changed = stages, threading.Condition()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._pages: OrderedDict[PageScenario, str] = OrderedDict()
        self._labels: dict[PageScenario, str] = {}
        self._open, self._warm = True, False
        names = ["preview"] * PREVIEW_THREADS + ["full"] * (threads or available_cores())
        self._threads = [
            threading.Thread(target=self._work, args=(name,), daemon=True) for name in names
        ]
        for thread in self._threads:
            thread.start()

    def warm_up(self, scenario: Scenario) -> None:
        """Have the kernels compiled or loaded before the first scenario is asked for."""

        def compile_all() -> None:
            run_paired(scaled(scenario, 0.01), 0)
            with self._changed:
                self._warm = True
                self._changed.notify_all()

        threading.Thread(target=compile_all, daemon=True).start()

    def submit(self, page: PageScenario, settings: Settings, label: str = "") -> None:
        """Simulate this for a page, in place of what the page asked for before.

        `label` is the page's name for the scenario. Raises ScenarioError if no parameter draw fits
        the scenario.
        """
        key = repr((settings.scenario, settings.uncertainty))
        job = self._jobs.get(key) or self._new_job(settings)
        with self._changed:
            self._jobs.setdefault(key, job).asked = time.monotonic()
            self._jobs.move_to_end(key)
            self._pages[page], self._labels[page] = key, label
            self._pages.move_to_end(page)
            self._forget_oldest()
            self._changed.notify_all()

    def label(self, page: PageScenario) -> str | None:
        """The page's name for the scenario that is simulated for it."""
        return self._labels.get(page)

    def state(self, page: PageScenario) -> SimulationState | None:
        """How far a page's scenario is; None if the page has asked for nothing.

        The call also tells the pool that the page is still open.
        """
        with self._changed:
            job = self._jobs.get(self._pages.get(page, ""))
            if job is None:
                return None
            job.asked = time.monotonic()
            self._changed.notify_all()
            best = job.full if job.full.is_whole else job.preview
            is_ready, count, warm = best.is_whole, len(job.full.done), self._warm
        # Outside the lock: a summary takes too long to keep all threads waiting.
        summary = summary_of(job, best) if is_ready else None
        wanted = job.full.stage.replicates
        return SimulationState(summary, best is job.full, count, wanted, job.failure, warm)

    def close(self) -> None:
        """End the threads, each after the replicate that it is simulating."""
        with self._changed:
            self._open = False
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _new_job(self, settings: Settings) -> Job:
        """The job of a scenario, of which nothing has been simulated yet."""
        scenario, most = settings.scenario, max(stage.replicates for stage in self._stages)
        sampled = sampled_scenarios(settings.resolved, settings.uncertainty, most, scenario.seed)
        preview, full = (new_ensemble(stage, scenario, sampled) for stage in self._stages)
        return Job(settings.uncertainty, preview, full, time.monotonic())

    def _forget_oldest(self) -> None:
        """Keep only the newest pages and jobs."""
        while len(self._pages) > MOST_PAGES:
            self._labels.pop(self._pages.popitem(last=False)[0], None)
        while len(self._jobs) > MOST_JOBS:
            self._jobs.popitem(last=False)

    def _work(self, name: str) -> None:
        """What a thread does: simulate the next replicate of its stage, again and again."""
        if name == "full" and sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        while (task := self._next(name)) is not None:
            job, ensemble, number = task
            try:
                scenario = ensemble.scenario_of(number)
                values = measure(run_paired(scenario, number), scenario, dated_inputs(scenario))
            except Exception as error:
                job.failure = f"the simulation failed: {type(error).__name__}: {error}"
                continue
            with self._changed:
                ensemble.done[number] = values
                self._changed.notify_all()

    def _next(self, name: str) -> tuple[Job, Ensemble, int] | None:
        """Wait for a replicate to simulate; None when the pool closes.

        Full-size threads wait while any preview is missing.
        """
        with self._changed:
            while self._open:
                wanted = self._wanted()
                has_previews = any(not job.preview.is_whole for job in wanted)
                for job in wanted if name == "preview" or not has_previews else ():
                    ensemble: Ensemble = getattr(job, name)
                    if ensemble.started < ensemble.stage.replicates:
                        ensemble.started += 1
                        return job, ensemble, ensemble.started - 1
                # A page that closes wakes nobody, so waiting is bounded.
                self._changed.wait(1.0)
        return None

    def _wanted(self) -> list[Job]:
        """Jobs that an open page shows, the newest first."""
        since, shown = time.monotonic() - CLOSED_AFTER_SECONDS, set(self._pages.values())
        wanted = [
            job
            for key, job in self._jobs.items()
            if key in shown and job.asked >= since and job.failure is None
        ]
        return wanted[::-1]


def summary_of(job: Job, ensemble: Ensemble) -> dict[str, Any]:
    """The summary of a whole ensemble, made once."""
    share = ensemble.stage.share
    if share not in job.summaries:
        summary = summarise(ensemble.scenario, ensemble.values, job.uncertainty, ensemble.sampled)
        job.summaries = {share: summary}
    return job.summaries[share]
