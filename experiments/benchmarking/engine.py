"""The engine, measured within this process: a worker-month, a fork, a small run, and the same rules on objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.benchmarking.machine import cpu_seconds, once, paired
from experiments.benchmarking.rows import Row

if TYPE_CHECKING:
    from sim.scenario import Scenario

ALONE = ("policy=none", "uncertainty=none")


def scenario(*overrides: str) -> Scenario:
    """The shipped scenario, parameters fixed, with overrides."""
    from experiments.configuration.settings import load_settings

    return load_settings(("uncertainty=none", *overrides)).scenario


def identity() -> list[Row]:
    """Whether every column of the engine, every month, is that of the reference model."""
    from tests.reference.compare import DifferenceError, compare_runs
    from tests.reference.scenarios import EVASION, SMALL

    try:
        compare_runs(scenario(*SMALL, *EVASION))
    except DifferenceError as difference:
        print(f"engine and reference differ: {difference}")
        return [Row("identical", 0.0, "1 = yes", 1.0, lower_is_better=False)]
    return [Row("identical", 1.0, "1 = yes", 1.0, lower_is_better=False)]


def worker_month(*overrides: str, months: int = 12, times: int = 20) -> tuple[float, int, int]:
    """CPU nanoseconds a worker-month of the baseline, everything in: the same months (a year), best of several; workers and firms."""
    from sim.branches import BASELINE
    from sim.model import LabourMarket

    market = LabourMarket(scenario("policy=none", *overrides))
    market.run_to(0)
    workers = int(market.state.workers.size)

    def seconds_of_months() -> float:
        again = market.fork(BASELINE)
        again.run_to(1)
        return once(lambda: again.run_to(1 + months))

    seconds = min(seconds_of_months() for _ in range(times))
    return seconds / (workers * months) * 1e9, workers, int(market.state.firms.size)


def cost_of_a_worker_month() -> list[Row]:
    """At the krai's size, at 200 thousand workers in as many firms, and at a million in ten times as many."""
    rows = []
    for name, overrides, goal in (
        ("ns_per_worker_month", (), None),
        ("ns_per_worker_month_200k", ("market.scale=2.1", "market.firms.number=381"), 5.0),
        ("ns_per_worker_month_1m", ("market.scale=10.5",), 7.0),
    ):
        cost, workers, firms = worker_month(*overrides)
        rows.append(Row(name, cost, f"CPU ns, {workers:,} workers, {firms:,} firms", goal))
    return rows


def bytes_of_a_worker() -> list[Row]:
    """What a worker takes in columns."""
    from sim.engine.worker_columns import WORKER

    return [Row("bytes_per_worker", WORKER.itemsize + 1, "bytes of columns", 24.0)]


def ten_million() -> list[Row]:
    """Ten million workers: cost grows in line with workers."""
    cost, workers, firms = worker_month(
        "market.scale=100", "market.firms.number=800", months=3, times=2
    )
    return [Row("ns_per_worker_month_10m", cost, f"CPU ns, {workers:,} workers, {firms:,} firms")]


def fork() -> list[Row]:
    """A fork copies the arrays; what follows costs the months after it only."""
    from sim.branches import POLICY
    from sim.model import LabourMarket
    from sim.paired import run_paired

    krai = scenario()
    market = LabourMarket(krai)
    market.run_to(21)
    copy = cpu_seconds(lambda: market.fork(POLICY), 20)

    def whole() -> None:
        LabourMarket(krai).run_to_end()

    triple, alone = paired(lambda: run_paired(krai, 0), whole, 8)
    after_fork = (krai.months - 21) / (krai.months + 24)
    return [
        Row("fork_ms", 1000.0 * copy, "CPU ms, the whole krai"),
        Row(
            "forked_run_cost",
            (triple / alone - 1.0) / 2.0 / after_fork,
            "a policy or policy branch at baseline wages over as many months of a baseline",
            1.15,
        ),
    ]


def small_run() -> list[Row]:
    """What a run costs beyond its workers: a baseline at a hundredth of the krai, less its worker-months."""
    from sim.model import LabourMarket

    small = scenario("policy=none", "market.scale=0.01")
    market = LabourMarket(small)
    workers = int(market.state.workers.size)

    def run() -> None:
        LabourMarket(small).run_to_end()

    milliseconds = 1000.0 * cpu_seconds(run, 40)
    worker_months = worker_month()[0] * workers * (small.months + 24) * 1e-6
    return [
        Row("small_run_ms", milliseconds, "CPU ms, scale 0.01, burn-in and 60 months"),
        Row(
            "small_run_overhead_ms",
            milliseconds - worker_months,
            "CPU ms of it beyond its worker-months",
            2.0,
        ),
    ]


def against_objects() -> list[Row]:
    """The same baseline, 1:1, on columns, on event-driven objects (the reference) and as an ordinary Mesa model."""
    from sim.model import LabourMarket
    from tests.reference.market import ReferenceMarket
    from tests.reference.ordinary import OrdinaryMarket

    krai = scenario("policy=none")

    def on_columns() -> None:
        LabourMarket(krai).run_to_end()

    reference, ordinary = ReferenceMarket(krai), OrdinaryMarket(krai)
    columns = cpu_seconds(on_columns)
    event_driven = once(lambda: reference.run_to(krai.months))
    columns = min(columns, cpu_seconds(on_columns))
    activated = once(lambda: ordinary.run_to(krai.months))
    columns = min(columns, cpu_seconds(on_columns))
    return [
        Row(
            "engine_run_seconds", columns, "CPU s, baseline, burn-in and 60 months, 1:1, set-up in"
        ),
        Row(
            "reference_run_seconds",
            event_driven,
            "CPU s, the same on one object a worker, set-up left out",
        ),
        Row(
            "ordinary_mesa_run_seconds",
            activated,
            "CPU s, as an ordinary Mesa model, set-up left out",
        ),
        Row(
            "engine_vs_reference",
            event_driven / columns,
            "times as fast",
            120.0,
            lower_is_better=False,
        ),
        Row(
            "engine_vs_ordinary_mesa",
            activated / columns,
            "times as fast",
            300.0,
            lower_is_better=False,
        ),
    ]
