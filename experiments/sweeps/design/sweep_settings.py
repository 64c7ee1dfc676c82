"""From a command line to a checked sweep: a preset of configs/experiment, axes typed as key=a,b,c, and everything else fixed."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from experiments.configuration.multirun import single_overrides
from experiments.configuration.settings import (
    CONFIGS,
    ConfigError,
    RunKeys,
    Settings,
    checked_settings,
    compose,
)
from experiments.configuration.variants import (
    Value,
    annotation_at,
    takes_whole_numbers,
    typed_value,
)
from experiments.sweeps.design.axes import Axis, read_axis
from experiments.sweeps.design.design import GROUPS, Design
from experiments.sweeps.design.sampling import METHODS, Sampling, drawn, read_sampling
from sim.inputs.dotted_keys import declared_keys
from sim.inputs.problems import ScenarioError, refused, unknown
from sim.inputs.scenario_reader import Reader
from sim.inputs.strict_yaml import load_mapping
from sim.inputs.values import Text
from sim.scenario import Quantity, Scenario

OBSERVED = "observed"
MOST_RUNS = 1_000_000
"""Runs in a sweep: their ids alone take half a gigabyte."""
OWN_CHOICES = {"experiment": "compliance", "executor": "local"}
INSTEAD = {
    "threads": "give executor.workers",
    "uncertainty": "choose experiment=uncertainty (prior) or experiment=posterior, or write sobol, latin_hypercube or draws in a preset",
}
OWN_KEYS = {"store": "null", "retry_failed": "false"}
SHARED = (*OWN_CHOICES, *OWN_KEYS, *declared_keys(RunKeys), "seed", "start", "months")
"""What is the same for every run of a sweep."""
PRESET_KEYS = ("axes", "replicates", "seed")


@dataclass(frozen=True)
class ExecutorKeys:
    """Where runs are simulated. `workers` null: all cores; `pool` for this machine; `address` of a Dask scheduler, null: one is started."""

    kind: Annotated[str, Text("local or dask", "local|dask")]
    workers: Annotated[int, Quantity("workers", 1, 4096)] | None
    pool: Annotated[str, Text("auto, threads or processes", "auto|threads|processes")]
    address: (
        Annotated[
            str,
            Text(
                "the address of a Dask scheduler, such as tcp://10.0.0.5:8786",
                r"([a-z]+://)?[^\s/]+:\d+",
            ),
        ]
        | None
    )


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
        group: next((text.split("=", 1)[1] for text in plain if text.startswith(f"{group}=")), own)
        for group, own in OWN_CHOICES.items()
    }
    own = [
        *(f"+{group}={name}" for group, name in chosen.items()),
        *(f"+{key}={value}" for key, value in OWN_KEYS.items()),
    ]
    rest = [text for text in plain if text.split("=", 1)[0] not in OWN_CHOICES]
    check_preset(chosen["experiment"], [configs, *searched(rest)])
    composed, problems = compose([*own, *rest], configs)
    given = {text.split("=", 1)[0].lstrip("+") for text in rest}
    parts = {name: composed.pop(name, {}) for name in ("experiment", "executor")}
    store = {name: composed.pop(name) for name in OWN_KEYS if name in composed}
    preset = parts["experiment"] if isinstance(parts["experiment"], Mapping) else {}
    composed |= {"uncertainty": "none"} | {
        name: preset[name]
        for name in ("replicates", "seed")
        if name in preset and name not in given
    }
    executor = read_record(ExecutorKeys, parts["executor"], "executor", problems)
    keeping = read_record(StoreKeys, store, "", problems)
    problems += [
        f"{key}: not a key of sweeps; {advice}" for key, advice in INSTEAD.items() if key in given
    ]
    axes, samplings = read_axes(preset, swept, given, (composed.get("seed"), problems))
    problems += [] if problems else contradicting(executor)
    settings = checked_settings(composed, problems, overrides)
    design = design_of(settings, axes, samplings, (rest, configs))
    resolved = {**settings.resolved, "experiment": preset, **store, "executor": parts["executor"]}
    return SweepSettings(
        composed.get("name") or chosen["experiment"], design, settings, executor, keeping, resolved
    )


def split(overrides: Sequence[str]) -> tuple[list[str], dict[str, list[Value]]]:
    """Plain overrides, and the values of each key that is given several as in policy.compliance=0,0.5,1; the last word on a key counts."""
    import yaml

    plain, swept, problems = [], {}, []
    for key, text in {text.split("=", 1)[0]: text for text in overrides}.items():
        options = single_overrides(text)
        if len(options) == 1:
            plain += options
        elif key.split(".")[0] in SHARED:
            problems.append(
                refused(key, text.split("=", 1)[1], "one value for all runs of a sweep", "give one")
            )
        else:
            swept[key] = [
                plain_value(yaml.safe_load(option.split("=", 1)[1])) for option in options
            ]
    if problems:
        raise ConfigError(problems)
    return plain, swept


def plain_value(given: Any) -> Any:
    """A value of an axis as it is checked: a date, which YAML makes of 2019-12-31, is text again."""
    return given.isoformat() if isinstance(given, dt.date) else given


def searched(overrides: Sequence[str]) -> list[Path]:
    """Folders of the user's own that hydra.searchpath adds to configs/."""
    return [
        Path(found)
        for text in overrides
        if text.startswith("hydra.searchpath=")
        for found in re.findall(r"file://([^,\]'\"]+)", text)
    ]


