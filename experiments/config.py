"""From command-line overrides to frozen settings: Hydra composes once, then every value is checked and all problems are raised together."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from sim.checking import Reader, build_scenario, keys_of
from sim.inputs import parameters
from sim.problems import ScenarioError, nearest, refused, unknown
from sim.scenario import Quantity, Scenario
from sim.values import Text

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

CONFIGS = Path(__file__).resolve().parents[1] / "configs"


class ConfigError(ScenarioError):
    """Overrides or configuration files that describe no experiment."""


@dataclass(frozen=True)
class RunKeys:
    """The keys beside the scenario: how often it is run, on how many threads, and where the results go."""

    name: Annotated[str, Text("a name of letters, digits and . _ -", r"[A-Za-z0-9][A-Za-z0-9._-]*")] | None
    replicates: Annotated[int, Quantity("replicates", 1, 100_000)]
    threads: Annotated[int, Quantity("threads", 1, 4096)] | None
    output_dir: Annotated[str, Text("the path of a folder", r"[^\0]*[^\0\s][^\0]*")]
    uncertainty: Annotated[str, Text("posterior, prior or none", r"posterior|prior|none")]
    held: Annotated[tuple[str, ...], Text("a list of parameters by their keys, none twice", r"[a-z0-9_.]+")]


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
    return checked(composed | {"held": held(composed.get("held"), overrides)}, problems, overrides)


def held(given: object, overrides: Sequence[str]) -> object:
    """Keys of the parameters that are not drawn: those listed, and those set by an override; what is no list is left for the check."""
    if not isinstance(given, (list, tuple)):
        return given
    set_here = {override.partition("=")[0].lstrip("+~") for override in overrides}
    return [*given, *sorted(set_here & set(parameters()) - set(given))]


def checked(composed: Mapping[str, Any], problems: Sequence[str], overrides: Sequence[str]) -> Settings:
    """Settings from a composed configuration; raises ConfigError with `problems` and everything else that is wrong."""
    problems = list(problems)
    known = [*keys_of(RunKeys), *keys_of(Scenario)]
    problems += [unknown(name, value, known) for name, value in composed.items() if name not in known]
    reader = Reader(RunKeys)
    run = reader.record(RunKeys, "", {name: composed[name] for name in keys_of(RunKeys) if name in composed})
    problems += reader.problems
    problems += [no_parameter(key) for key in run.held or () if key not in parameters()]
    scenario = _scenario({name: composed[name] for name in keys_of(Scenario) if name in composed}, problems)
    name = run.name or scenario.policy.name
    return Settings(
        scenario, name, run.replicates, run.threads, run.output_dir, {**composed, "name": name}, tuple(overrides), run.uncertainty
    )


def no_parameter(key: str) -> str:
    """The line for a key in `held` that is no parameter with a prior."""
    close = nearest(key, parameters())
    return refused(
        "held", key, "parameters that `python -m experiments.evidence` lists", f"the closest is {close}" if close else "leave it out"
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
    parsed = [entry for text in overrides if (entry := _parsed(text, problems))]
    try:
        with warnings.catch_warnings(), initialize_config_dir(str(configs), version_base="1.3"):
            warnings.simplefilter("error", UserWarning)
            return _without_bad_ones(parsed, problems), problems
    except _broken() as error:
        said = " ".join(str(error).split())
        raise ConfigError([*problems, f"configs: {said}; change the override or mend the file"]) from None


def _without_bad_ones(parsed: list[Override], problems: list[str]) -> dict[str, Any]:
    """Everything composed at once; only if that fails are the overrides tried one by one."""
    try:
        return _plain([_text(entry) for entry in parsed])
    except _broken():
        return _plain(_applicable(parsed, problems))


def _broken() -> tuple[type[Exception], ...]:
    """What Hydra raises, as it is not one family."""
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    return HydraException, OmegaConfBaseException, YAMLError, ValueError, TypeError, UserWarning


def _plain(overrides: Sequence[str]) -> dict[str, Any]:
    """What Hydra composes, interpolations resolved, as plain data."""
    from hydra import compose as hydra_compose
    from omegaconf import OmegaConf

    container = OmegaConf.to_container(hydra_compose("config", overrides=list(overrides)), resolve=True)
    return {str(key): value for key, value in container.items()} if isinstance(container, dict) else {}


def _parsed(text: str, problems: list[str]) -> Override | None:
    """An override as Hydra reads it."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        entry = OverridesParser.create().parse_override(text)
    except HydraException:
        entry = None
    if entry is None or not entry.key_or_group:
        problems.append(f"{text}: not an override; allowed: key=value, such as policy.compliance=0.6; quote special characters")
        return None
    if entry.is_sweep_override():
        problems.append(refused(entry.key_or_group, text.split("=", 1)[-1], "one value", "give one; for a list write [a,b]"))
        return None
    return entry


def _applicable(parsed: list[Override], problems: list[str]) -> list[str]:
    """The overrides that Hydra can apply, choices of files before values."""
    own = [_text(entry) for entry in parsed if entry.key_or_group.startswith("hydra")]
    rest = [entry for entry in parsed if _text(entry) not in own]
    choices = [entry for entry in rest if entry.key_or_group in _options("", folders=True) and not isinstance(entry.value(), dict)]
    accepted = own + [_text(entry) for entry in choices if _choice_exists(entry, own, problems)]
    known = list(_paths(_plain(accepted)))
    for entry in rest:
        if entry not in choices and _key_exists(entry, known, problems):
            known += _paths(entry.value(), f"{entry.key_or_group}.") if entry.is_add() else []
            accepted.append(_text(entry))
    return accepted


def _text(entry: Override) -> str:
    return str(entry.input_line)


def _options(group: str, folders: bool = False) -> list[str]:
    """Files to choose from in a folder of configs/, or its folders."""
    from hydra.core.global_hydra import GlobalHydra
    from hydra.core.object_type import ObjectType

    return GlobalHydra.instance().config_loader().get_group_options(group, ObjectType.GROUP if folders else ObjectType.CONFIG)


def _choice_exists(entry: Override, own: Sequence[str], problems: list[str]) -> bool:
    """Whether the file that an override chooses can be composed."""
    try:
        _plain([*own, _text(entry)])
    except _broken():
        group, options = entry.key_or_group, _options(entry.key_or_group)
        close = nearest(str(entry.value()), options)
        advice = f"the closest is {group}={close}" if close else "choose one of them"
        problems.append(refused(group, entry.value(), f"one of {', '.join(options)}", advice))
        return False
    return True


def _key_exists(entry: Override, known: Sequence[str], problems: list[str]) -> bool:
    """Whether the key that an override changes or removes is there."""
    key = entry.key_or_group
    if entry.is_add() or (key in known and entry.package is None):
        return True
    problems.append(unknown(key, entry.value(), known))
    return False


def _paths(value: object, prefix: str = "") -> Iterator[str]:
    """Dotted paths of all keys of a nested mapping; with a prefix, that of the mapping too."""
    if prefix:
        yield prefix.removesuffix(".")
    for name, inner in value.items() if isinstance(value, Mapping) else ():
        yield from _paths(inner, f"{prefix}{name}.")
