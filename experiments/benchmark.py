"""`python -m experiments.benchmark` measures speed and memory on this machine.

What is compared runs in turn within one process, in CPU seconds, best of several; whole commands
run in processes of their own. Each figure stands beside the share of the machine that other
processes used meanwhile: above a tenth, no verdict is given. A yardstick, a fixed piece of work, is
timed before and after each measurement, so that CPU times can be compared with committed figures
that were measured when the machine was faster or slower.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from experiments.benchmarking import commands, engine, headline, questions
from experiments.benchmarking.committed_figures import (
    ALLOWED_SLOWDOWN,
    COMMITTED,
    Change,
    changes,
)
from experiments.benchmarking.machine import (
    machine_description,
    others_share,
    read_clock,
    yardstick_seconds,
)
from experiments.benchmarking.rows import Row, print_table, read_rows, three_digits, write_rows
from experiments.command import DONE, FAILED, REFUSED, run_command, say

Measurement = Callable[[], list[Row]]
QUICK: tuple[Measurement, ...] = (
    engine.identity,
    engine.bytes_of_a_worker,
    engine.cost_of_a_worker_month,
    engine.fork,
    engine.small_baseline,
    commands.compiler,
    commands.starts,
    questions.discover,
)
LONG: tuple[Measurement, ...] = (
    engine.ten_million,
    engine.against_objects,
    commands.main_job,
    commands.sweep,
    commands.small_sweep,
    commands.sweep_overhead,
    questions.ask,
    questions.worth,
    questions.screening,
    questions.frontier,
    questions.sensitivity,
    headline.headline,
)
MEASUREMENTS = {measurement.__name__: measurement for measurement in QUICK + LONG}


def main(arguments: list[str] | None = None) -> int:
    """Measure, print and write, or compare.

    Exit status 1 if engine and reference differ or if something became slower, 2 for bad input.
    """
    parser = argument_parser()
    options = parser.parse_args(arguments)
    if options.only and options.only not in MEASUREMENTS:
        parser.error(f"--only {options.only}: not a measurement; choose from {measurement_names()}")
    if options.compare:
        return run_command(lambda: compare(options.compare))
    return run_command(lambda: measured(options))


def measured(options: argparse.Namespace) -> int:
    """Measure, print and write."""
    chosen = [MEASUREMENTS[options.only]] if options.only else QUICK + LONG * (not options.quick)
    rows = [row for measurement in chosen for row in measured_rows(measurement)]
    write_rows(rows, machine_description(), options.output)
    print_table(rows)
    print(f"\nwritten to {options.output}")
    return FAILED if any(row.name == "identical" and row.value != 1.0 for row in rows) else DONE


def argument_parser() -> argparse.ArgumentParser:
    """The options of the command."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments.benchmark",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("benchmark.json"),
        help="file to write (default: benchmark.json)",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="leave out what takes minutes: the model on objects, ten million workers, the main "
        "job, sweeps",
    )
    parser.add_argument(
        "--only", metavar="NAME", help=f"one measurement alone: {measurement_names()}"
    )
    parser.add_argument(
        "--compare",
        type=Path,
        metavar="FILE",
        help="measure nothing; compare FILE with the committed figures",
    )
    return parser


def measurement_names() -> str:
    """All measurements by name."""
    return ", ".join(MEASUREMENTS)


def measured_rows(measurement: Measurement) -> list[Row]:
    """The rows of one measurement, with what the machine was like meanwhile.

    The yardstick is the better of the times before and after.
    """
    print(f"measuring {measurement.__name__.replace('_', ' ')} ...", file=sys.stderr, flush=True)
    yardstick_before = yardstick_seconds()
    begin = read_clock()
    rows = measurement()
    share = others_share(begin, read_clock())
    yardstick = min(yardstick_before, yardstick_seconds())
    return [replace(row, others_share=share, yardstick_seconds=yardstick) for row in rows]


def compare(path: Path) -> int:
    """Print every CPU time of a file over the committed one; status 1 if one is too slow."""
    if not path.is_file():
        return say(f"{path}: no such file; run python -m experiments.benchmark first", REFUSED)
    found = changes(read_rows(path), read_rows(COMMITTED))
    if not found:
        return say(
            f"{path}: holds no CPU time with a yardstick that the committed figures hold too; "
            "run python -m experiments.benchmark again",
            REFUSED,
        )
    for change in found:
        print(change_line(change))
    slower = sum(change.is_slower for change in found)
    print(
        f"{slower} of {len(found)} CPU times are more than {ALLOWED_SLOWDOWN:.0%} slower than the "
        "committed figures, each in units of its own yardstick"
    )
    return FAILED if slower else DONE


def change_line(change: Change) -> str:
    """One comparison as text."""
    verdict = "   SLOWER" if change.is_slower else ""
    return f"{change.name:<32} {three_digits(change.ratio)} x the committed figure{verdict}"


if __name__ == "__main__":
    raise SystemExit(main())
