"""A scenario as the address bar, the command line and the engine have it; hostile addresses meet the checks of the command."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from experiments.configuration.settings import ConfigError, Settings, checked_settings
from experiments.explorer.controls import (
    BY_KEY,
    CONTROLS,
    DEFAULT_LEVERS_FROM,
    DEFAULT_POLICY,
    POLICIES,
    Control,
    Value,
    composed,
    default,
)
from experiments.explorer.explorer_ensembles import REPLICATES
from sim.inputs.dotted_keys import replace_at
from sim.inputs.problems import nearest, refused, unknown

LONGEST_ADDRESS, MOST_FIELDS = 4000, 40
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
KEYS = ("policy", *BY_KEY, "levers_from")


@dataclass(frozen=True)
class Chosen:
    """A scenario of the explorer: a shipped policy and what differs from its file, by key."""

    policy: str = DEFAULT_POLICY
    values: Mapping[str, Value] = field(default_factory=dict)
    levers_from: str = DEFAULT_LEVERS_FROM


def chosen(
    policy: str, values: Mapping[str, Value], levers_from: str = DEFAULT_LEVERS_FROM
) -> Chosen:
    """What was chosen without what is as shipped, in one order, so that one scenario has one address."""
    kept = {
        control.key: values[control.key]
        for control in CONTROLS
        if differs(control, values.get(control.key), policy)
    }
    return Chosen(
        policy, kept, levers_from if any(BY_KEY[key].lever for key in kept) else DEFAULT_LEVERS_FROM
    )


def differs(control: Control, value: Value, policy: str) -> bool:
    """Whether a value was given and is not what the policy's file has."""
    return value is not None and (policy not in POLICIES or value != default(control, policy))


def pairs_of(text: str) -> list[tuple[str, str]]:
    """Keys and values of a query string; raises ConfigError if it is too long to be one of ours."""
    if len(text) > LONGEST_ADDRESS:
        raise ConfigError(
            [f"address: {len(text)} characters; allowed: up to {LONGEST_ADDRESS}; shorten it"]
        )
    try:
        return parse_qsl(text.removeprefix("?"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise ConfigError([f"address: more than {MOST_FIELDS} keys; leave some out"]) from None


def from_query(text: str) -> Chosen:
    """The scenario of a query string; raises ConfigError with everything that is wrong, as the command line would say it."""
    return from_pairs(pairs_of(text))


def from_pairs(pairs: Iterable[tuple[str, str]]) -> Chosen:
    """The scenario of keys and values, checked."""
    given = dict(pairs)
    problems = [unknown(key, value, KEYS) for key, value in given.items() if key not in KEYS]
    policy, levers_from = (
        given.get("policy", DEFAULT_POLICY),
        given.get("levers_from", DEFAULT_LEVERS_FROM),
    )
    found = chosen(
        policy, {key: scalar(value) for key, value in given.items() if key in BY_KEY}, levers_from
    )
    settings_of(found, problems)
    return found


def scalar(text: str) -> Value:
    """A number where the text is one, else the text: what it may be is for the checks to say."""
    if not NUMBER.fullmatch(text):
        return text
    number = float(text)
    return int(text) if re.fullmatch(r"[+-]?\d{1,15}", text) else number


def to_query(scenario: Chosen) -> str:
    """The query string of a scenario."""
    pairs = {"policy": scenario.policy, **scenario.values}
    late = (
        {"levers_from": scenario.levers_from} if scenario.levers_from != DEFAULT_LEVERS_FROM else {}
    )
    return urlencode({key: written(value) for key, value in (pairs | late).items()})


def written(value: Value) -> str:
    """A value as it stands in an address or an override."""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def changes_of(scenario: Chosen) -> dict[str, Value]:
    """Every key that differs from the policy's file, dates of levers included."""
    found = dict(scenario.values)
    for key in scenario.values:
        if BY_KEY[key].lever:
            found[f"{BY_KEY[key].lever}.from_date"] = scenario.levers_from
    return found


def overrides_of(scenario: Chosen) -> list[str]:
    """The overrides with which experiments.run simulates this scenario: under as many replicates as the explorer has."""
    changes = [f"{key}={written(value)}" for key, value in changes_of(scenario).items()]
    return [f"policy={scenario.policy}", *changes, f"replicates={REPLICATES}"]


def settings_of(scenario: Chosen, problems: Iterable[str] = (), **market: float) -> Settings:
    """Checked settings; raises ConfigError. `market` replaces numbers of the market, such as its scale."""
    if scenario.policy not in POLICIES:
        close = nearest(scenario.policy, POLICIES)
        advice = f"the closest is policy={close}" if close else "choose one of them"
        raise ConfigError(
            [*problems, refused("policy", scenario.policy, f"one of {', '.join(POLICIES)}", advice)]
        )
    raw: dict[str, Any] = copy.deepcopy(dict(composed(scenario.policy)))
    for key, value in changes_of(scenario).items():
        raw = replace_at(raw, key, value)
    raw["market"] |= market
    raw["replicates"] = REPLICATES
    return checked_settings(raw, list(problems), overrides_of(scenario))
