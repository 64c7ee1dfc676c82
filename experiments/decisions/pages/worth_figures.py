"""Figures of worth: acceptability by price, and the value of knowing each parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.decisions.pages.decision_figures import bars, lines
from experiments.reporting.plotting import Figure
from experiments.sweeps.reporting.figure_parts import Caption

MOST_PARAMETERS = 15


def worth_figures(numbers: Mapping[str, Any]) -> list[tuple[Figure, str]]:
    """Every figure with a note on its marks."""
    note = f"Of {numbers['draws']} draws of the posterior."
    figures = [acceptability_figure(numbers), information_figure(numbers)]
    figures += [value_figure(numbers, "parameters"), value_figure(numbers, "sections")]
    return [(figure, note) for figure in figures]


def price_name(numbers: Mapping[str, Any]) -> str:
    """The axis of prices with its unit."""
    return f"price in {numbers['gain_unit']} per {numbers['loss_unit'].removesuffix('s')}"


def acceptability_figure(numbers: Mapping[str, Any]) -> Figure:
    """The share of draws in which each policy is best, by price."""
    curves = {
        name: list(zip(numbers["prices"], (100.0 * share for share in shares), strict=True))
        for name, shares in zip(numbers["policies"], numbers["best_shares"], strict=True)
    }
    lead = (
        f"The share of draws in which a policy gains most in {numbers['gain']}, less the price "
        f"times its {numbers['loss']}."
    )
    caption = Caption("acceptability", "Which policy is best, by price", lead, "Lines: shares")
    return lines(caption, "Share of draws, percent", price_name(numbers), curves)


def information_figure(numbers: Mapping[str, Any]) -> Figure:
    """The value of perfect information by price."""
    curve = list(zip(numbers["prices"], numbers["perfect_information"], strict=True))
    lead = "What could be gained on average if everything, chance included, were known first."
    caption = Caption("information", "Value of perfect information", lead, "Line: estimates")
    title = f"Value of perfect information, {numbers['gain_unit']}"
    return lines(caption, title, price_name(numbers), {"everything": curve})


def value_figure(numbers: Mapping[str, Any], kind: str) -> Figure:
    """The value of knowing each parameter or part of the model at the price stated."""
    entries = numbers[kind][:MOST_PARAMETERS]
    things = "parameter" if kind == "parameters" else "part of the model"
    lead = (
        f"At a price of {numbers['price']:,.3g}: what could be gained on average by knowing one "
        f"{things} before choosing. 0: cannot be told from an unrelated one."
    )
    caption = Caption(kind, f"Worth of knowing each {things} first", lead, "Bars: estimates")
    title = f"Value, {numbers['gain_unit']}"
    return bars(caption, title, [(each["name"], each["value"]) for each in entries])
