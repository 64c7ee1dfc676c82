"""Sweeps draw parameters as runs do: a cell has the runs of its scenario, to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from experiments.configuration.settings import load_settings
from experiments.ensembles.ensemble import run_ensemble
from experiments.ensembles.uncertainty import FIXED_PARAMETERS, sampled_scenarios
from experiments.sweeps.design.design import Design
from experiments.sweeps.design.sweep_settings import load_sweep
from experiments.sweeps.reporting.clustered_means import mean_with_error
from experiments.sweeps.reporting.sweep_answer import caution
from experiments.sweeps.reporting.sweep_summary import summarise_sweep
from experiments.sweeps.store.run_store import read_store
from experiments.sweeps.store.store_reader import StoredRuns
from tests.support.small_sweeps import run_sweep, small_sweep


def drawn(*overrides: str) -> Design:
    """The design of a sweep that says nothing about its draws."""
    return load_sweep(["experiment=policies", *overrides]).design


def scenarios_of(design: Design, cell: int) -> list[object]:
    """The scenario of each replicate of a cell."""
    points = [point for point in design.points() if point.cell == cell]
    return [
        design.scenario_of(point.values)
        for point in points
        for _ in design.replicates_of(point.draw)
    ]


@pytest.mark.parametrize("kind", ["posterior", "prior"])
def test_every_replicate_has_the_scenario_that_a_run_gives_it(kind: str) -> None:
    """Under `observed` the strength of the policy is drawn too, under `cliff` it is not."""
    design = drawn("policy=observed,cliff", "replicates=5", f"uncertainty={kind}")
    for cell, policy in enumerate(("observed", "cliff")):
        settings = load_settings([f"policy={policy}", f"uncertainty={kind}"])
        assert scenarios_of(design, cell) == sampled_scenarios(settings.resolved, kind, 5, 1)


def test_what_is_set_or_varied_is_not_drawn() -> None:
    heads, speed = "population.north_korean.heads", "market.wages.adjustment_per_month"
    design = drawn("policy=un2397", f"{heads}=7000,8000", f"{speed}=0.1")
    assert not {heads, speed} & set(design.draws[0])
    assert heads in drawn("policy=un2397,cliff").draws[0]
    held = drawn("policy=un2397,cliff", f"held=[{heads}]")
    assert heads not in held.draws[0]


def test_replicates_are_counted_as_in_a_run() -> None:
    design = drawn("policy=un2397,cliff", "replicates=5")
    assert [list(design.replicates_of(draw)) for draw in range(3)] == [[0, 1], [2, 3], [4]]
    fixed = drawn("policy=un2397,cliff", "replicates=5", "uncertainty=none")
    assert (fixed.draws, list(fixed.replicates_of(0))) == (({},), list(range(5)))


def test_a_sweep_gives_the_numbers_of_a_run_to_the_last_bit(tmp_path: Path) -> None:
    small = ("uncertainty=posterior", "replicates=3", "policy=cliff,un2397", "policy.compliance=1")
    sweep = small_sweep(tmp_path, *small)
    assert run_sweep(sweep)[1] == 6
    runs = StoredRuns(sweep.plan, sweep.columns, read_store(tmp_path))
    months, measures = sweep.columns.months, ["shortfall_percent", "wage_real_rub"]
    stored = runs.values(measures, months)
    for cell, policy in enumerate(("cliff", "un2397")):
        keys = ("market.scale=0.004", "months=30", "policy.compliance=1", f"policy={policy}")
        settings = load_settings(keys)
        sampled = sampled_scenarios(settings.resolved, "posterior", 3, 1)
        own = run_ensemble(settings.scenario, 3, 1, sampled=sampled)
        for name in measures:
            of_cell = stored[name][cell].reshape(4, -1)[:3]
            np.testing.assert_array_equal(of_cell, own[name].astype(np.float32))
    about = summarise_sweep(runs, "policies")
    assert "of which pairs share one of 2 draws of the posterior" in caution(about)
    assert "the same seed and the same parameter draw" in caution(about)


def test_every_file_and_figure_of_fixed_parameters_says_so(tmp_path: Path) -> None:
    from experiments.sweeps.reporting.sweep_figures import all_figures
    from experiments.sweeps.reporting.sweep_page import figure_note

    sweep = small_sweep(tmp_path)
    run_sweep(sweep)
    summary = summarise_sweep(StoredRuns(sweep.plan, sweep.columns, read_store(tmp_path)), "small")
    assert FIXED_PARAMETERS in caution(summary)
    assert any(FIXED_PARAMETERS in figure_note(summary, each) for each in all_figures(summary))
    shard = next((tmp_path / "runs").glob("*.parquet"))
    assert FIXED_PARAMETERS.encode() in pq.read_schema(shard).field("draw").metadata[b"label"]


def test_draws_with_seeds_of_their_own_are_counted_and_not_their_runs() -> None:
    """Of independent draws with two equal runs each, the interval is that of the draws alone."""
    draws = np.array([1.0, 4.0, 2.0, 7.0])
    twice = np.stack([draws, draws], axis=1)
    assert mean_with_error(twice, True) == mean_with_error(draws[:, None])
