"""From command-line overrides to frozen settings: Hydra composes once, then every value is checked and all problems are raised together."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from experiments.configuration.overrides import (
    applicable,
    broken,
    parsed,
    put_together,
    said,
    text_of,
)
from sim.inputs.dated_inputs import parameters
from sim.inputs.dotted_keys import declared_keys
from sim.inputs.problems import ScenarioError, nearest, refused, unknown
from sim.inputs.scenario_reader import Reader, build_scenario
from sim.inputs.values import Text
from sim.scenario import Quantity, Scenario

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

CONFIGS = Path(__file__).resolve().parents[2] / "configs"


class ConfigError(ScenarioError):
    """Overrides or configuration files that describe no experiment."""


@dataclass(frozen=True)
class RunKeys:
    """The keys beside the scenario: how often it is run, on how many threads, and where the results go."""

    name: (
        Annotated[str, Text("a name of letters, digits and . _ -", r"[A-Za-z0-9][A-Za-z0-9._-]*")]
        | None
    )
    replicates: Annotated[int, Quantity("replicates", 1, 100_000)]
    threads: Annotated[int, Quantity("threads", 1, 4096)] | None
    output_dir: Annotated[str, Text("the path of a folder", r"[^\0]*[^\0\s][^\0]*")]
    uncertainty: Annotated[str, Text("posterior, prior or none", r"posterior|prior|none")]
    held: Annotated[
        tuple[str, ...], Text("a list of parameters by their keys, none twice", r"[a-z0-9_.]+")
    ]


@dataclass(frozen=True)
class Settings:
    """One checked experiment. `resolved` is the composed configuration as plain data; threads None means all cores."""

    scenario: Scenario
    name: str
    replicates: int
    threads: int | None
    output_dir: str
    resolved: dict[str, Any]
    overrides: tuple[str, ...]
    uncertainty: str


def load_settings(overrides: Sequence[str] = (), configs: Path = CONFIGS) -> Settings:
    """Settings from Hydra overrides such as `policy=blind_eye`; raises ConfigError with everything that is wrong."""
    composed, problems = compose(overrides, configs)
    return checked_settings(
        composed | {"held": held(composed.get("held"), overrides)}, problems, overrides
    )


def held(given: object, overrides: Sequence[str]) -> object:
    """Keys of the parameters that are not drawn: those listed, and those set by an override; what is no list is left for the check."""
    if not isinstance(given, (list, tuple)):
        return given
    set_here = {override.partition("=")[0].lstrip("+~") for override in overrides}
    return [*given, *sorted(set_here & set(parameters()) - set(given))]


def checked_settings(
    composed: Mapping[str, Any], problems: Sequence[str], overrides: Sequence[str]
) -> Settings:
    """Settings from a composed configuration; raises ConfigError with `problems` and everything else that is wrong."""
    problems = list(problems)
    known = [*declared_keys(RunKeys), *declared_keys(Scenario)]
    problems += [
        unknown(name, value, known) for name, value in composed.items() if name not in known
    ]
    reader = Reader(RunKeys)
    run = reader.record(
        RunKeys, "", {name: composed[name] for name in declared_keys(RunKeys) if name in composed}
    )
    problems += reader.problems
    problems += [no_parameter(key) for key in run.held or () if key not in parameters()]
    scenario = _scenario(
        {name: composed[name] for name in declared_keys(Scenario) if name in composed}, problems
    )
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
    )


def no_parameter(key: str) -> str:
    """The line for a key in `held` that is no parameter with a prior."""
    close = nearest(key, parameters())
    return refused(
        "held",
        key,
        "parameters that `python -m experiments.evidence` lists",
        f"the closest is {close}" if close else "leave it out",
    )


def _scenario(raw: Mapping[str, Any], problems: list[str]) -> Scenario:
    """The checked scenario, if neither it nor anything before it has a problem."""
    try:
        scenario = build_scenario(raw)
    except ScenarioError as error:
        raise ConfigError([*problems, *error.problems]) from None
    if problems:
        raise ConfigError(problems)
    return scenario


def compose(overrides: Sequence[str], configs: Path = CONFIGS) -> tuple[dict[str, Any], list[str]]:
    """The composed configuration as plain data, without the overrides that cannot be applied, and a line for each of those."""
    from hydra import initialize_config_dir

    problems: list[str] = []
    entries = [entry for text in overrides if (entry := parsed(text, problems))]
    try:
        with warnings.catch_warnings(), initialize_config_dir(str(configs), version_base="1.3"):
            warnings.simplefilter("error", UserWarning)
            return _without_bad_ones(entries, problems), problems
    except broken() as error:
        raise ConfigError([*problems, f"configs: {said(error)}"]) from None


def _without_bad_ones(entries: list[Override], problems: list[str]) -> dict[str, Any]:
    """Everything composed at once; only if that fails are the overrides tried one by one."""
    try:
        return put_together([text_of(entry) for entry in entries])
    except broken():
        return put_together(applicable(entries, problems))
