"""Each mutant of a file tried by the tests that run the function it lies in.

pytest collects the tests of the file once. Then every mutant gets a process of its own, forked from
there, in which the functions of the file have the mutant's code. A first run without an error notes
which test runs which function, how long it takes, and which one runs a kernel: kernels keep the
code that they were compiled from, so that such a test can find no error in a rule.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import resource
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import hypothesis
import pytest
from numba.core.dispatcher import Dispatcher

from tests.mutation.mutants import CodeKey, Mutant, key_of

SURVIVED, FOUND, TIMED_OUT = "survived", "found", "timed out"
KERNELS_WANTED: list[Any] = []
"""Calls for the compiler, so that a test that goes on without its kernel is noticed as well."""
MEMORY_BYTES = 4 << 30
"""Address space that a mutant may take beyond what its process begins with."""
OPTIONS = (
    *("-s", "-m", "not slow", "-o", "addopts="),
    *("-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:dash", "-p", "no:xdist"),
)


class Limits(NamedTuple):
    """What the trials may take."""

    seconds: int  # processor time of one mutant's tests
    test_seconds: float  # processor time of one test without an error; a slower one is left out
    processes: int


@dataclass(frozen=True)
class TestRun:
    """What a test did without an error."""

    passed: bool
    skipped: bool
    seconds: float
    ran: frozenset[CodeKey]
    ran_in_setup: frozenset[CodeKey]


class Trials:
    """A pytest plugin that tries mutants in place of running the tests once."""

    def __init__(
        self, functions: Sequence[FunctionType], mutants: Sequence[Mutant], limits: Limits
    ):
        self.functions, self.mutants, self.limits = functions, mutants, limits
        self.outcomes: list[str] = []
        self.on_outcome: Callable[[Mutant, str], None] = lambda mutant, outcome: None

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try all mutants; True tells pytest that the tests have been run."""
        # The threads are idle ones of libraries that no rule or measure calls.
        warnings.filterwarnings("ignore", ".*multi-threaded, use of fork", DeprecationWarning)
        Dispatcher.compile = skip_kernels
        runs = self.runs_without_an_error(session)
        gc.collect()
        gc.freeze()
        useful = [item for item in session.items if self.is_useful(runs[item.nodeid])]
        chosen = [self.tests_for(mutant, useful, runs) for mutant in self.mutants]
        for number, outcome in self.tried(session, chosen):
            self.outcomes[number] = outcome
            self.on_outcome(self.mutants[number], outcome)
        return True

    def is_useful(self, run: TestRun) -> bool:
        """Whether a test may judge mutants."""
        return not run.skipped and run.seconds <= self.limits.test_seconds

    def runs_without_an_error(self, session: pytest.Session) -> dict[str, TestRun]:
        """What each test does without an error; raises SystemExit if one fails.

        In this process, so that the mutants' processes find the configurations that tests compose.
        """
        with silence():
            runs = Watch(self.functions, session).runs()
        if failed := [name for name, run in runs.items() if not run.passed and not run.skipped]:
            raise SystemExit(f"do not pass without an error: {' '.join(failed)}")
        return runs

    def tests_for(
        self, mutant: Mutant, items: Sequence[pytest.Item], runs: dict[str, TestRun]
    ) -> list[pytest.Item]:
        """Tests that run the mutant's code, the files with the quickest tests first.

        What a fixture runs counts for all tests of its file, as they may share what it made.
        """
        changed = {key_of(function.__code__) for function in self.functions_of(mutant)}
        by_file = {
            item.path for item in items if changed.intersection(runs[item.nodeid].ran_in_setup)
        }
        tests = [
            item
            for item in items
            if item.path in by_file or changed.intersection(runs[item.nodeid].ran)
        ]
        seconds: dict[Path, float] = {}
        for item in tests:
            seconds[item.path] = seconds.get(item.path, 0.0) + runs[item.nodeid].seconds
        return sorted(tests, key=lambda item: seconds[item.path])

    def functions_of(self, mutant: Mutant) -> list[FunctionType]:
        """The functions whose code a mutant changes."""
        return [
            function
            for function in self.functions
            if mutant.codes.get(key_of(function.__code__), function.__code__) != function.__code__
        ]

    def tried(
        self, session: pytest.Session, chosen: Sequence[Sequence[pytest.Item]]
    ) -> Iterator[tuple[int, str]]:
        """Number and outcome of each mutant, several at a time."""
        self.outcomes = [SURVIVED] * len(chosen)
        running: dict[int, int] = {}
        for number, tests in enumerate(chosen):
            if not tests:
                yield number, SURVIVED
                continue
            while len(running) >= self.limits.processes:
                yield ended(running)
            running[self.forked(session, self.mutants[number], tests)] = number
        while running:
            yield ended(running)

    def forked(self, session: pytest.Session, mutant: Mutant, tests: Sequence[pytest.Item]) -> int:
        """Start a process in which a mutant's tests run; its status says whether one fails."""
        child = os.fork()
        if child:
            return child
        with in_child(self.limits.seconds):
            for function in self.functions_of(mutant):
                function.__code__ = mutant.codes[key_of(function.__code__)]
            for item, following in pairs(tests):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if session.testsfailed:
                    os._exit(1)
        os._exit(0)


