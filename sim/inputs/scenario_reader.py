"""Turns a plain nested mapping into a Scenario.

Every key, type and range is checked, and all problems are reported at once.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from sim.inputs.consistency import contradictions
from sim.inputs.dated_inputs import evidence_problems
from sim.inputs.dotted_keys import annotations_of, declared_keys
from sim.inputs.problems import ScenarioError, name_text, nearest, refused, unknown
from sim.inputs.values import INVALID, MOST_NAMES, NAME_WORDS, allowed, hint_for, is_name, valid
from sim.scenario import SHARE, Group, Scenario
from sim.workers.kinds import KINDS

MOST_UNKNOWN = 20
"""Keys of a section that do not exist and are listed one by one."""
MOST_GROUPS = 30


def build_scenario(raw: Mapping[str, Any]) -> Scenario:
    """The scenario that `raw` describes; its keys are the names of Scenario's fields.

    Raises a ScenarioError that lists every problem.
    """
    reader = Reader(Scenario)
    scenario: Scenario = reader.record(Scenario, "", raw)
    evidence = evidence_problems()
    problems = [*reader.problems, *evidence, *([] if evidence else contradictions(reader.values))]
    if problems:
        raise ScenarioError(problems)
    trades = scenario.market.trades
    population = {name: _all_trades(group, trades) for name, group in scenario.population.items()}
    return dataclasses.replace(scenario, population=population)


def _all_trades(group: Group, trades: tuple[str, ...]) -> Group:
    """Trade shares in the market's order, 0 where none was given."""
    return dataclasses.replace(
        group, trade_shares={trade: group.trade_shares.get(trade, 0.0) for trade in trades}
    )


class Reader:
    """Reads values as the annotations of dataclasses declare them.

    `values` holds the valid values by dotted key, `problems` one line for each other value.
    """

    def __init__(self, root: type) -> None:
        self.problems: list[str] = []
        self.values: dict[str, Any] = {}
        self.known = list(declared_keys(root))

    def record(self, kind: type, key: str, given: object) -> Any:
        """A dataclass from a mapping with exactly its keys.

        The caller must not use the result if there are problems.
        """
        prefix = f"{key}." if key else ""
        hints = annotations_of(kind)
        if not isinstance(given, Mapping):
            return self.refuse(key, given, f"a section with {', '.join(hints)}")
        strange = [name for name in given if name not in hints]
        for name in strange[:MOST_UNKNOWN]:
            known = [*(prefix + field for field in hints), *self.known]
            self.problems.append(unknown(f"{prefix}{name_text(name)}", given[name], known))
        if len(strange) > MOST_UNKNOWN:
            rest = f"{len(strange) - MOST_UNKNOWN:,} more keys"
            self.problems.append(f"{key or 'scenario'}: no such keys: {rest}; leave them out")
        return kind(
            **{name: self.field(hint, prefix + name, given, name) for name, hint in hints.items()}
        )

    def field(self, kind: Any, key: str, given: Mapping[str, Any], name: str) -> Any:
        """One field of a mapping, which must be there and not `???`."""
        if name not in given or given[name] == "???":
            self.problems.append(f"{key}: missing; allowed: {allowed(kind)}; give it a value")
            return None
        return self.read(kind, key, given[name])

    def read(self, kind: Any, key: str, given: object) -> Any:
        """A value of the annotated kind, kept under its key if it is valid."""
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            return self.record(kind, key, given)
        if get_origin(kind) is dict:
            return (
                self.groups(key, given)
                if get_args(kind)[1] is not float
                else self.shares(key, given)
            )
        if kind in (str, bool, dt.date, tuple[str, ...]) or get_origin(kind) in (
            Annotated,
            Union,
            types.UnionType,
        ):
            value = valid(kind, given)
            return (
                self.refuse(key, given, allowed(kind), hint_for(kind, given))
                if value is INVALID
                else self.keep(key, value)
            )
        raise TypeError(f"{key}: no rule reads {kind}")

    def groups(self, key: str, given: object) -> dict[str, Any]:
        """The population: each group is read by its kind."""
        if not isinstance(given, Mapping) or not 1 <= len(given) <= MOST_GROUPS:
            self.refuse(key, given, f"one section for each group of workers (1 to {MOST_GROUPS})")
            return {}
        named = {name_text(name): raw for name, raw in given.items()}
        return {name: self.group(f"{key}.{name}", name, raw) for name, raw in named.items()}

    def group(self, key: str, name: str, given: object) -> Any:
        """One group of workers; its kind says which keys it has."""
        if not is_name(name):
            self.problems.append(f"{key}: allowed as a group's name: {NAME_WORDS}; rename it")
        kind = given.get("kind") if isinstance(given, Mapping) else None
        if isinstance(kind, str) and kind in KINDS:
            return self.record(KINDS[kind].configuration, key, given)
        close = nearest(kind, KINDS) if isinstance(kind, str) else None
        hint = f"the closest is {close}" if close else "choose one of them"
        self.problems.append(refused(f"{key}.kind", kind, f"one of {', '.join(KINDS)}", hint))
        return None

    def shares(self, key: str, given: object) -> dict[str, float]:
        """Shares by name."""
        if not isinstance(given, Mapping) or not 1 <= len(given) <= MOST_NAMES:
            self.refuse(key, given, f"a share for each trade (1 to {MOST_NAMES})")
            return {}
        kind, named = Annotated[float, SHARE], {name_text(name): given[name] for name in given}
        read = {name: self.read(kind, f"{key}.{name}", value) for name, value in named.items()}
        if None not in read.values():
            self.keep(key, read)
        return read

    def keep(self, key: str, value: Any) -> Any:
        """Note a valid value for the checks that compare several."""
        self.values[key] = value
        return value

    def refuse(self, key: str, given: object, words: str, hint: str = "change it") -> None:
        """Note a value that is not what it must be."""
        self.problems.append(refused(key or "scenario", given, words, hint))
