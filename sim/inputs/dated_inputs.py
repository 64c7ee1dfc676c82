"""The evidence files, checked, and the dated inputs that a scenario reads from them."""

from __future__ import annotations

import datetime
import functools
import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calendar import date_of, label, month_index
from sim.engine.worker_columns import BURN_IN_MONTHS
from sim.inputs.dotted_keys import value_at
from sim.inputs.evidence_files import (
    Fact,
    NotFound,
    Parameter,
    ReportedMarket,
    Sender,
    Series,
    read_facts,
    read_markets,
    read_not_found,
    read_parameters,
    read_senders,
    read_series,
)
from sim.inputs.own_evidence import own_entries, with_own
from sim.inputs.prior_files import Prior, read_priors
from sim.inputs.problems import ScenarioError, refused, unknown
from sim.scenario import Group, Inputs, Scenario
from sim.workers.kinds import KINDS

EVIDENCE = Path(__file__).parents[1] / "evidence"


@functools.cache
def series() -> Mapping[str, Series]:
    """All dated series, shipped and the user's own, read once."""
    return with_own(read_series(EVIDENCE / "series.yaml"), "series.yaml", read_series)


@functools.cache
def parameters() -> Mapping[str, Parameter]:
    """Defaults, priors and sources of the configuration's numbers, read once."""
    return read_parameters(EVIDENCE / "parameters.yaml")


@functools.cache
def facts() -> Mapping[str, Fact]:
    """Single cited facts, shipped and the user's own, read once."""
    return with_own(read_facts(EVIDENCE / "facts.yaml"), "facts.yaml", read_facts)


@functools.cache
def elicited_priors() -> Mapping[str, Prior]:
    """Priors elicited from the sources, by configuration key, read once."""
    return read_priors(EVIDENCE / "priors.yaml")


@functools.cache
def own_priors() -> Mapping[str, Prior]:
    """The user's own priors, by configuration key, read once."""
    return own_entries("priors.yaml", read_priors)


@functools.cache
def reported_markets() -> Mapping[str, ReportedMarket]:
    """Markets of which more is reported, read once."""
    return read_markets(EVIDENCE / "markets.yaml")


@functools.cache
def senders() -> Mapping[str, Sender]:
    """States that send contract crews, by group, read once."""
    return read_senders(EVIDENCE / "senders.yaml")


@functools.cache
def not_found() -> Mapping[str, NotFound]:
    """Figures that were looked for and not found, read once."""
    return read_not_found(EVIDENCE / "not_found.yaml")


def evidence_problems() -> list[str]:
    """Everything that is wrong in the evidence files."""
    problems: list[str] = []
    readers: tuple[Callable[[], object], ...] = (
        series, parameters, facts, elicited_priors, own_priors,
        reported_markets, senders, not_found,
    )  # fmt: skip
    for read in readers:
        try:
            read()
        except ScenarioError as error:
            problems += error.problems
    return problems


def fact_range(fact: str) -> tuple[float, float]:
    """A fact as a range; a single number is both ends."""
    value = facts()[fact].value
    if isinstance(value, tuple):
        return value
    if isinstance(value, float):
        return value, value
    raise TypeError(f"sim/evidence/facts.yaml: {fact} is not a number")


@dataclass(frozen=True, eq=False)
class DatedInputs:
    """What the outside world does, month by month.

    Index 0 is the first month of the burn-in (-24), which holds the values of `start`.

    consumer_prices [T]: level, 1 in month 0 and before.
    outside_pay [T]: level of nominal pay in other sectors, 1 in month 0 and before.
    log_outside_pay_growth [T]: its growth in the month; before `start`, indexation.
    rub_per_usd [T]; order_index [T], 1 in month 0.
    home_pay_rub [G, T]: nominal RUB a month at home of temporary migrants, 0 for other groups.
    commuter_heads [G, T]: heads of commuters at the scale of the model, 0 for other groups.
    Groups are in the order of the population.
    """

    consumer_prices: NDArray[np.float64]
    outside_pay: NDArray[np.float64]
    log_outside_pay_growth: NDArray[np.float64]
    rub_per_usd: NDArray[np.float64]
    order_index: NDArray[np.float64]
    home_pay_rub: NDArray[np.float64]
    commuter_heads: NDArray[np.int64]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class CommuterHeads:
    """The series of a group's heads, and from when and at which rate a month they are removed."""

    series: str
    removal_from: datetime.date | None
    removal_rate: float