class Watch:
    """Runs each test once and notes what it runs of a file."""

    def __init__(self, functions: Sequence[FunctionType], session: pytest.Session):
        self.session, self.seen, self.reports = session, set[CodeKey](), list[Any]()
        self.in_setup: set[CodeKey] = set()
        monitoring = sys.monitoring
        monitoring.use_tool_id(monitoring.PROFILER_ID, "mutation")
        monitoring.register_callback(
            monitoring.PROFILER_ID, monitoring.events.PY_START, self.started
        )
        for function in functions:
            monitoring.set_local_events(
                monitoring.PROFILER_ID, function.__code__, monitoring.events.PY_START
            )
        session.config.pluginmanager.register(self)

    def started(self, code: CodeType, offset: int) -> None:
        """A function of the file begins."""
        self.seen.add(key_of(code))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep how a test's set-up, call and end went."""
        self.reports.append(report)
        if report.when == "setup":
            self.in_setup, self.seen = self.seen, set()

    def runs(self) -> dict[str, TestRun]:
        """What every test does."""
        found = {}
        for item, following in pairs(self.session.items):
            self.reports.clear()
            KERNELS_WANTED.clear()
            self.seen, self.in_setup = set(), set()
            begun = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            found[item.nodeid] = TestRun(
                all(report.passed for report in self.reports),
                bool(KERNELS_WANTED) or any(report.skipped for report in self.reports),
                time.process_time() - begun,
                frozenset(self.seen),
                frozenset(self.in_setup),
            )
        self.session.config.pluginmanager.unregister(self)
        sys.monitoring.free_tool_id(sys.monitoring.PROFILER_ID)
        # Tests that want a kernel and do not skip count as failed with pytest.
        self.session.testsfailed = 0
        return found


def try_mutants(
    module: str,
    mutants: Sequence[Mutant],
    tests: Sequence[str],
    limits: Limits,
    on_outcome: Callable[[Mutant, str], None],
) -> list[str]:
    """The outcome of each mutant of a module, tried by some test files."""
    without_shrinking()
    path = str(Path(importlib.import_module(module).__file__ or "").resolve())
    trials = Trials(functions_of_file(path), mutants, limits)
    trials.on_outcome = on_outcome
    status = pytest.main([*OPTIONS, *tests], plugins=[trials])
    gc.unfreeze()
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise SystemExit(f"{module}: pytest ended with {status!r}: {' '.join(tests)}")
    return trials.outcomes or [SURVIVED] * len(mutants)


def functions_of_file(path: str) -> list[FunctionType]:
    """Every function that Python has made from a source file: nested ones and lambdas as well."""
    return [
        each
        for each in gc.get_objects()
        if isinstance(each, FunctionType) and each.__code__.co_filename == path
    ]


def without_shrinking() -> None:
    """Let property tests stop at the first example that fails."""
    importlib.import_module("tests.conftest")
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile(
        "mutation", hypothesis.settings.get_profile("default"), phases=phases, database=None
    )
    hypothesis.settings.load_profile("mutation")


@contextlib.contextmanager
def in_child(seconds: int) -> Iterator[None]:
    """In a forked process: limits, silence, and an end whatever happens."""
    try:
        # Processor time, so that a busy machine finds no more than an idle one.
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        own = int(Path("/proc/self/statm").read_text("utf-8").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (own + MEMORY_BYTES, own + MEMORY_BYTES))
        signal.alarm(20 * seconds)
        with silence():
            yield
    except BaseException:
        os._exit(1)


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Print nothing within the block, not even from compiled code."""
    sys.stdout.flush()
    kept, nowhere = [os.dup(1), os.dup(2)], os.open(os.devnull, os.O_WRONLY)
    try:
        for handle in (1, 2):
            os.dup2(nowhere, handle)
        yield
    finally:
        sys.stdout.flush()
        for number, handle in enumerate(kept, start=1):
            os.dup2(handle, number)
        for handle in (*kept, nowhere):
            os.close(handle)


def skip_kernels(*given: Any) -> None:
    """Stands in for the compiler, which also loads kernels that are compiled already."""
    KERNELS_WANTED.append(given)
    pytest.skip("runs a kernel")


def ended(running: dict[int, int]) -> tuple[int, str]:
    """Wait for a mutant's process: its number and outcome."""
    child, status = os.waitpid(-1, 0)
    while child not in running:
        child, status = os.waitpid(-1, 0)
    number = running.pop(child)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGKILL, signal.SIGALRM):
        return number, TIMED_OUT
    return number, SURVIVED if status == 0 else FOUND


def pairs(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    """Each test with the one that follows, which tells pytest what to tear down."""
    return zip(items, [*items[1:], None], strict=True)
