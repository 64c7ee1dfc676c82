"""Common random numbers: who never acts changes nothing, a fork equals the straight run.

Threads and processes change no byte.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from sim.branches import POLICY
from sim.engine.columns import Columns
from sim.engine.compiling import SIM_FOLDER
from sim.engine.panel import ByGroup, Panel
from sim.engine.state import FIELDS, ROOM, State
from sim.engine.worker_columns import AWAY, BURN_IN_MONTHS, NEVER, NOWHERE, Array
from sim.model import LabourMarket
from sim.paired import run_paired
from sim.policy.programme import divergence_month, fork_month
from tests.support.panel_reading import group_heads, heads, labour, shortage
from tests.support.policy_months import ADOPTION, BAN, DEADLINE
from tests.support.shipped_scenarios import make_scenario

ROOT = SIM_FOLDER.parent
SMALL = ("market.scale=0.02", "months=48")
BUSY = (
    *SMALL,
    "policy.compliance=0.4",
    "levers.wage_subsidy.share=0.3",
    "levers.wage_subsidy.from_date=2018-06",
)


def bytes_of(*panels: Panel) -> str:
    """Hash of every number of these panels."""
    digest = hashlib.sha256()
    for panel in panels:
        for array in panel:
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def with_one_more(state: State, group: int) -> tuple[State, int]:
    """The state with one more worker at the end of a group, away for good; and his row."""
    row = int(state.groups["last"][group])
    worker = state.workers.records()[row - 1]
    worker["status"], worker["firm"], worker["trade"], worker["paper"] = AWAY, NOWHERE, NOWHERE, 0
    more = State(state.sizes._replace(workers=state.workers.size + 1))
    for name, field in FIELDS.items():
        if field.block != ROOM and name not in ("workers", "next_event"):
            copy(getattr(state, name), getattr(more, name))
    more.baseline_log_wages[:] = state.baseline_log_wages
    copy(np.insert(state.workers.records(), row, worker), more.workers)
    more.next_event[:] = np.insert(state.next_event, row, NEVER)
    more.groups["last"][group:] += 1
    more.groups["first"][group + 1 :] += 1
    return more, row


def copy(source: Array | Columns, target: Array | Columns) -> None:
    """Copy an array, or columns one by one."""
    for name in target.dtype.names or ():
        target[name] = source[name]
    if target.dtype.names is None:
        target[...] = source


def without(array: Array, row: int) -> bytes:
    """The bytes of everybody else."""
    return np.delete(array, row).tobytes()


@pytest.mark.parametrize("group", [0, 1, 2])
def test_a_worker_who_never_acts_changes_nobody_s_history(group: int) -> None:
    scenario = make_scenario(*SMALL)
    plain, other = (LabourMarket(scenario, branch=POLICY) for _ in range(2))
    other._state, row = with_one_more(other.state, group)
    for model in (plain, other):
        model.run_to_end()
    assert without(other.state.workers.records(), row) == plain.state.workers.tobytes()
    assert without(other.state.next_event, row) == plain.state.next_event.tobytes()
    other.panel.of(ByGroup.HEADS_AWAY)[:, group] -= 1.0
    assert bytes_of(other.panel) == bytes_of(plain.panel)


def test_a_fork_at_the_policy_s_date_equals_the_straight_run() -> None:
    scenario = make_scenario(*BUSY)
    month = fork_month(scenario)
    assert month == BAN
    straight = LabourMarket(scenario, branch=POLICY)
    straight.run_to_end()
    for earlier in (0, 9, month):
        baseline = LabourMarket(scenario)
        baseline.run_to(earlier)
        fork = baseline.fork(POLICY)
        fork.run_to_end()
        assert bytes_of(fork.panel) == bytes_of(straight.panel), f"forked in month {earlier}"
        assert fork.state.workers.tobytes() == straight.state.workers.tobytes()


ALL_PRESIGNED = (
    "policy=un2397",
    "policy.presigned=1",
    "population.north_korean.dispatch_rate_per_month=0.1",
    "policy.compliance=0.7",
)


def test_a_fork_at_adoption_catches_up_with_a_ban_that_changed_nothing() -> None:
    scenario = make_scenario(*SMALL, *ALL_PRESIGNED)
    assert (fork_month(scenario), divergence_month(scenario)) == (BAN, ADOPTION)
    straight, baseline = LabourMarket(scenario, branch=POLICY), LabourMarket(scenario)
    straight.run_to_end()
    baseline.run_to(ADOPTION)
    late = baseline.fork(POLICY)
    assert [announcement.title for announcement in late.regulator.in_force] == [
        "enforcement begins",
        "no new contracts",
    ]
    late.run_to_end()
    assert bytes_of(late.panel) == bytes_of(straight.panel)
    assert late.state.workers.tobytes() == straight.state.workers.tobytes()


def test_a_fork_after_the_deadline_makes_everyone_due_at_once() -> None:
    scenario = make_scenario(
        *SMALL, "months=60", "policy=un2397", "policy.transport_per_month=null"
    )
    baseline = LabourMarket(scenario)
    baseline.run_to(50)
    late = baseline.fork(POLICY)
    late.run_to(51)
    north_koreans = group_heads(late.panel, scenario, "north_korean")
    assert north_koreans[BURN_IN_MONTHS + 49] > 0
    assert north_koreans[BURN_IN_MONTHS + 50] == 0


@pytest.mark.parametrize(
    ("overrides", "month"),
    [
        (ALL_PRESIGNED, ADOPTION),
        ((*ALL_PRESIGNED, "policy.presigned=0.99"), BAN),
        (
            (
                *ALL_PRESIGNED,
                "levers.training.places_per_month=10",
                "levers.training.from_date=2017-10-01",
            ),
            BAN,
        ),
        (
            (
                *ALL_PRESIGNED,
                "levers.training.places_per_month=10",
                "levers.training.from_date=2017-02-01",
            ),
            13,
        ),
        ((*ALL_PRESIGNED, f"months={ADOPTION}"), None),
        (("policy=none",), None),
    ],
)
def test_runs_can_differ_from_the_baseline_from_what_first_bites(
    overrides: tuple[str, ...], month: int | None
) -> None:
    assert divergence_month(make_scenario(*SMALL, *overrides)) == month


def test_a_fork_leaves_its_origin_alone() -> None:
    scenario = make_scenario(*BUSY)
    alone, forked = LabourMarket(scenario), LabourMarket(scenario)
    forked.run_to(BAN)
    forked.fork(POLICY).run_to_end()
    for model in (alone, forked):
        model.run_to_end()
    assert bytes_of(alone.panel) == bytes_of(forked.panel)


@pytest.mark.parametrize(
    "nothing",
    [
        ("policy=none",),
        (
            "policy.new_contracts_end_from=2020-06",
            "policy.adopted_from=2020-06",
            "policy.leave_by=2020-06",
        ),
    ],
)
def test_where_nothing_binds_all_three_runs_are_one(nothing: tuple[str, ...]) -> None:
    runs = run_paired(make_scenario(*SMALL, *nothing), 0)
    assert runs.fork_month is None
    assert (
        bytes_of(runs.baseline) == bytes_of(runs.policy) == bytes_of(runs.policy_at_baseline_wages)
    )
    assert not shortage(runs.baseline, runs.policy_at_baseline_wages).missing.any()


def test_a_policy_that_renews_every_paper_costs_no_hands() -> None:
    runs = run_paired(make_scenario(*SMALL, "policy=blind_eye"), 0)
    assert runs.fork_month is not None
    for run in (runs.policy, runs.policy_at_baseline_wages):
        assert labour(run).tobytes() == labour(runs.baseline).tobytes()
        assert not shortage(runs.baseline, run).missing.any()


def test_history_before_the_fork_is_common() -> None:
    runs = run_paired(make_scenario(*BUSY), 0)
    assert runs.fork_month == BAN
    for run in (runs.policy, runs.policy_at_baseline_wages):
        assert bytes_of(Panel(*(array[:BAN] for array in run))) == bytes_of(
            Panel(*(array[:BAN] for array in runs.baseline))
        )
    assert heads(runs.policy)[DEADLINE] != heads(runs.baseline)[DEADLINE]


def test_any_number_of_threads_gives_the_same_bytes() -> None:
    scenario = make_scenario(*BUSY, "market.scale=0.05")
    found = []
    for threads in (1, 2, 4):
        with ThreadPoolExecutor(threads) as pool:
            found.append(
                [
                    bytes_of(runs.baseline, runs.policy, runs.policy_at_baseline_wages)
                    for runs in pool.map(lambda r: run_paired(scenario, r), range(4))
                ]
            )
    assert found[0] == found[1] == found[2]
    assert len(set(found[0])) == 4


def test_seeds_and_replicates_differ() -> None:
    scenario = make_scenario(*SMALL, "policy=none", "months=2")
    seeds = [dataclasses.replace(scenario, seed=seed) for seed in (1, 2)]
    panels = [run_paired(one, replicate).baseline for one in seeds for replicate in (0, 1)]
    assert len({bytes_of(panel) for panel in panels}) == 4


def in_a_new_process(script: str, folder: Path, **environment: str) -> str:
    """What a Python script prints when run from a folder."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_new_process_gives_the_same_bytes() -> None:
    script = (
        "from sim.paired import run_paired\n"
        "from tests.support.shipped_scenarios import make_scenario\n"
        "from tests.sim.engine.test_randomness import BUSY, bytes_of\n"
        "runs = run_paired(make_scenario(*BUSY), 1)\n"
        "print(bytes_of(runs.baseline, runs.policy, runs.policy_at_baseline_wages))"
    )
    runs = run_paired(make_scenario(*BUSY), 1)
    assert in_a_new_process(script, ROOT) == bytes_of(
        runs.baseline, runs.policy, runs.policy_at_baseline_wages
    )


def test_an_edited_rule_takes_effect_in_kernels_already_compiled(tmp_path: Path) -> None:
    tree, cache = tmp_path / "tree", {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    shutil.copytree(SIM_FOLDER, tree / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    probe = (
        "from sim.engine.compiling import kernel\n"
        "from sim.firms.demand import vacancies_to_open\n\n\n"
        "@kernel\ndef probe(planned, labour):\n"
    )
    (tree / "sim/verbs/probe.py").write_text(
        probe + "    return vacancies_to_open(planned, labour)\n", encoding="utf-8"
    )
    script = "from sim.verbs.probe import probe\nprint(probe(7.0, 4.0))"
    assert in_a_new_process(script, tree, **cache) == "3.0"
    rule = tree / "sim/firms/demand.py"
    text = rule.read_text(encoding="utf-8")
    edited = text.replace("max(0.0, planned - labour)", "max(0.0, planned + labour)")
    assert edited != text
    rule.write_text(edited, encoding="utf-8")
    assert in_a_new_process(script, tree, **cache) == "11.0"
