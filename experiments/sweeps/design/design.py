"""The design of a sweep: every combination of the axes' values, under every draw, replicated under the same seeds."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from experiments.configuration.variants import Value, unchecked_variant, variant_of
from experiments.sweeps.design.axes import Axis
from sim.inputs.problems import ScenarioError
from sim.scenario import Scenario

GROUPS = ("market", "population", "policy", "levers")
"""Parts of a scenario that are chosen as files of configs/."""
PAIRED = ("policy", "levers")
"""Parts in which scenarios may differ and still share history and baseline."""
CHECKED_POINTS = 500


class Point(NamedTuple):
    """One scenario of the design: a cell of the grid under a draw, and what it sets."""

    cell: int
    draw: int
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Design:
    """Axes, draws and replicates over the scenario that the rest of the configuration describes.

    `choices` holds the composed part for each value of an axis that is a group: `choices["policy"]["cliff"]`.
    """

    scenario: Scenario
    axes: tuple[Axis, ...]
    draws: tuple[Mapping[str, Value], ...]
    replicates: int
    choices: Mapping[str, Mapping[str, Any]]

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that the sweep varies, axes first."""
        return tuple(
            dict.fromkeys(
                [*(axis.key for axis in self.axes), *(key for draw in self.draws for key in draw)]
            )
        )

    @property
    def size(self) -> int:
        """Number of points."""
        return len(self.cells) * len(self.draws)

    @cached_property
    def cells(self) -> tuple[tuple[Value, ...], ...]:
        """Combinations of the axes' values; the last axis runs fastest."""
        return tuple(itertools.product(*(axis.values for axis in self.axes)))

    def points(self) -> Iterator[Point]:
        """Every point: all draws of the first cell, then of the next."""
        keys = [axis.key for axis in self.axes]
        for cell, values in enumerate(self.cells):
            chosen = dict(zip(keys, values, strict=True))
            for draw, drawn in enumerate(self.draws):
                yield Point(cell, draw, {**chosen, **drawn})

    def base(self, values: Mapping[str, Value]) -> Scenario:
        """The scenario with the files that a point chooses, before its single values."""
        parts = {
            group: self.choices[group][str(values[group])] for group in GROUPS if group in values
        }
        return dataclasses.replace(self.scenario, **parts) if parts else self.scenario

    def scenario_of(self, values: Mapping[str, Value]) -> Scenario:
        """The point's scenario; raises ScenarioError if its values contradict one another."""
        return variant_of(self.base(values), single(values))

    def unchecked(self, values: Mapping[str, Value]) -> Scenario:
        """The point's scenario even if its values contradict one another: what its results are read by."""
        return unchecked_variant(self.base(values), single(values))

    def problems(self) -> list[str]:
        """What is wrong with some hundred values spread over each axis, each by itself, or with some hundred of the draws."""
        first = next(iter(self.points())).values
        alone = [
            dict(first) | {axis.key: value}
            for axis in self.axes
            for value in [*thinned(axis.values), axis.values[-1]]
        ]
        drawn = [{**first, **draw} for draw in thinned(self.draws)]
        return list(dict.fromkeys(itertools.chain(*map(self._wrong, [*alone, *drawn]))))

    def _wrong(self, values: Mapping[str, Value]) -> tuple[str, ...]:
        """The problems of one point."""
        try:
            self.scenario_of(values)
        except ScenarioError as error:
            return error.problems
        return ()


def single(values: Mapping[str, Value]) -> dict[str, Value]:
    """A point's values apart from files of configs/."""
    return {key: value for key, value in values.items() if key not in GROUPS}


def thinned[Item](items: Sequence[Item]) -> Sequence[Item]:
    """Some hundred of very many."""
    return items[:: max(1, len(items) // CHECKED_POINTS)]


def family_of(values: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    """What two points must share to be simulated with one history and one baseline: everything but policy and levers."""
    return tuple((key, value) for key, value in values.items() if key.split(".")[0] not in PAIRED)
