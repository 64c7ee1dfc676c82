"""Whole commands, each in a process of its own: compiling, starting, the main job, sweeps."""

from __future__ import annotations

import sys
import tempfile

from experiments.benchmarking.machine import Usage, run_in_process
from experiments.benchmarking.rows import Row

LEVELS = 21
"""Levels of compliance in the default sweep."""
SMALL_PAIR = """
from experiments.configuration.settings import load_settings
from sim.paired import run_paired

run_paired(load_settings(["uncertainty=none", "market.scale=0.01"]).scenario, 0)
"""
BARE_RUNS = f"""
import dataclasses, sys
from experiments.configuration.settings import load_settings
from sim.measures.monthly import measure
from sim.paired import branches_of, simulate_shared_history

shipped = load_settings(["uncertainty=none", "market.scale=0.01"]).scenario
policies = [
    dataclasses.replace(shipped.policy, compliance=level / {LEVELS - 1})
    for level in range({LEVELS})
]
scenarios = [dataclasses.replace(shipped, policy=policy) for policy in policies]
for replicate in range(int(sys.argv[1])):
    past = simulate_shared_history(scenarios, replicate)
    for scenario in scenarios:
        measure(branches_of(scenario, past), scenario, past.baseline.inputs)
"""
"""The runs and measures of the default sweep without anything that a sweep does beyond them."""
WITHOUT_KERNELS = """
import mesa, numba, sim.scenario
from experiments.configuration.settings import load_settings

load_settings(["uncertainty=none"])
"""


def python(*arguments: str, times: int = 1, environment: dict[str, str] | None = None) -> Usage:
    """What this Python used with some arguments, the best of several times."""
    return min(
        (run_in_process([sys.executable, *arguments], environment) for _ in range(times)),
        key=lambda usage: usage.cpu_seconds,
    )


def compiler() -> list[Row]:
    """The first compilation of all kernels, and loading them from the cache.

    Both are measured on a small paired run; loading is less the time of imports and configuration.
    """
    # An empty cache folder makes the first start compile everything.
    with tempfile.TemporaryDirectory() as cache:
        environment = {"NUMBA_CACHE_DIR": cache}
        first = python("-c", SMALL_PAIR, environment=environment).cpu_seconds
        cached = python("-c", SMALL_PAIR, times=6, environment=environment).cpu_seconds
        imports = python("-c", WITHOUT_KERNELS, times=6, environment=environment).cpu_seconds
    load_unit = "CPU s, a small paired run included, imports of libraries left out"
    return [
        Row("first_compile_seconds", first - cached, "CPU s on one core", 20.0),
        Row("cached_load_seconds", cached - imports, load_unit, 0.6),
    ]


def starts() -> list[Row]:
    """The help, and the smallest job, of the main command."""
    with tempfile.TemporaryDirectory() as folder:
        job = ("-m", "experiments.run", "market.scale=0.01", "replicates=1", f"output_dir={folder}")
        helped = min(python("-m", "experiments.run", "--help").wall_seconds for _ in range(3))
        warm = min(python(*job).wall_seconds for _ in range(3))
    warm_unit = "wall s, experiments.run of one small replicate, report included"
    return [
        Row("help_seconds", helped, "wall s, experiments.run --help", 1.5),
        Row("warm_start_seconds", warm, warm_unit, 3.0),
    ]


def main_job() -> list[Row]:
    """The main command without arguments, kernels compiled."""
    with tempfile.TemporaryDirectory() as folder:
        usage = python("-m", "experiments.run", f"output_dir={folder}")
    unit = "wall s, 30 replicates x 3 branches, 800 small ones, report included"
    return [
        Row("main_job_seconds", usage.wall_seconds, unit, 20.0),
        Row("main_job_cpu_seconds", usage.cpu_seconds, "CPU s, the same"),
        Row("peak_memory_mb", usage.peak_memory_mb, "MB, the main job", 1000.0),
    ]


def sweep() -> list[Row]:
    """The default sweep with 100 replicates of the whole krai."""
    with tempfile.TemporaryDirectory() as folder:
        usage = python("-m", "experiments.sweep", "replicates=100", f"store={folder}/store")
    unit = f"wall s, {LEVELS} levels x 100 replicates, the whole krai"
    memory_unit = "MB, the same, largest process"
    return [
        Row("sweep_seconds", usage.wall_seconds, unit, 90.0),
        Row("sweep_cpu_seconds", usage.cpu_seconds, "CPU s, the same"),
        Row("sweep_peak_memory_mb", usage.peak_memory_mb, memory_unit, 1000.0),
    ]


def small_sweep() -> list[Row]:
    """Ten thousand small runs in one sweep."""
    # The fewest replicates that make ten thousand runs.
    replicates = 477
    runs = LEVELS * replicates
    with tempfile.TemporaryDirectory() as folder:
        usage = python(
            *("-m", "experiments.sweep", f"replicates={replicates}", "market.scale=0.01"),
            f"store={folder}/store",
        )
    unit = f"wall ms a run (two policy branches), {runs:,} runs at scale 0.01"
    return [
        Row("small_sweep_ms_per_run", 1000.0 * usage.wall_seconds / runs, unit),
        Row("small_sweep_cpu_ms_per_run", 1000.0 * usage.cpu_seconds / runs, "CPU ms, the same"),
    ]


def sweep_overhead() -> list[Row]:
    """What a sweep adds to a run, on one thread.

    80 more replicates in a sweep, less the same runs and measures alone; the best of three each.
    """
    # The difference of two sizes leaves out the start and the report of a sweep.
    few, many, times = 20, 100, 3
    with tempfile.TemporaryDirectory() as folder:
        one_thread = ("market.scale=0.01", "executor.pool=threads", "executor.workers=1")
        swept = {
            replicates: min(
                python(
                    *("-m", "experiments.sweep", *one_thread, f"replicates={replicates}"),
                    f"store={folder}/{replicates}/{time}",
                ).cpu_seconds
                for time in range(times)
            )
            for replicates in (few, many)
        }
    bare = {n: python("-c", BARE_RUNS, str(n), times=times).cpu_seconds for n in (few, many)}
    added = (swept[many] - swept[few]) - (bare[many] - bare[few])
    milliseconds = 1000.0 * added / (LEVELS * (many - few))
    unit = "CPU ms a run (two policy branches) beyond the run and its measures"
    return [Row("sweep_overhead_ms_per_run", milliseconds, unit, 1.0, is_remainder=True)]
