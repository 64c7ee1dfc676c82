"""`python -m experiments.benchmark`: speed and memory of the engine, measured here and now, as a table and benchmark.json.

CPU seconds, best of several within one process; the compiler (CPU seconds) and the main job (wall seconds) run in processes of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sim.scenario import Scenario

ROOT = Path(__file__).resolve().parents[1]
COMPILE = """
from experiments.config import load_settings
from sim.paired import run_paired

run_paired(load_settings(["market.scale=0.01"]).scenario, 0)
"""


@dataclass(frozen=True)
class Row:
    """One measured figure beside its goal; `met` is None where there is no goal."""

    name: str
    value: float
    unit: str
    goal: str = ""
    met: bool | None = None


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the table, write the file; exit status 1 if engine and reference differ."""
    parser = argparse.ArgumentParser(prog="python -m experiments.benchmark", description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark.json"), help="file to write (default: benchmark.json)")
    parser.add_argument("--quick", action="store_true", help="leave out the main job, the reference at full scale and the million workers")
    options = parser.parse_args(arguments)
    rows = measure(options.quick)
    write(rows, options.output)
    show(rows)
    print(f"\nwritten to {options.output}")
    return 0 if next(row.value for row in rows if row.name == "identical") else 1


def measure(quick: bool) -> list[Row]:
    """All rows, each with what it took."""
    measurements: list[Callable[[], list[Row]]] = [compiler, identity, engine, fork, small_run]
    if not quick:
        measurements += [many_workers, against_reference, main_job]
    rows: list[Row] = []
    for measurement in measurements:
        print(f"measuring {measurement.__name__.replace('_', ' ')} ...", file=sys.stderr, flush=True)
        rows += measurement()
    return rows


def scenario(*overrides: str) -> Scenario:
    """The shipped scenario with overrides."""
    from experiments.config import load_settings

    return load_settings(overrides).scenario


def cpu_seconds(work: Callable[[], object], times: int = 3) -> float:
    """CPU seconds of this thread, best of several."""
    best = float("inf")
    for _ in range(times):
        begin = time.thread_time()
        work()
        best = min(best, time.thread_time() - begin)
    return best


class Usage(NamedTuple):
    """What a command took."""

    wall_seconds: float
    cpu_seconds: float
    peak_memory_mb: float


def in_process(command: list[str], environment: dict[str, str] | None = None) -> Usage:
    """Time and memory of a command in a process of its own. Raises RuntimeError if it fails."""
    begin = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with status {process.returncode}")
    return Usage(time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024.0)


def compiler() -> list[Row]:
    """First compilation of all kernels, and loading them from the cache."""
    with tempfile.TemporaryDirectory() as cache:
        command, environment = [sys.executable, "-c", COMPILE], {"NUMBA_CACHE_DIR": cache}
        first = in_process(command, environment).cpu_seconds
        cached = min(in_process(command, environment).cpu_seconds for _ in range(2))
    return [
        Row("first_compile_seconds", first - cached, "CPU s on one core", "under 30", first - cached < 30.0),
        Row("cached_start_seconds", cached, "CPU s, imports and one small paired run included"),
    ]


def identity() -> list[Row]:
    """Whether every column of the engine, every month, is that of the reference model."""
    from tests.reference.compare import DifferenceError, compare_runs
    from tests.reference.scenarios import EVASION, SMALL

    try:
        compare_runs(scenario(*SMALL, *EVASION))
    except DifferenceError as difference:
        print(f"engine and reference differ: {difference}", file=sys.stderr)
        return [Row("identical", 0.0, "1 = yes", "1", met=False)]
    return [Row("identical", 1.0, "1 = yes", "1", met=True)]


def nanoseconds(overrides: tuple[str, ...], months: int = 24) -> tuple[float, int]:
    """CPU nanoseconds a worker-month of the twin, and how many workers it has."""
    from sim.model import LabourMarket

    market = LabourMarket(scenario("policy=none", *overrides))
    market.run_to(0)

    def year() -> None:
        market.run_to(market.month + months // 2)

    workers = int(market.state.workers.size)
    return cpu_seconds(year, 4) / (workers * (months // 2)) * 1e9, workers


def engine() -> list[Row]:
    """Cost of a worker-month, everything in, at the krai's size; bytes a worker."""
    from sim.population import WORKER

    cost, workers = nanoseconds(())
    return [
        Row("ns_per_worker_month", cost, f"CPU ns, {workers:,} workers, 800 firms"),
        Row("bytes_per_worker", WORKER.itemsize + 1, "bytes of columns", "at most 24", met=WORKER.itemsize + 1 <= 24),
    ]


def many_workers() -> list[Row]:
    """The same at 200 thousand and a million workers."""
    rows = []
    for name, overrides in (
        ("ns_per_worker_month_200k", ("market.scale=2.1", "market.firms.number=381")),
        ("ns_per_worker_month_1m", ("market.scale=10.5",)),
    ):
        cost, workers = nanoseconds(overrides)
        rows.append(Row(name, cost, f"CPU ns, {workers:,} workers"))
    return rows


def fork() -> list[Row]:
    """A fork copies the arrays."""
    from sim.model import POLICY, LabourMarket

    market = LabourMarket(scenario())
    market.run_to(20)
    return [Row("fork_ms", 1000.0 * cpu_seconds(lambda: market.fork(POLICY), 20), "CPU ms, the whole krai")]


def small_run() -> list[Row]:
    """What a run costs beyond its workers: a twin at a hundredth of the krai."""
    from sim.model import LabourMarket

    small = scenario("policy=none", "market.scale=0.01")

    def run() -> None:
        LabourMarket(small).run_to_end()

    return [Row("small_run_ms", 1000.0 * cpu_seconds(run, 20), "CPU ms, scale 0.01, burn-in and 60 months")]


def against_reference() -> list[Row]:
    """The same twin, 1:1, on columns and on objects."""
    from sim.model import LabourMarket
    from tests.reference.market import ReferenceMarket

    krai = scenario("policy=none")

    def on_columns() -> None:
        LabourMarket(krai).run_to_end()

    def on_objects() -> None:
        reference = ReferenceMarket(krai)
        reference.run_until(reference.mesa_time(krai.months))

    columns, objects = cpu_seconds(on_columns), cpu_seconds(on_objects, 1)
    return [
        Row("engine_run_seconds", columns, "CPU s, twin, burn-in and 60 months, 1:1"),
        Row("reference_run_seconds", objects, "CPU s, the same on one object a worker"),
        Row("engine_vs_reference", objects / columns, "times as fast", "at least 30", objects / columns >= 30.0),
    ]


def main_job() -> list[Row]:
    """The command without arguments, compiled, report included."""
    with tempfile.TemporaryDirectory() as folder:
        usage = in_process([sys.executable, "-m", "experiments.run", f"output_dir={folder}"])
    return [
        Row(
            "main_job_seconds",
            usage.wall_seconds,
            "wall s, 100 replicates x 3 runs, report included",
            "under 60",
            usage.wall_seconds < 60.0,
        ),
        Row("peak_memory_mb", usage.peak_memory_mb, "MB, the main job", "under 1000", usage.peak_memory_mb < 1000.0),
    ]


def write(rows: list[Row], output: Path) -> None:
    """The figures with the machine they hold for."""
    machine = {"cores": os.cpu_count(), "processor": platform.machine(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    record = {row.name: row.value for row in rows} | {"machine": machine, "rows": [asdict(row) for row in rows]}
    output.write_text(json.dumps(record, indent=1) + "\n")


def show(rows: list[Row]) -> None:
    """The table."""
    from rich.console import Console
    from rich.table import Table

    table = Table("measure", "value", "unit", "goal", "met", title="Benchmark", title_justify="left")
    for row in rows:
        table.add_row(
            row.name,
            f"{row.value:,.3g}" if row.value < 1000 else f"{row.value:,.0f}",
            row.unit,
            row.goal,
            {None: "", True: "yes", False: "NO"}[row.met],
        )
    Console().print(table)
    print(f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    raise SystemExit(main())
