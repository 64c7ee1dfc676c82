"""What stands in a summary is checked before a page is made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from experiments.results.result_folder import load_result
from experiments.results.whole_results import summary_defects
from sim.inputs.dotted_keys import replace_at

SPOILED: dict[str, Any] = {
    "start": "2016-13",
    "months": 0,
    "trades": [1],
    "levers": [None],
    "notes": [[]],
    "nationalities": {"russian": 3},
    "sampled": {"policy.compliance": True},
    "means_at_end": {"heads": "many"},
    "policy_dates": [{"month": "2017-12"}],
    "uncertainty.drivers": [3],
    "uncertainty.parameters_share": {"heads": None},
    "uncertainty.draws": "many",
}


@pytest.mark.parametrize("key", SPOILED)
def test_a_spoiled_value_is_named(finished: Path, key: str) -> None:
    summary = load_result(finished).summary
    assert list(summary_defects(summary)) == []
    (defect,) = summary_defects(replace_at(summary, key, SPOILED[key]))
    assert defect.startswith(key)


def test_a_measure_that_the_answer_needs_is_missed(finished: Path) -> None:
    summary = load_result(finished).summary
    others = {name: each for name, each in summary["measures"].items() if name != "heads"}
    assert list(summary_defects(summary | {"measures": others})) == ["measures.heads is missing"]
