"""Where a policy fails, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.decisions.dated_measures import worded
from experiments.decisions.pages.shared_words import scale_note
from experiments.results.summary_reader import EN_DASH
from experiments.sweeps.reporting.point_names import value_text

WORDS = {
    "Failure": "A draw of the parameters in which the policy does not meet every goal.",
    "Density": "The share of the draws within the ranges that fail.",
    "Coverage": "The share of all failures that lie within the ranges.",
    "Restriction": "The range of one parameter. Ranges are sought in one half of the draws by "
    "patient rule induction and kept if the other half confirms them at 1 in 20 for all together.",
    "Survival": "The share of resamples of the first half in which the parameter is restricted.",
}


def sentence(numbers: Mapping[str, Any]) -> str:
    """The finding in a sentence or two."""
    goals = worded(numbers["goals_in_words"])
    head = (
        f"Under policy {numbers['policy']}, the goal that {goals} is missed in "
        f"{percent(numbers['failing'])} of the draws."
    )
    if numbers["one_sided"]:
        return f"{head} Too few draws miss it, or meet it, to say where."
    if not numbers["ranges"]:
        return f"{head} No range of a parameter holds failures more often than chance would."
    ranges = worded([range_words(each) for each in numbers["ranges"]])
    return (
        f"{head} With {ranges} it is missed in {percent(numbers['density'])} of the draws; these "
        f"are {percent(numbers['coverage'])} of the failures."
    )


def range_words(each: Mapping[str, Any]) -> str:
    """'North Korean heads at least 7,900 workers'."""
    low, high = (
        None if end is None else value_text(three(end)) for end in (each["low"], each["high"])
    )
    bounds = (
        f"from {low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"
    )
    return f"{each['name']} {bounds} ({each['unit']})"


def three(value: float) -> float:
    """A number to three digits."""
    return float(f"{value:.3g}")


def percent(share: Sequence[float] | None) -> str:
    """'64 % [59-69]' (with an en dash)."""
    if share is None:
        return EN_DASH
    low, middle, high = (f"{100.0 * value + 0.0:.0f}" for value in share)
    return f"{middle}\u00a0% [{low}{EN_DASH}{high}]"


def caution(numbers: Mapping[str, Any]) -> list[str]:
    """What the answer rests on."""
    found = [
        f"{numbers['draws']} draws of the {numbers['of']} with {numbers['inputs']} parameters, "
        f"{numbers['seeds']} seeds, one run each. Ranges come from one half of the draws; density "
        "and coverage are those of the other half, with 95 % intervals.",
        "Parameters of the posterior are correlated: a range may stand for that of another.",
    ]
    return [*found, *scale_note(numbers)]
