"""The worth of policies and of information, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.decisions.dated_measures import worded
from experiments.decisions.pages.shared_words import scale_note
from experiments.results.summary_reader import EN_DASH
from experiments.sweeps.reporting.point_names import value_text

WORDS = {
    "Price": "What one unit of the loss is taken to be worth in units of the gain. It is for the "
    "reader to state; the curves show every price.",
    "Acceptability": "The share of draws in which a policy is the best at a price.",
    "Break-even": "The price at which the best policy on average changes, with a 95 % interval of "
    "a bootstrap over draws.",
    "Value of perfect information": "What could be gained on average by choosing after "
    "everything, chance included, is known, rather than one policy for all draws.",
    "Value of a parameter": "What could be gained on average by choosing after this parameter is "
    "known, less what an unrelated parameter would seem to be worth; 0 where it cannot be told "
    "from one. A group is worth no less than any of its members.",
}
NAMED = 3


def sentence(numbers: Mapping[str, Any]) -> str:
    """The finding in a few sentences."""
    unit = f"{numbers['gain_unit']} per {singular(numbers['loss_unit'])}"
    return " ".join([ranking(numbers, unit), information_words(numbers, unit)])


def ranking(numbers: Mapping[str, Any], unit: str) -> str:
    """Which policy is best on average at which price."""
    names, changes = numbers["policies"], numbers["break_evens"]
    if not changes:
        best = names[numbers["best_on_average"][0]]
        low, high = (value_text(three(numbers["prices"][place])) for place in (0, -1))
        return f"{best} is best on average at every price from {low} to {high} {unit}."
    parts = [f"{names[changes[0]['below']]} is best on average up to"]
    for place, change in enumerate(changes):
        joined = "" if place == 0 else " up to"
        parts.append(f"{joined} {interval(change['price'])} {unit}, then {names[change['above']]}")
    return f"At prices of {numbers['loss_label']}, {''.join(parts)}."


def information_words(numbers: Mapping[str, Any], unit: str) -> str:
    """What to measure first, and what it is worth."""
    at = f"At {value_text(three(numbers['price']))} {unit}"
    worth = [each for each in numbers["parameters"] if each["value"] > 0.0][:NAMED]
    total = money(numbers["all_parameters"], numbers)
    if not worth:
        return f"{at}, knowing any one parameter first is worth nothing that can be told from 0."
    named = worded([f"{each['name']} (up to {money(each['value'], numbers)})" for each in worth])
    return f"{at}, measure first {named}; knowing all parameters is worth up to {total}."


def interval(price: Sequence[float | None]) -> str:
    """A price of indifference with its interval; an end that is never reached says so."""
    low, middle, high = ("any price" if end is None else value_text(three(end)) for end in price)
    return f"{middle} [{low}{EN_DASH}{high}]"


def money(value: float, numbers: Mapping[str, Any]) -> str:
    """A value of information to three digits, in units of the gain."""
    return f"{value_text(three(value))} {numbers['gain_unit']}"


def three(value: float) -> float:
    """A number to three digits."""
    return float(f"{value:.3g}")


def singular(unit: str) -> str:
    """'standard worker-month' of 'standard worker-months'."""
    return unit.removesuffix("s")


def caution(numbers: Mapping[str, Any]) -> list[str]:
    """What the answer rests on."""
    found = [
        f"{len(numbers['policies'])} policies under the same {numbers['draws']} draws of the "
        f"posterior and {numbers['seeds']} seeds; gain: {numbers['gain']}, loss: "
        f"{numbers['loss']}.",
        "The price is the reader's to state: no rate of exchange between a dollar denied and work "
        "not done is known. Values of information are upper bounds on what a measurement is worth, "
        "as no measurement is perfect.",
    ]
    return [*found, *scale_note(numbers)]
