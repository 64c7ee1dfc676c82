"""Replicates on threads: in order, equal on any number of threads, failures with their number."""

from __future__ import annotations

import gc
import threading
import time
import weakref

import numpy as np
import pytest

import experiments.ensembles.ensemble as ensemble
from experiments.ensembles.ensemble import BATCH, Observers, ReplicateError, in_order, run_ensemble
from sim.measures.catalogue import measures_of
from sim.model import LabourMarket
from tests.support.shipped_scenarios import make_scenario

SCENARIO = make_scenario("market.scale=0.01", "months=26")


def test_measures_are_stacked_by_replicate():
    found = run_ensemble(SCENARIO, 3, threads=2)
    assert set(found) == set(measures_of(SCENARIO))
    assert all(values.shape == (3, 26) for values in found.values())
    assert len(np.unique(found["hires"][:, 0])) > 1


def test_any_thread_count_gives_the_same_numbers():
    one, three = (run_ensemble(SCENARIO, 4, threads=threads) for threads in (1, 3))
    for name, values in one.items():
        np.testing.assert_array_equal(values, three[name], err_msg=name)


def test_more_replicates_leave_the_first_ones_as_they_were():
    fewer, more = run_ensemble(SCENARIO, 2), run_ensemble(SCENARIO, 3)
    np.testing.assert_array_equal(fewer["wage_real_rub"], more["wage_real_rub"][:2])


def test_observers_get_progress_of_every_replicate_and_panels_in_batches():
    done: list[int] = []
    batches: list[list[int]] = []
    observers = Observers(
        done.append, lambda batch: batches.append([pair.replicate for pair in batch])
    )
    run_ensemble(
        make_scenario("market.scale=0.01", "months=1", "policy=none"), BATCH + 2, 2, observers
    )
    assert done == list(range(1, BATCH + 3))
    assert batches == [list(range(BATCH)), [BATCH, BATCH + 1]]


def test_results_come_in_order_whoever_is_faster():
    def slow_first(number: int) -> int:
        time.sleep(0.05 if number == 0 else 0.0)
        return number

    assert list(in_order(slow_first, 8, 3)) == list(range(8))


def test_little_is_computed_ahead_of_what_is_taken():
    """Memory is bounded: at most two results per thread wait beside the one asked for."""
    started: list[int] = []
    lock = threading.Lock()

    def work(number: int) -> int:
        with lock:
            started.append(number)
        return number

    results = in_order(work, 100, 2)
    next(results)
    time.sleep(0.1)
    assert len(started) <= 5
    results.close()


def test_a_failing_replicate_is_named(monkeypatch):
    whole = ensemble.run_paired

    def fails_in_two(scenario, replicate):
        if replicate == 2:
            raise ZeroDivisionError("made up")
        return whole(scenario, replicate)

    monkeypatch.setattr(ensemble, "run_paired", fails_in_two)
    with pytest.raises(ReplicateError, match="replicate 2 failed") as failure:
        run_ensemble(SCENARIO, 4, threads=2)
    assert isinstance(failure.value.__cause__, ZeroDivisionError)


@pytest.mark.slow
def test_memory_of_markets_is_given_back_while_results_are_taken(monkeypatch):
    monkeypatch.setattr(ensemble, "HALF_A_SECOND", 0.0)
    scenario = make_scenario("market.scale=0.01", "months=12")
    markets: list[weakref.ref[LabourMarket]] = []

    def built(number: int) -> int:
        market = LabourMarket(scenario, number)
        markets.append(weakref.ref(market))
        return market.month

    gc.disable()
    try:
        alive = [
            sum(market() is not None for market in list(markets)) for _ in in_order(built, 60, 1)
        ]
    finally:
        gc.enable()
    assert max(alive) - alive[0] <= 10
