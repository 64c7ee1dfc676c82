"""Every reported measure, in the words of a scenario's market: groups, trades, place, money."""

from __future__ import annotations

from dataclasses import replace

from sim.inputs.dated_inputs import fact_range, series
from sim.inputs.problems import ScenarioError
from sim.measures.crew_fates import CREW_FATES
from sim.measures.heads_and_labour import PEOPLE
from sim.measures.labelled import LABELLED
from sim.measures.measure import Measure, fillings
from sim.measures.names import (
    crew_words,
    money_of,
    nationality,
    place_words,
    reported_of,
    sender_words,
)
from sim.measures.output import OUTPUT
from sim.measures.replacement import REPLACEMENT
from sim.measures.revenue import MONEY
from sim.measures.shortage import SHORTAGE
from sim.measures.vacancies import VACANCIES
from sim.measures.wages_and_pay import WAGES
from sim.scenario import Scenario

PAPER_WORDS = {"none": "no"}
MEASURES: dict[str, Measure] = (
    SHORTAGE | VACANCIES | LABELLED | WAGES | OUTPUT | PEOPLE | CREW_FATES | REPLACEMENT | MONEY
)


def measures_of(scenario: Scenario) -> dict[str, Measure]:
    """MEASURES for the groups, papers and trades of a scenario, in the words of its market."""
    table: dict[str, Measure] = {}
    words = _words(scenario)
    for pattern, measure in MEASURES.items():
        if not measure.is_reported(scenario):
            continue
        for names, _ in fillings(pattern, scenario):
            name = pattern.format(**names)
            _add(table, name, _filled(measure, names, words))
            for trade in scenario.market.trades if measure.by_trade else ():
                label = f"{measure.label}, {trade} trades"
                _add(table, f"{name}_{trade}", replace(measure, label=label, by_trade=False))
    return table


def _add(table: dict[str, Measure], name: str, measure: Measure) -> None:
    """Add a measure; raises ScenarioError if groups or trades are so named that two are one."""
    if name in table:
        raise ScenarioError(
            [f"population: two measures are called {name}; rename the group or trade in it"]
        )
    table[name] = measure


def _words(scenario: Scenario) -> dict[str, str]:
    """What labels and units name: the market's money and place, its crews and who sends them."""
    kinds = {name: group.kind for name, group in scenario.population.items()}
    market = scenario.market
    sender = sender_words(kinds)
    place = place_words(market.name, market.region)
    return {
        "money": money_of(scenario),
        "place": place,
        "crews": crew_words(kinds),
        "sender": sender,
        "Sender": sender[:1].upper() + sender[1:],
        **_cited(scenario),
    }


def _filled(measure: Measure, names: dict[str, str], words: dict[str, str]) -> Measure:
    """A measure with its label, unit and note in words."""
    shown = {
        key: PAPER_WORDS.get(value, value) if key == "paper" else nationality(value)
        for key, value in names.items()
    }
    shown |= {key.capitalize(): value for key, value in shown.items()}
    label, unit = measure.label.format(**shown, **words), measure.unit.format(**words)
    return replace(measure, unit=unit, label=label, note=measure.note.format(**words))


def _cited(scenario: Scenario) -> dict[str, str]:
    """Reported figures that notes name, with their sources."""
    reported = reported_of(scenario)
    if reported is None:
        return {}
    low, high = fact_range(reported.revenue_of_all_hosts_usd)
    return {
        "housing": series()[reported.housing_completed].source,
        "country": reported.country,
        "permits": f"{fact_range(reported.permits_in_country)[0]:,.0f}",
        "low": f"{low / 1e6:,.0f}",
        "high": f"{high / 1e6:,.0f}",
    }
