"""From checked settings, axes and samplings to a checked design."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from experiments.configuration.settings import ConfigError, Settings, checked_settings, compose
from experiments.configuration.variants import Value, annotation_at, typed_value
from experiments.ensembles.uncertainty import NONE
from experiments.sweeps.design.applied_draws import SetOtherwise, applied_draws
from experiments.sweeps.design.axes import Axis
from experiments.sweeps.design.design import CONFIG_GROUPS, Design
from experiments.sweeps.design.run_draws import with_draws_of_run
from experiments.sweeps.design.sampling import Sampling
from experiments.sweeps.design.sweep_keys import DEFAULT_FILES, DEFAULT_VALUES, SHARED_KEYS
from sim.inputs.dotted_keys import declared_keys
from sim.inputs.problems import ScenarioError, refused, unknown
from sim.scenario import Scenario

MOST_RUNS = 1_000_000
"""Runs in a sweep: the ids of so many take half a gigabyte."""


class Varied(NamedTuple):
    """What a sweep varies: axes of the grid, and at most one sampling."""

    axes: Sequence[Axis]
    samplings: Sequence[Sampling]

    @property
    def axis_keys(self) -> set[str]:
        """Keys of the grid."""
        return {axis.key for axis in self.axes}

    @property
    def sampling(self) -> Sampling | None:
        """How parameters are sampled; None if they are not."""
        return next(iter(self.samplings), None)

    @property
    def ends(self) -> dict[str, Sequence[Value]]:
        """The values of every axis, and both ends of every sampled range, by key."""
        ends: dict[str, Sequence[Value]] = {axis.key: axis.values for axis in self.axes}
        for sampling in self.samplings:
            ends |= {key: sampling.ranges[key] for key in sampling.ranges if key not in ends}
        return ends


class Source(NamedTuple):
    """What the configuration was composed from: overrides, and the folder configs/."""

    overrides: Sequence[str]
    configs: Path


def composed_design(settings: Settings, varied: Varied, source: Source) -> Design:
    """The design; raises ConfigError with everything that is wrong with it."""
    scenario = settings.scenario
    problems = [
        line
        for key, values in varied.ends.items()
        for line in key_problems(scenario, key, values, key in varied.axis_keys)
    ]
    problems += size_problems(varied, settings.replicates)
    if problems:
        raise ConfigError(problems)
    fixed = frozenset(text.split("=", 1)[0].lstrip("+") for text in source.overrides)
    otherwise = SetOtherwise(frozenset(varied.axis_keys), fixed)
    applied = applied_draws(scenario, varied.sampling, otherwise)
    chosen = composed_choices(varied.axes, settings, source)
    design = Design(
        scenario,
        tuple(varied.axes),
        tuple(applied.draws),
        settings.replicates,
        {
            group: {name: each.section for name, each in named.items()}
            for group, named in chosen.items()
        },
        tuple(applied.notes),
    )
    if problems := design.problems():
        raise ConfigError(problems)
    if settings.uncertainty == NONE:
        return design
    raw = {
        group: {name: each.raw for name, each in named.items()} for group, named in chosen.items()
    }
    return with_draws_of_run(design, settings, raw)


def size_problems(varied: Varied, replicates: int) -> list[str]:
    """A line if the sweep has too many runs."""
    cells = math.prod(len(axis.values) for axis in varied.axes)
    draws = sum([sampling.points for sampling in varied.samplings] or [1])
    runs = cells * draws * replicates
    if runs <= MOST_RUNS:
        return []
    allowed = f"at most {MOST_RUNS:,} in a sweep"
    advice = "lower levels, points or replicates"
    return [f"experiment: given {runs:,} runs; allowed: {allowed}; {advice}"]


def key_problems(
    scenario: Scenario, key: str, values: Sequence[Value], is_axis: bool
) -> Iterable[str]:
    """What is wrong with varying a key, or with the ends of its range if it is sampled."""
    if key in CONFIG_GROUPS and is_axis:
        return
    if key in CONFIG_GROUPS:
        allowed = f"names of files in configs/{key}, in a grid"
        yield refused(key, list(values), allowed, "move it there")
    elif key.split(".")[0] in SHARED_KEYS:
        yield refused(key, list(values), "one value for all runs of a sweep", "give one")
    elif annotation_at(scenario, key) is None:
        known = [name for name in declared_keys(Scenario) if annotation_at(scenario, name)]
        yield unknown(key, list(values), [*known, *CONFIG_GROUPS])
    elif not is_axis:
        lines = (line for value in values for line in value_problems(scenario, key, value))
        yield from dict.fromkeys(lines)


def value_problems(scenario: Scenario, key: str, value: Value) -> tuple[str, ...]:
    """What is wrong with a value, apart from how it fits the others."""
    try:
        typed_value(scenario, key, value)
    except ScenarioError as error:
        return error.problems
    return ()


class Choice(NamedTuple):
    """A file of configs/: its section of the scenario, and the same as composed."""

    section: Any
    raw: Any


def composed_choices(
    axes: Sequence[Axis], settings: Settings, source: Source
) -> dict[str, dict[str, Choice]]:
    """For each axis over a group of configs/, what its files hold, by their names."""
    found: dict[str, dict[str, Choice]] = {}
    problems: list[str] = []
    own_keys = (*DEFAULT_VALUES, *DEFAULT_FILES)
    rest = [text for text in source.overrides if first_name(text) not in own_keys]
    for axis in [axis for axis in axes if axis.key in CONFIG_GROUPS]:
        for value in axis.values:
            try:
                composed, wrong = compose([*rest, f"{axis.key}={value}"], source.configs)
                own = {key: settings.resolved[key] for key in ("name", "replicates", "seed")}
                chosen = checked_settings(composed | own, wrong, rest).scenario
                choice = Choice(getattr(chosen, axis.key), composed[axis.key])
                found.setdefault(axis.key, {})[str(value)] = choice
            except ScenarioError as error:
                problems += error.problems
    if problems:
        raise ConfigError(problems)
    return found


def first_name(override: str) -> str:
    """'executor' of the override +executor.workers=2."""
    return override.split("=", 1)[0].lstrip("+").split(".")[0]
