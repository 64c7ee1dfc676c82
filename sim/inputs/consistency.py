"""Checks that the values of a scenario do not contradict one another.

A check is skipped where one of the values it compares is not valid by itself.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sim.calendar import first_month_from, month_containing
from sim.inputs.dated_inputs import series, series_problem
from sim.inputs.dotted_keys import flatten
from sim.inputs.problems import nearest, refused, shown, unknown
from sim.scenario import Scenario, numbers_of_levers
from sim.workers.kinds import KINDS

Values = Mapping[str, Any]

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
MOST_WORKERS = 20_000_000
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
        _backlog, _trades, _pools, _commuters, _events, _workers,
        _start, _series, _outside_pay, _policy_order, _before_start, _levers,
    )  # fmt: skip
    return [problem for check in checks for problem in check(values)]


def _groups(values: Values) -> Iterator[tuple[str, str]]:
    """Key and kind of every group."""
    for key, value in values.items():
        if key.startswith("population.") and key.endswith(".kind"):
            yield key.removesuffix(".kind"), value


def _all(values: Values, *keys: str) -> tuple[Any, ...] | None:
    """The values of these keys, or None if one of them is missing."""
    return tuple(values[key] for key in keys) if all(key in values for key in keys) else None


def _backlog(values: Values) -> Iterator[str]:
    found = _all(
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
    for group, _ in _groups(values):
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


def _pools(values: Values) -> Iterator[str]:
    for group, _ in _groups(values):
        found = _all(
            values, f"{group}.employed", f"{group}.pool", f"{group}.seeker_share", "market.scale"
        )
        if not found:
            continue
        employed, pool, seekers, scale = found
        if pool <= employed * (1.0 + seekers):
            allowed = f"more than {employed * (1.0 + seekers):g} workers (employed and seeking)"
            yield refused(f"{group}.pool", pool, allowed, "raise it or lower employed")
        if int(employed * scale + 0.5) < 1:
            allowed = f"{0.5 / scale:g} or more workers at market.scale {scale:g}"
            yield refused(f"{group}.employed", employed, allowed, "raise it or the scale")


def _commuters(values: Values) -> Iterator[str]:
    for group, kind in _groups(values):
        found = _all(values, f"{group}.heads", f"{group}.pool")
        if not KINDS[kind].traits.follows_head_series or not found or found[0] not in series():
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
    for group, kind in _groups(values):
        keys = [f"{group}.{name}" for name in KINDS[kind].hazard_rates]
        rates = _all(values, *keys)
        if rates and math.fsum(rates) >= 1.0:
            names = " + ".join(KINDS[kind].hazard_rates)
            yield (
                f"{group}: given {names} = {math.fsum(rates):g}; "
                "allowed: below 1 (rate per month); lower one of them"
            )


def _workers(values: Values) -> Iterator[str]:
    groups = [(group, KINDS[kind]) for group, kind in _groups(values)]
    keys = [f"{group}.{kind.at_start}" for group, kind in groups if kind.at_start]
    shares = [f"{group}.trade_shares" for group, kind in groups if kind.at_start]
    rows = [f"{group}.{heads}" for group, kind in groups for heads in kind.rows]
    if not _all(values, "market.trades", "market.scale", *keys, *shares, *rows):
        return
    scale, trades = values["market.scale"], values["market.trades"]
    staffed = [
        values[share]
        for key, share in zip(keys, shares, strict=True)
        if int(values[key] * scale + 0.5)
    ]
    if not staffed:
        yield (
            "population: given nobody who works at the start; "
            "allowed: at least one worker at market.scale; raise a group's heads"
        )
    for trade in trades if staffed else ():
        if not any(share.get(trade) for share in staffed):
            allowed = "trades in which somebody works at the start"
            yield refused(
                "market.trades",
                trade,
                allowed,
                f"give a group trade_shares.{trade} or drop the trade",
            )
    if sum(values[row] for row in rows) * scale > MOST_WORKERS:
        yield refused(
            "market.scale",
            scale,
            f"at most {MOST_WORKERS} simulated workers in all",
            "lower the scale or the pools",
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
    for group, kind in _groups(values):
        if KINDS[kind].traits.follows_head_series:
            yield f"{group}.heads", "workers"
        if KINDS[kind].traits.compares_home_pay:
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
        found = _all(
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
