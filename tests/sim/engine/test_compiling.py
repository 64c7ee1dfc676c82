"""Kernels leak no memory.

They borrow the arrays they are given and count references to those they make.
"""

from __future__ import annotations

import inspect
import shutil
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher
from numba.core.errors import NumbaError
from numba.core.runtime import _nrt_python, rtsys

from sim.branches import BASELINE, POLICY
from sim.engine import compiling
from sim.engine.compiling import (
    SIM_FOLDER,
    allocating_part,
    compiled_sources,
    part,
    source_hash,
)
from sim.engine.numba_linking import PIECES
from sim.model import LabourMarket
from tests.support.shipped_scenarios import make_scenario


@pytest.fixture
def arrays_in_use():
    """How many arrays made by kernels are in use; counted while the test lasts."""
    _nrt_python.memsys_enable_stats()

    def count() -> int:
        stats = rtsys.get_allocation_stats()
        return stats.alloc - stats.free

    yield count
    _nrt_python.memsys_disable_stats()


@pytest.mark.parametrize("run", [BASELINE, POLICY])
def test_months_leave_no_memory_behind(run, arrays_in_use):
    scenario = make_scenario("market.scale=0.05", "policy.compliance=0.5", "levers=training")
    baseline = LabourMarket(scenario)
    baseline.run_to(22)
    market = baseline.fork(run, scenario)
    market.run_to(23)
    before = arrays_in_use()
    market.run_to(40)
    assert market.month == 40
    assert arrays_in_use() == before


def test_a_part_that_makes_arrays_must_say_so():
    @part
    def silent() -> np.ndarray:
        return np.zeros(3)

    @allocating_part
    def said() -> np.ndarray:
        return np.zeros(3)

    @numba.njit
    def total_of_silent() -> float:
        return silent().sum()

    @numba.njit
    def total_of_said() -> float:
        return said().sum()

    with pytest.raises(NumbaError):
        total_of_silent()
    assert total_of_said() == 0.0


def test_the_cache_knows_every_file_whose_code_is_compiled():
    kernels = [
        found
        for module in [each for name, each in sys.modules.items() if name.startswith("sim.")]
        for value in vars(module).values()
        if isinstance(found := getattr(value, "kernel", value), Dispatcher)
    ]
    files = {Path(inspect.getfile(each.py_func)) for each in (*kernels, *PIECES)}
    compiled = {file for file in files if file.is_relative_to(SIM_FOLDER)}
    assert {SIM_FOLDER / "verbs" / name for name in ("pay.py", "open_month.py")} <= compiled
    assert {SIM_FOLDER / "firms" / "demand.py", SIM_FOLDER / "engine" / "draws.py"} <= compiled
    assert compiled <= compiled_sources()


@pytest.fixture
def own_sources(tmp_path, monkeypatch):
    """A copy of sim/ that a test may edit."""
    copy = tmp_path / "sim"
    shutil.copytree(SIM_FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(compiling, "SIM_FOLDER", copy)
    return copy


@pytest.mark.parametrize(
    ("name", "is_compiled"),
    [
        ("verbs/pay.py", True),  # a kernel of a state
        ("opening_placement.py", True),  # a kernel of arrays
        ("firms/demand.py", True),  # rules that kernels import
        ("engine/elementary.py", True),  # rules that rules import
        ("engine/worker_columns.py", True),  # constants
        ("measures/shortage.py", False),
        ("inputs/dotted_keys.py", False),
    ],
)
def test_editing_what_is_compiled_changes_the_cache_folder(own_sources, name, is_compiled):
    before = source_hash(compiled_sources())
    edited = own_sources / name
    edited.write_text(edited.read_text("utf-8") + "\n# edited\n", "utf-8")
    assert (source_hash(compiled_sources()) != before) == is_compiled


def test_a_new_import_of_a_compiled_file_counts(own_sources):
    before = source_hash(compiled_sources())
    new = own_sources / "firms" / "overtime.py"
    new.write_text("HOURS = 8\n", "utf-8")
    assert source_hash(compiled_sources()) == before
    importing = own_sources / "firms" / "demand.py"
    importing.write_text(
        importing.read_text("utf-8") + "\nfrom sim.firms import (\n    overtime,\n)\n", "utf-8"
    )
    assert new in compiled_sources()
