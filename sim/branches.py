"""The branches of a replicate, and what a fork from one of them to another may be.

Branches of one history share its market, people, seed, months and replicate: the arrays that they
go on from are made for these. They may differ in policy and levers alone.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

import numpy as np

from sim.engine.worker_columns import BURN_IN_MONTHS
from sim.inputs.dotted_keys import flatten
from sim.inputs.problems import nearest, shown
from sim.policy.programme import policy_announcements
from sim.scenario import Scenario

BASELINE, POLICY, POLICY_AT_BASELINE_WAGES = BRANCHES = (
    "baseline",
    "policy",
    "policy_at_baseline_wages",
)
MAY_DIFFER = ("policy", "levers")
MUST_BE_SAME = tuple(
    field.name for field in dataclasses.fields(Scenario) if field.name not in MAY_DIFFER
)
# An object of its own, as None is a value that keys have.
NO_SUCH_KEY = object()


class Branch(Protocol):
    """What a fork needs to know of the models it comes from."""

    specification: Scenario
    replicate: int
    branch: str

    @property
    def month(self) -> int:
        """Month, counted from `start`, that comes next."""


class Lineage(NamedTuple):
    """Where a fork comes from.

    The model it goes on from, and the one whose wages a policy branch at baseline wages posts.
    """

    origin: Any
    baseline: Any


class Fork(NamedTuple):
    """What is asked of a fork."""

    branch: str
    scenario: Scenario
    replicate: int


def check_branch(branch: str, is_fork: bool) -> None:
    """Refuse a name that is none, and a branch at baseline wages without a baseline."""
    if branch not in BRANCHES:
        close = nearest(str(branch), BRANCHES)
        raise ValueError(
            f"branch: given {shown(branch)}; allowed: {', '.join(BRANCHES)}"
            + (f"; the closest is {close}" if close else "")
        )
    if branch == POLICY_AT_BASELINE_WAGES and not is_fork:
        raise ValueError(
            f"branch: {branch} posts the wages of a baseline: build and run a baseline first, "
            f'then baseline.fork("{branch}")'
        )


def check_fork(asked: Fork, lineage: Lineage) -> None:
    """Refuse a fork that cannot go on from its origin: every reason in one ValueError."""
    problems = tuple(dict.fromkeys(fork_problems(asked, lineage)))
    if problems:
        raise ValueError(
            "\n".join(
                [
                    "this fork cannot be made; branches of one history may differ in policy and "
                    "levers only: for anything else build another LabourMarket.",
                    *(f"  - {line}" for line in problems),
                ]
            )
        )


def fork_problems(asked: Fork, lineage: Lineage) -> Iterator[str]:
    """A line for each reason why a fork cannot be made."""
    origin = lineage.origin
    if origin.month == -BURN_IN_MONTHS:
        yield "nothing is simulated yet: run at least one month before forking"
    yield from kinship_problems(origin, asked.scenario, asked.replicate)
    if origin.branch != BASELINE:
        yield from past_problems(origin, asked)
    if asked.branch == POLICY_AT_BASELINE_WAGES:
        yield from baseline_problems(lineage)


def kinship_problems(origin: Branch, scenario: Scenario, replicate: int) -> Iterator[str]:
    """Keys in which a scenario is not that of the same history, with both values."""
    if replicate != origin.replicate:
        yield f"replicate: {origin.replicate} here, {replicate} given"
    if scenario is not origin.specification:
        yield from differences(origin.specification, scenario)


def differences(here: Scenario, given: Scenario) -> Iterator[str]:
    """A line for each key, but those of policy and levers, in which two scenarios differ."""
    if not isinstance(given, Scenario):
        yield f"scenario: a Scenario is needed, given {shown(given)}"
        return
    # The usual case, answered before the scenarios are taken apart key by key.
    if all(getattr(here, name) == getattr(given, name) for name in MUST_BE_SAME):
        return
    ours, theirs = flatten(here), flatten(given)
    for key in {**ours, **theirs}:
        one, other = ours.get(key, NO_SUCH_KEY), theirs.get(key, NO_SUCH_KEY)
        if one != other and key.split(".")[0] in MUST_BE_SAME:
            yield f"{key}: {written(one)} here, {written(other)} given"


def written(value: object) -> str:
    """A value as a configuration has it."""
    if value is NO_SUCH_KEY:
        return "no such key"
    return value.isoformat() if isinstance(value, dt.date) else shown(value)


def past_problems(origin: Branch, asked: Fork) -> Iterator[str]:
    """Why a policy branch cannot go on under what is asked: its past decisions are in force."""
    if asked.branch == BASELINE:
        yield (
            f"branch: a {origin.branch} branch has its policy in force and cannot become a "
            "baseline: fork the baseline"
        )
        return
    if asked.scenario is origin.specification or not isinstance(asked.scenario, Scenario):
        return
    past, other = (
        [each for each in policy_announcements(scenario) if each.month < origin.month]
        for scenario in (origin.specification, asked.scenario)
    )
    for announcement in [*past, *other]:
        if announcement not in past or announcement not in other:
            yield (
                f"policy and levers: {announcement.title!r} of month {announcement.month} is not "
                f"the same here and in the scenario given, and month {origin.month} comes next: "
                "fork the baseline, in which nothing is in force yet"
            )


def baseline_problems(lineage: Lineage) -> Iterator[str]:
    """Why a branch cannot post the wages of what is given as its baseline."""
    origin, baseline = lineage
    branch = getattr(baseline, "branch", None)
    if branch != BASELINE:
        given = shown(baseline) if branch is None else f"a {branch} branch"
        yield (
            f"baseline: given {given}; it posts the wages of a baseline: "
            "fork(branch, scenario, baseline)"
        )
        return
    for line in kinship_problems(origin, baseline.specification, baseline.replicate):
        yield f"baseline: {line}"


NOT_GIVEN: Any = object()
"""Default of Mesa's `rng`, where None means a random history by chance."""


def replicate_of(replicate: int | None, rng: Any) -> int:
    """The number of a random history, given as such or in Mesa's way.

    `rng` may be a whole number, which is the number; None, for one by chance; or anything else
    that numpy.random.default_rng takes, from which a number is drawn.
    """
    if replicate is not None and rng is not NOT_GIVEN and rng is not None:
        raise ValueError(
            f"replicate and rng both name the random history (given {replicate} and {rng!r}); "
            "give one of them"
        )
    if replicate is None and rng is not NOT_GIVEN:
        replicate = rng if is_whole(rng) else int(np.random.default_rng(rng).integers(2**62))
    if replicate is not None and (not is_whole(replicate) or replicate < 0):
        raise ValueError(f"replicate: given {shown(replicate)}; allowed: a whole number from 0 on")
    return int(replicate or 0)


def is_whole(number: object) -> bool:
    """Whether this is a whole number, Python's or NumPy's."""
    # True and False are whole numbers to Python, and are never meant as one here.
    return isinstance(number, int | np.integer) and not isinstance(number, bool)
