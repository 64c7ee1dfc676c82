"""Trying a case: what it gave, and what is wrong with that."""

from __future__ import annotations

import contextlib
import io
import re
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from experiments.configuration.run_keys import RunKeys
from experiments.configuration.saved_configuration import check_saved_configuration
from experiments.configuration.settings import (
    Settings,
    checked_settings,
    load_settings,
)
from experiments.explorer.address import from_query
from experiments.fuzzing import cases, folders
from experiments.fuzzing.cases import Case
from experiments.fuzzing.soundness import ignored_keys, is_small, unsound
from experiments.reporting.report_page import report_html
from experiments.results.months import read_months
from experiments.results.result_folder import CONFIG, load_result, read_mapping
from experiments.storage.folder_error import FolderError
from experiments.sweeps.store.run_store import read_store, store_errors_reported
from sim.inputs.dotted_keys import declared_keys
from sim.inputs.problems import ScenarioError, name_text, printable
from sim.scenario import Scenario

LONGEST_SECONDS = 30
REFUSED, LOADED, SIMULATED, SKIPPED = OUTCOMES = ("refused", "loaded", "simulated", "skipped")
PAGES = 10
"""One in so many simulated cases has its page made as well."""


class Finding(NamedTuple):
    """A case that ended otherwise than it must, and how."""

    case: Case
    problem: str


class HangError(BaseException):
    """A case took too long. No handler of ordinary errors may swallow it."""


@dataclass
class Workplace:
    """Where cases that need files are tried; the finished result and store are made when needed."""

    folder: Path
    made: dict[str, Path] = field(default_factory=dict)

    def finished(self, kind: str, make: Callable[[Path], Path]) -> Path:
        """A finished result or store to be damaged."""
        if kind not in self.made:
            parent = self.folder / f"whole {kind}"
            parent.mkdir()
            said = io.StringIO()
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                self.made[kind] = make(parent)
        return self.made[kind]


@contextlib.contextmanager
def workplace() -> Iterator[Workplace]:
    """A temporary workplace."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        yield Workplace(Path(folder))


@contextlib.contextmanager
def time_limit() -> Iterator[None]:
    """Raise HangError in what computes for LONGEST_SECONDS, or waits ten times as long.

    Time is that of the processor, since a busy machine makes everything take longer.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        raise HangError

    limits = ((signal.SIGPROF, signal.ITIMER_PROF, 1), (signal.SIGALRM, signal.ITIMER_REAL, 10))
    before = [signal.signal(number, stop) for number, _, _ in limits]
    for _, timer, times in limits:
        signal.setitimer(timer, times * LONGEST_SECONDS)
    try:
        yield
    finally:
        for (number, timer, _), handler in zip(limits, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)


def tried(case: Case, place: Workplace) -> tuple[str, list[Finding]]:
    """How a case ended, and everything that is wrong with that."""
    # The first simulation compiles the kernels, which is not to count as time of the case.
    if case.kind in (cases.RUN, cases.FOLDER, cases.STORE):
        place.finished(cases.FOLDER, folders.make_result)
    if case.kind == cases.STORE:
        place.finished(cases.STORE, folders.make_store)
    try:
        with time_limit():
            outcome, problems = TRIALS[case.kind](case, place)
    except (ScenarioError, FolderError) as error:
        outcome, problems = REFUSED, unclear(case, error)
    except HangError:
        outcome, problems = REFUSED, [f"no answer after {LONGEST_SECONDS} s of computing"]
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}:{last.lineno}"
        outcome, problems = REFUSED, [f"traceback: {type(error).__name__} at {where}: {error}"]
    return outcome, [Finding(case, problem) for problem in problems]


def unclear(case: Case, error: Exception) -> list[str]:
    """What is wrong with a refusal: it is empty, is not printable, or names no key or file."""
    lines = getattr(error, "problems", None) or [str(error)]
    found = [f"unprintable: {line!r}" for line in lines if not line.isprintable()]
    found += [f"endless: {len(line)} characters" for line in lines if len(line) > 4000]
    return found + [f"names no key: {line}" for line in lines if not names_key(case, line)]


