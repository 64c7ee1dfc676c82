"""The engine within this process: a worker-month, a fork, a small baseline, the same on objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.benchmarking.machine import (
    best_cpu_seconds,
    cpu_seconds,
    cpu_seconds_in_turn,
)
from experiments.benchmarking.rows import Row

# The model is imported by the measurements, so that --help and --compare start at once.
if TYPE_CHECKING:
    from sim.scenario import Scenario


def scenario(*overrides: str) -> Scenario:
    """The shipped scenario, parameters fixed, with overrides."""
    from experiments.configuration.settings import load_settings

    return load_settings(("uncertainty=none", *overrides)).scenario


def identity() -> list[Row]:
    """Whether every column of the engine equals the reference model's in every month."""
    from tests.reference.compare import DifferenceError, compare_runs
    from tests.reference.scenarios import EVASION, SMALL

    try:
        compare_runs(scenario(*SMALL, *EVASION))
    except DifferenceError as difference:
        print(f"engine and reference differ: {difference}")
        return [Row("identical", 0.0, "1 = yes", 1.0, lower_is_better=False)]
    return [Row("identical", 1.0, "1 = yes", 1.0, lower_is_better=False)]


def worker_month_ns(*overrides: str, months: int = 12, times: int = 20) -> tuple[float, int, int]:
    """CPU nanoseconds of a worker-month of the baseline, all verbs included; workers and firms.

    The same months, a year by default, are simulated several times, and the best time counts.
    """
    from sim.branches import BASELINE
    from sim.model import LabourMarket

    market = LabourMarket(scenario("policy=none", *overrides))
    market.run_to(0)
    workers = int(market.state.workers.size)

    def seconds_of_months() -> float:
        again = market.fork(BASELINE)
        # The first month after a fork reads memory that was just copied, and is not timed.
        again.run_to(1)
        return cpu_seconds(lambda: again.run_to(1 + months))

    seconds = min(seconds_of_months() for _ in range(times))
    return seconds / (workers * months) * 1e9, workers, int(market.state.firms.size)


def cost_of_a_worker_month() -> list[Row]:
    """At the krai's size, at 200 thousand workers in as many firms, and at a million workers."""
    sizes: tuple[tuple[str, tuple[str, ...], float | None], ...] = (
        ("ns_per_worker_month", (), None),
        ("ns_per_worker_month_200k", ("market.scale=2.1", "market.firms.number=381"), 5.0),
        ("ns_per_worker_month_1m", ("market.scale=10.5",), 7.0),
    )
    rows = []
    for name, overrides, goal in sizes:
        cost, workers, firms = worker_month_ns(*overrides)
        rows.append(Row(name, cost, f"CPU ns, {workers:,} workers, {firms:,} firms", goal))
    return rows


def bytes_of_a_worker() -> list[Row]:
    """Memory of the columns of a worker."""
    from sim.engine.worker_columns import WORKER

    # One byte more than the record: the month of the next event is a column of its own.
    return [Row("bytes_per_worker", WORKER.itemsize + 1, "bytes of columns", 24.0)]


def ten_million() -> list[Row]:
    """The cost of a worker-month with ten million workers."""
    cost, workers, firms = worker_month_ns(
        "market.scale=100", "market.firms.number=800", months=3, times=2
    )
    return [Row("ns_per_worker_month_10m", cost, f"CPU ns, {workers:,} workers, {firms:,} firms")]


def fork() -> list[Row]:
    """Copying the arrays of a market, and a branch after the fork against as long a baseline."""
    from sim.branches import POLICY
    from sim.engine.worker_columns import BURN_IN_MONTHS
    from sim.model import LabourMarket
    from sim.paired import run_paired
    from sim.policy.programme import divergence_month

    krai = scenario()
    fork_month = divergence_month(krai)
    assert fork_month is not None
    market = LabourMarket(krai)
    market.run_to(fork_month)
    copy = best_cpu_seconds(lambda: market.fork(POLICY), 20)

    def baseline() -> None:
        LabourMarket(krai).run_to_end()

    three_branches, one = cpu_seconds_in_turn(lambda: run_paired(krai, 0), baseline, 8)
    share_after_fork = (krai.months - fork_month) / (krai.months + BURN_IN_MONTHS)
    cost = (three_branches / one - 1.0) / 2.0 / share_after_fork
    cost_unit = "a policy branch over as many months of a baseline"
    return [
        Row("fork_ms", 1000.0 * copy, "CPU ms, the whole krai"),
        Row("forked_branch_cost", cost, cost_unit, 1.15),
    ]


def small_baseline() -> list[Row]:
    """A baseline at a hundredth of the krai, in all and beyond the cost of its worker-months."""
    from sim.engine.worker_columns import BURN_IN_MONTHS
    from sim.model import LabourMarket

    small = scenario("policy=none", "market.scale=0.01")
    workers = int(LabourMarket(small).state.workers.size)

    def baseline() -> None:
        LabourMarket(small).run_to_end()

    milliseconds = 1000.0 * best_cpu_seconds(baseline, 40)
    # At the krai's size a worker-month costs hardly more than what its worker causes.
    worker_months = workers * (small.months + BURN_IN_MONTHS)
    beyond = milliseconds - 1e-6 * worker_month_ns()[0] * worker_months
    beyond_unit = "CPU ms of it beyond its worker-months"
    return [
        Row("small_baseline_ms", milliseconds, "CPU ms, scale 0.01, burn-in and 60 months"),
        Row("small_baseline_overhead_ms", beyond, beyond_unit, 2.0),
    ]


def against_objects() -> list[Row]:
    """The same baseline of the whole krai as engine, reference model and ordinary Mesa model."""
    from sim.model import LabourMarket
    from tests.reference.market import ReferenceMarket
    from tests.reference.ordinary import OrdinaryMarket

    krai = scenario("policy=none")

    def engine_baseline() -> None:
        LabourMarket(krai).run_to_end()

    reference, ordinary = ReferenceMarket(krai), OrdinaryMarket(krai)
    # The engine is timed before, between and after the others, as the machine's speed drifts.
    engine = best_cpu_seconds(engine_baseline)
    event_driven = cpu_seconds(lambda: reference.run_to(krai.months))
    engine = min(engine, best_cpu_seconds(engine_baseline))
    activated = cpu_seconds(lambda: ordinary.run_to(krai.months))
    engine = min(engine, best_cpu_seconds(engine_baseline))
    return [
        Row("engine_seconds", engine, "CPU s, baseline, burn-in and 60 months, with set-up"),
        Row("reference_seconds", event_driven, "CPU s, one object a worker, without set-up"),
        Row("ordinary_mesa_seconds", activated, "CPU s, ordinary Mesa model, without set-up"),
        times_as_fast("engine_vs_reference", event_driven / engine, 120.0),
        times_as_fast("engine_vs_ordinary_mesa", activated / engine, 300.0),
    ]


def times_as_fast(name: str, ratio: float, goal: float) -> Row:
    """A row that says how many times as fast the engine is."""
    return Row(name, ratio, "times as fast", goal, lower_is_better=False)
