"""Random changes of a configuration: values in and out of range, keys, kinds, groups, trades."""

from __future__ import annotations

import copy
import datetime as dt
import functools
import math
import random
from collections.abc import Callable
from typing import Any

from experiments.configuration.run_keys import RunKeys
from experiments.fuzzing.base_inputs import bases, configuration, entries, values
from sim.inputs.dated_inputs import series
from sim.inputs.dotted_keys import annotations_of
from sim.scenario import (
    SHARE,
    Commuter,
    ContractCrew,
    Quantity,
    Resident,
    Scenario,
    TemporaryMigrant,
    quantity_of,
)
from sim.workers.kinds import KINDS

Configuration = dict[str, Any]
HOSTILE_TEXTS = (
    "", " ", "null", "???", "nan", "<script>alert(1)</script>", "<!--<script>", "a\x1b[2Jb",
    "\x00", "x" * 5000, "9" * 5000, "${oc.env:HOME}", "${policy.name}", "../../x", "/etc/passwd",
    "\uff11\uff12", "2017-13-45", "2017-02-30", "2017-1-1", "0000-00", "9999-12-31", "1e999",
    "a'b\"c", "\u202etxt", "\ud7ff", "'; drop table runs; --",
    "--from", "policy", "all", "baseline",
)  # fmt: skip


def nested(depth: int) -> list[Any]:
    """A list in a list in a list."""
    deep: list[Any] = []
    for _ in range(depth):
        deep = [deep]
    return deep


RUBBISH: tuple[Any, ...] = (
    *HOSTILE_TEXTS, None, True, False, [], {}, [[]], [None], {"a": 1}, {None: 1}, {1: 2},
    math.nan, math.inf, -math.inf, -1, -0.0, 5e-324, 1e308, 0.1 + 0.2, 10**400, -(10**5000),
    10**5000, nested(50), nested(3000), [10**5000], list(range(500)), dt.date(2017, 1, 1),
    dt.datetime(2017, 1, 1), b"bytes", {"kind": "resident"}, ["structural"] * 2, (1, 2), 2**63,
)  # fmt: skip


@functools.cache
def quantities() -> dict[str, Quantity]:
    """The range of every number by the last part of its key."""
    records = [Scenario, RunKeys, ContractCrew, TemporaryMigrant, Resident, Commuter]
    found: dict[str, Quantity] = {}
    while records:
        for name, hint in annotations_of(records.pop()).items():
            if isinstance(hint, type) and hasattr(hint, "__dataclass_fields__"):
                records.append(hint)
            elif any(isinstance(note, Quantity) for note in notes_of(hint)):
                found[name] = quantity_of(hint)
    return found


def notes_of(hint: Any) -> list[Any]:
    """What an annotation says beside its type, also where it may be None."""
    kinds = (hint, *getattr(hint, "__args__", ()))
    return [note for kind in kinds for note in getattr(kind, "__metadata__", ())]


def allowed_number(random_: random.Random, quantity: Quantity, whole: bool) -> float:
    """A number in its range, often at an end."""
    low, high = quantity.low, quantity.high
    number = random_.choice(
        (
            low,
            high,
            random_.uniform(low, high),
            low + (high - low) * random_.random() ** 6,
            high - (high - low) * random_.random() ** 6,
            min(high, max(low, 10.0 ** random_.uniform(-6.0, 7.0))),
        )
    )
    return math.floor(number) if whole else float(number)


def change_number(random_: random.Random, given: Configuration) -> None:
    """Set some number to another in its range."""
    found = [
        entry
        for entry in values(given)
        if isinstance(entry.value, int | float) and not isinstance(entry.value, bool)
    ]
    if found:
        section, name, key = entry = random_.choice(found)
        of_trade = ".trade_shares." in key
        quantity = SHARE if of_trade else quantities().get(str(name), SHARE)
        section[name] = allowed_number(random_, quantity, isinstance(entry.value, int))


def change_heads(random_: random.Random, given: Configuration) -> None:
    """Set the size of a group, the number of firms, or the scale, to an extreme."""
    sizes = ("heads", "employed", "pool", "tied_heads", "candidates", "quota_heads", "number")
    found = [entry for entry in values(given) if entry.name in (*sizes, "scale")]
    if found:
        section, name, _ = random_.choice(found)
        of_scale = (0.0005, 0.001, 0.01, 100.0)
        of_heads = (0, 1, 49, 50, 51, 499, 999, 10_000_000, 20_000_000)
        section[name] = random_.choice(of_scale if name == "scale" else of_heads)


