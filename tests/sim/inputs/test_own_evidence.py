"""A user's own series and facts are read next to the shipped ones, and never instead of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from experiments.configuration.settings import load_settings
from experiments.results.provenance import evidence_hash
from sim.inputs.dated_inputs import dated_inputs, evidence_problems, facts, series
from sim.inputs.own_evidence import VARIABLE
from sim.inputs.problems import ScenarioError

OWN_SERIES = """\
my_prices:
  {unit: "percent, December on December", period: year, source: my office, confidence: low,
   values: {2015: 10.0, 2016: 20.0, 2017: 30.0, 2018: 0.0, 2019: 0.0, 2020: 0.0}}
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for read in (series, facts):
        read.cache_clear()


def test_a_scenario_reads_a_series_of_ones_own(own: Path) -> None:
    (own / "series.yaml").write_text(OWN_SERIES, encoding="utf-8")
    scenario = load_settings(["market.inputs.consumer_prices=my_prices"]).scenario
    prices = dated_inputs(scenario).consumer_prices[24:]
    assert prices[12 + 11] / prices[11] == pytest.approx(1.3)
    assert "consumer_prices_russia" in series()


def test_what_is_ones_own_counts_in_the_evidence_hash(own: Path) -> None:
    file = own / "series.yaml"
    file.write_text(OWN_SERIES, encoding="utf-8")
    first = evidence_hash()
    file.write_text(OWN_SERIES.replace("my office", "my desk"), encoding="utf-8")
    assert evidence_hash() != first


def test_a_shipped_name_is_refused(own: Path) -> None:
    (own / "facts.yaml").write_text(
        "dprk_hours: {value: 1, unit: hours, period: 2018, source: me, confidence: low}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match=r"dprk_hours: sim/evidence/facts\.yaml has this name"):
        facts()


def test_a_malformed_file_is_refused_as_a_shipped_one_is(own: Path) -> None:
    (own / "series.yaml").write_text("mine: {unit: percent}\n", encoding="utf-8")
    assert any("mine" in problem for problem in evidence_problems())


def test_a_folder_without_evidence_is_refused(own: Path) -> None:
    with pytest.raises(ScenarioError, match=rf"{VARIABLE}: given .*a folder with series\.yaml,"):
        series()


def test_without_a_folder_there_is_the_shipped_evidence_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    forget()
    assert "my_prices" not in series()
