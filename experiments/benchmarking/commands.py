"""Whole commands, each in a process of its own: compiling, starting, the main job, sweeps."""

from __future__ import annotations

import sys
import tempfile

from experiments.benchmarking.machine import Usage, in_process
from experiments.benchmarking.rows import Row

SMALL_PAIR = """
from experiments.configuration.settings import load_settings
from sim.paired import run_paired

run_paired(load_settings(["uncertainty=none", "market.scale=0.01"]).scenario, 0)
"""
BARE_RUNS = """
import dataclasses, sys
from experiments.configuration.settings import load_settings
from sim.measures.monthly import measure
from sim.paired import branches_of, shared_past

shipped = load_settings(["uncertainty=none", "market.scale=0.01"]).scenario
levels = [dataclasses.replace(shipped, policy=dataclasses.replace(shipped.policy, compliance=level / 20)) for level in range(21)]
for replicate in range(int(sys.argv[1])):
    past = shared_past(levels, replicate)
    for scenario in levels:
        measure(branches_of(scenario, past), scenario, past.baseline.inputs)
"""
WITHOUT_KERNELS = "import numba; from experiments.configuration.settings import load_settings; load_settings(['uncertainty=none'])"


def python(*arguments: str, times: int = 1, environment: dict[str, str] | None = None) -> Usage:
    """A command of this Python, the best of several."""
    return min(
        (in_process([sys.executable, *arguments], environment) for _ in range(times)),
        key=lambda usage: usage.cpu_seconds,
    )


def compiler() -> list[Row]:
    """First compilation of all kernels, and loading them from the cache: a small paired run less the imports and the configuration."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {"NUMBA_CACHE_DIR": cache}
        first = python("-c", SMALL_PAIR, environment=environment).cpu_seconds
        cached = python("-c", SMALL_PAIR, times=6, environment=environment).cpu_seconds
        imports = python(
            "-c", f"import mesa, sim.scenario; {WITHOUT_KERNELS}", times=6, environment=environment
        ).cpu_seconds
    return [
        Row("first_compile_seconds", first - cached, "CPU s on one core", 20.0),
        Row(
            "cached_load_seconds",
            cached - imports,
            "CPU s, one small paired run in, imports of libraries out",
            0.6,
        ),
    ]


def starts() -> list[Row]:
    """Help, and the smallest run of the main command."""
    with tempfile.TemporaryDirectory() as folder:
        run = ("-m", "experiments.run", "market.scale=0.01", "replicates=1", f"output_dir={folder}")
        helped = min(python("-m", "experiments.run", "--help").wall_seconds for _ in range(3))
        warm = min(python(*run).wall_seconds for _ in range(3))
    return [
        Row("help_seconds", helped, "wall s, experiments.run --help", 1.5),
        Row(
            "warm_start_seconds",
            warm,
            "wall s, experiments.run of one small replicate, report in",
            3.0,
        ),
    ]


def main_job() -> list[Row]:
    """The command without arguments, compiled, report included."""
    with tempfile.TemporaryDirectory() as folder:
        usage = python("-m", "experiments.run", f"output_dir={folder}")
    return [
        Row(
            "main_job_seconds",
            usage.wall_seconds,
            "wall s, 100 replicates x 3 runs, report in",
            20.0,
        ),
        Row("main_job_cpu_seconds", usage.cpu_seconds, "CPU s, the same"),
        Row("peak_memory_mb", usage.peak_memory_mb, "MB, the main job", 1000.0),
    ]


def sweep() -> list[Row]:
    """Compliance in 21 levels, 100 paired replicates each, the whole krai."""
    with tempfile.TemporaryDirectory() as folder:
        usage = python("-m", "experiments.sweep", "replicates=100", f"store={folder}/store")
    return [
        Row(
            "sweep_seconds",
            usage.wall_seconds,
            "wall s, 21 levels x 100 replicates, the whole krai",
            90.0,
        ),
        Row("sweep_cpu_seconds", usage.cpu_seconds, "CPU s, the same"),
        Row("sweep_peak_memory_mb", usage.peak_memory_mb, "MB, the same, largest process", 1000.0),
    ]


def small_sweep() -> list[Row]:
    """Ten thousand small runs in one sweep."""
    replicates, runs = 477, 21 * 477
    with tempfile.TemporaryDirectory() as folder:
        usage = python(
            "-m",
            "experiments.sweep",
            f"replicates={replicates}",
            "market.scale=0.01",
            f"store={folder}/store",
        )
    return [
        Row(
            "small_sweep_ms_per_run",
            1000.0 * usage.wall_seconds / runs,
            f"wall ms a run (policy and policy_at_baseline_wages), {runs:,} runs at scale 0.01",
        ),
        Row("small_sweep_cpu_ms_per_run", 1000.0 * usage.cpu_seconds / runs, "CPU ms, the same"),
    ]


def sweep_overhead() -> list[Row]:
    """What a sweep adds to a run: 80 more replicates in a sweep on one thread, less the same runs and measures alone; best of three."""
    few, many, times = 20, 100, 3
    with tempfile.TemporaryDirectory() as folder:
        one_thread = (
            "-m",
            "experiments.sweep",
            "market.scale=0.01",
            "executor.pool=threads",
            "executor.workers=1",
        )
        swept = [
            min(
                python(*one_thread, f"replicates={n}", f"store={folder}/{n}/{time}").cpu_seconds
                for time in range(times)
            )
            for n in (few, many)
        ]
    bare = [python("-c", BARE_RUNS, str(n), times=times).cpu_seconds for n in (few, many)]
    runs = 21 * (many - few)
    added = ((swept[1] - swept[0]) - (bare[1] - bare[0])) / runs
    unit = "CPU ms a run (policy and policy_at_baseline_wages) beyond the runs and their measures"
    return [Row("sweep_overhead_ms_per_run", 1000.0 * added, unit, 1.0, is_remainder=True)]
