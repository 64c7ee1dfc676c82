"""The front of schedules: what is traded against what, and which shipped policies are dominated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from experiments.configuration.keys import Key
from experiments.configuration.variants import Value
from experiments.decisions.dated_measures import label_of, short_unit
from experiments.decisions.decision_command import Question
from experiments.decisions.finding import Finding
from experiments.decisions.frontier_search import (
    non_dominated,
    searched,
    strongest_dominators,
)
from experiments.decisions.goals import Reading, read_objective
from experiments.decisions.methods.policy_sets import mean_interval
from experiments.decisions.pages.frontier_figures import frontier_figures
from experiments.decisions.pages.frontier_words import WORDS, caution, schedule_name, sentence
from experiments.decisions.policy_axes import PolicyReader, posterior_draws
from experiments.decisions.policy_text import policy_yaml
from experiments.decisions.schedules import (
    ScheduleAxis,
    read_schedule_axes,
    schedule_at,
    shipped_policies,
    whole_policy,
)
from experiments.results.summary import rounded
from sim.engine.worker_columns import Array
from sim.inputs.problems import ScenarioError, refused
from sim.scenario import Quantity

FEWEST_OBJECTIVES, MOST_OBJECTIVES = 2, 3
KEYS = {
    "over": Key(""),
    "maximise": Key("dprk_revenue_lost_usd"),
    "minimise": Key("never_built_worker_months,public_cost_rub"),
    "candidates": Key(400, Quantity("schedules", 8, 20_000)),
    "population": Key(40, Quantity("schedules", 4, 200)),
    "draws": Key(20, Quantity("draws of the posterior", 5, 300)),
    "fresh_draws": Key(60, Quantity("draws of the posterior", 10, 400)),
}


class Objective(NamedTuple):
    """A reading that is to be as large (sign 1) or as small (sign -1) as possible."""

    reading: Reading
    sign: float


class Entry(NamedTuple):
    """A schedule of the front, or a shipped policy, with its readings under fresh draws.

    `readings` f8[draws, objectives]; `searched` are the means that the search saw.
    """

    name: str
    values: Mapping[str, Value]
    readings: Array
    searched: Array | None


@dataclass
class Evaluation:
    """Mean readings of schedules under the draws of the search; each is simulated once."""

    axes: Sequence[ScheduleAxis]
    reader: PolicyReader
    signs: Array

    def __post_init__(self) -> None:
        """Nothing is known yet."""
        self.known: dict[tuple[Value, ...], Array] = {}

    def __call__(self, points: Array) -> Array:
        """What is to be as small as possible, f8[n, objectives], at points of the unit cube."""
        policies = [schedule_at(self.axes, point) for point in points]
        new = {key: policy for policy in policies if (key := key_of(policy)) not in self.known}
        if new:
            means = self.reader.values(list(new.values())).mean(axis=1)
            self.known |= dict(zip(new, means, strict=True))
        found: Array = np.array([self.known[key_of(policy)] for policy in policies])
        return -self.signs * found


def key_of(policy: Mapping[str, Value]) -> tuple[Value, ...]:
    """What tells a schedule from others over the same axes."""
    return tuple(policy.values())


def find(question: Question) -> Finding:
    """The finding of `experiments.frontier`; raises ScenarioError for a wrong question."""
    import pymoo  # noqa: F401  # Where it is missing, that is said before anything is simulated.

    axes, objectives = read_question(question)
    keys, settings = question.keys, question.settings
    count = keys["draws"]
    draws = posterior_draws(settings, count + keys["fresh_draws"], [axis.key for axis in axes])
    readings, signs = [each.reading for each in objectives], np.array([o.sign for o in objectives])
    first = PolicyReader(settings, draws[:count], readings)
    # Other draws and other seeds than the search has seen: the best of many candidates was also the
    # luckiest.
    fresh = replace(first, draws=draws[count:], first_seed=settings.design.replicates)
    evaluation = Evaluation(axes, first, signs)
    seed, size = settings.design.scenario.seed, keys["population"]
    shape = len(axes), len(objectives)
    front = searched(evaluation, shape, size, keys["candidates"] // size, seed)
    schedules = unique([schedule_at(axes, point) for point in front.points])
    shipped = shipped_policies()
    again = fresh.values([*schedules, *shipped.values()])
    names = [*(f"schedule {n + 1}" for n in range(len(schedules))), *shipped]
    seen = [*(evaluation.known[key_of(each)] for each in schedules), *[None] * len(shipped)]
    entries = list(map(Entry, names, [*schedules, *shipped.values()], again, seen))
    scenario = settings.design.scenario
    numbers = about(question, objectives, axes, len(evaluation.known)) | compared(entries, signs)
    texts = [policy_yaml(whole_policy(scenario, entry.values)) for entry in entries]
    return Finding(
        "What is traded against what",
        sentence(numbers),
        caution(numbers),
        lambda: frontier_figures(numbers, texts),
        WORDS,
        numbers,
        {"schedules.yaml": listed(entries, texts)},
    )


def unique(policies: Sequence[dict[str, Value]]) -> list[dict[str, Value]]:
    """Policies without repetitions: points close together may give the same."""
    return list({key_of(policy): policy for policy in policies}.values())


def read_question(question: Question) -> tuple[list[ScheduleAxis], list[Objective]]:
    """Axes and objectives; raises ScenarioError with everything that is wrong."""
    keys, scenario = question.keys, question.settings.design.scenario
    axes, problems = read_schedule_axes(keys["over"], scenario)
    objectives: list[Objective] = []
    for name, sign in (("maximise", 1.0), ("minimise", -1.0)):
        for text in filter(None, (part.strip() for part in keys[name].split(","))):
            reading, wrong = read_objective(text, scenario, name)
            problems += wrong
            objectives += [Objective(reading, sign)] if reading else []
    given = len(objectives)
    if not problems and not FEWEST_OBJECTIVES <= given <= MOST_OBJECTIVES:
        allowed = f"{FEWEST_OBJECTIVES} or {MOST_OBJECTIVES} measures in all"
        problems.append(refused("maximise, minimise", given, allowed, "give more or fewer"))
    if len({each.reading for each in objectives}) < given:
        problems.append("maximise, minimise: a measure is given twice; leave one out")
    if varied := [axis.key for axis in question.settings.design.axes]:
        problems.append(f"{varied[0]}: several values are given; search with over={varied[0]}:...")
    if keys["candidates"] < 2 * keys["population"]:
        problems.append(
            refused("candidates", keys["candidates"], f"{2 * keys['population']} or more "
                    "(schedules, two generations)", "raise it or lower population")
        )  # fmt: skip
    if problems:
        raise ScenarioError(problems)
    return axes, objectives


def compared(entries: Sequence[Entry], signs: Array) -> dict[str, Any]:
    """What the entries are under fresh draws, which dominates which, and how lucky the front was.

    `signs` f8[objectives] are 1 where more is better and -1 where less is.
    """
    means = np.array([entry.readings.mean(axis=0) for entry in entries])
    dominators = strongest_dominators(-signs * means)
    remains = non_dominated(-signs * means)
    found = [described(entry, bool(stays)) for entry, stays in zip(entries, remains, strict=True)]
    for own, entry, by in zip(found, entries, dominators, strict=True):
        if by is not None:
            gain = entries[by].readings - entry.readings
            at_least = (signs * gain >= 0.0).all(axis=1)
            own["dominated"] = {
                "by": entries[by].name,
                "difference": intervals(gain),
                "share_of_draws": rounded(float(at_least.mean())),
            }
    lucky = [e.searched - e.readings.mean(axis=0) for e in entries if e.searched is not None]
    return {
        "schedules": [own for own, e in zip(found, entries, strict=True) if e.searched is not None],
        "shipped": [own for own, e in zip(found, entries, strict=True) if e.searched is None],
        "luck": [rounded(float(each)) for each in np.mean(lucky, axis=0)],
    }


def described(entry: Entry, on_front: bool) -> dict[str, Any]:
    """An entry as it stands in summary.json."""
    seen = entry.searched
    return {
        "name": entry.name,
        "values": dict(entry.values),
        "means": intervals(entry.readings),
        "means_in_search": None if seen is None else [rounded(float(each)) for each in seen],
        "on_front": on_front,
        "dominated": None,
    }


def intervals(readings: Array) -> list[list[float]]:
    """[low, mean, high] of each column of f8[draws, objectives]."""
    return [[rounded(end) for end in mean_interval(column)] for column in readings.T]


def listed(entries: Sequence[Entry], texts: Sequence[str]) -> str:
    """The YAML of every entry, one document each."""
    documents = (f"# {e.name}\n{text}" for e, text in zip(entries, texts, strict=True))
    return "---\n" + "---\n".join(documents)


def about(
    question: Question, objectives: Sequence[Objective], axes: Sequence[ScheduleAxis], tried: int
) -> dict[str, Any]:
    """What was asked, and of what."""
    scenario, keys = question.settings.design.scenario, question.keys
    measures = [each.reading.measure for each in objectives]
    return {
        "objectives": [each.reading.text for each in objectives],
        "labels": [label_of(scenario, measure) for measure in measures],
        "units": [short_unit(scenario, measure) for measure in measures],
        "more_is_better": [each.sign > 0.0 for each in objectives],
        "over": schedule_name(
            {axis.key: f"{axis.value(0.0)} to {axis.value(1.0)}" for axis in axes}
        ),
        "policy": scenario.policy.name,
        "region": scenario.market.region,
        "scale": scenario.market.scale,
        "schedules_tried": tried,
        "draws": keys["draws"],
        "fresh_draws": keys["fresh_draws"],
        "seeds": question.settings.design.replicates,
    }
