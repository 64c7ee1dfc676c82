"""Designs: axes, parameter draws, presets, mistakes that users make, and run ids."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.configuration.settings import ConfigError
from experiments.configuration.shipped_files import CONFIGS
from experiments.configuration.variants import variant_of
from experiments.sweeps.design.axes import read_axis
from experiments.sweeps.design.design import Design, family_of
from experiments.sweeps.design.parameter_draws import parameter_draws
from experiments.sweeps.design.plan import (
    FEWEST_TOGETHER,
    SHARD_RUNS,
    make_plan,
    runs_in_a_shard,
    runs_together,
)
from experiments.sweeps.design.run_ids import RunIds, Version
from experiments.sweeps.design.sampling import read_sampling
from experiments.sweeps.design.sweep_settings import load_sweep
from experiments.sweeps.sweep_session import prepare
from sim.inputs.dotted_keys import flatten
from sim.inputs.problems import ScenarioError
from tests.support.shipped_scenarios import make_scenario

PRESETS = [
    "compliance",
    "compliance_x_inspection",
    "compliance_x_retained",
    "levers",
    "policies",
    "posterior",
    "uncertainty",
]
VERSION = Version("code", "evidence")


def ids(*overrides: str) -> list[str]:
    """Ids of a sweep's runs."""
    return ids_of(load_sweep(overrides).design)


def ids_of(design: Design) -> list[str]:
    """Ids of a design's runs."""
    return [run for row in RunIds(design, VERSION).ids() for run in row]


def test_every_shipped_preset_is_tested() -> None:
    assert sorted(path.stem for path in (CONFIGS / "experiment").glob("*.yaml")) == PRESETS


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_makes_a_design_without_problems(preset: str) -> None:
    sweep = load_sweep([f"experiment={preset}"])
    assert sweep.name == preset
    assert sweep.design.size > 1
    runs = sweep.design.size * sweep.design.replicates_a_draw
    assert len(set(ids_of(sweep.design))) == runs


def test_compliance_has_21_levels_from_0_to_1() -> None:
    (axis,) = load_sweep().design.axes
    assert axis.key == "policy.compliance"
    assert axis.values == tuple(round(i / 20, 12) for i in range(21))


def test_dates_are_values_quoted_or_not() -> None:
    dates = ("2018-12-31", "2019-12-31", "2020-06")
    for written in (",".join(dates), ",".join(f"'{date}'" for date in dates)):
        axis = load_sweep([f"policy.leave_by={written}"]).design.axes[-1]
        assert (axis.key, axis.values) == ("policy.leave_by", dates)


def test_levers_differ_from_none_in_one_lever_each() -> None:
    design = load_sweep(["experiment=levers", "uncertainty=none"]).design
    none, *others = (design.scenario_of(point.values) for point in design.points())
    for scenario in others:
        changed = {
            key.split(".")[1]
            for key, value in flatten(scenario).items()
            if flatten(none)[key] != value
        }
        assert len(changed) == 1


def test_every_lever_that_can_be_chosen_is_among_the_levers_compared() -> None:
    (axis,) = load_sweep(["experiment=levers"]).design.axes
    assert axis.values[0] == "none"
    assert sorted(axis.values) == sorted(path.stem for path in (CONFIGS / "levers").glob("*.yaml"))


def test_all_values_are_those_of_a_folder_of_configs_only() -> None:
    problems: list[str] = []
    assert read_axis("policy.compliance", {"values": "all"}, problems) is None
    assert len(problems) == 1


def test_axes_typed_on_the_command_line_join_or_replace_those_of_the_preset() -> None:
    axes = ["policy.compliance=0,1", "policy=un2397,blind_eye"]
    design = load_sweep([*axes, "uncertainty=none"]).design
    assert {axis.key: axis.values for axis in design.axes} == {
        "policy.compliance": (0, 1),
        "policy": ("un2397", "blind_eye"),
    }
    assert design.keys == ("policy.compliance", "policy")
    assert load_sweep(["policy.compliance=0.5"]).design.axes == ()
    assert load_sweep(["policy.compliance=0,1", "policy.compliance=0.5"]).design.axes == ()


def test_a_fixed_key_holds_under_every_file_that_an_axis_chooses() -> None:
    design = load_sweep(["experiment=policies", "policy.inspection_rate=0.1"]).design
    assert {
        design.scenario_of(point.values).policy.inspection_rate for point in design.points()
    } == {0.1}


