"""Measures are declared once and written by name: none can take another's place."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.engine.compiling import SIM_FOLDER
from sim.engine.panel import (
    PARTS,
    ByGroup,
    ByGroupTrade,
    ByPaper,
    Fate,
    Flow,
    OfMarket,
    assigned,
    counters_of,
    measure_named,
    refuse_unwritten,
)
from sim.verbs.record import record_firms, record_papers, record_public_costs, record_wages
from tests.support.shipped_scenarios import make_raw

SUMS = """
import json, sys
import numpy as np
from sim.engine.panel import TABLES
from sim.inputs.scenario_reader import build_scenario
from sim.model import LabourMarket

market = LabourMarket(build_scenario(json.loads(sys.stdin.read())), branch="policy")
market.run_to_end()
known = {
    one.key: float(np.nansum(market.panel.of(one))) for table in TABLES.values() for one in table
}
print(json.dumps(known))
"""
TABLE = re.compile(r"^class (?:By|Of)\w+\(PanelMeasure\):\n    .*\n\n((?:    .*\n)+)", re.MULTILINE)
MEASURE = re.compile(r"^    [A-Z_]+ = (?:level|mean|count)\([^()]*\)\n", re.MULTILINE)


def edited_science(folder: Path, edit: Callable[[list[str]], list[str]]) -> Path:
    """A copy of the science in which the measures of every table are edited."""
    shutil.copytree(SIM_FOLDER, folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    panel = folder / "sim" / "engine" / "panel.py"
    source = panel.read_text(encoding="utf-8")
    found = TABLE.sub(
        lambda table: table[0].replace(table[1], "".join(edit(MEASURE.findall(table[1])))), source
    )
    assert found != source
    panel.write_text(found, encoding="utf-8")
    return folder


def sums_in(folder: Path) -> dict[str, float]:
    """The sum of every measure over a small policy branch, simulated by the science in a folder."""
    scenario = json.dumps(make_raw({"market.scale": 0.01, "months": 30}), default=str)
    command = [sys.executable, "-c", SUMS]
    done = subprocess.run(command, cwd=folder, input=scenario, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def one_more_everywhere(measures: list[str]) -> list[str]:
    """A measure before each measure and after the last."""
    added = [f'    ADDED_{i} = count("workers")\n' for i in range(len(measures) + 1)]
    added = [text.replace('"workers"', '"workers", Flow.TRAINED') for text in added]
    return [text for pair in zip(added, [*measures, ""], strict=True) for text in pair]


@pytest.mark.slow
@pytest.mark.parametrize("edit", [one_more_everywhere, lambda measures: measures[::-1]])
def test_a_measure_inserted_at_every_place_or_moved_changes_no_other(
    edit: Callable[[list[str]], list[str]], tmp_path: Path
) -> None:
    before, after = sums_in(SIM_FOLDER.parent), sums_in(edited_science(tmp_path, edit))
    assert before["crew_complied"] > 0
    assert {name: after[name] for name in before} == before


def test_a_measure_that_is_declared_but_never_written_is_refused_at_import(tmp_path: Path) -> None:
    folder = edited_science(tmp_path, lambda known: [*known, '    FINES_RUB = level("RUB")\n'])
    command = [sys.executable, "-c", "import sim.model"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 1
    assert "ImportError: fines_rub: declared in ByGroupTrade of sim.engine.panel" in done.stderr
    assert "written by none of record_stocks_and_flows" in done.stderr


def test_every_table_lists_who_writes_what() -> None:
    assert assigned(ByPaper, record_papers) == set(ByPaper.__members__)
    assert "WAGE_USD" in assigned(OfMarket, record_wages)
    assert "WAGE_USD" not in assigned(OfMarket, record_firms)
    with pytest.raises(ImportError, match="wage_real, wage_real_rub"):
        refuse_unwritten(OfMarket, record_firms, record_public_costs)


def test_what_a_counted_measure_adds_up_stands_in_its_declaration() -> None:
    pairs = counters_of(ByGroupTrade).tolist()
    hires = [counter for measure, counter in pairs if measure == ByGroupTrade.HIRES]
    assert hires == [Flow.HIRED, Flow.JOB_TO_JOB, Flow.DISPATCHED]
    assert [ByGroup.CREW_FOUND, Fate.FOUND] in counters_of(ByGroup).tolist()


def test_names_of_measures_are_unique() -> None:
    names = [measure.key for table in PARTS for measure in table]
    assert len(names) == len(set(names))
    assert all(measure_named(name).key == name for name in names)
