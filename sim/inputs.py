"""The evidence files, checked, and the dated inputs that a scenario reads from them."""

from __future__ import annotations

import datetime
import functools
import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.evidence_files import (
    Fact,
    Parameter,
    ReportedMarket,
    Sender,
    Series,
    read_facts,
    read_markets,
    read_parameters,
    read_senders,
    read_series,
)
from sim.policy.calendar import date_of, label, month_index
from sim.problems import ScenarioError, refused, unknown
from sim.scenario import Commuter, Group, Scenario, TemporaryMigrant

EVIDENCE = Path(__file__).parent / "evidence"
BURN_IN = 24
"""Months simulated before `start`."""


@functools.cache
def series() -> Mapping[str, Series]:
    """All dated series, read once."""
    return read_series(EVIDENCE / "series.yaml")


@functools.cache
def parameters() -> Mapping[str, Parameter]:
    """Defaults, priors and sources of the configuration's numbers, read once."""
    return read_parameters(EVIDENCE / "parameters.yaml")


@functools.cache
def facts() -> Mapping[str, Fact]:
    """Single cited facts, read once."""
    return read_facts(EVIDENCE / "facts.yaml")


@functools.cache
def reported_markets() -> Mapping[str, ReportedMarket]:
    """Markets of which more is reported, read once."""
    return read_markets(EVIDENCE / "markets.yaml")


@functools.cache
def senders() -> Mapping[str, Sender]:
    """States that send contract crews, by group, read once."""
    return read_senders(EVIDENCE / "senders.yaml")


def evidence_problems() -> list[str]:
    """Everything that is wrong in the evidence files."""
    problems: list[str] = []
    for read in (series, parameters, facts, reported_markets, senders):
        try:
            read()
        except ScenarioError as error:
            problems += error.problems
    return problems


def both_ends(fact: str) -> tuple[float, float]:
    """A fact as a range; a single number is both ends."""
    value = facts()[fact].value
    if isinstance(value, tuple):
        return value
    if isinstance(value, float):
        return value, value
    raise TypeError(f"sim/evidence/facts.yaml: {fact} is not a number")


@dataclass(frozen=True, eq=False)
class DatedInputs:
    """What the outside world does, month by month; index 0 is month -24, and the burn-in holds the values of `start`.

    consumer_prices [T] level, 1 in month 0 and before; outside_pay [T] level of nominal pay in other sectors, 1 in month 0 and
    before; log_outside_pay_growth [T] its growth in the month, indexation before `start`;
    rub_per_usd [T]; order_index [T], 1 in month 0; home_pay_rub [G, T] nominal RUB a month of temporary migrants, else 0;
    commuter_heads [G, T] scaled heads of commuters, else 0. Groups are in the order of the population.
    """

    consumer_prices: NDArray[np.float64]
    outside_pay: NDArray[np.float64]
    log_outside_pay_growth: NDArray[np.float64]
    rub_per_usd: NDArray[np.float64]
    order_index: NDArray[np.float64]
    home_pay_rub: NDArray[np.float64]
    commuter_heads: NDArray[np.int64]
    notes: tuple[str, ...]


def dated_inputs(scenario: Scenario) -> DatedInputs:
    """Monthly arrays from the dated series. Raises ScenarioError where a series does not exist or begins after `start`."""
    inflation = _log_inflation(scenario)
    pay_growth = _log_outside_pay_growth(inflation, scenario)
    return DatedInputs(
        consumer_prices=np.array(_levels(inflation, scenario)),
        outside_pay=np.array(_levels(pay_growth, scenario)),
        log_outside_pay_growth=np.array(pay_growth),
        rub_per_usd=np.array(_monthly(scenario.market.inputs.rub_per_usd, scenario)),
        order_index=np.array(_order_index(scenario)),
        home_pay_rub=np.array([_home_pay(group, scenario) for group in scenario.population.values()]),
        commuter_heads=np.array([_commuters(group, scenario) for group in scenario.population.values()], dtype=np.int64),
        notes=_notes(scenario),
    )


def series_problem(key: str, name: str, start: str) -> str | None:
    """Why the series `name`, asked for by `key`, cannot be read from `start` ('YYYY-MM') on; None if it can."""
    found = series().get(name)
    if found is None:
        return unknown(key, name, series(), "series of sim/evidence/series.yaml")
    if start < found.first:
        return refused("start", start, f"{found.first} or later", f"the series {name} ({key}) begins there; start later")
    return None


def _months(scenario: Scenario) -> range:
    return range(-BURN_IN, scenario.months)


def _monthly(name: str, scenario: Scenario) -> tuple[float, ...]:
    """A series as monthly steps: held at its value at `start` before month 0, at its last value beyond its end."""
    return _steps(name, scenario.start, scenario.months, held=scenario.market.inputs.held_at_start)