def change_value(random_: random.Random, given: Configuration) -> None:
    """Set a value, or a whole section, to rubbish."""
    section, name, _ = random_.choice(entries(given))
    section[name] = copy.copy(random_.choice(RUBBISH))


def change_key(random_: random.Random, given: Configuration) -> None:
    """Remove, rename or add a key."""
    section, name, _ = random_.choice(entries(given))
    match random_.randrange(3):
        case 0:
            section[random_.choice((*HOSTILE_TEXTS, "new_key", 5, None, (1, 2)))] = random_.choice(
                RUBBISH
            )
        case 1:
            del section[name]
        case _:
            at = random_.randrange(len(str(name)) + 1)
            longer = str(name)[:at] + random_.choice("x_ .<0") + str(name)[at:]
            section[longer] = section.pop(name)


def change_name(random_: random.Random, given: Configuration) -> None:
    """Name another series, policy or market."""
    texts = [entry for entry in values(given) if isinstance(entry.value, str)]
    if texts:
        section, name, _ = random_.choice(texts)
        section[name] = random_.choice((*series(), *KINDS, "mine", "2020-01", "2017-09-11"))


def change_date(random_: random.Random, given: Configuration) -> None:
    """Set a date of the policy, a lever or the market."""
    dates = [entry for entry in values(given) if entry.name in DATES]
    if dates:
        section, name, _ = random_.choice(dates)
        month = f"{random_.randint(1960, 2101)}-{random_.randint(1, 12):02d}"
        close = f"{random_.randint(2015, 2021)}-{random_.randint(1, 12):02d}"
        section[name] = random_.choice((month, close, f"{close}-15", None))


DATES = ("start", "new_contracts_end_from", "adopted_from", "leave_by", "from_date", "to_date",
         "border_closed_from")  # fmt: skip


def change_groups(random_: random.Random, given: Configuration) -> None:
    """Remove, copy, rename or swap groups, or swap their kinds."""
    people = given.get("population")
    if not isinstance(people, dict) or not people:
        return
    name = random_.choice(list(people))
    other = random_.choice(bases())
    foreign = configuration(other, "none", "none")["population"]
    match random_.randrange(6):
        case 0:
            del people[name]
        case 1:
            people |= {
                f"{name}_{i}": copy.copy(people[name]) for i in range(random_.choice((1, 3, 40)))
            }
        case 2:
            people[
                random_.choice(("all", "a", "x" * 41, "Two Words", "<b>", "north_korean_gone"))
            ] = people.pop(name)
        case 3:
            given["population"] = foreign
        case 4:
            people[random_.choice(list(foreign))] = random_.choice(list(foreign.values()))
        case _:
            if isinstance(people[name], dict):
                people[name]["kind"] = random_.choice((*KINDS, "soldier", None))


def change_trades(random_: random.Random, given: Configuration) -> None:
    """Give the market one to 31 trades, and every group shares in them."""
    market, people = given.get("market"), given.get("population")
    if not isinstance(market, dict) or not isinstance(people, dict):
        return
    count = random_.choice((1, 2, 5, 20, 31))
    market["trades"] = trades = [f"trade_{number}" for number in range(count)]
    for group in people.values():
        if isinstance(group, dict):
            weights = [random_.random() ** random_.choice((1, 8)) + 1e-9 for _ in trades]
            group["trade_shares"] = dict(
                zip(trades, (weight / math.fsum(weights) for weight in weights), strict=True)
            )


ALLOWED: tuple[Callable[[random.Random, Configuration], None], ...] = (
    change_number, change_number, change_number, change_number, change_heads, change_date,
    change_groups, change_trades,
)  # fmt: skip
ANY = (*ALLOWED, change_value, change_value, change_key, change_key, change_name)


def changed(
    random_: random.Random, given: Configuration, changes: tuple[Callable[..., None], ...]
) -> Configuration:
    """The configuration after one to six of these changes."""
    for _ in range(random_.choice((1, 1, 1, 2, 2, 3, 4, 6))):
        if given:
            random_.choice(changes)(random_, given)
    return given