def test_points_with_the_same_market_are_one_family() -> None:
    assert family_of({"policy.compliance": 0, "levers": "none"}) == family_of(
        {"policy.compliance": 1, "levers": "training"}
    )
    assert family_of({"market.scale": 0.1}) != family_of({"market.scale": 0.2})


def test_a_finer_grid_and_more_replicates_contain_the_old_runs() -> None:
    coarse = set(ids("policy.compliance=0,0.5,1", "replicates=2"))
    assert coarse < set(ids("policy.compliance=0,0.25,0.5,0.75,1", "replicates=2"))
    assert coarse < set(
        ids("policy.compliance=0,0.5,1", "policy.inspection_rate=0.05,0.1", "replicates=2")
    )
    fixed = set(ids("policy.compliance=0,0.5,1", "replicates=2", "uncertainty=none"))
    finer = ("policy.compliance=0,0.25,0.5,0.75,1", "replicates=3", "uncertainty=none")
    assert fixed < set(ids(*finer))


@pytest.mark.parametrize(
    "change",
    ["seed=2", "months=61", "market.scale=0.5", "policy=blind_eye", "policy.inspection_rate=0.051"],
)
def test_any_other_value_gives_other_ids(change: str) -> None:
    assert not set(ids("policy.compliance=0,1")) & set(ids("policy.compliance=0,1", change))


def test_ids_depend_on_code_and_evidence_but_not_on_how_a_number_is_written() -> None:
    design = load_sweep(["policy.compliance=0,1"]).design
    found = {
        version: {run for row in RunIds(design, version).ids() for run in row}
        for version in (VERSION, Version("b", "evidence"), Version("code", "b"))
    }
    assert len(set().union(*found.values())) == 3 * 2 * design.replicates
    assert ids("policy.compliance=0,1") == ids("policy.compliance=0.0,1.0")


def test_an_id_is_that_of_the_resolved_configuration_however_it_came_about() -> None:
    by_axis = ids("policy.retained_workers=0,5000", "policy.compliance=0.5", "replicates=1")
    fixed = ids("policy.retained_workers=5000", "policy.compliance=0.5,1", "replicates=1")
    assert by_axis[1] == fixed[0]


@pytest.mark.slow
def test_a_hundred_thousand_runs_are_planned_without_building_a_scenario_each() -> None:
    plan = make_plan(
        load_sweep(["experiment=compliance_x_retained", "replicates=1299"]).design, VERSION
    )
    assert len(plan.missing({plan.ids[0][0]})) == 77 * 1299 - 1


def test_missing_runs_go_replicate_by_replicate() -> None:
    plan = make_plan(load_sweep(["policy.compliance=0,0.5,1", "replicates=3"]).design, VERSION)
    assert [run.replicate for run in plan.missing(set())] == [0, 0, 0, 1, 1, 1, 2, 2, 2]


MISTAKES = [
    (["experiment=complience"], "the closest is experiment=compliance"),
    (["policy.complience=0,1"], "the closest existing key is policy.compliance"),
    (["policy.compliance=0,1.5"], "policy.compliance: given 1.5; allowed: 0 to 1"),
    (["policy=un2397,blind_eyes"], "the closest is policy=blind_eye"),
    (["executor=slurm"], "allowed: one of dask, local"),
    (["executor.pool=forks"], "allowed: auto, threads or processes"),
    (["executor.workers=0"], "executor.workers: given 0"),
    (["replicates=0"], "replicates: given 0"),
    (["seed=1,2"], "seed: given '1,2'; allowed: one value for all runs"),
    (["replicates=1,2"], "replicates: given '1,2'; allowed: one value for all runs"),
    (["executor=local,dask"], "executor: given 'local,dask'; allowed: one value for all runs"),
    (["policy.complience=0,1"], "(given [0, 1])"),
    (
        ["policy.compliance=range(0,1,0)"],
        "policy.compliance=range(0,1,0): not an override; allowed: key=value, key=a,b,c or",
    ),
    (
        ["policy.compliance=range(0,1,0.000001)"],
        "policy.compliance: given 'range(0,1,0.000001)'; allowed: 1 to 100,000 values",
    ),
    (["policy.compliance=range(1,0)"], "allowed: 1 to 100,000 values"),
    (["policy.compliance=interval(0,1)"], "not an override"),
    (["policy.compliance"], "policy.compliance: not an override"),
    (
        ["executor.address='tcp://10.0.0.5:8786'"],
        "executor.address: given 'tcp://10.0.0.5:8786'; allowed: null with executor=local",
    ),
    (
        ["executor=dask", "executor.address=nowhere"],
        "allowed: the address of a Dask scheduler, such as tcp://",
    ),
    (
        ["executor=dask", "executor.pool=threads"],
        "executor.pool: given 'threads'; allowed: auto with executor=dask",
    ),
    (
        ["executor=dask", "executor.address='10.0.0.5:8786'", "executor.workers=2"],
        "executor.workers: given 2",
    ),
    (
        ["policy.compliance=range(0,1,0.0001)", "replicates=101"],
        "given 1,010,000 runs; allowed: at most 1,000,000",
    ),
    (["retry_failed=perhaps"], "retry_failed"),
    (["threads=2"], "threads: not a key of sweeps; give executor.workers"),
    (["experiment=posterior", "uncertainty=prior"], "uncertainty: not a key of sweeps"),
    (
        ["experiment=posterior", "held=[policy.compliance]"],
        "held: not a key of sweeps",
    ),
    (["store=somewhere", "output_dir=elsewhere"], "output_dir: given 'elsewhere'; allowed: no"),
    (
        ["market.production.backlog_limit_months=1,9"],
        "market.production.backlog_limit_months: given",
    ),
]


