"""What a sweep says of its points: each judged at its own deadline and by its own carve-out; folders side by side without false claims."""

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
from experiments.sweeps.reporting.key_figures import DEADLINE_TOLERANCE, carve_outs
from experiments.sweeps.reporting.reading_months import assembled
from experiments.sweeps.reporting.sweep_names import answer, threshold_sentence
from experiments.sweeps.store.store_reader import Results
from experiments.sweeps.sweep_session import opened_store
from sim.policy.enforcement import construction_places
from tests.support.small_sweeps import SMALL, rows, small_sweep

DATES = ("2018-06", "2019-03", "null", "2025-01")


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished sweep of compliance against the deadline: two within its 42 months, none, and one after its end."""
    folder = tmp_path_factory.mktemp("dated") / "store"
    assert main([*SMALL, "months=42", f"policy.leave_by={','.join(DATES)}", f"store={folder}"]) == 0
    return folder


def summary_of(folder: Path) -> dict[str, Any]:
    """A store's summary.json."""
    found: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return found


def paragraphs(folder: Path, kind: str) -> str:
    """What a report says in paragraphs of a class."""
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
    assert summary["moments"] == titles
    assert summary["main_month"] is None
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
        if row["policy.leave_by"] == date and row["month"] == date
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
    said = [threshold_sentence(summary, line) for line in summary["thresholds"]]
    assert ["in 2018-06" in text for text in said] == [True, False, False, False]
    assert ["The deadline is met" in text for text in said] == [True, True, False, False]
    assert answer(summary) == said[0]
    assert "Levels of compliance lie up to 0.5 apart" in said[0]
    assert "In the month of each point's deadline" in paragraphs(dated, "soft")


def test_one_deadline_is_the_month_of_every_point() -> None:
    months = ["2018-01", "2018-02", "2018-03"]
    both = assembled({"end of 2017": "2017-12"}, ["2018-02", None], months)
    assert (both.named, both.main) == ({"deadline": "2018-02", "end of run": "2018-03"}, "2018-02")
    assert both.is_deadline == (True, False)
    assert assembled({}, [None, None], months).main == "2018-03"


def test_the_carve_out_is_that_of_each_point(tmp_path: Path) -> None:
    crew = "population.north_korean.construction_share"
    sweep = small_sweep(
        tmp_path,
        "market.scale=0.1",
        f"{crew}=0.2,0.9",
        "policy.retained_workers=0,5000",
        "policy.compliance=0,1",
    )
    with opened_store(sweep) as (store, _):
        found = carve_outs(Results(sweep.plan, sweep.layout, store))[:, 0, 0]
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
    """Results of three runs: two alike in their seeds, one with others and with drawn parameters."""
    parent = tmp_path_factory.mktemp("results")
    runs = {
        "letter": ("policy=un2397", "seed=7", "replicates=3", "uncertainty=none"),
        "cliff": (
            "policy=cliff",
            "policy.leave_by=2018-12",
            "seed=7",
            "replicates=3",
            "uncertainty=none",
        ),
        "drawn": ("policy=cliff", "seed=1", "replicates=4", "uncertainty=posterior"),
    }
    for name, given in runs.items():
        assert (
            run([*given, "market.scale=0.004", "months=36", f"name={name}", f"output_dir={parent}"])
            == 0
        )
    return {path.name.rsplit("-", 1)[1]: str(path) for path in parent.iterdir()}


def test_folders_with_other_seeds_are_not_said_to_be_paired(
    folders: dict[str, str], tmp_path: Path
) -> None:
    assert main(["--read", str(tmp_path), folders["letter"], folders["drawn"]]) == 0
    said = paragraphs(tmp_path, "caution")
    assert (
        "2 points that differ in seed (7, 1), replicates (3, 4) and uncertainty (none, posterior); 7 of 7 runs are in"
        in said
    )
    assert "Differences between points are not paired" in said
    assert "chance, and in some of the points drawn parameters" in said
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for false in (
        "same seeds",
        "chance only",
        "paired difference",
        "holds them fixed",
        "in its store",
    ):
        assert false not in page
    assert summary_of(tmp_path)["seed"] is None


def test_folders_that_differ_in_nothing_but_their_seeds_are_named_by_them(
    folders: dict[str, str], tmp_path: Path
) -> None:
    assert main(["--read", str(tmp_path), folders["cliff"], folders["drawn"]]) == 0
    assert "seed 1, replicates 4, uncertainty posterior" in paragraphs(tmp_path, "answer")
    assert 'id="figure-response"' not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_folders_under_the_same_seeds_are_read_at_their_own_deadlines(
    folders: dict[str, str], tmp_path: Path
) -> None:
    assert main(["--read", str(tmp_path), folders["letter"], folders["cliff"]]) == 0
    summary = summary_of(tmp_path)
    assert (summary["differ"], summary["seed"], summary["replicates"]) == ({}, 7, 3)
    said = paragraphs(tmp_path, "caution")
    assert "2 points x 3 replicates under the same seeds (7)" in said
    assert "paired difference" not in said
    assert [point["month"] for point in summary["points"]] == ["2018-12", "2018-12"]
    assert summary["moments"]["deadline"] == "2018-12"
