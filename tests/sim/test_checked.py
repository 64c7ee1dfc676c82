"""With PRIMORYE_CHECKED=1 a place outside an array is an IndexError, and every number the same.

Without it the same code writes into memory that belongs to something else.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.engine.compiling import compiled_version
from sim.engine.numba_linking import CHECKED
from sim.paired import run_paired
from tests.support.shipped_scenarios import make_scenario

ROOT = Path(__file__).parents[2]
RANDOM_SCENARIOS = 500
EVERYTHING = (
    "market.scale=0.01",
    "months=48",
    "policy.compliance=0.5",
    "policy.transport_per_month=300",
    "population.north_korean.dispatch_rate_per_month=0.1",
    "levers=training",
)


def run_checked(*arguments: str, **environment: str) -> str:
    """Output of a Python process that checks every index."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | {"PRIMORYE_CHECKED": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@functools.cache
def raised() -> dict[str, str]:
    """What each kernel of tests.support.out_of_range raised."""
    found: dict[str, str] = json.loads(run_checked("-m", "tests.support.out_of_range"))
    return found


@pytest.mark.parametrize(
    ("kernel", "named"),
    [
        ("write_after_the_last_worker", "state.workers[row]: there is no such place"),
        ("write_before_the_first_cell", "state.cells[row]: there is no such place"),
        ("write_after_the_last_group", "state.groups_now[row]: there is no such place"),
        ("write_staff_of_no_cell", "state.staff[i, ...]: there is no such place"),
        ("write_staff_of_no_group", "state.staff[..., j]: there is no such place"),
        ("write_a_column_by_name", "index is out of bounds"),
        ("write_a_month_too_many", "index is out of bounds"),
        ("write_a_row_of_a_month_too_many", "index is out of bounds"),
        ("write_in_a_part", "index is out of bounds"),
        ("write_a_record_in_a_part", "state.firms[row]: there is no such place"),
        ("search_beyond_a_column", "mask_of_equal: column[start + BLOCK - 1]"),
        ("write_a_plain_array", "index is out of bounds"),
    ],
)
def test_a_place_outside_an_array_was_written_all_the_same(kernel: str, named: str) -> None:
    assert raised()[kernel].startswith(f"IndexError: {named}")
    if kernel != "write_a_plain_array":
        assert f"in the kernel {kernel} or a part of it" in raised()[kernel]


def test_every_kernel_that_leaves_its_arrays_is_looked_at() -> None:
    assert len(raised()) == 12


def test_checked_kernels_have_a_cache_of_their_own() -> None:
    code = "from sim.engine.compiling import cache_folders; print(cache_folders()[0])"
    checked = Path(run_checked("-c", code).strip())
    unchecked = Path(run_checked("-c", code, PRIMORYE_CHECKED="0").strip())
    assert checked.name == f"{compiled_version()}-checked"
    assert unchecked.name == compiled_version()
    assert checked.parent == unchecked.parent


def panels_digest() -> str:
    """Hash of all panels of a replicate in which everything happens."""
    pair = run_paired(make_scenario(*EVERYTHING), 2)
    digest = hashlib.sha256()
    for panel in (pair.baseline, pair.policy, pair.policy_at_baseline_wages):
        for array in panel:
            digest.update(array.tobytes())
    return digest.hexdigest()


@pytest.mark.slow
def test_checks_change_no_bit() -> None:
    code = "from tests.sim.test_checked import panels_digest; print(panels_digest())"
    assert run_checked("-c", code).strip() == panels_digest()
    assert (
        run_checked("-c", code, PRIMORYE_CHECKED="" if CHECKED else "1").strip() == panels_digest()
    )


@pytest.mark.slow
def test_five_hundred_random_scenarios_stay_within_their_arrays() -> None:
    report = run_checked(
        "-m",
        "pytest",
        "tests/sim/test_random_scenarios.py",
        "-k",
        "any_valid_scenario",
        "--hypothesis-show-statistics",
        RANDOM_SCENARIOS=str(RANDOM_SCENARIOS),
    )
    assert f"Stopped because settings.max_examples={RANDOM_SCENARIOS}" in report
    assert "1 passed" in report
