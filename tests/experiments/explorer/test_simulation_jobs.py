"""The explorer's threads: the newest request wins, what nobody looks at is not simulated, results are those of the command."""

from __future__ import annotations

import contextlib
import dataclasses
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.configuration.settings import load_settings
from experiments.ensembles.ensemble import run_ensemble
from experiments.ensembles.uncertainty import sampled_scenarios
from experiments.explorer import simulation_jobs as jobs
from experiments.explorer.explorer_ensembles import Stage
from experiments.explorer.finished_results import find, summary_of
from experiments.explorer.simulation_jobs import Pool
from experiments.reporting.overlay import NamedSummary, bands_note
from experiments.results.result_folder import FolderError, load_result
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
    """What the pool calls its simulation."""
    return repr((settings(compliance).scenario, "none"))


@contextlib.contextmanager
def pool(**changes):
    """A pool that is closed again."""
    opened = Pool(2, changes.get("stages", STAGES))
    try:
        yield opened
    finally:
        opened.close()


def until(check, seconds=30.0):
    """Wait for something to be so."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


@pytest.mark.parametrize("uncertainty", ["none", "posterior"])
def test_a_scenario_is_previewed_and_then_simulated_in_full_as_by_the_command(uncertainty):
    wanted = settings(uncertainty=uncertainty)
    with pool() as threads:
        threads.submit(PAGE, wanted)
        until(lambda: threads.look(PAGE).summary is not None)
        until(lambda: threads.look(PAGE).finished)
        view = threads.look(PAGE)
    assert view.replicates == 5
    drawn = sampled_scenarios(wanted.resolved, uncertainty, 5, wanted.scenario.seed)
    assert view.summary == summarise(
        wanted.scenario, run_ensemble(wanted.scenario, 5, 1, sampled=drawn), uncertainty, drawn
    )


def test_a_preview_has_the_draws_of_the_full_krai():
    with pool(stages=(Stage(0.5, 6), Stage(1.0, 6))) as threads:
        threads.submit(PAGE, settings(uncertainty="posterior"))
        (job,) = threads._jobs.values()
    few, all_of_them = job.quick.drawn, job.full.drawn
    assert len({each.population["north_korean"].efficiency for each in few}) == 3
    assert [
        dataclasses.replace(each, market=dataclasses.replace(each.market, scale=0.02))
        for each in few
    ] == list(all_of_them)


def test_the_newest_request_wins_and_the_old_one_stops():
    many = (Stage(0.5, 1), Stage(1.0, 400))
    with pool(stages=many) as threads:
        threads.submit(PAGE, settings(0.1))
        until(lambda: threads.look(PAGE).summary is not None)
        old = threads._jobs[key(0.1)]
        threads.submit(PAGE, settings(0.9))
        handed_out = old.full.handed_out
        until(lambda: len(threads._jobs[key(0.9)].full.done) >= 3)
        assert old.full.handed_out <= handed_out + 2


def test_a_closed_page_is_not_simulated_for(monkeypatch):
    monkeypatch.setattr(jobs, "FORGOTTEN_AFTER", 0.2)
    with pool(stages=(Stage(0.5, 1), Stage(1.0, 10_000))) as threads:
        threads.submit(PAGE, settings())
        time.sleep(1.0)
        job = threads._jobs[key(0.5)]
        count = job.full.handed_out
        time.sleep(0.5)
        assert job.full.handed_out == count
        threads.look(PAGE)
        until(lambda: job.full.handed_out > count)


def test_pages_and_scenarios_are_bounded():
    with pool(stages=(Stage(0.5, 1), Stage(1.0, 1))) as threads:
        few = settings()
        for number in range(100):
            threads.submit(
                (f"page {number}", "moved"),
                dataclasses.replace(few, scenario=dataclasses.replace(few.scenario, seed=number)),
            )
        assert len(threads._pages) <= jobs.MOST_PAGES
        assert len(threads._jobs) <= jobs.MOST_JOBS
        assert threads.look(("page 0", "moved")) is None


def test_a_simulation_that_fails_says_so_and_the_pool_goes_on(monkeypatch):
    whole = jobs.run_paired

    def broken(each, replicate):
        if each.policy.compliance == 0.25:
            raise FloatingPointError("made up")
        return whole(each, replicate)

    monkeypatch.setattr(jobs, "run_paired", broken)
    with pool() as threads:
        threads.submit(PAGE, settings(0.25))
        until(lambda: threads.look(PAGE).failure)
        assert "made up" in threads.look(PAGE).failure
        threads.submit(PAGE, settings(0.5))
        until(lambda: threads.look(PAGE).finished)


def test_finished_results_are_found_under_a_path(finished, tmp_path):
    found = find(finished.parent)
    assert list(found) == [finished.name]
    summary = load_result(finished).summary
    assert summary_of(found[finished.name], summary) == summary
    assert list(find(finished)) == [finished.name]
    with pytest.raises(FolderError, match="no finished result"):
        find(tmp_path)
    with pytest.raises(FolderError, match="no finished result"):
        find(tmp_path / "nowhere")


def test_points_of_a_sweep_are_read_from_its_shards(finished, tmp_path):
    like = load_result(finished).summary
    (tmp_path / "runs").mkdir()
    (tmp_path / "store.json").write_text('{"fixed": {"market.scale": "0.25"}}', encoding="utf-8")
    for shard, compliance in enumerate((0.25, 0.75)):
        rows = [
            (f"id{shard}{replicate}", compliance, 0, replicate, month)
            for replicate in range(3)
            for month in ("2016-01", "2016-02")
        ]
        columns = dict(
            zip(
                ("run", "policy.compliance", "draw", "replicate", "month"),
                zip(*rows, strict=True),
                strict=True,
            )
        )
        table = pa.table(
            {name: list(values) for name, values in columns.items()}
            | {"shortfall_workers": [10.0 * n + shard for n in range(6)]}
        )
        pq.write_table(table, tmp_path / "runs" / f"{shard}.parquet")
    found = find(tmp_path)
    assert list(found) == ["policy.compliance=0.25", "policy.compliance=0.75"]
    summary = summary_of(found["policy.compliance=0.75"], like)
    assert (summary["replicates"], summary["start"], summary["months"], summary["scale"]) == (
        3,
        "2016-01",
        2,
        0.25,
    )
    assert summary["measures"]["shortfall_workers"]["by_month"]["2016-02"] == [
        13.0,
        31.0,
        51.0 - 2.0,
    ]


def test_drawn_parameters_of_a_sweep_belong_to_its_points_and_their_bands_say_so(
    finished, tmp_path
):
    like = load_result(finished).summary
    (tmp_path / "runs").mkdir()
    (tmp_path / "store.json").write_text('{"fixed": {"market.scale": "1.0"}}', encoding="utf-8")
    grid = [
        (policy, draw, replicate)
        for policy in ("cliff", "un2397")
        for draw in range(4)
        for replicate in range(2)
    ]
    runs = [
        (f"{policy}{draw}{replicate}", policy, 0.1 * draw, draw, replicate)
        for policy, draw, replicate in grid
    ]
    columns = (
        "run",
        "policy",
        "population.north_korean.levy_share",
        "draw",
        "replicate",
        "month",
        "shortfall_workers",
    )
    rows = [(*run, month, 100.0 * run[3]) for run in runs for month in ("2016-01", "2016-02")]
    pq.write_table(
        pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))),
        tmp_path / "runs" / "0.parquet",
    )
    found = find(tmp_path)
    assert list(found) == ["policy=cliff", "policy=un2397"]
    summary = summary_of(found["policy=cliff"], like)
    assert summary["replicates"] == 8
    assert bands_note([NamedSummary("cliff", summary)]).endswith(
        "chance and parameters (4 draws of the sweep)."
    )


def test_a_real_sweep_is_opened_point_by_point(whole_sweep, finished):
    like = load_result(finished).summary
    found = find(whole_sweep)
    assert len(found) > 1
    for each in found.values():
        summary = summary_of(each, like)
        assert summary["months"] == len(summary["measures"]["shortfall_workers"]["by_month"])
