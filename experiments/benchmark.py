"""`python -m experiments.benchmark`: speed and memory, measured here and now, as a table and benchmark.json.

What is compared is done in turn within one process, in CPU seconds, best of several; commands run in processes of their own. Beside every
figure stands the share of the machine that others used meanwhile: where that is more than a tenth, no verdict is given. A yardstick, some
fixed work, is timed before and after each measurement: by it times are held against committed figures from a faster or slower minute.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from experiments.benchmarking import commands, engine
from experiments.benchmarking.committed_figures import ALLOWED_SLOWDOWN, changes
from experiments.benchmarking.machine import (
    description,
    others_share,
    read_clock,
    yardstick_seconds,
)
from experiments.benchmarking.rows import Row, number, read, show, write

Measurement = Callable[[], list[Row]]
QUICK: tuple[Measurement, ...] = (
    engine.identity,
    engine.bytes_of_a_worker,
    engine.cost_of_a_worker_month,
    engine.fork,
    engine.small_run,
    commands.compiler,
    commands.starts,
)
LONG: tuple[Measurement, ...] = (
    engine.ten_million,
    engine.against_objects,
    commands.main_job,
    commands.sweep,
    commands.small_sweep,
    commands.sweep_overhead,
)
COMMITTED = Path(__file__).parent / "benchmarking" / "committed_figures.json"


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, write; or compare. Exit status 1 if engine and reference differ, or if something got slower; 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m experiments.benchmark", description=__doc__)
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("benchmark.json"),
        help="file to write (default: benchmark.json)",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="leave out objects, the main job, sweeps and ten million workers",
    )
    parser.add_argument("--only", metavar="NAME", help="one measurement: " + ", ".join(named()))
    parser.add_argument(
        "--compare",
        type=Path,
        metavar="FILE",
        help="measure nothing: hold FILE against the committed figures",
    )
    options = parser.parse_args(arguments)
    if options.compare:
        return compare(options.compare)
    if options.only and options.only not in named():
        parser.error(f"--only {options.only}: no such measurement; there are {', '.join(named())}")
    chosen = (named()[options.only],) if options.only else QUICK if options.quick else QUICK + LONG
    rows = [row for measurement in chosen for row in measured(measurement)]
    write(rows, description(), options.output)
    show(rows)
    print(f"\nwritten to {options.output}")
    return 1 if any(row.name == "identical" and row.value != 1.0 for row in rows) else 0


def named() -> dict[str, Measurement]:
    """Measurements by name."""
    return {measurement.__name__: measurement for measurement in QUICK + LONG}


def measured(measurement: Measurement) -> list[Row]:
    """Rows of one measurement, with what others used of the machine meanwhile and how fast it was (the better of before and after)."""
    print(f"measuring {measurement.__name__.replace('_', ' ')} ...", file=sys.stderr, flush=True)
    yardstick_before = yardstick_seconds()
    begin = read_clock()
    rows = measurement()
    share = others_share(begin, read_clock())
    yardstick = min(yardstick_before, yardstick_seconds())
    return [replace(row, others_share=share, yardstick_seconds=yardstick) for row in rows]


def compare(path: Path) -> int:
    """Print every time of the processor over the committed one; 1 if any is slower by more than is allowed."""
    if not path.is_file():
        print(
            f"{path}: there is no such file; run python -m experiments.benchmark first",
            file=sys.stderr,
        )
        return 2
    now, before = read(path), read(COMMITTED)
    found = changes(now, before)
    if not found:
        print(
            f"{path}: no time in it that the committed figures has too, with a yardstick; run python -m experiments.benchmark anew",
            file=sys.stderr,
        )
        return 2
    for change in found:
        print(
            f"{change.name:<32} {number(change.ratio)} x the committed figure{'   SLOWER' if change.is_slower else ''}"
        )
    slower = [change.name for change in found if change.is_slower]
    print(
        f"{len(slower)} of {len(found)} slower by more than {ALLOWED_SLOWDOWN:.0%}, each in units of its own yardstick"
    )
    return 1 if slower else 0


if __name__ == "__main__":
    raise SystemExit(main())