@pytest.mark.parametrize(("overrides", "message"), MISTAKES)
def test_a_mistake_is_named_with_what_is_allowed(overrides: list[str], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_sweep(overrides)
    assert any(message in line for line in caught.value.problems), caught.value.problems


def own_preset(folder: Path, text: str) -> list[str]:
    """Overrides that find a user's own preset."""
    (folder / "experiment").mkdir()
    (folder / "experiment" / "mine.yaml").write_text(text, encoding="utf-8")
    return [f"hydra.searchpath=[file://{folder}]", "experiment=mine"]


def test_a_user_s_own_preset_is_a_short_file(tmp_path: Path) -> None:
    text = """\
axes:
  grid:
    policy.compliance: {range: [0, 1], levels: 3}
  latin_hypercube:
    points: 4
    ranges: {policy.retained_workers: [0, 10000]}
replicates: 5
seed: 9
"""
    design = load_sweep(own_preset(tmp_path, text)).design
    assert (len(design.cells), len(design.draws)) == (3, 4)
    assert (design.replicates, design.scenario.seed) == (5, 9)
    assert all(isinstance(draw["policy.retained_workers"], int) for draw in design.draws)


BROKEN = [
    ("axes: {grid: {policy.compliance: 3}}", "allowed: {values"),
    ("axes: {grid: {policy.compliance: {range: [0, 1]}}}", "allowed: {values"),
    ("axes: {grid: {policy.compliance: {range: [0, 1], levels: 1}}}", "allowed: {values"),
    ("axes: {grid: {policy.compliance: {valeus: [0, 1]}}}", "no such key"),
    ("axes: {gird: {policy.compliance: {values: [0]}}}", "the closest existing key is grid"),
    ("axes: {sobol: {points: 0, ranges: {policy.compliance: [0, 1]}}}", "points: given 0"),
    ("axes: {sobol: {points: 4, ranges: {policy.compliance: [1, 0]}}}", "allowed: [low, high]"),
    ("axes: {sobol: {points: 4, priors: [market.scale]}}", "no such parameter"),
    ("axes: {sobol: {points: 4}}", "no parameter is named"),
    (
        "axes: {sobol: {points: 4, ranges: {policy.compliance: [0, 2]}}}",
        "policy.compliance: given 2.0; allowed: 0 to 1",
    ),
    (
        "axes: {sobol: {points: 4, ranges: {policy: [0, 2]}}}",
        "allowed: names of files in configs/policy, in a grid",
    ),
    ("axes: {sobol: {points: 4, ranges: {market.region: [0, 2]}}}", "market.region: given 0.0"),
    ("axes: {sobol: {points: 4, ranges: 7}}", "experiment.axes.sobol.ranges: given 7"),
    (
        "axes: {sobol: {points: 4, priors: market.scale}}",
        "experiment.axes.sobol.priors: given 'market.scale'; allowed: a list",
    ),
    ("axes: {sobol: 5}", "experiment.axes.sobol: given 5"),
    ("axes: {grid: 5}", "experiment.axes.grid: given 5"),
    (
        "axes: {grid: {seed: {values: [1, 2]}}}",
        "seed: given [1, 2]; allowed: one value for all runs",
    ),
    (
        "axes: {grid: {policy.compliance: {values: [0, 1]}}, "
        "sobol: {points: 4, ranges: {policy.compliance: [0, 1]}}}",
        "experiment.axes.sobol: given 'policy.compliance'; allowed: keys that are not in the grid",
    ),
    (
        "axes: {grid: {policy.compliance: {values: [0, 1]}, policy.compliance: {values: [0]}}}",
        "given twice: policy.compliance in line 1",
    ),
    (
        "axes: {grid: {policy.compliance: {values: [0, 1",
        "mine.yaml: not valid YAML: expected ',' or ']'",
    ),
    ("- 1", "given [1]; needs a mapping"),
    ("", "given null; needs a mapping"),
    ("axes: {draws: {points: 4, file: nowhere.parquet}}", "cannot be read"),
    ("axes: {draws: {points: 4, file: a.csv, fitted_to: un239}}", "fitted_to: given 'un239'"),
    (
        "axes: {sobol: {points: 4, priors: [policy.compliance], "
        "ranges: {policy.compliance: [0, 1]}}}",
        "experiment.axes.sobol.priors: given 'policy.compliance'; allowed: keys that are not in",
    ),
    ("axis: {}", "the closest existing key is axes"),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_a_broken_preset_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_sweep(own_preset(tmp_path, text))
    assert any(message in line for line in caught.value.problems), caught.value.problems


def test_everything_wrong_with_a_preset_is_listed_at_once(tmp_path: Path) -> None:
    text = "axes: {grid: {policy.compliance: 3}}\nseed: x\nreplicats: 2\n"
    with pytest.raises(ScenarioError) as caught:
        load_sweep(own_preset(tmp_path, text))
    assert len(caught.value.problems) == 3


def test_only_some_hundred_values_are_built_to_check_a_very_long_axis(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built: list[object] = []
    scenario_of = Design.scenario_of
    monkeypatch.setattr(
        Design,
        "scenario_of",
        lambda self, values: built.append(values) or scenario_of(self, values),
    )
    load_sweep(["policy.compliance=range(0,1,0.0001)", "replicates=1"])
    assert len(built) < 600


def test_runs_that_share_a_past_share_a_task_as_far_as_time_allows() -> None:
    scenario = make_scenario("market.scale=1")
    assert runs_together(scenario, 2100) >= 21
    assert runs_together(scenario, 8 * 10) == 10
    assert runs_together(make_scenario("market.scale=50"), 2100) == FEWEST_TOGETHER
    assert runs_in_a_shard(make_scenario("market.scale=50")) == 1
    assert runs_in_a_shard(make_scenario("market.scale=0.01")) == SHARD_RUNS


TABLE = """\
policy.compliance,distance,population.russian.pool,population.chinese.quota_heads
0.2,1,90000,1
0.3,1,95000,2
0.4,1,99000,3
"""


def preset_with_table(folder: Path, table: str = TABLE, more: str = "") -> list[str]:
    """Overrides for a user's own preset that takes two draws from a table."""
    (folder / "table.csv").write_text(table, encoding="utf-8")
    return own_preset(folder, f"axes: {{draws: {{points: 2, file: {folder}/table.csv{more}}}}}")


def test_a_table_gives_every_column_that_is_a_key(tmp_path: Path) -> None:
    design = load_sweep(preset_with_table(tmp_path)).design
    assert [draw["policy.compliance"] for draw in design.draws] == [0.2, 0.3]
    assert [draw["population.russian.pool"] for draw in design.draws] == [90000, 95000]
    assert design.notes == (
        f"Left out of the table {tmp_path}/table.csv: distance (not a key of the configuration).",
    )


def test_what_is_set_otherwise_is_left_out_of_a_table_and_named(tmp_path: Path) -> None:
    given = ["population.chinese.quota_heads=12000", "policy.compliance=0,1"]
    design = load_sweep([*preset_with_table(tmp_path), *given]).design
    assert design.draws == ({"population.russian.pool": 90000}, {"population.russian.pool": 95000})
    notes = " ".join(design.notes)
    assert "policy.compliance (set by an axis)" in notes
    assert "population.chinese.quota_heads (set on the command line)" in notes


def test_the_fitted_strength_of_a_policy_is_that_policy_s_alone(tmp_path: Path) -> None:
    preset = preset_with_table(tmp_path, more=", fitted_to: observed")
    observed = load_sweep([*preset, "policy=observed"]).design
    assert [draw["policy.compliance"] for draw in observed.draws] == [0.2, 0.3]
    letter = load_sweep([*preset, "policy=un2397"]).design
    assert letter.draws[0].keys() == observed.draws[0].keys() - {"policy.compliance"}
    reason = "policy.compliance (fitted to policy=observed; un2397 keeps its own value)"
    assert reason in " ".join(letter.notes)
    both = load_sweep([*preset, "policy=observed,cliff"]).design
    assert both.draws == letter.draws
    assert "policy is an axis" in " ".join(both.notes)


def test_a_column_that_looks_like_a_misspelt_key_is_refused(tmp_path: Path) -> None:
    preset = preset_with_table(tmp_path, TABLE.replace("policy.compliance", "policy.complience"))
    with pytest.raises(ScenarioError, match=r"the closest existing key is policy\.compliance"):
        load_sweep(preset)


def test_a_table_of_which_nothing_is_applied_is_refused(tmp_path: Path) -> None:
    preset = preset_with_table(tmp_path, "policy.compliance,distance\n0.2,1\n0.3,1\n")
    with pytest.raises(ScenarioError, match=r"policy.compliance \(set on the command line\)"):
        load_sweep([*preset, "policy.compliance=1"])


def test_equal_draws_are_counted_in_a_note(tmp_path: Path) -> None:
    table = "policy.compliance\n0.2\n0.2\n"
    assert load_sweep(preset_with_table(tmp_path, table)).design.notes == (
        "Of 2 draws 1 are different; equal ones share their runs, and each counts.",
    )


@pytest.mark.parametrize(
    ("given", "note"),
    [
        (["policy.compliance=0.5"], "axis policy.compliance is left out (set on the command line)"),
        (
            ["policy.retained_workers=0,5000"],
            "axis policy.compliance is varied as well (21 values); to leave it out, give it one",
        ),
        (["policy.compliance=0,1"], "left out (given other values on the command line)"),
        (["policy.inspection_rate=0.1,0.2,0.1"], "simulated once: 0.1"),
        (["months=30", "months=36"], "months is given 2 times (30; 36); the last counts"),
        (
            ["experiment=uncertainty", "market.wages.adjustment_per_month=0.2"],
            "market.wages.adjustment_per_month (set on the command line)",
        ),
    ],
)
def test_what_a_design_does_not_apply_is_named(given: list[str], note: str) -> None:
    assert note in " ".join(load_sweep(given).design.notes)


def test_a_longer_sobol_sequence_begins_with_the_shorter_one() -> None:
    ranges = {"policy.compliance": [0, 1], "policy.inspection_rate": [0, 0.2]}
    short, long = (
        parameter_draws(read_sampling("sobol", {"points": points, "ranges": ranges}, 3))
        for points in (10, 33)
    )
    assert short == long[:10]
    assert all(0 <= draw["policy.inspection_rate"] <= 0.2 for draw in long)  # type: ignore[operator]


@given(st.floats(-1e3, 1e3), st.floats(0.001, 1e3), st.integers(2, 50))
def test_a_range_has_its_ends_and_its_levels(low: float, width: float, levels: int) -> None:
    problems: list[str] = []
    axis = read_axis("key", {"range": [low, low + width], "levels": levels}, problems)
    assert axis is not None
    assert len(axis.values) <= levels
    assert axis.values[0] == pytest.approx(low)
    assert axis.values[-1] == pytest.approx(low + width)


def test_a_variant_is_checked_like_a_configuration() -> None:
    base = make_scenario()
    assert (
        variant_of(
            base, {"policy.compliance": 0.25, "policy.retained_workers": 7}
        ).policy.compliance
        == 0.25
    )
    for key, value in {
        "policy.compliance": 2,
        "policy": "x",
        "no.such": 1,
        "levers.training.places_per_month": 7,
        "population.russian.pool": 10,
    }.items():
        with pytest.raises(ScenarioError):
            variant_of(base, {key: value})


def test_a_store_s_name_knows_what_its_runs_share() -> None:
    folders = {
        prepare(load_sweep([*extra, "policy.compliance=0,1"])).folder
        for extra in ([], ["replicates=7"], ["executor.workers=3"])
    }
    assert len(folders) == 1
    assert prepare(load_sweep(["policy.compliance=0,1", "market.scale=0.5"])).folder not in folders


def test_no_axis_is_one_point() -> None:
    with pytest.raises(ConfigError):
        load_sweep(["experiment.axes=3"])
    assert load_sweep(["policy.compliance=1", "uncertainty=none"]).design.size == 1
