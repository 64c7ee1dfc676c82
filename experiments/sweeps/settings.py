"""From a command line to a checked sweep: a preset of configs/experiment, axes typed as key=a,b,c, and everything else fixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from experiments.config import CONFIGS, ConfigError, Settings, checked, compose
from experiments.multirun import choices
from experiments.sweeps.axes import Axis, read_axis
from experiments.sweeps.design import GROUPS, Design
from experiments.sweeps.sampling import METHODS, Sampling, drawn, read_sampling
from experiments.sweeps.varied import Value, hint_at, takes_whole_numbers
from sim.checking import Reader, keys_of
from sim.problems import ScenarioError, refused, unknown
from sim.scenario import Quantity, Scenario
from sim.values import Text

OBSERVED = "observed"
OWN_CHOICES = {"experiment": "compliance", "executor": "local"}
INSTEAD = {
    "threads": "give executor.workers",
    "uncertainty": "choose experiment=uncertainty (prior) or experiment=posterior, or write sobol, latin_hypercube or draws in a preset",
}
OWN_KEYS = {"store": "null", "retry_failed": "false"}


@dataclass(frozen=True)
class ExecutorKeys:
    """Where runs are simulated. `workers` null: all cores; `pool` for this machine; `address` of a Dask scheduler, null: one is started."""

    kind: Annotated[str, Text("local or dask", "local|dask")]
    workers: Annotated[int, Quantity("workers", 1, 4096)] | None
    pool: Annotated[str, Text("auto, threads or processes", "auto|threads|processes")]
    address: Annotated[str, Text("the address of a Dask scheduler", r"[^\s]+")] | None


@dataclass(frozen=True)
class StoreKeys:
    """Where results are kept (null: a folder of its own in output_dir), and whether runs that failed before are tried again."""

    store: Annotated[str, Text("the path of a folder", r"[^\0]*[^\0\s][^\0]*")] | None
    retry_failed: bool


@dataclass(frozen=True)
class SweepSettings:
    """One checked sweep."""

    name: str
    design: Design
    settings: Settings
    executor: ExecutorKeys
    store: StoreKeys
    resolved: dict[str, Any]


def load_sweep(overrides: Sequence[str] = (), configs: Path = CONFIGS) -> SweepSettings:
    """Settings of a sweep; raises ConfigError with everything that is wrong."""
    plain, swept = split(overrides)
    chosen = {
        group: next((text.split("=", 1)[1] for text in plain if text.startswith(f"{group}=")), own) for group, own in OWN_CHOICES.items()
    }
    own = [*(f"+{group}={name}" for group, name in chosen.items()), *(f"+{key}={value}" for key, value in OWN_KEYS.items())]
    rest = [text for text in plain if text.split("=", 1)[0] not in OWN_CHOICES]
    composed, problems = compose([*own, *rest], configs)
    given = {text.split("=", 1)[0].lstrip("+") for text in rest}
    parts = {name: composed.pop(name, {}) for name in ("experiment", "executor")}
    store = {name: composed.pop(name) for name in OWN_KEYS if name in composed}
    preset = parts["experiment"] if isinstance(parts["experiment"], Mapping) else {}
    composed |= {name: preset[name] for name in ("replicates", "seed") if name in preset and name not in given}
    executor = read_record(ExecutorKeys, parts["executor"], "executor", problems)
    keeping = read_record(StoreKeys, store, "", problems)
    problems += [f"{key}: not a key of sweeps; {advice}" for key, advice in INSTEAD.items() if key in given]
    settings = checked(composed, problems, overrides)
    axes, samplings = read_axes(preset, swept, given, settings.scenario.seed)
    design = design_of(settings, axes, samplings, (rest, configs))
    resolved = {**settings.resolved, "experiment": preset, **store, "executor": parts["executor"]}
    return SweepSettings(composed.get("name") or chosen["experiment"], design, settings, executor, keeping, resolved)


def split(overrides: Sequence[str]) -> tuple[list[str], dict[str, list[Value]]]:
    """Plain overrides, and the values of each key that is given several as in policy.compliance=0,0.5,1."""
    import yaml

    plain, swept = [], {}
    for text in overrides:
        options = [text] if text.split("=", 1)[0].lstrip("+") in OWN_CHOICES else list(choices(text))
        if len(options) == 1:
            plain += options
        else:
            swept[text.split("=", 1)[0]] = [yaml.safe_load(option.split("=", 1)[1]) for option in options]
    return plain, swept


def read_record(kind: type, given: object, key: str, problems: list[str]) -> Any:
    """A record of settings; what is wrong is added to `problems`."""
    reader = Reader(kind)
    record = reader.record(kind, key, given)
    problems += reader.problems
    return record


def read_axes(preset: Mapping[str, Any], swept: Mapping[str, list[Value]], given: set[str], seed: int) -> tuple[list[Axis], list[Sampling]]:
    """Axes of the grid and samplings: the preset's, without keys that the command line fixes, with those it sweeps."""
    problems = [
        unknown(f"experiment.{key}", value, ("axes", "replicates", "seed"))
        for key, value in preset.items()
        if key not in ("axes", "replicates", "seed")
    ]
    parts = preset.get("axes") or {}
    if not isinstance(parts, Mapping):
        raise ConfigError([*problems, refused("experiment.axes", parts, f"grid, {', '.join(METHODS)}", "write one of them")])
    problems += [
        unknown(f"experiment.axes.{key}", value, ("grid", *METHODS)) for key, value in parts.items() if key not in ("grid", *METHODS)
    ]
    grid = {key: spec for key, spec in (parts.get("grid") or {}).items() if key not in given}
    grid |= {key: {"values": values} for key, values in swept.items()}
    axes = [axis for key, spec in grid.items() if (axis := read_axis(key, spec, problems))]
    samplings = []
    for method in METHODS:
        try:
            samplings += [read_sampling(method, parts[method], seed)] if method in parts else []
        except ScenarioError as error:
            problems += error.problems
    if len(samplings) > 1:
        problems.append(
            f"experiment.axes: given {' and '.join(s.method for s in samplings)}; allowed: one of them, beside a grid; leave the others out"
        )
    if problems:
        raise ConfigError(problems)
    return axes, samplings