@functools.lru_cache(maxsize=256)
def _steps(name: str, start: datetime.date, months: int, *, held: bool) -> tuple[float, ...]:
    problem = series_problem("series", name, start.isoformat()[:7])
    if problem:
        raise ScenarioError([problem])
    dates = [date_of(0 if held else max(0, month), start) for month in range(-BURN_IN, months)]
    return tuple(series()[name].at(date.isoformat()[:7]) for date in dates)


def _log_inflation(scenario: Scenario) -> list[float]:
    """Monthly log growth of consumer prices, even within a calendar year; full indexation before `start` and in held runs."""
    indexation = scenario.market.wages.indexation_per_month
    if scenario.market.inputs.held_at_start:
        return [indexation for _ in _months(scenario)]
    percent = _monthly(scenario.market.inputs.consumer_prices, scenario)
    return [indexation] * BURN_IN + [math.log1p(value / 100.0) / 12.0 for value in percent[BURN_IN:]]


def _log_outside_pay_growth(inflation: list[float], scenario: Scenario) -> list[float]:
    """Monthly log growth of nominal pay outside: even between two dates of its series, elsewhere that of consumer prices."""
    name, growth = scenario.market.inputs.outside_pay, list(inflation)
    if name is None or scenario.market.inputs.held_at_start:
        return growth
    for (since, before), (until, after) in itertools.pairwise(series()[name].dated()):
        first, last = month_index(since, scenario.start), month_index(until, scenario.start)
        for month in range(max(1, first + 1), min(last + 1, scenario.months)):
            growth[BURN_IN + month] = math.log(after / before) / (last - first)
    return growth


def _levels(growth: list[float], scenario: Scenario) -> list[float]:
    """A level from its growth: 1 through the burn-in and in month 0, and always in held runs."""
    if scenario.market.inputs.held_at_start:
        return [1.0 for _ in _months(scenario)]
    levels, log_level = [1.0] * (BURN_IN + 1), 0.0
    for step in growth[BURN_IN + 1 :]:
        log_level += step
        levels.append(math.exp(log_level))
    return levels


def _order_index(scenario: Scenario) -> list[float]:
    """Orders at unchanged prices relative to month 0."""
    growth = math.log1p(scenario.market.order_growth_percent_per_year / 100.0) / 12.0
    return [math.exp(growth * max(0, month)) for month in _months(scenario)]


def _home_pay(group: Group, scenario: Scenario) -> list[float]:
    """Construction pay at home in nominal RUB."""
    if not isinstance(group, TemporaryMigrant):
        return [0.0 for _ in _months(scenario)]
    pay = _monthly(group.home_pay, scenario)
    roubles = _monthly(scenario.market.inputs.rub_per_usd, scenario)
    home = _monthly(group.home_currency_per_usd, scenario)
    return [amount * rub / currency for amount, rub, currency in zip(pay, roubles, home, strict=True)]


def _commuters(group: Group, scenario: Scenario) -> list[int]:
    """Heads who commute in, at the scale of the run."""
    if not isinstance(group, Commuter):
        return [0 for _ in _months(scenario)]
    return [int(heads * scenario.market.scale + 0.5) for heads in _monthly(group.heads, scenario)]


def _names(scenario: Scenario) -> list[str]:
    """The series that this scenario reads, each once."""
    names = [scenario.market.inputs.consumer_prices, scenario.market.inputs.rub_per_usd]
    for group in scenario.population.values():
        if isinstance(group, TemporaryMigrant):
            names += [group.home_pay, group.home_currency_per_usd]
        elif isinstance(group, Commuter):
            names.append(group.heads)
    return list(dict.fromkeys(names))


def _notes(scenario: Scenario) -> tuple[str, ...]:
    """One line for each series that does not cover the run."""
    if scenario.market.inputs.held_at_start:
        return ()
    held = {name: max(0, month_index(series()[name].held_from, scenario.start)) for name in _names(scenario)}
    ends = (
        f"series {name} ends in {series()[name].last}; its last value is held from {label(month, scenario.start)}"
        for name, month in held.items()
        if month < scenario.months
    )
    return (*ends, *_outside_pay_notes(scenario))


def _outside_pay_notes(scenario: Scenario) -> Iterator[str]:
    """Where pay outside is not known and follows consumer prices."""
    name = scenario.market.inputs.outside_pay
    if name is None:
        return
    first, last = (month_index(series()[name].dated()[at][0], scenario.start) for at in (0, -1))
    if first > 0:
        yield f"series {name} begins in {series()[name].first}; until then pay outside follows consumer prices"
    if last < scenario.months - 1:
        yield f"series {name} ends in {series()[name].last}; pay outside follows consumer prices from {label(last + 1, scenario.start)}"