def names_key(case: Case, line: str) -> bool:
    """Whether a line begins with a key that exists or was given, or with a file or folder."""
    if case.kind not in (cases.CONFIGURATION, cases.RUN):
        return ": " in line
    first = re.split(r"[.:]", line, maxsplit=1)[0]
    known = {*declared_keys(Scenario), *declared_keys(RunKeys), "scenario"}
    given = any(printable(name_text(key)[:20]) in line for key in case.given)
    return ": " in line and (first in known or given)


Outcome = tuple[str, list[str]]


def try_configuration(case: Case, place: Workplace) -> Outcome:
    """Check a configuration; what is valid must hold every key."""
    settings = checked_settings(case.given, [], ())
    return LOADED, list(ignored_keys(settings, case.given))


def try_run(case: Case, place: Workplace) -> Outcome:
    """Check a configuration and, if it is small, simulate it."""
    settings = checked_settings(case.given, [], ())
    problems = list(ignored_keys(settings, case.given))
    if not is_small(settings.scenario):
        return SKIPPED, problems
    folder = place.folder if case.number % PAGES == 0 else None
    return SIMULATED, problems + list(unsound(settings, case.number % 3, folder))


def try_saved(case: Case, place: Workplace) -> Outcome:
    """Read a saved configuration as --from does."""
    path = place.folder / CONFIG
    path.write_bytes(case.given)
    composed = read_mapping(path)
    check_saved_configuration(composed)
    return LOADED, list(ignored_keys(checked_settings(composed, [], ()), composed))


def try_overrides(case: Case, place: Workplace) -> Outcome:
    """Load overrides as experiments.run does."""
    settings = load_settings(case.given)
    return LOADED, list(overrides_ignored(settings, case.given))


def overrides_ignored(settings: Settings, overrides: list[str]) -> Iterator[str]:
    """Keys set on the command line that are not in the configuration."""
    known = {*ignored_keys(settings, settings.resolved)}
    yield from known


def try_files(case: Case, place: Workplace) -> Outcome:
    """Load files of one's own for market and population."""
    for name, content in case.given.items():
        (place.folder / name).mkdir(exist_ok=True)
        (place.folder / name / "own.yaml").write_bytes(content)
    chosen = [f"hydra.searchpath=[file://{place.folder}]", "market=own", "population=own"]
    settings = load_settings([*chosen, "policy=none"])
    return LOADED, list(ignored_keys(settings, settings.resolved))


def try_address(case: Case, place: Workplace) -> Outcome:
    """Open a link to the explorer."""
    from_query(case.given)
    return LOADED, []


def try_folder(case: Case, place: Workplace) -> Outcome:
    """Read a damaged result and make its page."""
    whole = place.finished(case.kind, folders.make_result)
    result = load_result(folders.damaged_copy(whole, place.folder / "result", case.given))
    for _ in read_months(result.months):
        pass
    report_html(result)
    return LOADED, []


def try_store(case: Case, place: Workplace) -> Outcome:
    """Read a damaged store, and mend it."""
    whole = place.finished(case.kind, folders.make_store)
    folder = folders.damaged_copy(whole, place.folder / "store", case.given)
    with store_errors_reported(folder):
        store = read_store(folder)
        store.repair()
        store.done()
    return LOADED, []


TRIALS: dict[str, Callable[[Case, Workplace], Outcome]] = {
    cases.CONFIGURATION: try_configuration,
    cases.RUN: try_run,
    cases.SAVED: try_saved,
    cases.OVERRIDES: try_overrides,
    cases.FILES: try_files,
    cases.ADDRESS: try_address,
    cases.FOLDER: try_folder,
    cases.STORE: try_store,
}