def design_of(settings: Settings, axes: Sequence[Axis], samplings: Sequence[Sampling], composing: tuple[Sequence[str], Path]) -> Design:
    """The design, checked. What an axis or the user sets is not drawn; a table of draws leaves a policy its strength."""
    scenario, swept = settings.scenario, {axis.key for axis in axes}
    keys = [key for sampling in samplings for key in sampling.ranges if key not in swept]
    known = [key for key in keys_of(Scenario) if hint_at(scenario, key)] + list(GROUPS)
    problems = [
        unknown(key, "an axis", known)
        for key in [*swept, *keys]
        if key not in GROUPS and (key in ("seed", "start", "months") or hint_at(scenario, key) is None)
    ]
    if problems:
        raise ConfigError(problems)
    whole = [key for key in keys if takes_whole_numbers(hint_at(scenario, key))]
    draws = [dict(draw) for sampling in samplings for draw in drawn(sampling, whole)] or [{}]
    fixed = {*swept, *(text.split("=", 1)[0] for text in composing[0])}
    theirs = ("policy.",) if "policy" in swept or scenario.policy.name != OBSERVED else ()
    draws = [
        {key: value for key, value in draw.items() if key not in fixed and (key in keys or not key.startswith(theirs))} for draw in draws
    ]
    design = Design(scenario, tuple(axes), tuple(draws), settings.replicates, composed_choices(axes, settings, composing))
    if wrong := design.problems():
        raise ConfigError(wrong)
    return design


def composed_choices(axes: Sequence[Axis], settings: Settings, composing: tuple[Sequence[str], Path]) -> dict[str, dict[str, Any]]:
    """For each axis that is a group of configs/, its part of the scenario by the file's name."""
    found: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    rest, configs = composing
    rest = [text for text in rest if text.split("=", 1)[0].lstrip("+").split(".")[0] not in (*OWN_KEYS, *OWN_CHOICES)]
    for axis in [axis for axis in axes if axis.key in GROUPS]:
        for value in axis.values:
            try:
                composed, wrong = compose([*rest, f"{axis.key}={value}"], configs)
                own = {key: settings.resolved[key] for key in ("name", "replicates", "seed")}
                chosen = checked(composed | own, wrong, rest).scenario
                found.setdefault(axis.key, {})[str(value)] = getattr(chosen, axis.key)
            except ScenarioError as error:
                problems += error.problems
    if problems:
        raise ConfigError(problems)
    return found