@dataclass(frozen=True)
class SeriesRequest:
    """All that dated inputs depend on, as a key for reuse: many scenarios of a sweep share it.

    home_pay: for each group that compares with pay at home, its pay and currency per USD.
    commuters: for each group that follows a series of heads, that series and its removal.
    Both are None for the other groups.
    """

    inputs: Inputs
    indexation_per_month: float
    order_growth_percent_per_year: float
    scale: float
    start: datetime.date
    months: int
    home_pay: tuple[tuple[str, str] | None, ...]
    commuters: tuple[CommuterHeads | None, ...]


def dated_inputs(scenario: Scenario) -> DatedInputs:
    """Read-only monthly arrays from the dated series that the scenario names.

    Raises ScenarioError if a series does not exist or begins after `start`.
    """
    market, groups = scenario.market, scenario.population.values()
    return _read(
        SeriesRequest(
            market.inputs,
            market.wages.indexation_per_month,
            market.order_growth_percent_per_year,
            market.scale,
            scenario.start,
            scenario.months,
            tuple(map(home_pay_series, groups)),
            tuple(map(head_series, groups)),
        )
    )


def home_pay_series(group: Group) -> tuple[str, str] | None:
    """Series of pay at home and of its currency; None for a kind that does not compare them."""
    if not KINDS[group.kind].traits.compares_home_pay:
        return None
    return value_at(group, "home_pay"), value_at(group, "home_currency_per_usd")


def head_series(group: Group) -> CommuterHeads | None:
    """Series of a group's heads, and its removal; None for a kind that follows none."""
    if not KINDS[group.kind].traits.follows_head_series:
        return None
    return CommuterHeads(
        value_at(group, "heads"),
        value_at(group, "removal_from"),
        value_at(group, "removal_rate_per_month"),
    )


@functools.lru_cache(maxsize=64)
def _read(request: SeriesRequest) -> DatedInputs:
    inflation = _log_inflation(request)
    pay_growth = _log_outside_pay_growth(inflation, request)
    return DatedInputs(
        consumer_prices=_fixed(_levels(inflation, request)),
        outside_pay=_fixed(_levels(pay_growth, request)),
        log_outside_pay_growth=_fixed(pay_growth),
        rub_per_usd=_fixed(_monthly(request.inputs.rub_per_usd, request)),
        order_index=_fixed(_order_index(request)),
        home_pay_rub=_fixed([_home_pay(names, request) for names in request.home_pay]),
        commuter_heads=_fixed([_commuters(name, request) for name in request.commuters], np.int64),
        notes=_notes(request),
    )


def _fixed(values: object, dtype: type = np.float64) -> NDArray[Any]:
    """An array that cannot be written to."""
    array: NDArray[Any] = np.array(values, dtype)
    # Many scenarios share the arrays of a request that is kept.
    array.flags.writeable = False
    return array


def series_problem(key: str, name: str, start: str) -> str | None:
    """Why a series cannot be read from `start` ('YYYY-MM') on; None if it can.

    `key` is the configuration key that asks for the series `name`.
    """
    found = series().get(name)
    if found is None:
        return unknown(key, name, series(), "series of sim/evidence/series.yaml")
    if start < found.first:
        return refused(
            "start",
            start,
            f"{found.first} or later",
            f"the series {name} ({key}) begins there; start later",
        )
    return None


def _months(request: SeriesRequest) -> range:
    return range(-BURN_IN_MONTHS, request.months)


def _monthly(name: str, request: SeriesRequest) -> tuple[float, ...]:
    """A series as monthly steps.

    Before month 0 it is held at its value at `start`, beyond its end at its last value.
    """
    return _steps(name, request.start, request.months, held=request.inputs.held_at_start)


@functools.lru_cache(maxsize=256)
def _steps(name: str, start: datetime.date, months: int, *, held: bool) -> tuple[float, ...]:
    problem = series_problem("series", name, start.isoformat()[:7])
    if problem:
        raise ScenarioError([problem])
    dates = [
        date_of(0 if held else max(0, month), start) for month in range(-BURN_IN_MONTHS, months)
    ]
    return tuple(series()[name].at(date.isoformat()[:7]) for date in dates)


def _log_inflation(request: SeriesRequest) -> list[float]:
    """Monthly log growth of consumer prices, constant within a calendar year.

    Before `start`, and where inputs are held at `start`, it is the rate of indexation.
    """
    indexation = request.indexation_per_month
    if request.inputs.held_at_start:
        return [indexation for _ in _months(request)]
    percent = _monthly(request.inputs.consumer_prices, request)
    return [indexation] * BURN_IN_MONTHS + [
        math.log1p(value / 100.0) / 12.0 for value in percent[BURN_IN_MONTHS:]
    ]


