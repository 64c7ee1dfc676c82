"""The design of a sweep: every combination of axis values, under every parameter draw."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from experiments.configuration.variants import Value, unchecked_variant, variant_of
from experiments.ensembles.uncertainty import NONE, REPLICATES_A_DRAW
from experiments.sweeps.design.axes import Axis
from sim.inputs.problems import ScenarioError
from sim.scenario import Scenario

CONFIG_GROUPS = ("market", "population", "policy", "levers", "structure")
"""Sections of a scenario that are chosen as files of configs/."""
POLICY_SECTIONS = ("policy", "levers")
"""Sections in which scenarios may differ and still share history and baseline."""
SAMPLED = "sampled"
"""The draws of a design that samples parameters itself."""
CHECKED_POINTS = 500
"""Points checked per axis before a sweep starts: building all of a large design takes minutes."""


class Point(NamedTuple):
    """One scenario of the design: a cell of the grid under one parameter draw.

    `values` holds what the point sets, by dotted key.
    """

    cell: int
    draw: int
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Design:
    """Axes, parameter draws and replicates, applied to the scenario of the configuration.

    `choices` holds the composed section for each value of an axis that is a group of configs/:
    `choices["policy"]["cliff"]`. `notes` say what was given and is not applied, and why.

    By default every draw is simulated under every replicate's seed. With `uncertainty`, the kind of
    the draws, they are those of `experiments.run`: each has seeds of its own, one for each of the
    REPLICATES_A_DRAW replicates that share it, and sets what the files of a cell leave open, which
    `open_keys` has by those files.
    """

    scenario: Scenario
    axes: tuple[Axis, ...]
    draws: tuple[Mapping[str, Value], ...]
    replicates: int
    choices: Mapping[str, Mapping[str, Any]]
    notes: tuple[str, ...] = ()
    uncertainty: str = NONE
    open_keys: Mapping[tuple[Value, ...], Collection[str]] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that the sweep varies, axes first."""
        in_axes = [axis.key for axis in self.axes]
        in_draws = [key for draw in self.draws for key in draw]
        return tuple(dict.fromkeys([*in_axes, *in_draws]))

    @property
    def size(self) -> int:
        """Number of points."""
        return len(self.cells) * len(self.draws)

    @cached_property
    def cells(self) -> tuple[tuple[Value, ...], ...]:
        """Combinations of the axes' values; the last axis varies fastest."""
        return tuple(itertools.product(*(axis.values for axis in self.axes)))

    def points(self) -> Iterator[Point]:
        """Every point: all draws of the first cell, then all draws of the next."""
        keys = [axis.key for axis in self.axes]
        for cell, cell_values in enumerate(self.cells):
            of_axes = dict(zip(keys, cell_values, strict=True))
            applied = self.applied_draws(of_axes)
            for number, draw in enumerate(applied):
                yield Point(cell, number, {**of_axes, **draw})

    def applied_draws(self, values: Mapping[str, Value]) -> Sequence[Mapping[str, Value]]:
        """The draws as far as they are applied under the files that a cell chooses."""
        if self.uncertainty == NONE:
            return self.draws
        keys = self.open_keys[files_of(values)]
        return [{key: draw[key] for key in draw if key in keys} for draw in self.draws]

    @property
    def has_own_seeds(self) -> bool:
        """Whether each draw has seeds of its own, instead of all draws the same."""
        return self.uncertainty != NONE

    @property
    def replicates_a_draw(self) -> int:
        """The most replicates that a draw has."""
        return min(REPLICATES_A_DRAW, self.replicates) if self.has_own_seeds else self.replicates

    def replicates_of(self, draw: int) -> range:
        """The numbers of a draw's replicates, which seed them."""
        if not self.has_own_seeds:
            return range(self.replicates)
        first = REPLICATES_A_DRAW * draw
        return range(first, min(first + REPLICATES_A_DRAW, self.replicates))

    def base(self, values: Mapping[str, Value]) -> Scenario:
        """The scenario under the files that a point chooses, before its single values are set."""
        sections = {
            group: self.choices[group][str(values[group])]
            for group in CONFIG_GROUPS
            if group in values
        }
        return dataclasses.replace(self.scenario, **sections) if sections else self.scenario

    def scenario_of(self, values: Mapping[str, Value]) -> Scenario:
        """A point's scenario; raises ScenarioError if its values contradict one another."""
        return variant_of(self.base(values), single_values(values))

    def unchecked(self, values: Mapping[str, Value]) -> Scenario:
        """A point's scenario even if its values contradict one another; for reading results."""
        return unchecked_variant(self.base(values), single_values(values))

    def problems(self) -> list[str]:
        """What is wrong with the design, found on a few hundred points.

        Each axis is checked by itself, with the first value of the others, and so are the draws.
        """
        first = next(iter(self.points())).values
        along_axes = [
            dict(first) | {axis.key: value}
            for axis in self.axes
            for value in [*thinned(axis.values), axis.values[-1]]
        ]
        along_draws = [{**first, **draw} for draw in thinned(self.applied_draws(first))]
        found = map(self._problems_of, [*along_axes, *along_draws])
        return list(dict.fromkeys(itertools.chain(*found)))

    def _problems_of(self, values: Mapping[str, Value]) -> tuple[str, ...]:
        """What is wrong with one point."""
        try:
            self.scenario_of(values)
        except ScenarioError as error:
            return error.problems
        return ()


def kind_of_draws(design: Design) -> str:
    """What parameters are drawn from: posterior, prior, a sampling of the design's own, or none."""
    if design.has_own_seeds:
        return design.uncertainty
    return SAMPLED if design.draws[0] else NONE


def files_of(values: Mapping[str, Value]) -> tuple[Value, ...]:
    """The files of configs/ that a point chooses."""
    return tuple(values[group] for group in CONFIG_GROUPS if group in values)


def single_values(values: Mapping[str, Value]) -> dict[str, Value]:
    """A point's values other than files of configs/."""
    return {key: value for key, value in values.items() if key not in CONFIG_GROUPS}


def thinned[Item](items: Sequence[Item]) -> Sequence[Item]:
    """At most about CHECKED_POINTS items, evenly spaced."""
    return items[:: max(1, len(items) // CHECKED_POINTS)]


def family_of(values: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    """What two points must share to be simulated from one history and one baseline.

    That is everything but policy and levers.
    """
    return tuple(
        (key, value) for key, value in values.items() if key.split(".")[0] not in POLICY_SECTIONS
    )
