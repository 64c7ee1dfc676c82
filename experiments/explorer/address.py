"""A scenario of the explorer, as its address bar, the command line and the engine have it.

Everything in an address passes the same checks as on the command line, so a hostile one does no
harm.
"""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from experiments.configuration.settings import (
    ConfigError,
    Settings,
    checked_settings,
    held_parameters,
)
from experiments.explorer.controls import (
    BY_KEY,
    CONTROLS,
    DEFAULT_LEVERS_FROM,
    DEFAULT_POLICY,
    POLICIES,
    Control,
    Value,
    configuration_of,
    default_value,
)
from experiments.explorer.explorer_ensembles import REPLICATE_CHOICES, REPLICATES
from experiments.explorer.other_keys import OTHER_KEYS, size_problems
from sim.inputs.dotted_keys import replace_at, value_at
from sim.inputs.problems import nearest, refused, unknown

LONGEST_ADDRESS, MOST_FIELDS = 20_000, 120
QUERIES_REMEMBERED = 1000
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
WHOLE_NUMBER = re.compile(r"[+-]?\d{1,15}", re.ASCII)
"""At most 15 digits, as a longer number is not exact as a float."""
WORDS: Mapping[str, Value] = {"null": None, "true": True, "false": False}
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|msclkid|yclid|mc_[ce]id")
"""Keys that mail programs and social networks add to a link, and that say nothing of a scenario."""
POSTERIOR = "posterior"
RUN_DEFAULTS: Mapping[str, Value] = {"uncertainty": POSTERIOR, "replicates": REPLICATES}
"""Keys that say how a scenario is simulated; compared scenarios share their values."""
VALUE_KEYS = frozenset((*BY_KEY, *OTHER_KEYS))
KEYS = ("policy", *BY_KEY, "levers_from", *RUN_DEFAULTS, *OTHER_KEYS)


@dataclass(frozen=True)
class ExplorerScenario:
    """A shipped policy, and the values that differ from its file by key.

    Beside the keys of sliders these may be OTHER_KEYS. `levers_from` is the month from which on the
    levers that are moved apply. `uncertainty` and `replicates` are as in experiments.run.
    """

    policy: str = DEFAULT_POLICY
    values: Mapping[str, Value] = field(default_factory=dict)
    levers_from: str = DEFAULT_LEVERS_FROM
    uncertainty: str = POSTERIOR
    replicates: Any = REPLICATES


def explorer_scenario(
    policy: str, values: Mapping[str, Value], levers_from: str = DEFAULT_LEVERS_FROM, **run: Any
) -> ExplorerScenario:
    """The scenario with these values.

    Values that equal the default are left out and the others are put in one order, so that every
    scenario has exactly one address. `run` sets keys of RUN_DEFAULTS.
    """
    kept = {
        control.key: values[control.key]
        for control in CONTROLS
        if is_changed(control, values.get(control.key), policy)
    }
    kept |= {
        key: values[key]
        for key in OTHER_KEYS
        if key in values and is_other(key, values[key], policy)
    }
    has_levers = any(key in BY_KEY and BY_KEY[key].lever for key in kept)
    month = levers_from if has_levers else DEFAULT_LEVERS_FROM
    return ExplorerScenario(policy, kept, month, **run)


def is_changed(control: Control, value: Value, policy: str) -> bool:
    """Whether a value is given and differs from that in the policy's file."""
    if value is None:
        return False
    return policy not in POLICIES or value != default_value(control, policy)


def is_other(key: str, value: Value, policy: str) -> bool:
    """Whether a value of a key without a slider differs from that in the policy's file."""
    if policy not in POLICIES:
        return True
    return value_as_text(value) != value_as_text(value_at(configuration_of(policy), key))


