"""CPU time and memory as the operating system counts them, and how busy and fast the machine is."""

from __future__ import annotations

import json
import math
import os
import platform
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PROC_STAT = Path("/proc/stat")
CPU_INFO = Path("/proc/cpuinfo")
TICKS_PER_SECOND = 100.0
YARDSTICK_STEPS = 300_000
YARDSTICK_NUMBERS = 150_000


LAUNCHER = """
import ctypes, json, os, resource, subprocess, sys, time
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(36, 1)
begin, quiet = time.perf_counter(), subprocess.DEVNULL
status = subprocess.call(sys.argv[1:], stdout=quiet, stderr=quiet)
wall_seconds = time.perf_counter() - begin
try:
    while True:
        os.wait()
except ChildProcessError:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([status, wall_seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""
"""A small process that starts the command.

It is small because a child's peak memory is counted from that of the process that starts it.
Processes that the command leaves behind, such as the server of its worker processes, become
children of this one (prctl 36 is PR_SET_CHILD_SUBREAPER); it waits for them, so that what they used
is counted.
"""


class Usage(NamedTuple):
    """What a command used."""

    wall_seconds: float
    cpu_seconds: float
    peak_memory_mb: float


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this thread for a piece of work."""
    begin = time.thread_time()
    work()
    return time.thread_time() - begin


def best_cpu_seconds(work: Callable[[], object], times: int = 3) -> float:
    """CPU seconds of this thread for a piece of work, the best of several times."""
    return min(cpu_seconds(work) for _ in range(times))


def cpu_seconds_in_turn(
    first: Callable[[], object], second: Callable[[], object], times: int
) -> tuple[float, float]:
    """CPU seconds of two pieces of work done in turn, the best of several times each."""
    seconds = [(cpu_seconds(first), cpu_seconds(second)) for _ in range(times)]
    return min(a for a, _ in seconds), min(b for _, b in seconds)


def run_in_process(command: list[str], environment: dict[str, str] | None = None) -> Usage:
    """Time and memory of a command in a process of its own. Raises RuntimeError if it fails."""
    output = subprocess.run(
        # -S: without site packages the launcher starts faster and uses less memory.
        [sys.executable, "-S", "-c", LAUNCHER, *command],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    status, *figures = json.loads(output)
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with status {status}")
    return Usage(*figures)


class Clock(NamedTuple):
    """CPU seconds spent so far: by the whole machine, idle, and by this process and children."""

    all_seconds: float
    idle_seconds: float
    own_seconds: float


def read_clock() -> Clock | None:
    """What the machine has spent so far; None on a system without /proc/stat."""
    if not PROC_STAT.exists():
        return None
    ticks = [int(word) for word in PROC_STAT.read_text().splitlines()[0].split()[1:9]]
    own = os.times()
    return Clock(
        sum(ticks) / TICKS_PER_SECOND,
        # Columns 4 and 5 of /proc/stat: idle, and idle while waiting for a disk.
        (ticks[3] + ticks[4]) / TICKS_PER_SECOND,
        own.user + own.system + own.children_user + own.children_system,
    )


def others_share(begin: Clock | None, end: Clock | None) -> float | None:
    """Share of the machine that other processes used between two readings; None if unknown."""
    if begin is None or end is None or end.all_seconds <= begin.all_seconds:
        return None
    total, idle, own = (after - before for before, after in zip(begin, end, strict=True))
    return max(0.0, total - idle - own) / total


def yardstick_seconds() -> float:
    """CPU seconds of a fixed piece of work outside this project: how fast the machine is just now.

    A loop of the interpreter, and a sort with unpredictable branches over numbers scattered in
    memory. NumPy is left out: its sort gains so much from a processor's longest vectors that it
    would make such a machine look faster than it is for kernels and interpreter.
    """
    # Always the same numbers, or the work would differ from one time to the next.
    shuffled = random.Random(1)
    numbers = [shuffled.random() for _ in range(YARDSTICK_NUMBERS)]

    def work() -> float:
        total = 0.0
        for step in range(YARDSTICK_STEPS):
            total += math.exp(-step * 1e-6)
        return total + sorted(numbers)[0]

    return best_cpu_seconds(work, 7)


def machine_description() -> dict[str, object]:
    """The machine, for the record."""
    return {
        "cores": os.cpu_count(),
        "processor": processor(),
        "python": platform.python_version(),
    }


def processor() -> str:
    """The processor as the system describes it; family and cache tell apart those of one name."""
    if not CPU_INFO.exists():
        return platform.processor() or platform.machine()
    first = CPU_INFO.read_text().split("\n\n")[0]
    entries = {
        key.strip(): value.strip()
        for key, _, value in (line.partition(":") for line in first.splitlines())
    }
    details = [
        f"{key} {entries[key]}" for key in ("cpu family", "model", "cache size") if key in entries
    ]
    parts = [part for part in (entries.get("model name"), *details) if part]
    return ", ".join(parts) or platform.machine()
