"""`python -m tests.mutation [key=value ...]` counts the small errors that the tests find.

Each mutant runs in a process of its own, forked from one that has everything loaded. Rules are
mutated where Python calls them: kernels keep the code that they were compiled from, so that the
object-per-agent reference under a mutated rule is compared with the engine under the right one. See
docs/mutation.md.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import random
import re
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

# Threads would not survive the fork.
os.environ.update({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"})

import pytest

from experiments.configuration.keys import Key, read_keys
from sim.scenario import Quantity
from tests.mutation.mutants import Mutant, mutants_of

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("workers", "firms", "market", "policy", "measures")
KEYS = {
    "only": Key("", None),
    "most": Key(100_000, Quantity("mutants of a file", 1, 100_000)),
    "seed": Key(1, Quantity("seed of the choice, if there are more", 0, 2**62)),
    "seconds": Key(60, Quantity("seconds for the tests of one mutant", 1, 3600)),
    "tests": Key("", None),
}
USAGE = """\
usage: python -m tests.mutation [key=value ...]

  only=        files whose path holds this text: only=firms; all rules and measures by default
  most=100000  mutants of a file at most, chosen at random
  seed=1       of that choice
  seconds=60   of processor time for the tests of a mutant; those that take longer count apart
  tests=       test files in place of those that import the mutated file, with spaces between

Prints each mutant that survives, and how many were found in each file.
"""
SURVIVED, FOUND, TIMED_OUT = "survived", "found", "timed out"


def main(given: Sequence[str]) -> int:
    """Mutate every file that was asked for; returns the exit status."""
    if {"-h", "--help"} & set(given):
        print(USAGE, end="")
        return 0
    settings = read_keys(given, KEYS)
    totals = dict.fromkeys((SURVIVED, FOUND, TIMED_OUT), 0)
    for path in mutated_files(settings["only"]):
        for outcome, count in mutate_file(path, settings).items():
            totals[outcome] += count
    print(summary("all", totals))
    return 0


def mutated_files(only: str) -> list[Path]:
    """Source files of the rules and measures."""
    found = [path for folder in FOLDERS for path in sorted((ROOT / "sim" / folder).glob("*.py"))]
    return [path for path in found if only in str(path) and path.name != "__init__.py"]


def mutate_file(path: Path, settings: Mapping[str, Any]) -> dict[str, int]:
    """Try the mutants of a file, print those that survive, and count."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    tests = [str(ROOT / test) for test in settings["tests"].split()] or tests_of(name)
    mutants = list(mutants_of(path, name))
    generator = random.Random(f"{settings['seed']} {name}")
    chosen = generator.sample(mutants, min(len(mutants), settings["most"]))
    counts = dict.fromkeys((SURVIVED, FOUND, TIMED_OUT), 0)
    if not chosen:
        return counts
    importlib.import_module("tests.conftest")
    for test in tests:
        importlib.import_module(".".join(Path(test).relative_to(ROOT).with_suffix("").parts))
    if tried(None, name, tests, 10 * settings["seconds"]) != SURVIVED:
        raise SystemExit(f"{name}: its tests do not pass without an error: {' '.join(tests)}")
    for mutant in sorted(chosen, key=lambda each: each.line):
        outcome = tried(mutant, name, tests, settings["seconds"])
        counts[outcome] += 1
        if outcome != FOUND:
            place = f"{path.relative_to(ROOT)}:{mutant.line} {mutant.function}"
            print(f"{outcome}: {place}: {mutant.change}", flush=True)
    print(summary(name, counts, len(mutants)), flush=True)
    return counts


def tests_of(name: str) -> list[str]:
    """Test files that import a module, and those of its folder if none does."""
    imports = re.compile(rf"^\s*from {re.escape(name)} import", re.MULTILINE)
    tests = sorted((ROOT / "tests" / "sim").rglob("test_*.py"))
    own = [path for path in tests if imports.search(path.read_text(encoding="utf-8"))]
    folder = ROOT / "tests" / "sim" / name.split(".")[1]
    beside = [path for path in tests if path.parent == folder and path not in own]
    return [str(path) for path in own + beside]


def passes(tests: Sequence[str]) -> bool:
    """Whether tests pass; it stops at the first that does not."""
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header"]
    with silence():
        return pytest.main([*options, *tests]) == 0


def tried(mutant: Mutant | None, name: str, tests: Sequence[str], seconds: int) -> str:
    """Whether the tests find a mutant, or pass without one."""
    child = os.fork()
    if child == 0:
        # Processor time, so that a busy machine finds no more than an idle one.
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        signal.alarm(20 * seconds)
        status = 1
        try:
            if mutant is not None:
                function_named(name, mutant.function).__code__ = mutant.code
            status = 0 if passes(tests) else 1
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGKILL, signal.SIGALRM):
        return TIMED_OUT
    return SURVIVED if status == 0 else FOUND


def function_named(module: str, place: str) -> Any:
    """The Python function with a qualified name."""
    found: Any = importlib.import_module(module)
    for part in place.split("."):
        found = vars(found)[part] if isinstance(found, type) else getattr(found, part)
    unwrapped: Callable[..., Any] = getattr(found, "__wrapped__", found)
    return getattr(unwrapped, "fget", None) or getattr(unwrapped, "py_func", None) or unwrapped


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Print nothing within the block, not even from compiled code."""
    sys.stdout.flush()
    kept = [os.dup(1), os.dup(2)]
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        sys.stdout.flush()
        for number, handle in enumerate(kept, start=1):
            os.dup2(handle, number)
            os.close(handle)


def summary(name: str, counts: Mapping[str, int], mutants: int | None = None) -> str:
    """How many mutants were found, in a line."""
    total = sum(counts.values())
    share = 100.0 * counts[FOUND] / max(1, total)
    of_all = "" if mutants in (None, total) else f" (of {mutants})"
    late = f", {counts[TIMED_OUT]} timed out" if counts[TIMED_OUT] else ""
    return f"{name}: {counts[FOUND]} of {total}{of_all} mutants found, {share:.0f} %{late}"


if __name__ == "__main__":
    begun = time.monotonic()
    code = main(sys.argv[1:])
    print(f"{time.monotonic() - begun:.0f} seconds")
    sys.exit(code)
