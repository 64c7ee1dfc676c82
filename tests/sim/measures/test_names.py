"""What markets, groups and measures are called, with and without anything known of them."""

from __future__ import annotations

import pytest

from sim.inputs.problems import ScenarioError
from sim.inputs.scenario_reader import build_scenario
from sim.measures.catalogue import measures_of
from sim.measures.names import (
    crew_words,
    crews_of,
    has_reported_crews,
    money_of,
    nationality,
    place_words,
    reported_of,
    sender_words,
)
from sim.scenario import Scenario
from tests.support.shipped_scenarios import make_raw, make_scenario

KNOWN = {"north_korean": "contract_crew", "russian": "resident"}
UNKNOWN = {"nepali": "contract_crew", "local": "resident"}
SEVERAL = {"north_korean": "contract_crew", "east_indian": "contract_crew"}
NO_CREW = {"russian": "resident"}


@pytest.fixture(scope="module")
def shipped() -> Scenario:
    return make_scenario()


def elsewhere(**groups: str) -> Scenario:
    """The shipped scenario with other names: each group takes the numbers of another."""
    raw = make_raw()
    population = raw["population"]
    for name, like in groups.items():
        population[name] = dict(population[like])
    return build_scenario(raw)


def test_a_group_is_called_by_its_name_in_capitals() -> None:
    assert nationality("border_commuter") == "Border Commuter"


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (KNOWN, "North Koreans"),
        (UNKNOWN, "Nepali workers"),
        (SEVERAL, "North Korean and East Indian workers"),
        (NO_CREW, "crews"),
    ],
)
def test_crews_go_by_their_usual_name_or_by_their_groups(kinds: dict[str, str], words: str) -> None:
    assert crew_words(kinds) == words


@pytest.mark.parametrize(
    ("kinds", "state", "capital"),
    [
        (KNOWN, "North Korea", "Pyongyang"),
        (UNKNOWN, "the sending state", "the sending state"),
        (SEVERAL, "the sending state", "the sending state"),
        (NO_CREW, "the sending state", "the sending state"),
    ],
)
def test_the_sender_is_a_known_state_or_its_capital(
    kinds: dict[str, str], state: str, capital: str
) -> None:
    assert sender_words(kinds) == state
    assert sender_words(kinds, capital=True) == capital


def test_crews_are_the_groups_of_that_kind() -> None:
    assert crews_of(SEVERAL | NO_CREW) == ["north_korean", "east_indian"]


def test_a_market_without_a_short_name_goes_by_its_region() -> None:
    assert place_words("primorye", "Primorsky Krai") == "the krai"
    assert place_words("atlantis", "the island") == "the island"


def test_losses_are_scaled_only_for_the_crews_that_are_reported(shipped: Scenario) -> None:
    reported = reported_of(shipped)
    assert reported is not None
    assert reported.crews == "north_korean"
    assert has_reported_crews(shipped)
    assert not has_reported_crews(elsewhere(nepali="north_korean"))


def test_money_is_that_of_the_exchange_rate(shipped: Scenario) -> None:
    assert money_of(shipped) == "RUB"


def test_labels_and_notes_name_the_market_s_people_money_and_facts(shipped: Scenario) -> None:
    table = measures_of(shipped)
    assert table["dprk_state_revenue_usd"].label == "North Korea's levy on its builders in the krai"
    assert table["dprk_revenue_lost_usd"].label == "Levy lost by North Korea, builders in the krai"
    assert table["north_korean_heads_none"].label == "North Korean workers employed, no paper"
    assert table["north_korean_heads_work"].label == "North Korean workers employed, work paper"
    assert table["heads_structural"].label == "Workers employed, structural trades"
    assert table["heads"].by_trade
    assert not table["heads_structural"].by_trade
    assert table["wage_nominal_rub"].unit == "nominal RUB a month"
    notes = {end: table[f"dprk_revenue_lost_{end}_extrapolated_usd"].note for end in ENDS}
    assert notes == {end: f"extrapolation, not simulated: {words}" for end, words in ENDS.items()}


ENDS = {
    "russia": "30,023 permits",
    "all_hosts_low": "200 million USD a year",
    "all_hosts_high": "500 million USD a year",
}


def test_a_sender_that_is_not_known_begins_a_label_in_capitals() -> None:
    raw = make_raw()
    raw["population"]["nepali"] = raw["population"].pop("north_korean")
    table = measures_of(build_scenario(raw))
    assert table["dprk_state_revenue_usd"].label.startswith("The sending state's levy")
    assert table["nepali_gone_heads"].label == "Nepali workers gone"
    assert "dprk_revenue_lost_russia_extrapolated_usd" not in table


def test_two_measures_of_one_name_are_refused() -> None:
    """Heads of a group called north_korean_gone, and gone heads of North Koreans."""
    raw = make_raw()
    population = raw["population"]
    population["north_korean_gone"] = dict(population["chinese"])
    with pytest.raises(ScenarioError, match="two measures are called north_korean_gone_heads"):
        measures_of(build_scenario(raw))