def _log_outside_pay_growth(inflation: list[float], request: SeriesRequest) -> list[float]:
    """Monthly log growth of nominal pay outside construction.

    Constant between two dates of its series; where the series is silent, that of consumer prices.
    """
    name, growth = request.inputs.outside_pay, list(inflation)
    if name is None or request.inputs.held_at_start:
        return growth
    for (since, before), (until, after) in itertools.pairwise(series()[name].dated()):
        first, last = month_index(since, request.start), month_index(until, request.start)
        for month in range(max(1, first + 1), min(last + 1, request.months)):
            growth[BURN_IN_MONTHS + month] = math.log(after / before) / (last - first)
    return growth


def _levels(growth: list[float], request: SeriesRequest) -> list[float]:
    """A level from its growth: 1 through the burn-in and in month 0, and always in held runs."""
    if request.inputs.held_at_start:
        return [1.0 for _ in _months(request)]
    levels, log_level = [1.0] * (BURN_IN_MONTHS + 1), 0.0
    for step in growth[BURN_IN_MONTHS + 1 :]:
        log_level += step
        levels.append(math.exp(log_level))
    return levels


def _order_index(request: SeriesRequest) -> list[float]:
    """Orders at unchanged prices relative to month 0: even growth, times any series named."""
    growth = math.log1p(request.order_growth_percent_per_year / 100.0) / 12.0
    even = [math.exp(growth * max(0, month)) for month in _months(request)]
    if request.inputs.orders is None:
        return even
    levels = _monthly(request.inputs.orders, request)
    return [level / levels[0] * index for level, index in zip(levels, even, strict=True)]


def _home_pay(names: tuple[str, str] | None, request: SeriesRequest) -> list[float]:
    """Construction pay at home in nominal RUB."""
    if names is None:
        return [0.0 for _ in _months(request)]
    pay, home = (_monthly(name, request) for name in names)
    roubles = _monthly(request.inputs.rub_per_usd, request)
    return [
        amount * rub / currency for amount, rub, currency in zip(pay, roubles, home, strict=True)
    ]


def _commuters(group: CommuterHeads | None, request: SeriesRequest) -> list[int]:
    """Heads who commute in, at the scale of the run.

    From the month of `removal_from` on, a constant share of those left is removed each month.
    """
    if group is None:
        return [0 for _ in _months(request)]
    since = group.removal_from
    # What the series says before `start` is what was left then.
    begins = request.months if since is None else max(0, month_index(since, request.start))
    left = [(1.0 - group.removal_rate) ** max(0, month - begins + 1) for month in _months(request)]
    return [
        int(heads * share * request.scale + 0.5)
        for heads, share in zip(_monthly(group.series, request), left, strict=True)
    ]


def _names(request: SeriesRequest) -> list[str]:
    """The series that are read, each once."""
    names = [request.inputs.consumer_prices, request.inputs.rub_per_usd]
    names += [request.inputs.orders] if request.inputs.orders else []
    for pay, heads in zip(request.home_pay, request.commuters, strict=True):
        names += [*(pay or ()), *([heads.series] if heads else [])]
    return list(dict.fromkeys(names))


def _notes(request: SeriesRequest) -> tuple[str, ...]:
    """One line for each series that does not cover the run."""
    if request.inputs.held_at_start:
        return ()
    held = {
        name: max(0, month_index(series()[name].held_from, request.start))
        for name in _names(request)
    }
    ends = (
        f"series {name} ends in {series()[name].last}; "
        f"its last value is held from {label(month, request.start)}"
        for name, month in held.items()
        if month < request.months
    )
    return (*ends, *_outside_pay_notes(request))


def _outside_pay_notes(request: SeriesRequest) -> Iterator[str]:
    """Where pay outside is not known and follows consumer prices."""
    name = request.inputs.outside_pay
    if name is None:
        return
    first, last = (month_index(series()[name].dated()[at][0], request.start) for at in (0, -1))
    if first > 0:
        yield (
            f"series {name} begins in {series()[name].first}; "
            "until then pay outside follows consumer prices"
        )
    if last < request.months - 1:
        yield (
            f"series {name} ends in {series()[name].last}; "
            f"pay outside follows consumer prices from {label(last + 1, request.start)}"
        )
