"""The explorer's simulations: a few threads that work on the newest scenario first.

A scenario is simulated twice under the same parameter draws: as a preview at a twentieth of the
krai, then at full size. What a closed page, or one that has moved on, had asked for is not
simulated any further.
"""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
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
from sim.inputs.problems import ScenarioError
from sim.measures.monthly import measure
from sim.paired import run_paired
from sim.scenario import Scenario

PREVIEW, FULL_SIZE = Stage(0.05, REPLICATES), Stage(1.0, None)
PREVIEW_THREADS = 2
NICENESS = 10
"""Priority of full-size threads: previews, which users wait for, get the processor first."""
CLOSED_AFTER_SECONDS = 20.0
"""A page polls several times a second; one that has been silent for so long is closed."""
MOST_JOBS, MOST_PAGES = 24, 32
"""Scenarios that are kept although no page shows them, and pages that may be open at a time.

A page may keep some scenarios beside that of its sliders; its scenarios take turns with one
another, and pages with pages.
"""

PageScenario = tuple[str, str]
"""A page, and which of its scenarios: the one of its sliders, or a kept one by its query."""


@dataclass
class Job:
    """A scenario with its two ensembles.

    `failure` is what went wrong, if anything did.
    """

    uncertainty: str
    preview: Ensemble
    full: Ensemble
    failure: str | None = None
    summaries: dict[float, dict[str, Any]] = field(default_factory=dict)


@dataclass
class Shown:
    """What a page shows: a job, the page's name for it, and when the page last asked for it."""

    key: str
    label: str
    asked: float


class TooManyPagesError(ScenarioError):
    """So many pages are open that none can be simulated for in addition."""


