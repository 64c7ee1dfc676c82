"""Checks that the values of a scenario do not contradict one another.

A check is skipped where one of the values it compares is not valid by itself.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any

from sim.calendar import first_month_from, month_containing
from sim.inputs.dated_inputs import series, series_problem
from sim.inputs.dotted_keys import flatten
from sim.inputs.opening_checks import (
    Values,
    free_migrants,
    groups_in,
    heads_by_trade,
    pools,
    present,
    residents,
    room,
    whole_heads,
)
from sim.inputs.problems import nearest, refused, shown, unknown
from sim.scenario import Scenario, numbers_of_levers

POLICY_DATES = {
    "policy.new_contracts_end_from": first_month_from,
    "policy.adopted_from": first_month_from,
    "policy.leave_by": month_containing,
}
STRENGTHS = {lever: next(iter(numbers), None) for lever, numbers in numbers_of_levers().items()}
"""The number by which each lever is weak or strong, if it has one."""
OTHER_UNITS = {
    "RUB per USD": "local currency per USD",
    "percent, December on December": "percent, year on year",
}
"""Units that a series may have in place of the expected one.

Another market has another currency, and its statistical office may report inflation otherwise.
"""
LAST_YEAR = 2100


def values_of(scenario: Scenario) -> dict[str, Any]:
    """Every value of a scenario by dotted key, as the checks read it: trade shares also whole."""
    whole = {
        f"population.{name}.trade_shares": group.trade_shares
        for name, group in scenario.population.items()
    }
    return flatten(scenario) | whole


def contradictions(values: Values) -> list[str]:
    """One line for each contradiction among the values, keyed by configuration path."""
    checks: tuple[Callable[[Values], Iterator[str]], ...] = (
        _backlog, _trades, residents, whole_heads, pools, free_migrants, heads_by_trade, room,
        _commuters, _events, _start, _series, _orders,
        _outside_pay, _policy_order, _before_start, _levers,
    )  # fmt: skip
    return [problem for check in checks for problem in check(values)]


def _backlog(values: Values) -> Iterator[str]:
    found = present(
        values, "market.production.normal_backlog_months", "market.production.backlog_limit_months"
    )
    if found and found[1] < found[0]:
        allowed = (
            f"{found[0]:g} or more "
            "(months of normal output; market.production.normal_backlog_months)"
        )
        yield refused(
            "market.production.backlog_limit_months",
            found[1],
            allowed,
            "raise it or lower the normal backlog",
        )


def _trades(values: Values) -> Iterator[str]:
    for group, _ in groups_in(values):
        key = f"{group}.trade_shares"
        shares: dict[str, float] = values.get(key, {})
        total = math.fsum(shares.values())
        if shares and not math.isclose(total, 1.0, rel_tol=0.0, abs_tol=1e-9):
            yield (
                f"{key}: given shares that sum to {total:.10g}; "
                "allowed: a sum of 1 (share); change one of them"
            )
        trades: tuple[str, ...] = values.get("market.trades", tuple(shares))
        for trade in [name for name in shares if name not in trades]:
            allowed = f"the trades of market.trades ({', '.join(trades)})"
            close = nearest(trade, trades) or trades[0]
            yield refused(f"{key}.{trade}", shares[trade], allowed, f"the closest is {key}.{close}")


def _commuters(values: Values) -> Iterator[str]:
    for group, kind in groups_in(values):
        found = present(values, f"{group}.heads", f"{group}.pool")
        if not kind.traits.follows_head_series or not found or found[0] not in series():
            continue
        most = max(series()[found[0]].values.values())
        if found[1] < most:
            yield refused(
                f"{group}.pool",
                found[1],
                f"{most:g} or more workers (the most in series {found[0]})",
                "raise it",
            )


def _events(values: Values) -> Iterator[str]:
    for group, kind in groups_in(values):
        keys = [f"{group}.{name}" for name in kind.hazard_rates]
        rates = present(values, *keys)
        if rates and math.fsum(rates) >= 1.0:
            names = " + ".join(kind.hazard_rates)
            yield (
                f"{group}: given {names} = {math.fsum(rates):g}; "
                "allowed: below 1 (rate per month); lower one of them"
            )


def _start(values: Values) -> Iterator[str]:
    start = values.get("start")
    if start and start.day != 1:
        yield refused(
            "start", start.isoformat(), "the first day of a month", f"write {start.isoformat()[:7]}"
        )
    if start and start.year > LAST_YEAR:
        yield refused("start", start.isoformat(), f"months to {LAST_YEAR}-12", "start earlier")


def _series(values: Values) -> Iterator[str]:
    start = values.get("start")
    month = start.isoformat()[:7] if start else "9999-12"
    for key, unit in _units(values):
        name = values.get(key)
        problem = series_problem(key, name, month) if name else None
        if problem:
            yield problem
        elif name and series()[name].unit not in (unit, OTHER_UNITS.get(unit)):
            yield refused(
                key,
                name,
                f"a series in {unit}",
                f"{name} is in {series()[name].unit}; name another series",
            )


def _orders(values: Values) -> Iterator[str]:
    key = "market.inputs.orders"
    name = values.get(key)
    if name and name in series() and (least := min(series()[name].values.values())) <= 0.0:
        allowed = "a series of numbers above 0"
        yield refused(key, name, allowed, f"it holds {least:g}; name another series")


def _outside_pay(values: Values) -> Iterator[str]:
    key = "market.inputs.outside_pay"
    name = values.get(key)
    if name and name not in series():
        yield unknown(key, name, series(), "series of sim/evidence/series.yaml")
    elif name and not series()[name].unit.endswith(" a month"):
        allowed = "a series of pay in money a month, or null"
        yield refused(
            key, name, allowed, f"{name} is in {series()[name].unit}; name another series"
        )


def _units(values: Values) -> Iterator[tuple[str, str]]:
    """Keys that name a series, with the unit it must have."""
    yield "market.inputs.consumer_prices", "percent, December on December"
    yield "market.inputs.rub_per_usd", "RUB per USD"
    yield "market.inputs.orders", "index of orders"
    for group, kind in groups_in(values):
        if kind.traits.follows_head_series:
            yield f"{group}.heads", "workers"
        if kind.traits.compares_home_pay:
            rate = series().get(values.get(f"{group}.home_currency_per_usd", ""))
            currency = rate.unit.removesuffix(" per USD") if rate else "home currency"
            yield f"{group}.home_currency_per_usd", f"{currency} per USD"
            yield f"{group}.home_pay", f"{currency} a month"


def _policy_order(values: Values) -> Iterator[str]:
    given = [(key, values[key]) for key in POLICY_DATES if values.get(key)]
    for (earlier, first), (later, second) in itertools.pairwise(given):
        if second < first:
            allowed = f"{first.isoformat()} ({earlier}) or later"
            yield refused(later, second.isoformat(), allowed, "put the policy's dates in order")


def _before_start(values: Values) -> Iterator[str]:
    start: dt.date | None = values.get("start")
    levers = {f"levers.{lever}.from_date": first_month_from for lever in STRENGTHS}
    dates = {"market.border_closed_from": first_month_from, **POLICY_DATES, **levers}
    for key, binds in dates.items() if start else ():
        date = values.get(key)
        if date and start and binds(date, start) < 0:
            allowed = f"dates that bind in {start.isoformat()[:7]} (start) or later, or null"
            yield refused(key, date.isoformat(), allowed, "start earlier, or leave the date out")


def _levers(values: Values) -> Iterator[str]:
    for lever, strength in STRENGTHS.items():
        key = f"levers.{lever}"
        found = present(
            values,
            f"{key}.from_date",
            f"{key}.to_date",
            *([f"{key}.{strength}"] if strength else []),
        )
        if found:
            yield from _lever(key, strength, found)


def _lever(key: str, strength: str | None, found: tuple[Any, ...]) -> Iterator[str]:
    since, until, *given = found
    start = since or dt.date.min
    if since is None and until is not None:
        yield (
            f"{key}.from_date: missing, but to_date is {until.isoformat()}; "
            "give the date from which the lever is in force"
        )
    if since is None and any(given):
        yield (
            f"{key}.from_date: missing, but {key}.{strength} is {shown(given[0])}; "
            "give the date from which the lever is in force"
        )
    if since is not None and given == [None]:
        yield (
            f"{key}.{strength}: missing, but from_date is {since.isoformat()}; "
            "give the lever's strength"
        )
    if since and until and month_containing(until, start) < first_month_from(since, start):
        allowed = f"a date in a month that starts on or after {since.isoformat()} (from_date)"
        yield refused(
            f"{key}.to_date", until.isoformat(), allowed, "else the lever is never in force"
        )
