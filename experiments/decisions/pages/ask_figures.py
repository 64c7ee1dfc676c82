"""Figures of a search for policies: probabilities and readings over its axes, or of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from experiments.decisions.pages.decision_figures import (
    banded_lines,
    dots_with_whiskers,
    heatmaps,
)
from experiments.reporting.plotting import Figure
from experiments.sweeps.reporting.figure_parts import Caption
from experiments.sweeps.reporting.point_names import point_name, short_key

MOST_POLICIES = 30
DOTS = "Dots: estimates; whiskers: 95 %"


def ask_figures(numbers: Mapping[str, Any]) -> list[tuple[Figure, str]]:
    """Every figure with a note on its marks."""
    note = f"Of {numbers['draws']} draws of the posterior."
    if len(numbers["axes"]) == 1:
        found = [line_figure(numbers)]
    elif len(numbers["axes"]) == 2:
        found = [plane_figure(numbers)]
    else:
        found = []
    return [(figure, note) for figure in [*found, policy_figure(numbers)]]


def line_figure(numbers: Mapping[str, Any]) -> Figure:
    """The probability of each goal, and the mean of each reading, along the axis."""
    (axis,), grid = numbers["axes"], numbers["grid"]
    places = [float(value) for value in np.linspace(axis["low"], axis["high"], grid["levels"])]
    rows = [
        (f"Probability of {goal}", list(zip(low, middle, high, strict=True)), wanted)
        for goal, low, middle, high, wanted in zip(
            numbers["goals"],
            grid["low"],
            grid["probabilities"],
            grid["high"],
            numbers["wanted"],
            strict=True,
        )
    ]
    rows += [
        (f"Mean {reading}", [(value,) * 3 for value in means], None)
        for reading, means in zip(numbers["readings"], grid["means"], strict=True)
    ]
    name = short_key(axis["key"])
    lead = (
        f"Along {name}: the share of draws that meet each goal, with the 95 % interval of the "
        "share; the dotted line is the probability wanted. Below, means over draws."
    )
    caption = Caption("line", f"The goals along {name}", lead, "Lines: estimates; bands: 95 %")
    return banded_lines(caption, name, places, rows)


def plane_figure(numbers: Mapping[str, Any]) -> Figure:
    """The probability of each goal, and the mean of each reading, over both axes."""
    grid, (x, y) = numbers["grid"], numbers["axes"]
    levels = [
        [float(value) for value in np.linspace(axis["low"], axis["high"], grid["levels"])]
        for axis in (x, y)
    ]
    rows = [
        (f"Probability of {goal}", np.reshape(values, (grid["levels"],) * 2).T)
        for goal, values in zip(numbers["goals"], grid["probabilities"], strict=True)
    ]
    rows += [
        (f"Mean {reading}", np.reshape(values, (grid["levels"],) * 2).T)
        for reading, values in zip(numbers["readings"], grid["means"], strict=True)
    ]
    names = short_key(x["key"]), short_key(y["key"])
    marks = [tuple(policy["values"].values()) for policy in numbers["policies"]]
    best = numbers["best"] or numbers["nearest"]
    lead = (
        f"{names[0].capitalize()} across, {names[1]} upwards. Dots are policies that were "
        "simulated, the star is the best or nearest; between them readings are interpolated draw "
        "by draw."
    )
    caption = Caption("plane", f"{names[0].capitalize()} against {names[1]}", lead, "Estimates")
    return heatmaps(caption, (names, levels), rows, [*marks, tuple(best["values"].values())])


def policy_figure(numbers: Mapping[str, Any]) -> Figure:
    """Policies that were simulated, with the probability of each goal and the mean readings."""
    policies = sorted(
        numbers["policies"],
        key=lambda policy: (not policy["feasible"], -min(p[1] for p in policy["probabilities"])),
    )[:MOST_POLICIES]
    names = [point_name(policy["values"]) for policy in policies]
    titles = [f"Probability of {goal}" for goal in numbers["goals"]]
    titles += [f"Mean {reading}" for reading in numbers["readings"]]
    columns = [[*policy["probabilities"], *policy["means"]] for policy in policies]
    rows = [list(zip(names, column, strict=True)) for column in zip(*columns, strict=True)]
    if "minimax_regret" in numbers:
        titles += ["Share of draws that meet all goals", f"Mean regret in {numbers['regret_of']}"]
        rows += [
            list(zip(names, (policy[key] for policy in policies), strict=True))
            for key in ("satisfied", "regret")
        ]
    lead = f"Of {len(numbers['policies'])} policies, those nearest to the goals come first."
    caption = Caption("policies", "Policies that were simulated", lead, DOTS)
    return dots_with_whiskers(caption, titles, rows, ",.2f")
