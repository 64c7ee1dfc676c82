"""What a preset of configs/experiment and the command line vary: axes of the grid, samplings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from experiments.configuration.variants import Value
from experiments.sweeps.design.axes import Axis, read_axis
from experiments.sweeps.design.sampling import METHODS, Sampling, read_sampling
from sim.inputs.problems import ScenarioError, refused, unknown

PRESET_KEYS = ("axes", "replicates", "seed")
PARTS_OF_AXES = ("grid", *METHODS)


def read_axes(
    preset: Mapping[str, Any],
    swept: Mapping[str, list[Value]],
    fixed: set[str],
    problems: list[str],
    notes: list[str],
) -> list[Axis]:
    """Axes of the grid, the preset's first.

    A key that the command line fixes is no axis; one that it sweeps is an axis with its values.
    What is wrong is appended to `problems`, and what is not applied to `notes`.
    """
    problems += unknown_keys(preset, PRESET_KEYS, "experiment")
    parts = subsection(preset, "axes", "experiment", problems)
    problems += unknown_keys(parts, PARTS_OF_AXES, "experiment.axes")
    own = subsection(parts, "grid", "experiment.axes", problems)
    grid = {key: given for key, given in own.items() if key not in fixed}
    grid |= {key: {"values": values} for key, values in swept.items()}
    notes += [
        f"The design's axis {key} is left out ({how} on the command line)."
        for key in own
        if (how := "set" if key in fixed else "given other values" if key in swept else "")
    ]
    axes = [axis for key, given in grid.items() if (axis := read_axis(key, given, problems))]
    notes += [
        f"The design's axis {axis.key} is varied as well ({len(axis.values)} values); to leave it "
        f"out, give it one value, such as {axis.key}={axis.values[-1]}."
        for axis in axes
        if swept and axis.key not in swept
    ]
    notes += [note for axis in axes if (note := repeated_values(axis.key, grid[axis.key]))]
    return axes


def repeated_values(key: str, given: Mapping[str, Any]) -> str:
    """A sentence that values of an axis are given more than once; empty if none is."""
    values = given.get("values", ())
    counts = Counter(values if isinstance(values, list) else ())
    again = [str(value) for value, count in counts.items() if count > 1]
    if not again:
        return ""
    return f"Given more than once for the axis {key}, and simulated once: {', '.join(again)}."


def read_samplings(preset: Mapping[str, Any], seed: Any, problems: list[str]) -> list[Sampling]:
    """The sampling of a preset as a list of one, or none.

    What is wrong, such as a second sampling, is appended to `problems`.
    """
    parts = preset.get("axes")
    if not isinstance(parts, Mapping):
        return []
    samplings = []
    for method in METHODS:
        try:
            samplings += [read_sampling(method, parts[method], seed)] if method in parts else []
        except ScenarioError as error:
            problems += error.problems
    if len(samplings) > 1:
        methods = " and ".join(sampling.method for sampling in samplings)
        advice = "leave the others out"
        problems.append(
            f"experiment.axes: given {methods}; allowed: one of them, besides a grid; {advice}"
        )
    grid = parts.get("grid")
    allowed = "keys that are not in the grid"
    problems += [
        refused(f"experiment.axes.{sampling.method}", key, allowed, "leave it out of one")
        for sampling in samplings
        for key in sampling.ranges
        if isinstance(grid, Mapping) and key in grid
    ]
    return samplings


def unknown_keys(section: Mapping[str, Any], known: tuple[str, ...], at: str) -> list[str]:
    """A line for each key that a section cannot have."""
    return [unknown(f"{at}.{key}", section[key], known) for key in section if key not in known]


def subsection(
    section: Mapping[str, Any], name: str, at: str, problems: list[str]
) -> Mapping[str, Any]:
    """A mapping within a preset, empty where there is none; what is wrong goes to `problems`."""
    found = section.get(name) or {}
    if isinstance(found, Mapping):
        return found
    allowed = (
        ", ".join(PARTS_OF_AXES)
        if name == "axes"
        else "KEY: {values: [...]} or KEY: {range: [low, high], levels: 11}"
    )
    problems.append(refused(f"{at}.{name}", found, allowed, "write one of them"))
    return {}