def check_preset(name: str, folders: Sequence[Path]) -> None:
    """Raise ScenarioError if the file of a preset is no YAML mapping; one that is nowhere is left to Hydra to refuse."""
    for path in (folder / "experiment" / f"{name}.yaml" for folder in folders):
        if path.is_file():
            load_mapping(path)


def contradicting(executor: ExecutorKeys) -> list[str]:
    """Settings that the chosen executor would pass over in silence."""
    problems = []
    if executor.kind == "local" and executor.address is not None:
        problems.append(
            refused(
                "executor.address",
                executor.address,
                "null with executor=local",
                "add executor=dask, or leave it out",
            )
        )
    if executor.kind == "dask" and executor.pool != "auto":
        problems.append(
            refused("executor.pool", executor.pool, "auto with executor=dask", "leave it out")
        )
    if executor.address is not None and executor.workers is not None:
        problems.append(
            refused(
                "executor.workers",
                executor.workers,
                "null for a cluster that is there",
                "leave it out",
            )
        )
    return problems


def read_record(kind: type, given: object, key: str, problems: list[str]) -> Any:
    """A record of settings; what is wrong is added to `problems`."""
    reader = Reader(kind)
    record = reader.record(kind, key, given)
    problems += reader.problems
    return record


def read_axes(
    preset: Mapping[str, Any],
    swept: Mapping[str, list[Value]],
    given: set[str],
    noting: tuple[Any, list[str]],
) -> tuple[list[Axis], list[Sampling]]:
    """Axes of the grid and samplings: the preset's, without keys that the command line fixes, with those it sweeps.

    `noting` is the seed of the samplings, and the list to which everything that is wrong is added.
    """
    seed, problems = noting
    problems += [
        unknown(f"experiment.{key}", preset[key], PRESET_KEYS)
        for key in preset
        if key not in PRESET_KEYS
    ]
    parts = mapping(preset, "axes", "experiment", problems)
    problems += [
        unknown(f"experiment.axes.{key}", parts[key], ("grid", *METHODS))
        for key in parts
        if key not in ("grid", *METHODS)
    ]
    own = mapping(parts, "grid", "experiment.axes", problems)
    grid = {key: spec for key, spec in own.items() if key not in given} | {
        key: {"values": values} for key, values in swept.items()
    }
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
    twice = [
        (sampling.method, key) for sampling in samplings for key in sampling.ranges if key in own
    ]
    problems += [
        refused(
            f"experiment.axes.{method}", key, "keys that are not in the grid", "leave it out of one"
        )
        for method, key in twice
    ]
    return axes, samplings


def mapping(parts: Mapping[str, Any], name: str, at: str, problems: list[str]) -> Mapping[str, Any]:
    """A part of a preset that is a mapping, or nothing; what is wrong is added to `problems`."""
    found = parts.get(name) or {}
    if isinstance(found, Mapping):
        return found
    allowed = (
        f"grid, {', '.join(METHODS)}"
        if name == "axes"
        else "KEY: {values: [...]} or KEY: {range: [low, high], levels: 11}"
    )
    problems.append(refused(f"{at}.{name}", found, allowed, "write one of them"))
    return {}


