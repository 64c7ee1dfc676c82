"""A scenario from a YAML file: one that the explorer or experiments.run wrote, or a part of one.

What the explorer cannot simulate is refused by name, so that nothing in a file is left out in
silence.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from experiments.configuration.run_keys import RunKeys
from experiments.configuration.saved_configuration import more_than_data
from experiments.configuration.settings import ConfigError, checked_settings
from experiments.ensembles.uncertainty import sampled_parameters
from experiments.explorer.address import (
    RUN_DEFAULTS,
    VALUE_KEYS,
    ExplorerScenario,
    explorer_scenario,
    from_query,
    settings_of,
    to_query,
    value_as_text,
)
from experiments.explorer.controls import (
    BY_KEY,
    CONTROLS,
    DEFAULT_LEVERS_FROM,
    DEFAULT_POLICY,
    POLICIES,
    Value,
    configuration_of,
    default_value,
)
from experiments.explorer.explorer_ensembles import REPLICATES
from sim.inputs.dotted_keys import declared_keys, flatten
from sim.inputs.problems import refused
from sim.inputs.strict_yaml import plain_yaml

ADVICE = "simulate it with `python -m experiments.run --from FOLDER`"


def text_of_upload(contents: str) -> str:
    """The text of an uploaded file, which a browser sends as a data address."""
    try:
        return base64.b64decode(contents.partition(",")[2], validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise ConfigError(["file: it is no text in UTF-8; give a YAML file"]) from None


def scenario_of_yaml(text: str) -> ExplorerScenario:
    """The scenario of a YAML text; raises ConfigError with everything that is wrong."""
    whole = merged_configuration(text)
    settings = checked_settings(whole, [], [])
    scenario = from_query(to_query(described_scenario(whole)))
    if problems := list(lost_in_translation(settings.resolved, scenario)):
        raise ConfigError(problems)
    return scenario


def merged_configuration(text: str) -> dict[str, Any]:
    """The configuration of a YAML text, which takes from its policy's file what it does not set."""
    try:
        given = plain_yaml(text)
    except yaml.YAMLError as error:
        raise ConfigError([f"file: not YAML: {' '.join(str(error).split())[:300]}"]) from None
    if not isinstance(given, dict) or not all(isinstance(key, str) for key in given):
        raise ConfigError(["file: no keys with values; give the config.yaml of a scenario"])
    if problems := list(more_than_data(given)):
        raise ConfigError(problems)
    policy = given.get("policy", DEFAULT_POLICY)
    name = policy.get("name", DEFAULT_POLICY) if isinstance(policy, dict) else policy
    if name not in POLICIES:
        allowed = f"one of {', '.join(POLICIES)}"
        raise ConfigError([refused("policy.name", name, allowed, ADVICE)])
    sections = {**given, "policy": policy if isinstance(policy, dict) else {}}
    return merged({**configuration_of(str(name)), "replicates": REPLICATES}, sections)


def merged(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The base with what is given in its place, section by section."""
    both = {
        key: merged(base[key], value)
        if isinstance(value, dict) and isinstance(base.get(key), Mapping)
        else value
        for key, value in given.items()
    }
    return {**base, **both}


def described_scenario(whole: Mapping[str, Any]) -> ExplorerScenario:
    """The explorer's scenario that comes nearest to a whole configuration."""
    leaves, policy = flatten(whole), str(whole["policy"]["name"])
    usual, held = flatten(configuration_of(policy)), set(whole["held"] or ())
    values = {
        key: value_of(key, leaves[key])
        for key in (*BY_KEY, *sorted(VALUE_KEYS - set(BY_KEY)))
        if key in leaves and (not same(leaves[key], usual[key]) or (key in held and is_drawn(key)))
    }
    month = shared_month(values, leaves)
    if month is not None:
        values = {key: value for key, value in values.items() if key not in dates_of(values)}
    run = {key: whole[key] for key in RUN_DEFAULTS}
    return explorer_scenario(policy, values, month or DEFAULT_LEVERS_FROM, **run)


def is_drawn(key: str) -> bool:
    """Whether a key has a slider that holds its parameter wherever it is put."""
    return key in BY_KEY and BY_KEY[key].drawn


def value_of(key: str, value: Any) -> Value:
    """A value as the explorer has it: months in place of dates where a slider counts them."""
    is_month = key in BY_KEY and BY_KEY[key].month and isinstance(value, str)
    found: Value = value[:7] if is_month else value
    return found


def shared_month(values: Mapping[str, Value], leaves: Mapping[str, Any]) -> str | None:
    """The month from which all levers with a slider of their own hold; None if they differ."""
    months = {str(leaves[date]) for date in dates_of(values)}
    if len(months) != 1:
        return None
    (date,) = months
    return date[:7] if date[7:] in ("", "-01") and date != "None" else None


def dates_of(values: Mapping[str, Value]) -> list[str]:
    """The keys of the first dates of the levers whose strength is set."""
    return [
        f"{control.lever}.from_date"
        for control in CONTROLS
        if control.lever and control.key in values and not is_default(control.key, values)
    ]


def is_default(key: str, values: Mapping[str, Value]) -> bool:
    """Whether a value is that of the shipped configuration."""
    return values[key] == default_value(BY_KEY[key], DEFAULT_POLICY)


def lost_in_translation(whole: Mapping[str, Any], scenario: ExplorerScenario) -> Iterator[str]:
    """A line for each value of a configuration that its scenario does not have."""
    made, own = settings_of(scenario).resolved, set(declared_keys(RunKeys))
    leaves = flatten(made)
    for key, value in flatten(whole).items():
        if key.partition(".")[0] not in own and not same(value, leaves.get(key)):
            usual = f"{leaves.get(key)} in the explorer"
            yield refused(key, value, usual, ADVICE)
    sampled = sampled_parameters(made) if scenario.uncertainty != "none" else {}
    for key in whole["held"] or ():
        if key in sampled:
            yield refused("held", key, "parameters whose value is not the default", ADVICE)


def same(value: Any, other: Any) -> bool:
    """Whether two values are equal; the first day of a month may be written as the month."""
    first, second = (value_as_text(each) for each in (value, other))
    return first == second or f"{first}-01" == second or f"{second}-01" == first
