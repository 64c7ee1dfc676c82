"""From overrides to checked settings: Hydra composes, every value is checked.

All problems are collected and raised together, so that a user can mend them in one go.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.configuration.hydra_session import hydra_at
from experiments.configuration.overrides import (
    applicable_overrides,
    composed_config,
    error_line,
    hydra_errors,
    override_text,
    parsed_override,
)
from experiments.configuration.parameter_values import shipped_key
from experiments.configuration.run_keys import RunKeys
from experiments.configuration.shipped_files import CONFIGS
from sim.inputs.dated_inputs import own_priors, parameters
from sim.inputs.dotted_keys import declared_keys, value_at
from sim.inputs.problems import ScenarioError, nearest, refused, unknown
from sim.inputs.scenario_reader import Reader, build_scenario
from sim.scenario import Scenario

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override


class ConfigError(ScenarioError):
    """Overrides or configuration files that do not describe a scenario."""


@dataclass(frozen=True)
class Settings:
    """What a command was asked to do, checked.

    `resolved` is the composed configuration as plain data; `threads` None means all cores.
    """

    scenario: Scenario
    name: str
    replicates: int
    threads: int | None
    output_dir: str
    resolved: dict[str, Any]
    overrides: tuple[str, ...]
    uncertainty: str
    every_draw_scale: float | None = None


def load_settings(overrides: Sequence[str] = (), configs: Path = CONFIGS) -> Settings:
    """Settings from Hydra overrides such as `policy=blind_eye`.

    Raises ConfigError with everything that is wrong.
    """
    composed, problems = compose(overrides, configs)
    held = held_parameters(composed, overrides)
    return checked_settings(composed | {"held": held}, problems, overrides)


def held_parameters(composed: Mapping[str, Any], overrides: Sequence[str]) -> object:
    """Keys of the parameters that are not sampled: those listed and those set by an override.

    A value that is not a list is returned as it is, for the check to refuse.
    """
    given = composed.get("held")
    if not isinstance(given, (list, tuple)):
        return given
    typed = (override.partition("=")[0].lstrip("+~") for override in overrides)
    set_here = {shipped_key(key, composed) for key in typed}
    listed = {each for each in given if isinstance(each, str)}
    return [*given, *sorted(set_here & sampled_somewhere() - listed)]


def sampled_somewhere() -> set[str]:
    """Keys of every number that may be sampled: those of the evidence, and of the user's priors."""
    return {*parameters(), *own_priors()}


def checked_settings(
    composed: Mapping[str, Any], problems: Sequence[str], overrides: Sequence[str]
) -> Settings:
    """Settings from a composed configuration.

    Raises ConfigError with `problems` and everything else that is wrong.
    """
    problems = list(problems)
    known = [*declared_keys(RunKeys), *declared_keys(Scenario)]
    problems += [
        unknown(name, value, known) for name, value in composed.items() if name not in known
    ]
    reader = Reader(RunKeys)
    run = reader.record(RunKeys, "", part_of(composed, RunKeys))
    problems += reader.problems
    problems += [not_a_parameter(key) for key in run.held or () if key not in sampled_somewhere()]
    problems += every_draw_problems(run, composed)
    scenario = _scenario(part_of(composed, Scenario), problems)
    name = run.name or scenario.policy.name
    return Settings(
        scenario,
        name,
        run.replicates,
        run.threads,
        run.output_dir,
        {**composed, "name": name},
        tuple(overrides),
        run.uncertainty,
        run.every_draw_scale,
    )


def part_of(composed: Mapping[str, Any], record: type) -> dict[str, Any]:
    """The entries of a composed configuration that are fields of a dataclass."""
    return {name: composed[name] for name in declared_keys(record) if name in composed}


def every_draw_problems(run: RunKeys, composed: Mapping[str, Any]) -> list[str]:
    """A line if every draw is to be simulated where there are no draws, or at no smaller scale."""
    given, whole = run.every_draw_scale, value_at(composed, "market.scale", None)
    if not given:
        return []
    if run.uncertainty == "none":
        return [refused("every_draw_scale", given, "null or 0 with uncertainty=none", "leave it")]
    if isinstance(whole, int | float) and given >= whole:
        allowed = f"less than market.scale, which is {whole:g}"
        return [refused("every_draw_scale", given, allowed, "lower it or leave it out")]
    return []


def not_a_parameter(key: str) -> str:
    """The line for a key in `held` that is not a parameter with a prior."""
    close = nearest(key, parameters())
    return refused(
        "held",
        key,
        "parameters that `python -m experiments.evidence` lists",
        f"the closest is {close}" if close else "leave it out",
    )


def _scenario(raw: Mapping[str, Any], problems: list[str]) -> Scenario:
    """The checked scenario; raises ConfigError if there are problems here or before."""
    try:
        scenario = build_scenario(raw)
    except ScenarioError as error:
        raise ConfigError([*problems, *error.problems]) from None
    if problems:
        raise ConfigError(problems)
    return scenario


def compose(overrides: Sequence[str], configs: Path = CONFIGS) -> tuple[dict[str, Any], list[str]]:
    """The composed configuration as plain data, and a line for each override left out of it."""
    if isinstance(overrides, str):
        raise ConfigError(
            [f"overrides: given the text {overrides!r}; give a list: [{overrides!r}]"]
        )
    problems: list[str] = []
    entries = [entry for text in overrides if (entry := parsed_override(text, problems))]
    try:
        with hydra_at(configs), warnings.catch_warnings():
            # Hydra warns about some mistakes instead of raising; both must be reported.
            warnings.simplefilter("error", UserWarning)
            return _without_bad_ones(entries, problems), problems
    except hydra_errors() as error:
        raise ConfigError([*problems, f"configs: {error_line(error)}"]) from None


def _without_bad_ones(entries: list[Override], problems: list[str]) -> dict[str, Any]:
    """Everything composed at once, as that is quick; one by one only if that fails."""
    try:
        return composed_config([override_text(entry) for entry in entries])
    except hydra_errors():
        return composed_config(applicable_overrides(entries, problems))
