"""Each point of a sweep is read at its own deadline and with its own retained places.

Also: what a report over result folders may claim.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.run import main as run
from experiments.sweep import main
from experiments.sweeps.reporting.compliance_thresholds import DEADLINE_TOLERANCE, retained_places
from experiments.sweeps.reporting.reading_months import reading_months
from experiments.sweeps.reporting.sweep_answer import answer, threshold_sentences
from experiments.sweeps.store.store_reader import StoredRuns
from experiments.sweeps.sweep_session import opened_store
from sim.policy.enforcement import construction_places
from tests.support.small_sweeps import SMALL, rows, small_sweep

DATES = ("2018-06", "2019-03", "null", "2025-01")


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished sweep of compliance against the deadline.

    Two deadlines fall within its 42 months, one is null, and one falls after them.
    """
    folder = tmp_path_factory.mktemp("dated") / "store"
    assert main([*SMALL, "months=42", f"policy.leave_by={','.join(DATES)}", f"store={folder}"]) == 0
    return folder


def summary_of(folder: Path) -> dict[str, Any]:
    """A store's summary.json."""
    found: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return found


def paragraphs(folder: Path, kind: str) -> str:
    """The text of a report's paragraphs of a class."""
    page = (folder / "report.html").read_text(encoding="utf-8")
    return html.unescape(" ".join(re.findall(rf'<p class="{kind}">(.*?)</p>', page)))


def test_every_point_is_read_at_its_own_deadline(dated: Path) -> None:
    summary = summary_of(dated)
    titles = {
        "deadline 2018-06": "2018-06",
        "deadline 2019-03": "2019-03",
        "end of 2018": "2018-12",
        "end of run": "2019-06",
    }
    assert summary["reading_months"] == titles
    assert summary["common_month"] is None
    months = {point["values"]["policy.leave_by"]: point["month"] for point in summary["points"]}
    assert months == {
        "2018-06": "2018-06",
        "2019-03": "2019-03",
        None: "2019-03",
        "2025-01": "2019-03",
    }
    assert [line["month"] for line in summary["thresholds"]] == [
        "2018-06",
        "2019-03",
        "2019-03",
        "2019-03",
    ]
    assert ["deadline_met" in line for line in summary["thresholds"]] == [True, True, False, False]
    assert {cell["month"] for cell in summary["effects"]["cells"]} == {"2018-06", "2019-03"}


@pytest.mark.parametrize("number", [0, 1])
def test_the_deadline_is_met_or_not_in_the_month_in_which_it_falls(
    dated: Path, number: int
) -> None:
    line, date = summary_of(dated)["thresholds"][number], DATES[number]
    found = [
        row
        for row in rows(dated).to_pylist()
        if row["policy.leave_by"] == date and f"{row['month']:%Y-%m}" == date
    ]
    for level, share in line["deadline_met"]["share_by_level"]:
        met = [
            sum(row[f"north_korean_heads_{paper}"] for paper in ("work", "student", "tourist"))
            <= DEADLINE_TOLERANCE * row["north_korean_heads_baseline"]
            for row in found
            if row["policy.compliance"] == level
        ]
        assert (len(met), share) == (2, np.mean(met))


def test_sentences_name_the_month_of_their_line(dated: Path) -> None:
    summary = summary_of(dated)
    sentences = [threshold_sentences(summary, line) for line in summary["thresholds"]]
    assert ["in 2018-06" in text for text in sentences] == [True, False, False, False]
    assert ["The deadline is met" in text for text in sentences] == [True, True, False, False]
    assert answer(summary) == sentences[0]
    assert "Levels of compliance are up to 0.5 apart" in sentences[0]
    assert "Each measure in the month of each point's deadline" in paragraphs(dated, "soft")


