"""Checks that a market can open: somebody starts in every group and trade, and all fit in memory.

Heads are checked as they are simulated: scaled by market.scale and rounded to whole workers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.inputs.problems import refused
from sim.scenario import scaled
from sim.workers.kinds import KINDS, Kind

Values = Mapping[str, Any]
MOST_WORKERS = 20_000_000
MOST_PLACES = 10_000_000
"""Firms x trades x groups that are simulated: each place takes about 100 bytes in every branch."""


def groups_in(values: Values) -> Iterator[tuple[str, Kind]]:
    """Key and kind of every group."""
    for key, value in values.items():
        if key.startswith("population.") and key.endswith(".kind"):
            yield key.removesuffix(".kind"), KINDS[value]


def present(values: Values, *keys: str) -> tuple[Any, ...] | None:
    """The values of these keys, or None if one of them is missing."""
    return tuple(values[key] for key in keys) if all(key in values for key in keys) else None


def residents(values: Values) -> Iterator[str]:
    """Labour is counted in that of a resident, and posted wages are his: there must be some."""
    kinds = [kind for _, kind in groups_in(values)]
    if kinds and not any(kind.traits.is_local for kind in kinds):
        yield (
            "population: given no group of kind resident; allowed: one or more, as labour is "
            "counted in standard workers, which are residents; keep or add one"
        )


def whole_heads(values: Values) -> Iterator[str]:
    """No group loses all its heads to rounding at a small scale."""
    for group, kind in groups_in(values):
        for heads in dict.fromkeys((*kind.rows, *kind.at_start)):
            found = present(values, f"{group}.{heads}", "market.scale")
            needs_some = kind.traits.is_local
            if found and not scaled(*found) and (found[0] or needs_some):
                least = f"{0.5 / found[1]:g} or more workers at market.scale {found[1]:g}"
                allowed = least if needs_some else f"0, or {least}"
                yield refused(f"{group}.{heads}", found[0], allowed, "raise it or the scale")


def pools(values: Values) -> Iterator[str]:
    """A pool is larger than those inside construction, whole heads as well as real ones."""
    for group, _ in groups_in(values):
        found = present(
            values, f"{group}.employed", f"{group}.pool", f"{group}.seeker_share", "market.scale"
        )
        if not found:
            continue
        employed, pool, seekers, scale = found
        inside = (1.0 + seekers) * max(employed, scaled(employed, scale) / scale)
        if pool <= inside or scaled(pool, scale) <= scaled(employed, scale) * (1.0 + seekers):
            allowed = f"more than {inside:g} workers (employed and seeking)"
            yield refused(f"{group}.pool", pool, allowed, "raise it or lower employed")


def starting_heads(group: str, kind: Kind) -> list[str]:
    """Keys of the numbers of a group's members who work at the start."""
    return [f"{group}.{key}" for key in kind.at_start]


def free_migrants(values: Values) -> Iterator[str]:
    """Free migrants at the start are among the candidates."""
    for group, _ in groups_in(values):
        found = present(values, f"{group}.free_heads_at_start", f"{group}.candidates")
        if found and found[0] > found[1]:
            allowed = f"at most {found[1]} workers ({group}.candidates)"
            yield refused(f"{group}.free_heads_at_start", found[0], allowed, "lower it")


def heads_by_trade(values: Values) -> Iterator[str]:
    """At least one worker is expected in every trade when the simulation starts."""
    starting = [(group, kind) for group, kind in groups_in(values) if kind.at_start]
    keys = [
        key
        for group, kind in starting
        for key in (*starting_heads(group, kind), f"{group}.trade_shares")
    ]
    if not starting or not present(values, "market.trades", "market.scale", *keys):
        return
    scale = values["market.scale"]
    heads = {
        group: sum(scaled(values[key], scale) for key in starting_heads(group, kind))
        for group, kind in starting
    }
    if not any(heads.values()):
        yield (
            "population: given nobody who works at the start; "
            "allowed: at least one worker at market.scale; raise a group's heads"
        )
        return
    for trade in values["market.trades"]:
        expected = sum(
            count * values[f"{group}.trade_shares"].get(trade, 0.0)
            for group, count in heads.items()
        )
        if expected < 1.0:
            yield refused(
                "market.trades",
                trade,
                "trades in which somebody works at the start: 1 or more workers at "
                f"market.scale {scale:g} (heads x trade_shares: {expected:.3g})",
                f"give a group more trade_shares.{trade}, raise heads or scale, or drop the trade",
            )


def room(values: Values) -> Iterator[str]:
    """Workers, and places of workers in firms, fit in the memory of a usual machine."""
    groups = list(groups_in(values))
    rows = [f"{group}.{heads}" for group, kind in groups for heads in kind.rows]
    scale = values.get("market.scale")
    if scale and present(values, *rows) and sum(values[row] for row in rows) * scale > MOST_WORKERS:
        yield refused(
            "market.scale",
            scale,
            f"at most {MOST_WORKERS} simulated workers in all",
            "lower the scale or the pools",
        )
    found = present(values, "market.firms.number", "market.trades")
    if scale and found and groups:
        number, trades = found
        most = int(MOST_PLACES / (len(trades) * len(groups) * scale))
        if scaled(number, scale) * len(trades) * len(groups) > MOST_PLACES:
            yield refused(
                "market.firms.number",
                number,
                f"at most {most} firms at market.scale {scale:g} with {len(trades)} trades and "
                f"{len(groups)} groups",
                "lower it or the scale",
            )