def query_pairs(text: str) -> list[tuple[str, str]]:
    """Keys and values of a query string; raises ConfigError if it is longer than any of ours."""
    if len(text) > LONGEST_ADDRESS:
        allowed = f"up to {LONGEST_ADDRESS}"
        raise ConfigError([f"address: {len(text)} characters; allowed: {allowed}; shorten it"])
    try:
        found = parse_qsl(text.removeprefix("?"), True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise ConfigError([f"address: more than {MOST_FIELDS} keys; leave some out"]) from None
    return [(key, value) for key, value in found if not TRACKING.fullmatch(key)]


@functools.lru_cache(maxsize=QUERIES_REMEMBERED)
def from_query(text: str) -> ExplorerScenario:
    """The scenario of a query string; raises ConfigError with everything that is wrong.

    Cached, as every poll of a page asks for those of its scenarios; callers must not change it.
    """
    return from_pairs(query_pairs(text))


def from_pairs(pairs: Iterable[tuple[str, str]]) -> ExplorerScenario:
    """The scenario of keys and values; raises ConfigError with everything that is wrong."""
    given = dict(pairs)
    problems = [unknown(key, value, KEYS) for key, value in given.items() if key not in KEYS]
    levers_from = given.get("levers_from", DEFAULT_LEVERS_FROM)
    # Checked here, as the checks of the configuration see the date of a lever that is set only.
    if not MONTH.fullmatch(levers_from):
        problems.append(refused("levers_from", levers_from, "a month as YYYY-MM", "change it"))
        levers_from = DEFAULT_LEVERS_FROM
    replicates = number_or_text(given.get("replicates", str(REPLICATES)))
    if replicates not in REPLICATE_CHOICES:
        choices = f"one of {', '.join(map(str, REPLICATE_CHOICES))}"
        problems.append(refused("replicates", replicates, choices, "choose one of them"))
        replicates = REPLICATES
    scenario = explorer_scenario(
        given.get("policy", DEFAULT_POLICY),
        {key: number_or_text(value) for key, value in given.items() if key in VALUE_KEYS},
        levers_from,
        uncertainty=given.get("uncertainty", POSTERIOR),
        replicates=replicates,
    )
    settings_of(scenario, problems)
    return scenario


def number_or_text(text: str) -> Value:
    """A number if the text is one, else the text; whether it is allowed is checked later."""
    if text in WORDS:
        return WORDS[text]
    if not NUMBER.fullmatch(text):
        return text
    number = float(text)
    return int(text) if WHOLE_NUMBER.fullmatch(text) else number


def to_query(scenario: ExplorerScenario) -> str:
    """The query string of a scenario."""
    pairs: dict[str, Value] = {"policy": scenario.policy, **scenario.values}
    if scenario.levers_from != DEFAULT_LEVERS_FROM:
        pairs["levers_from"] = scenario.levers_from
    pairs |= run_changes(scenario)
    return urlencode({key: value_as_text(value) for key, value in pairs.items()})


def run_changes(scenario: ExplorerScenario) -> dict[str, Value]:
    """How the scenario is simulated, as far as that is not the usual."""
    return {
        key: getattr(scenario, key)
        for key, usual in RUN_DEFAULTS.items()
        if getattr(scenario, key) != usual
    }


def value_as_text(value: Value) -> str:
    """A value as it is written in an address or an override."""
    for word, meaning in WORDS.items():
        if value is meaning:
            return word
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def changes_of(scenario: ExplorerScenario) -> dict[str, Value]:
    """Every key that differs from the policy's file, including the dates of levers."""
    dates: dict[str, Value] = {
        f"{BY_KEY[key].lever}.from_date": scenario.levers_from
        for key in scenario.values
        if key in BY_KEY and BY_KEY[key].lever
    }
    return {**dates, **scenario.values}


def overrides_of(scenario: ExplorerScenario) -> list[str]:
    """Overrides with which experiments.run simulates the scenario as the explorer does."""
    changes = [f"{key}={value_as_text(value)}" for key, value in changes_of(scenario).items()]
    kind = scenario.uncertainty
    other_kind = [] if kind == POSTERIOR else [f"uncertainty={kind}"]
    replicates = f"replicates={scenario.replicates}"
    return [f"policy={scenario.policy}", *changes, *other_kind, replicates]


def settings_of(
    scenario: ExplorerScenario, problems: Iterable[str] = (), **market: float
) -> Settings:
    """Checked settings; raises ConfigError with these problems and all others.

    `market` replaces numbers of the market, such as its scale.
    """
    if scenario.policy not in POLICIES:
        close = nearest(scenario.policy, POLICIES)
        advice = f"the closest is policy={close}" if close else "choose one of them"
        line = refused("policy", scenario.policy, f"one of {', '.join(POLICIES)}", advice)
        raise ConfigError([*problems, line])
    raw: dict[str, Any] = copy.deepcopy(dict(configuration_of(scenario.policy)))
    for key, value in changes_of(scenario).items():
        raw = replace_at(raw, key, value)
    raw["market"] |= market
    raw |= {key: getattr(scenario, key) for key in RUN_DEFAULTS}
    overrides = overrides_of(scenario)
    problems = [*problems, *size_problems(raw)]
    return checked_settings(raw | {"held": held_parameters(raw, overrides)}, problems, overrides)
