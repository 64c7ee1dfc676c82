"""What a user set and nothing reads: said on the terminal, in the record and on the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from experiments.configuration.parameter_values import shipped_key
from sim.without_effect import sentences_about

if TYPE_CHECKING:
    from experiments.configuration.settings import Settings
    from experiments.sweeps.design.design import Design

NOTES = "without_effect"
"""Where the record of a result keeps them."""


def keys_without_effect(settings: Settings) -> list[str]:
    """A sentence for each key that was set, or switched on in a file, and has no effect."""
    typed = typed_keys(settings.overrides)
    lines = sentences_about(settings.scenario, typed)
    # What is typed is held by itself.
    held_anyhow = {shipped_key(key, settings.scenario) for key in typed}
    if settings.uncertainty == "none" and not held_anyhow.issuperset(settings.resolved["held"]):
        lines.append("held: has no effect, as uncertainty=none samples nothing")
    return lines


def typed_keys(overrides: Iterable[str]) -> list[str]:
    """Keys that overrides set; what chooses a file is not among them."""
    keys = [text.partition("=")[0].lstrip("+~") for text in overrides]
    return [key for key in keys if "." in key]


def keys_without_effect_anywhere(design: Design, overrides: Iterable[str]) -> list[str]:
    """A sentence for each key that has no effect at any point of a sweep."""
    # Parameters that are drawn by default were not asked for.
    asked = (axis.key for axis in design.axes) if design.has_own_seeds else design.keys
    typed = {*typed_keys(overrides), *asked}
    points = (design.unchecked(point.values) for point in design.points())
    lines = sentences_about(next(points), typed)
    for scenario in points:
        if not lines:
            break
        here = set(sentences_about(scenario, typed))
        lines = [line for line in lines if line in here]
    return lines
