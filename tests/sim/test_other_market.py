"""A market other than the krai is named by its own groups, region and money.

Nothing known of Primorye is set beside it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from experiments.configuration.shipped_files import CONFIGS
from experiments.reporting.citation import AUTHOR
from experiments.reporting.report_page import report_html
from experiments.reporting.side_by_side import comparison_html
from experiments.results.result_folder import Result, load_result
from experiments.run import main
from experiments.sweep import main as sweep
from sim.measures.catalogue import MEASURES, measures_of
from sim.measures.measure import always
from sim.measures.names import crew_words, place_words, sender_words
from tests.support.shipped_scenarios import make_scenario

KRAI_WORDS = r"North Korea|Pyongyang|[Kk]rai\b|Russia|RUB\b|Primor|DPRK|Chinese"
WHY_FIXED = "the parameter draws that ship with the program are Primorsky Krai's"
GULF = """\
# The krai's construction under other names.
defaults:
  - primorye
  - _self_
name: gulf
region: Dubai
inputs:
  outside_pay: null
  consumer_prices: consumer_prices_germany
  rub_per_usd: no_exchange_rate
"""
NAMES = {"north_korean": "indian", "chinese": "nepali", "russian": "emirati"}
LEVERS = ("levers.training.places_per_month=50", "levers.training.from_date=2018-01")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Sequence[str]:
    """What chooses an own market with own groups, written as a user would."""
    folder = tmp_path_factory.mktemp("own")
    for name in ("market", "population"):
        (folder / name).mkdir()
    (folder / "market" / "gulf.yaml").write_text(GULF, encoding="utf-8")
    people = yaml.safe_load((CONFIGS / "population" / "primorye.yaml").read_text(encoding="utf-8"))
    renamed = {NAMES[name]: group for name, group in people.items()}
    (folder / "population" / "gulf.yaml").write_text(
        yaml.safe_dump(renamed, sort_keys=False), encoding="utf-8"
    )
    return (
        f"hydra.searchpath=[file://{folder}]",
        "market=gulf",
        "population=gulf",
        "market.scale=0.02",
        "replicates=2",
        "months=60",
    )


@pytest.fixture(scope="module")
def gulf(own: Sequence[str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, str]:
    """A result of it, and what the command printed."""
    parent, capture = tmp_path_factory.mktemp("gulf"), pytest.MonkeyPatch()
    said: list[str] = []
    capture.setattr(
        "experiments.reporting.console_table.print_table",
        lambda title, lines, at, console: said.extend([title, *(line.label for line in lines)]),
    )
    assert main([*own, *LEVERS, "uncertainty=none", f"output_dir={parent}"]) == 0
    capture.undo()
    (folder,) = parent.iterdir()
    return load_result(folder), "\n".join(said)


def readable(text: str) -> str:
    """A page as it is read: without scripts, printed configuration and the program's own name."""
    shown = re.sub(r"[A-Za-z0-9+/=]{1000,}", "", text).replace(AUTHOR, "")
    shown = re.sub(r"<summary>Full configuration.*?</details>", "", shown, flags=re.DOTALL)
    return html.unescape(shown).replace(WHY_FIXED, "")


def test_its_report_says_nothing_of_the_krai(gulf: tuple[Result, str]) -> None:
    shown = readable(report_html(gulf[0]))
    assert re.findall(KRAI_WORDS, shown) == []
    for words in (
        "Where the Indian workers went",
        "The sending state's revenue",
        "Levy on builders in Dubai",
        "at 0.02 of Dubai",
        "The labour of a resident at full efficiency.",
        "if nobody reacted: Indian workers gone times their efficiency.",
    ):
        assert words in shown
    assert "local currency a month in prices of 2016-01" in shown
    assert "once wages have adjusted" in shown


def test_its_summary_tables_and_comparison_say_nothing_of_the_krai(
    gulf: tuple[Result, str],
) -> None:
    result, printed = gulf
    assert re.findall(KRAI_WORDS, json.dumps(result.summary).replace(WHY_FIXED, "")) == []
    assert re.findall(KRAI_WORDS, printed) == []
    assert "Naive rule: Indian workers gone x efficiency" in printed
    assert re.findall(KRAI_WORDS, readable(comparison_html([result, result]))) == []


def test_its_sweep_says_nothing_of_the_krai(own: Sequence[str], tmp_path: Path) -> None:
    assert sweep(["policy.compliance=0.2,0.9", *own, f"output_dir={tmp_path}"]) == 0
    (report,) = tmp_path.glob("sweeps/*/report.html")
    shown = readable(report.read_text(encoding="utf-8"))
    assert re.findall(KRAI_WORDS, shown) == []
    for words in (
        "Simulated at 0.02 of the size of Dubai",
        "Indian workers gone times their efficiency",
        "local currency a month in prices of 2016-01",
    ):
        assert words in shown


BESIDE_REPORTED = {name for name, known in MEASURES.items() if known.is_reported is not always}


def test_what_is_known_of_primorye_and_north_korea_is_not_set_beside_it(
    gulf: tuple[Result, str],
) -> None:
    assert BESIDE_REPORTED & set(gulf[0].summary["measures"]) == set()
    assert len(BESIDE_REPORTED) == 4
    assert set(measures_of(make_scenario())) >= BESIDE_REPORTED
    others = make_scenario(
        "market=german_border_1991", "population=german_border_1991", "policy=none"
    )
    assert BESIDE_REPORTED & set(measures_of(others)) == set()


def test_extrapolations_need_the_krai_s_own_crews() -> None:
    assert "dprk_revenue_lost_usd" in measures_of(make_scenario("~population.north_korean"))
    assert "dprk_revenue_lost_all_hosts_low_extrapolated_usd" not in measures_of(
        make_scenario("market.name=gulf")
    )
    assert sender_words({"indian": "contract_crew"}) == "the sending state"
    assert sender_words({"north_korean": "contract_crew"}, capital=True) == "Pyongyang"
    assert (
        sender_words({"north_korean": "contract_crew", "indian": "contract_crew"}, capital=True)
        == "the sending state"
    )


def test_groups_and_places_in_words() -> None:
    assert crew_words({"north_korean": "contract_crew", "russian": "resident"}) == "North Koreans"
    assert (
        crew_words({"indian": "contract_crew", "nepali": "contract_crew"})
        == "Indian and Nepali workers"
    )
    assert crew_words({"german": "resident"}) == "crews"
    assert (place_words("primorye", "Primorsky Krai"), place_words("gulf", "Dubai")) == (
        "the krai",
        "Dubai",
    )


def test_the_krai_keeps_its_names(finished: Path) -> None:
    shown = readable(report_html(load_result(finished)))
    for words in (
        "Where the North Koreans went",
        "Pyongyang's revenue",
        "Levy on builders in the krai",
        "all Russia, by heads",
        "RUB a month",
    ):
        assert words in shown
    assert "The labour of a Russian on 40 hours." in shown
    assert "if nobody reacted: North Koreans gone times their efficiency." in shown
