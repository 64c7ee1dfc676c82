"""Figures of Shapley effects: dots with whiskers in the reading month, and lines by month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.decisions.pages.decision_figures import dots_with_whiskers, percents_by_month
from experiments.reporting.plotting import Figure
from experiments.sweeps.reporting.figure_parts import Caption

TITLE = "Shapley effect, percent of the variance"
SHOWS = "Dots: estimates; whiskers: 95 %"


def posterior_figures(numbers: Mapping[str, Any]) -> list[tuple[Figure, str]]:
    """Every figure with a note on its marks."""
    note = f"{SHOWS} bootstrap intervals over {numbers['draws']} draws."
    return [(effect_figure(numbers), note), (month_figure(numbers), "Lines: estimates.")]


def effect_figure(numbers: Mapping[str, Any]) -> Figure:
    """Effects in the reading month, largest first."""
    place = numbers["months"].index(numbers["month"])
    order = sorted(numbers["effects"], key=lambda each: -each["effect"][place][1])
    rows = [(each["name"], [100.0 * value for value in each["effect"][place]]) for each in order]
    lead = (
        f"Share of the variance of {numbers['label']} in {numbers['month']} under policy "
        f"{numbers['policy']} that each input accounts for over the draws of the posterior."
    )
    return dots_with_whiskers(
        Caption("effects", "What the answer hangs on, given the data", lead, SHOWS),
        [TITLE],
        [rows],
        ",.1f",
    )


def month_figure(numbers: Mapping[str, Any]) -> Figure:
    """Effects of every group in every month."""
    lead = f"Shapley effect of each input for {numbers['label']}, month by month."
    return percents_by_month(lead, TITLE, numbers["months"], numbers["effects"], "effect")
