"""The explorer's threads: the newest request goes first, and results are those of the command."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import time

import pytest

from experiments.configuration.settings import load_settings
from experiments.ensembles.ensemble import run_ensemble
from experiments.ensembles.uncertainty import sampled_scenarios
from experiments.explorer import simulation_jobs as jobs
from experiments.explorer.explorer_ensembles import Stage
from experiments.explorer.simulation_jobs import SimulationPool, TooManyPagesError
from experiments.results.summary import summarise

STAGES = (Stage(0.5, 4), Stage(1.0, 5))
PAGE = ("page", "moved")


def settings(compliance=0.5, uncertainty="none"):
    """A small scenario."""
    return load_settings(
        [
            "market.scale=0.02",
            "months=30",
            f"policy.compliance={compliance}",
            f"uncertainty={uncertainty}",
        ]
    )


def key(compliance):
    """The pool's key of a small scenario."""
    return jobs.job_key(settings(compliance))


@contextlib.contextmanager
def pool(**changes):
    """A pool that is closed at the end."""
    opened = SimulationPool(2, changes.get("stages", STAGES))
    try:
        yield opened
    finally:
        opened.close()


def wait_until(check, seconds=30.0):
    """Wait until a check holds."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


@pytest.mark.parametrize("uncertainty", ["none", "posterior"])
def test_a_scenario_is_previewed_and_then_simulated_in_full_as_by_the_command(uncertainty):
    wanted = settings(uncertainty=uncertainty)
    with pool() as threads:
        threads.submit(PAGE, wanted)
        wait_until(lambda: threads.state(PAGE).summary is not None)
        wait_until(lambda: threads.state(PAGE).finished)
        view = threads.state(PAGE)
    assert view.replicates == 5
    sampled = sampled_scenarios(wanted.resolved, uncertainty, 5, wanted.scenario.seed)
    assert view.summary == summarise(
        wanted.scenario, run_ensemble(wanted.scenario, 5, 1, sampled=sampled), uncertainty, sampled
    )


def test_a_preview_has_the_draws_of_the_full_krai():
    with pool(stages=(Stage(0.5, 6), Stage(1.0, 6))) as threads:
        threads.submit(PAGE, settings(uncertainty="posterior"))
        (job,) = threads._jobs.values()
    few, all_of_them = job.preview.sampled, job.full.sampled
    assert len({each.population["north_korean"].efficiency for each in few}) == 3
    assert [
        dataclasses.replace(each, market=dataclasses.replace(each.market, scale=0.02))
        for each in few
    ] == list(all_of_them)


def test_the_newest_request_wins_and_the_old_one_stops():
    many = (Stage(0.5, 1), Stage(1.0, 400))
    with pool(stages=many) as threads:
        threads.submit(PAGE, settings(0.1))
        wait_until(lambda: threads.state(PAGE).summary is not None)
        old = threads._jobs[key(0.1)]
        threads.submit(PAGE, settings(0.9))
        started = old.full.started
        wait_until(lambda: len(threads._jobs[key(0.9)].full.done) >= 3)
        assert old.full.started <= started + 2


def test_a_closed_page_is_not_simulated_for(monkeypatch):
    monkeypatch.setattr(jobs, "CLOSED_AFTER_SECONDS", 0.2)
    with pool(stages=(Stage(0.5, 1), Stage(1.0, 10_000))) as threads:
        threads.submit(PAGE, settings())
        time.sleep(1.0)
        job = threads._jobs[key(0.5)]
        count = job.full.started
        time.sleep(0.5)
        assert job.full.started == count
        assert threads.state(PAGE) is None
        threads.submit(PAGE, settings())
        wait_until(lambda: job.full.started > count)


FEW = functools.cache(settings)


def with_seed(seed):
    """A small scenario of its own."""
    few = FEW()
    return dataclasses.replace(few, scenario=dataclasses.replace(few.scenario, seed=seed))


def test_no_more_pages_are_simulated_for_than_the_limit():
    with pool(stages=(Stage(0.5, 1), Stage(1.0, 1))) as threads:
        for number in range(jobs.MOST_PAGES):
            threads.submit((f"page {number}", "moved"), with_seed(number))
        for number in range(3):
            with pytest.raises(TooManyPagesError, match="close one, then reload"):
                threads.submit((f"another {number}", "moved"), FEW())
        threads.submit(("page 0", "pinned"), FEW())
        assert threads.pages_open == jobs.MOST_PAGES
        assert threads.state(("another 0", "moved")) is None
        assert all(threads.state((f"page {number}", "moved")) for number in range(jobs.MOST_PAGES))


def test_closed_pages_are_forgotten_and_make_room(monkeypatch):
    monkeypatch.setattr(jobs, "CLOSED_AFTER_SECONDS", 0.0)
    with pool(stages=(Stage(0.5, 1), Stage(1.0, 1))) as threads:
        for number in range(100):
            threads.submit((f"page {number}", "moved"), with_seed(number))
        assert len(threads._jobs) <= jobs.MOST_JOBS + 1
        wait_until(lambda: threads.pages_open == 0)
        assert threads._turns == {}


def test_a_page_that_changes_its_scenario_all_the_time_leaves_the_others_their_turn():
    with pool(stages=(Stage(0.5, 20), Stage(1.0, 1))) as threads:
        threads.submit(("quiet", "moved"), with_seed(0))
        number = 0
        end = time.monotonic() + 30.0
        while threads.state(("quiet", "moved")).summary is None:
            number += 1
            threads.submit(("restless", "moved"), with_seed(number))
            assert time.monotonic() < end, "the restless page held all threads"
            time.sleep(0.005)
        assert number > 5


def test_a_simulation_that_fails_says_so_and_the_pool_goes_on(monkeypatch):
    whole = jobs.run_paired

    def broken(each, replicate):
        if each.policy.compliance == 0.25:
            raise FloatingPointError("made up")
        return whole(each, replicate)

    monkeypatch.setattr(jobs, "run_paired", broken)
    with pool() as threads:
        threads.submit(PAGE, settings(0.25))
        wait_until(lambda: threads.state(PAGE).failure)
        assert "made up" in threads.state(PAGE).failure
        threads.submit(PAGE, settings(0.5))
        wait_until(lambda: threads.state(PAGE).finished)
