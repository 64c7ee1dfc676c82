"""Simulations behind the explorer: a bounded set of threads, the newest scenario first, stopped between replicates.

A scenario is simulated twice under the same draws of the parameters: at a twentieth of the krai for a first picture, then the full krai.
What a closed or moved-on page asked for is not simulated any further.
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

QUICK, FULL = Stage(0.05, REPLICATES), Stage(1.0, REPLICATES)
QUICK_THREADS, GIVES_WAY = 2, 10
FORGOTTEN_AFTER = 20.0
MOST_JOBS, MOST_PAGES = 24, 32
Page = tuple[str, str]
"""A page and which of its scenarios: the one being moved, or the pinned one."""


@dataclass
class Job:
    """A scenario with its two ensembles, the time it was last asked for, and what went wrong if anything did."""

    uncertainty: str
    quick: Ensemble
    full: Ensemble
    asked: float
    failure: str | None = None
    summaries: dict[float, dict[str, Any]] = field(default_factory=dict)


class View(NamedTuple):
    """What a page may show: the summary of the better ensemble that is ready, and how many replicates of the full krai are done."""

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


class Pool:
    """Threads that simulate what pages show. Thread-safe; `close` ends the threads after the replicate at hand."""

    def __init__(
        self, threads: int | None = None, stages: tuple[Stage, Stage] = (QUICK, FULL)
    ) -> None:
        self._stages, self._changed = stages, threading.Condition()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._pages: OrderedDict[Page, str] = OrderedDict()
        self._labels: dict[Page, str] = {}
        self._open, self._warm = True, False
        names = ["quick"] * QUICK_THREADS + ["full"] * (threads or available_cores())
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

    def submit(self, page: Page, settings: Settings, label: str = "") -> None:
        """Simulate this for a page in place of what it asked for before; `label` is what the page calls it.

        Raises ScenarioError if no draw of the parameters fits it.
        """
        key = repr((settings.scenario, settings.uncertainty))
        job = self._jobs.get(key) or self._new_job(settings)
        with self._changed:
            self._jobs.setdefault(key, job).asked = time.monotonic()
            self._jobs.move_to_end(key)
            self._pages[page], self._labels[page] = key, label
            self._pages.move_to_end(page)
            self._forget()
            self._changed.notify_all()

    def label(self, page: Page) -> str | None:
        """What the page called the scenario that is simulated for it."""
        return self._labels.get(page)

    def look(self, page: Page) -> View | None:
        """What there is for a page; looking says that it is still open. None if it has asked for nothing."""
        with self._changed:
            job = self._jobs.get(self._pages.get(page, ""))
            if job is None:
                return None
            job.asked = time.monotonic()
            self._changed.notify_all()
            best = job.full if job.full.is_whole else job.quick
            is_ready, count, wanted, warm = (
                best.is_whole,
                len(job.full.done),
                job.full.stage.replicates,
                self._warm,
            )
        return View(
            summary_of(job, best) if is_ready else None,
            best is job.full,
            count,
            wanted,
            job.failure,
            warm,
        )

    def close(self) -> None:
        """End the threads."""
        with self._changed:
            self._open = False
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _new_job(self, settings: Settings) -> Job:
        scenario, most = settings.scenario, max(stage.replicates for stage in self._stages)
        drawn = sampled_scenarios(settings.resolved, settings.uncertainty, most, scenario.seed)
        quick, full = (new_ensemble(stage, scenario, drawn) for stage in self._stages)
        return Job(settings.uncertainty, quick, full, time.monotonic())

    def _forget(self) -> None:
        """Keep the newest pages and scenarios only."""
        while len(self._pages) > MOST_PAGES:
            self._labels.pop(self._pages.popitem(last=False)[0], None)
        while len(self._jobs) > MOST_JOBS:
            self._jobs.popitem(last=False)

    def _work(self, name: str) -> None:
        """Simulate the newest wanted replicate, again and again; the full krai gives way to first pictures."""
        if name == "full" and sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GIVES_WAY)
        while (task := self._next(name)) is not None:
            job, ensemble, number = task
            try:
                scenario = ensemble.scenario_of(number)
                found = measure(run_paired(scenario, number), scenario, dated_inputs(scenario))
            except Exception as error:
                job.failure = f"the simulation failed: {type(error).__name__}: {error}"
                continue
            with self._changed:
                ensemble.done[number] = found
                self._changed.notify_all()

    def _next(self, name: str) -> tuple[Job, Ensemble, int] | None:
        """Wait for a replicate to simulate; None when the pool closes. First pictures go before everything else."""
        with self._changed:
            while self._open:
                wanted = self._wanted()
                pending = [job for job in wanted if not job.quick.is_whole]
                for job in wanted if name == "quick" or not pending else ():
                    ensemble: Ensemble = getattr(job, name)
                    if ensemble.handed_out < ensemble.stage.replicates:
                        ensemble.handed_out += 1
                        return job, ensemble, ensemble.handed_out - 1
                self._changed.wait(1.0)
        return None

    def _wanted(self) -> list[Job]:
        """Jobs that an open page shows, the newest first."""
        since, shown = time.monotonic() - FORGOTTEN_AFTER, set(self._pages.values())
        wanted = [
            job
            for key, job in self._jobs.items()
            if key in shown and job.asked >= since and job.failure is None
        ]
        return wanted[::-1]


def summary_of(job: Job, whole: Ensemble) -> dict[str, Any]:
    """The summary of an ensemble whose replicates are all done, made once."""
    share = whole.stage.share
    if share not in job.summaries:
        job.summaries = {
            share: summarise(whole.scenario, whole.values, job.uncertainty, whole.drawn)
        }
    return job.summaries[share]