class SimulationState(NamedTuple):
    """How far the simulation of a scenario is.

    `summary` is that of the larger ensemble that is whole, at full size if `full`; `replicates` of
    `wanted` are done at full size; `warm` is whether the engine has been compiled. `wholes` are the
    whole ensembles by their share of the full size.
    """

    summary: dict[str, Any] | None
    full: bool
    replicates: int
    wanted: int
    failure: str | None
    warm: bool
    wholes: Mapping[float, Ensemble] = MappingProxyType({})

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
        self._pages: OrderedDict[PageScenario, Shown] = OrderedDict()
        self._turns: dict[str, int] = {}
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
            # A hundredth will do: kernels are compiled for types and not for sizes.
            run_paired(scaled(scenario, 0.01), 0)
            with self._changed:
                self._warm = True
                self._changed.notify_all()

        threading.Thread(target=compile_all, daemon=True).start()

    def submit(self, page: PageScenario, settings: Settings, label: str = "") -> None:
        """Simulate this for a page, in place of what the page asked for before.

        `label` is the page's name for the scenario. Raises ScenarioError if no parameter draw fits
        the scenario, and TooManyPagesError if this is another page than the MOST_PAGES open ones.
        """
        self._admit(page)
        # What is simulated and not who asks: pages that show the same share a job.
        key = job_key(settings)
        # Outside the lock, as parameters are drawn; if another page was faster, `setdefault` keeps
        # its job.
        job = self._jobs.get(key) or self._new_job(settings)
        with self._changed:
            self._admit(page)
            self._jobs.setdefault(key, job)
            self._jobs.move_to_end(key)
            self._pages[page] = Shown(key, label, time.monotonic())
            self._pages.move_to_end(page)
            self._forget_oldest_jobs()
            self._changed.notify_all()

    def _admit(self, page: PageScenario) -> None:
        """Forget closed pages; raises TooManyPagesError if there is still no room for this one."""
        with self._changed:
            self._forget_closed()
            is_new = page[0] not in (open_page for open_page, _ in self._pages)
            if is_new and self.pages_open >= MOST_PAGES:
                allowed = f"up to {MOST_PAGES}"
                line = f"pages: {MOST_PAGES} are open; allowed: {allowed}; close one, then reload"
                raise TooManyPagesError([line])

    @property
    def pages_open(self) -> int:
        """How many pages are simulated for."""
        return len({page for page, _ in self._pages})

    def label(self, page: PageScenario) -> str | None:
        """The page's name for the scenario that is simulated for it."""
        shown = self._pages.get(page)
        return shown.label if shown else None

    def state(self, page: PageScenario) -> SimulationState | None:
        """How far a page's scenario is; None if the page has asked for nothing.

        The call also tells the pool that the page is still open.
        """
        with self._changed:
            shown = self._pages.get(page)
            job = self._jobs.get(shown.key) if shown else None
            if shown is None or job is None:
                return None
            shown.asked = time.monotonic()
            self._changed.notify_all()
            best = job.full if job.full.is_whole else job.preview
            is_ready, count, warm = best.is_whole, len(job.full.done), self._warm
            wholes = {each.share: each for each in (job.preview, job.full) if each.is_whole}
        # Outside the lock: a summary takes too long to keep all threads waiting.
        summary = summary_of(job, best) if is_ready else None
        wanted = job.full.replicates
        is_full = best is job.full
        return SimulationState(summary, is_full, count, wanted, job.failure, warm, wholes)

    def close(self) -> None:
        """End the threads, each after the replicate that it is simulating."""
        with self._changed:
            self._open = False
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _new_job(self, settings: Settings) -> Job:
        """The job of a scenario, of which nothing has been simulated yet."""
        scenario = settings.scenario
        numbers = [stage.replicates or settings.replicates for stage in self._stages]
        sampled = sampled_scenarios(
            settings.resolved, settings.uncertainty, max(numbers), scenario.seed
        )
        preview, full = (
            new_ensemble(stage.share, number, scenario, sampled)
            for stage, number in zip(self._stages, numbers, strict=True)
        )
        return Job(settings.uncertainty, preview, full)

    def _forget_closed(self) -> None:
        """Forget what pages show that have been silent."""
        since = time.monotonic() - CLOSED_AFTER_SECONDS
        for page in [page for page, shown in self._pages.items() if shown.asked < since]:
            del self._pages[page]
        still_open = {page for page, _ in self._pages}
        self._turns = {page: turn for page, turn in self._turns.items() if page in still_open}

    def _forget_oldest_jobs(self) -> None:
        """Of the jobs that no page shows keep only the newest."""
        shown = {each.key for each in self._pages.values()}
        idle = [key for key in self._jobs if key not in shown]
        for key in idle[: max(0, len(idle) - MOST_JOBS)]:
            del self._jobs[key]

    def _work(self, name: str) -> None:
        """What a thread does: simulate the next replicate of its stage, again and again."""
        if name == "full" and sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        while (task := self._next(name)) is not None:
            job, ensemble, number = task
            try:
                scenario = ensemble.scenario_of(number)
                values = measure(run_paired(scenario, number), scenario, dated_inputs(scenario))
            # A thread that ended here would leave every page waiting for ever.
            except Exception as error:
                job.failure = f"the simulation failed: {type(error).__name__}: {error}"
                continue
            with self._changed:
                ensemble.done[number] = values
                self._changed.notify_all()
            if ensemble.is_whole:
                give_back_memory()

    def _next(self, name: str) -> tuple[Job, Ensemble, int] | None:
        """Wait for a replicate to simulate; None when the pool closes.

        Full-size threads wait while any preview is missing.
        """
        with self._changed:
            while self._open:
                self._forget_closed()
                wanted = self._wanted()
                has_previews = any(not job.preview.is_whole for _, job in wanted)
                for page, job in wanted if name == "preview" or not has_previews else ():
                    ensemble: Ensemble = getattr(job, name)
                    if ensemble.started < ensemble.replicates:
                        ensemble.started += 1
                        self._turns[page] = max(self._turns.values(), default=0) + 1
                        return job, ensemble, ensemble.started - 1
                # A page that closes wakes nobody, so waiting is bounded.
                self._changed.wait(1.0)
        return None

    def _wanted(self) -> list[tuple[str, Job]]:
        """Open pages with the jobs that they show.

        The page that has waited longest comes first, so that none can hold all threads; of one page
        the newest job.
        """
        wanted = [
            (page, job)
            for (page, _), shown in reversed(self._pages.items())
            if (job := self._jobs.get(shown.key)) is not None and job.failure is None
        ]
        return sorted(wanted, key=lambda each: self._turns.get(each[0], 0))


def job_key(settings: Settings) -> str:
    """What makes two scenarios the same simulation."""
    held = settings.resolved["held"]
    return repr((settings.scenario, settings.uncertainty, settings.replicates, held))


def give_back_memory() -> None:
    """Return the memory of simulations that have ended to the system.

    Models refer to themselves, so only a collection frees them; the C library then keeps an area of
    freed memory for each thread, which adds up to more than a hundred MB.
    """
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def summary_of(job: Job, ensemble: Ensemble) -> dict[str, Any]:
    """The summary of a whole ensemble, made once."""
    share = ensemble.share
    if share not in job.summaries:
        summary = summarise(ensemble.scenario, ensemble.values, job.uncertainty, ensemble.sampled)
        job.summaries = {share: summary}
    return job.summaries[share]
