"""The parameter draws of `experiments.run` for every cell of a sweep.

A cell then has the runs that experiments.run would simulate of its scenario, under the same draws
and seeds.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from experiments.configuration.parameter_values import in_own_units
from experiments.configuration.settings import Settings
from experiments.configuration.variants import Value
from experiments.ensembles.uncertainty import (
    draws_for,
    fitting_draws,
)
from experiments.sweeps.design.design import CONFIG_GROUPS, Design, files_of, single_values
from sim.inputs.dotted_keys import replace_at

Sections = Mapping[str, Mapping[str, Any]]
"""Composed sections of a configuration, by group and file."""


def with_draws_of_run(design: Design, settings: Settings, sections: Sections) -> Design:
    """The design under the draws of its settings; raises ScenarioError if too few fit its cells.

    All cells have the same draws. What a draw sets may differ: under the policy `observed` also the
    strength of the policy, and in another market other keys.
    """
    by_files = {files_of(cell): configuration(settings, sections, cell) for cell in cells(design)}
    ends = [configuration(settings, sections, cell) for cell in ends_of_axes(design)]
    fitting = fitting_draws(
        [*by_files.values(), *ends],
        settings.uncertainty,
        draws_for(design.replicates),
        design.scenario.seed,
    )
    # Where configurations draw the same key, all have the value that the first has.
    draws = tuple(
        {
            key: value
            for resolved, own in reversed(list(zip(by_files.values(), values, strict=False)))
            for key, value in in_own_units(resolved, own).items()
        }
        for values in fitting
    )
    keys = [frozenset(own) for own in fitting[0]]
    return dataclasses.replace(
        design,
        draws=draws,
        uncertainty=settings.uncertainty,
        open_keys=dict(zip(by_files, keys, strict=False)),
    )


def cells(design: Design) -> Iterator[dict[str, Value]]:
    """The first cell of each combination of files, by key."""
    chosen = [axis.values if axis.key in CONFIG_GROUPS else axis.values[:1] for axis in design.axes]
    for values in itertools.product(*chosen):
        yield dict(zip([axis.key for axis in design.axes], values, strict=True))


def ends_of_axes(design: Design) -> Iterator[dict[str, Value]]:
    """The cells at both ends of each axis, the others at their first value."""
    first = {axis.key: axis.values[0] for axis in design.axes}
    for axis in design.axes:
        if axis.key not in CONFIG_GROUPS:
            yield from (first | {axis.key: value} for value in (axis.values[0], axis.values[-1]))


def configuration(
    settings: Settings, sections: Sections, values: Mapping[str, Value]
) -> dict[str, Any]:
    """The composed configuration of a cell."""
    chosen = {group: sections[group][str(values[group])] for group in sections}
    resolved: Any = {**settings.resolved, **chosen}
    for key, value in single_values(values).items():
        resolved = replace_at(resolved, key, value)
    return dict(resolved)