def design_of(
    settings: Settings,
    axes: Sequence[Axis],
    samplings: Sequence[Sampling],
    composing: tuple[Sequence[str], Path],
) -> Design:
    """The design, checked. What an axis or the user sets is not drawn; a table of draws leaves a policy its strength."""
    scenario, swept = settings.scenario, {axis.key for axis in axes}
    keys = [key for sampling in samplings for key in sampling.ranges if key not in swept]
    asked = {axis.key: axis.values for axis in axes} | {
        key: s.ranges[key] for s in samplings for key in keys if key in s.ranges
    }
    problems = [
        line
        for key, values in asked.items()
        for line in wrong_with(scenario, key, values, key in swept)
    ]
    runs = (
        math.prod(len(axis.values) for axis in axes)
        * sum([s.points for s in samplings] or [1])
        * settings.replicates
    )
    if runs > MOST_RUNS:
        problems.append(
            f"experiment: given {runs:,} runs; allowed: at most {MOST_RUNS:,} in a sweep; lower levels, points or replicates"
        )
    if problems:
        raise ConfigError(problems)
    whole = [key for key in keys if takes_whole_numbers(annotation_at(scenario, key))]
    draws = [dict(draw) for sampling in samplings for draw in drawn(sampling, whole)] or [{}]
    fixed = {*swept, *(text.split("=", 1)[0] for text in composing[0])}
    theirs = ("policy.",) if "policy" in swept or scenario.policy.name != OBSERVED else ()
    draws = [
        {
            key: value
            for key, value in draw.items()
            if key not in fixed and (key in keys or not key.startswith(theirs))
        }
        for draw in draws
    ]
    design = Design(
        scenario,
        tuple(axes),
        tuple(draws),
        settings.replicates,
        composed_choices(axes, settings, composing),
    )
    if wrong := design.problems():
        raise ConfigError(wrong)
    return design


def wrong_with(
    scenario: Scenario, key: str, values: Sequence[Value], is_axis: bool
) -> Iterable[str]:
    """What is wrong with a key that is varied, or with the ends of its range if it is drawn."""
    if key in GROUPS and is_axis:
        return
    if key in GROUPS:
        yield refused(
            key, list(values), f"names of files in configs/{key}, in a grid", "move it there"
        )
    elif key.split(".")[0] in SHARED:
        yield refused(key, list(values), "one value for all runs of a sweep", "give one")
    elif annotation_at(scenario, key) is None:
        known = [name for name in declared_keys(Scenario) if annotation_at(scenario, name)] + list(
            GROUPS
        )
        yield unknown(key, list(values), known)
    elif not is_axis:
        yield from dict.fromkeys(
            line for value in values for line in untypable(scenario, key, value)
        )


def untypable(scenario: Scenario, key: str, value: Value) -> tuple[str, ...]:
    """What is wrong with a value by itself."""
    try:
        typed_value(scenario, key, value)
    except ScenarioError as error:
        return error.problems
    return ()


def composed_choices(
    axes: Sequence[Axis], settings: Settings, composing: tuple[Sequence[str], Path]
) -> dict[str, dict[str, Any]]:
    """For each axis that is a group of configs/, its part of the scenario by the file's name."""
    found: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    rest, configs = composing
    rest = [
        text
        for text in rest
        if text.split("=", 1)[0].lstrip("+").split(".")[0] not in (*OWN_KEYS, *OWN_CHOICES)
    ]
    for axis in [axis for axis in axes if axis.key in GROUPS]:
        for value in axis.values:
            try:
                composed, wrong = compose([*rest, f"{axis.key}={value}"], configs)
                own = {key: settings.resolved[key] for key in ("name", "replicates", "seed")}
                chosen = checked_settings(composed | own, wrong, rest).scenario
                found.setdefault(axis.key, {})[str(value)] = getattr(chosen, axis.key)
            except ScenarioError as error:
                problems += error.problems
    if problems:
        raise ConfigError(problems)
    return found
