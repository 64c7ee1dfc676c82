"""`python -m tests.mutation [key=value ...]` counts the small errors that the tests find.

See docs/mutation.md.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

# Threads would not survive the fork.
os.environ.update({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"})

from experiments.configuration.keys import Key, read_keys
from sim.inputs.problems import ScenarioError
from sim.scenario import Quantity
from tests.mutation.mutant_trials import FOUND, Limits, try_mutants
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.record import ROOT, noted, read_record, table_row, write_record

FOLDERS = ("workers", "firms", "market", "policy", "measures")
NICENESS = 10
KEYS = {
    "only": Key("", None),
    "seconds": Key(5, Quantity("seconds for the tests of one mutant", 1, 3600)),
    "test_seconds": Key(2.0, Quantity("seconds for one test", 0.01, 3600.0)),
    "processes": Key(2, Quantity("mutants at the same time", 1, 64)),
    "tests": Key("", None),
}
USAGE = """\
usage: python -m tests.mutation [key=value ...]

  only=           files whose path holds this text: only=firms; all rules and measures by default
  seconds=5       of processor time for the tests of a mutant; those that take longer count apart
  test_seconds=2  of processor time for one test; those that take longer judge no mutant
  processes=2     mutants tried at the same time
  tests=          test files in place of those chosen by the mutated file, with spaces between

Prints each mutant that no test finds, and how many were found in each file. Unless `tests` is
given, the counts and survivors go to tests/mutation/survivors.yaml and docs/mutation.md.
"""


def main(given: Sequence[str]) -> int:
    """Mutate every file that was asked for; returns the exit status."""
    if {"-h", "--help"} & set(given):
        print(USAGE, end="")
        return 0
    try:
        settings = read_keys(given, KEYS)
    except ScenarioError as error:
        print(error, file=sys.stderr)
        return 2
    os.nice(NICENESS)
    begun, record = time.monotonic(), read_record()
    tried: list[Mapping[str, Any]] = []
    for path in mutated_files(settings["only"]):
        name = path.relative_to(ROOT).as_posix()
        mutants = list(mutants_of(path))
        noted(record, name, mutants, mutate_file(path, mutants, settings))
        tried.append(record[name])
        print(table_row(name, [record[name]]), flush=True)
        if not settings["tests"]:
            write_record(record)
    print(table_row("together", tried))
    print(f"{time.monotonic() - begun:.0f} seconds")
    return 0


def mutated_files(only: str) -> list[Path]:
    """Source files of the rules and measures."""
    found = [path for folder in FOLDERS for path in sorted((ROOT / "sim" / folder).glob("*.py"))]
    return [path for path in found if only in str(path) and path.name != "__init__.py"]


def mutate_file(path: Path, mutants: Sequence[Mutant], settings: Mapping[str, Any]) -> list[str]:
    """The outcome of every mutant of a file; those that are not found are printed."""
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    tests = settings["tests"].split() or tests_of(module)
    limits = Limits(settings["seconds"], settings["test_seconds"], settings["processes"])
    done = 0

    # No bar of rich: its thread would not survive the forks.
    def tell(mutant: Mutant, outcome: str) -> None:
        nonlocal done
        done += 1
        if sys.stderr.isatty():
            end = "\r" if done < len(mutants) else "\n"
            print(f"{module}: {done} of {len(mutants)} mutants", end=end, file=sys.stderr)
        if outcome != FOUND:
            place = f"{path.relative_to(ROOT)}:{mutant.line} {mutant.place}"
            print(f"{outcome}: {place}: {mutant.change}", flush=True)

    return try_mutants(module, mutants, tests, limits, tell) if mutants else []


def tests_of(module: str) -> list[str]:
    """Test files of a folder that import a module, and those of its own; others simulate."""
    imports = re.compile(rf"^\s*from {re.escape(module)} import", re.MULTILINE)
    tests = sorted((ROOT / "tests" / "sim").glob("*/test_*.py"))
    folder = ROOT / "tests" / "sim" / module.split(".")[1]
    return [
        path.relative_to(ROOT).as_posix()
        for path in tests
        if path.parent == folder or imports.search(path.read_text(encoding="utf-8"))
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