def test_one_deadline_is_the_month_of_every_point() -> None:
    months = ["2018-01", "2018-02", "2018-03"]
    both = reading_months(["2017-09", None], ["2018-02", None], months)
    assert both.by_title == {"deadline": "2018-02", "end of run": "2018-03"}
    assert both.common == "2018-02"
    assert both.has_deadline == (True, False)
    assert reading_months([None, None], [None, None], months).common == "2018-03"


def test_each_point_has_its_own_retained_places(tmp_path: Path) -> None:
    crew = "population.north_korean.construction_share"
    sweep = small_sweep(
        tmp_path,
        "market.scale=0.1",
        f"{crew}=0.2,0.9",
        "policy.retained_workers=0,5000",
        "policy.compliance=0,1",
    )
    with opened_store(sweep) as (store, _):
        found = retained_places(StoredRuns(sweep.plan, sweep.columns, store))[:, 0, 0]
    scenarios = [sweep.plan.design.scenario_of(values) for values in sweep.plan.values]
    assert found.tolist() == [construction_places(scenario) / 0.1 for scenario in scenarios]
    by_share = {
        (values[crew], values["policy.retained_workers"]): places
        for values, places in zip(sweep.plan.values, found, strict=True)
    }
    assert by_share == {
        (0.2, 0): 0.0,
        (0.9, 0): 0.0,
        (0.2, 5000): pytest.approx(1000.0),
        (0.9, 5000): pytest.approx(4500.0),
    }


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Three result folders: two with the same seeds, one with others and sampled parameters."""
    parent = tmp_path_factory.mktemp("results")
    runs = {
        "letter": ("policy=un2397", "seed=7", "replicates=3", "uncertainty=none"),
        "late": (
            "policy=cliff",
            "policy.leave_by=2018-12",
            "seed=7",
            "replicates=3",
            "uncertainty=none",
        ),
        "sampled": ("policy=cliff", "seed=1", "replicates=4", "uncertainty=posterior"),
    }
    for name, given in runs.items():
        assert (
            run([*given, "market.scale=0.004", "months=36", f"name={name}", f"output_dir={parent}"])
            == 0
        )
    return {path.name.rsplit("-", 1)[1]: str(path) for path in parent.iterdir()}


def test_folders_with_other_seeds_are_not_called_paired(
    folders: dict[str, str], tmp_path: Path
) -> None:
    assert main(["--read", str(tmp_path), folders["letter"], folders["sampled"]]) == 0
    caution = paragraphs(tmp_path, "caution")
    differing = "seed (7, 1), replicates (3, 4) and uncertainty (none, posterior)"
    assert f"2 points that differ in {differing}; 7 of 7 runs are done" in caution
    assert "Differences between points are not paired" in caution
    assert "chance, and at some points sampled parameters" in caution
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for false in (
        "same seeds",
        "chance only",
        "paired difference",
        "The sweep uses these values",
        "in its store",
    ):
        assert false not in page
    assert summary_of(tmp_path)["seed"] is None


def test_folders_that_differ_in_nothing_but_their_seeds_are_named_by_them(
    folders: dict[str, str], tmp_path: Path
) -> None:
    assert main(["--read", str(tmp_path), folders["late"], folders["sampled"]]) == 0
    assert "seed 1, replicates 4, uncertainty posterior" in paragraphs(tmp_path, "answer")
    assert 'id="figure-response"' not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_folders_under_the_same_seeds_are_read_at_their_own_deadlines(
    folders: dict[str, str], tmp_path: Path
) -> None:
    assert main(["--read", str(tmp_path), folders["letter"], folders["late"]]) == 0
    summary = summary_of(tmp_path)
    assert (summary["differ"], summary["seed"], summary["replicates"]) == ({}, 7, 3)
    caution = paragraphs(tmp_path, "caution")
    assert "2 points x 3 replicates under the same seeds (seed 7)" in caution
    assert "paired difference" not in caution
    assert [point["month"] for point in summary["points"]] == ["2018-12", "2018-12"]
    assert summary["reading_months"]["deadline"] == "2018-12"
