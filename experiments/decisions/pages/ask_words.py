"""The answer of a search for policies, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.decisions.dated_measures import worded
from experiments.decisions.pages.shared_words import scale_note
from experiments.results.summary_reader import EN_DASH
from experiments.sweeps.reporting.point_names import point_name, short_key, value_text

WORDS = {
    "Probability": "The share of draws of the posterior, each simulated under one seed, that meet "
    "a goal. Draws are counted, not runs.",
    "Edge": "The last policy along an axis that meets every goal with its probability. Its 95 % "
    "interval reaches from the last policy that certainly does to the last that possibly does, "
    "after Wilson's interval of a probability.",
    "Price of a goal": "What the best policy that meets all goals has less of than the best that "
    "need not meet this one, draw by draw.",
    "Regret": "By how much a policy falls short, in one draw, of the policy that is best in that "
    "draw. The minimax choice is the policy whose largest regret is smallest.",
    "Satisficing share": "The share of draws in which a policy meets all goals at once.",
}


def sentence(numbers: Mapping[str, Any]) -> str:
    """The finding in a sentence or two."""
    goals = worded(
        [
            f"{words} with a probability of {wanted:g}"
            for words, wanted in zip(numbers["goals_in_words"], numbers["wanted"], strict=True)
        ]
    )
    if numbers["best"] is None:
        nearest = numbers["nearest"]
        return (
            f"No policy {searched_words(numbers)} reaches that {goals}. The nearest is "
            f"{point_name(nearest['values'])}, with a probability of "
            f"{worded([probability(each) for each in nearest['probabilities']])}."
        )
    head = f"{goals[0].upper()}{goals[1:]} {where(numbers)}."
    return " ".join([head, *best_words(numbers), *minimax_words(numbers)])


def searched_words(numbers: Mapping[str, Any]) -> str:
    """What was searched."""
    if not numbers["axes"]:
        return "compared"
    ranges = [
        f"{short_key(axis['key'])} from {value_text(axis['low'])} to {value_text(axis['high'])}"
        for axis in numbers["axes"]
    ]
    return f"with {worded(ranges)}"


def where(numbers: Mapping[str, Any]) -> str:
    """Where the goals are met: stretches of one axis, a share of several, or which of a list."""
    if not numbers["axes"]:
        names = [point_name(p["values"]) for p in numbers["policies"] if p["feasible"]]
        return f"under {worded(names)}"
    if len(numbers["axes"]) > 1:
        share = f"{100 * numbers['feasible_share']:.0f}\u00a0% of the policies"
        return f"under {share} {searched_words(numbers)}"
    axis, found = numbers["axes"][0], numbers["lines"][0]["stretches"]
    name = short_key(axis["key"])
    if not found:
        return f"with {name} {value_text(next(iter(numbers['best']['values'].values())))} alone"
    return f"with {name} {worded([stretch_words(axis, each) for each in found])}"


def stretch_words(axis: Mapping[str, Any], stretch: Mapping[str, Sequence[float]]) -> str:
    """'up to 0.42 [0.37-0.48]', 'from 0.1 [..] to 0.4 [..]', or 'at every value'."""
    starts, ends = stretch["from"][1] <= axis["low"], stretch["to"][1] >= axis["high"]
    if starts and ends:
        return "at every value"
    if starts:
        return f"up to {edge(stretch['to'])}"
    if ends:
        return f"from {edge(stretch['from'])} on"
    return f"from {edge(stretch['from'])} to {edge(stretch['to'])}"


def edge(interval: Sequence[float]) -> str:
    """An edge with its interval, to three digits."""
    low, middle, high = (value_text(float(f"{value:.3g}")) for value in interval)
    return f"{middle} [{low}{EN_DASH}{high}]"


def best_words(numbers: Mapping[str, Any]) -> list[str]:
    """The best policy that meets the goals, with its objective and the price of the goals."""
    if numbers["objective"] is None:
        return []
    best, unit = numbers["best"], numbers["units"][-1]
    found = [
        f"Among these the {numbers['direction']} {numbers['objective_label']} "
        f"({numbers['objective']}) is {amount(best['means'][-1])} {unit} on average, with "
        f"{point_name(best['values'])}."
    ]
    for price in numbers["prices"]:
        low, middle, high = price["in"][numbers["objective"]]
        if low or high:
            change = amount([low, middle, high])
            found.append(f"The goal {price['goal']} changes it by {change} {unit}.")
    return found


def minimax_words(numbers: Mapping[str, Any]) -> list[str]:
    """The minimax choice of a list."""
    if "minimax_regret" not in numbers:
        return []
    name = point_name(numbers["minimax_regret"])
    return [f"{name} has the smallest largest regret in {numbers['regret_of']}."]


def probability(interval: Sequence[float]) -> str:
    """'0.62 [0.45-0.77]'."""
    low, middle, high = (f"{value:.2f}" for value in interval)
    return f"{middle} [{low}{EN_DASH}{high}]"


def amount(interval: Sequence[float]) -> str:
    """A mean with its interval, to three digits."""
    low, middle, high = (value_text(float(f"{value:.3g}")) for value in interval)
    return f"{middle} [{low} to {high}]"


def caution(numbers: Mapping[str, Any]) -> list[str]:
    """What the answer rests on."""
    between = "; between policies readings are interpolated draw by draw" if numbers["axes"] else ""
    found = [
        f"{len(numbers['policies'])} policies simulated, each under the same {numbers['draws']} "
        f"draws of the posterior and {numbers['seeds']} seeds{between}.",
        "Brackets are 95 % intervals over draws. Whatever else the policy has is that of "
        f"{numbers['policy']}.",
    ]
    return [*found, *scale_note(numbers)]
