"""The question that a result answers, in words, and the names of policies for readers."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

import experiments.configuration.shipped_files as shipped
from experiments.results.summary_reader import Summary
from sim.inputs.dotted_keys import flatten

WORDS = Path(shipped.__file__).with_name("policy_words.yaml")
LEAVE_BY = "leave_by"
MOST_NAMED = 2
PERCENT_WORDS = {
    "compliance": "enforced in {percent} of cases",
    "quiet_renewal": "{percent} of the others renewed quietly",
    "inspection_rate": "{percent} of those under cover inspected a month",
}
"""Words for the numbers of a policy that are shares."""


@functools.cache
def policy_words() -> Mapping[str, Mapping[str, str]]:
    """Title and question of every shipped policy, by the name of its file."""
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return found


def policy_title(policy: str) -> str:
    """What a policy is called; one of the user's own by its name."""
    known = policy_words().get(policy)
    return known["title"] if known else policy.replace("_", " ")


@functools.cache
def shipped_policy(name: str) -> Mapping[str, Any]:
    """The numbers and dates of a shipped policy; empty if there is none of this name."""
    path = shipped.CONFIGS / "policy" / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if name in policy_words() else {}


def question(config: Mapping[str, Any]) -> str:
    """The question that a configuration asks: 'Everybody sent home by December 2019, ...'.

    What differs from the policy's file is added in words, and so are levers that are in force.
    """
    policy = config["policy"]
    known = policy_words().get(policy["name"])
    by = f" by {month_name(policy[LEAVE_BY])}" if policy.get(LEAVE_BY) else ""
    start = (
        known["question"].format(by=by)
        if known
        else f"{policy_title(str(policy['name']))}: sent home{by}"
    )
    return "; ".join([start, *changes_in_words(policy), *levers_in_words(config["levers"])])


def changes_in_words(policy: Mapping[str, Any]) -> Iterator[str]:
    """What differs from the policy's file, as far as the question does not say it already."""
    shipped_values = shipped_policy(str(policy["name"]))
    for key, value in policy.items():
        if key not in shipped_values or key == LEAVE_BY or same(value, shipped_values[key]):
            continue
        if key in PERCENT_WORDS and isinstance(value, int | float):
            yield PERCENT_WORDS[key].format(percent=f"{100 * value:.3g}\u00a0%")
        elif key == "retained_workers":
            yield f"{value:,} workers may stay"
        else:
            yield f"{key.replace('_', ' ')}: {value if value is not None else 'none'}"


def same(value: object, other: object) -> bool:
    """Whether two values of a configuration are the same; dates may be text."""
    return value == other or str(value) == str(other)


def levers_in_words(levers: Mapping[str, Any]) -> Iterator[str]:
    """The levers that are in force from some date on."""
    on = [
        key.split(".")[0].replace("_", " ")
        for key, value in flatten(levers).items()
        if key.endswith(".from_date") and value is not None
    ]
    if on:
        yield f"with {' and '.join(on)}"


def month_name(date: object) -> str:
    """'December 2019' for a date or its text."""
    return f"{dt.date.fromisoformat((str(date) + '-01')[:10]):%B %Y}"


def hangs_on(summary: Summary) -> str:
    """On which assumptions an answer hangs most, in a sentence; empty where that is not known."""
    named = [
        f"{parameter_words(each['parameter'])} ({each['rank_correlation']:+.1f})"
        for each in summary["uncertainty"]["drivers"][:MOST_NAMED]
    ]
    if not named:
        return ""
    return (
        f"Of what is not known well, the shortfall goes most with {' and '.join(named)}; in "
        "brackets the rank correlation over the draws of the parameters."
    )


def parameter_words(key: str) -> str:
    """A parameter in words: 'efficiency of North Koreans', 'adjustment per month of wages'."""
    *_, section, name = key.split(".")
    people = {"north_korean": "North Koreans", "chinese": "Chinese", "russian": "Russians"}
    whose = people.get(section, section)
    return f"{name} of {whose}".replace("_", " ")
