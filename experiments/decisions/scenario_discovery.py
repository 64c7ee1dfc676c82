"""In which futures a policy fails: the few ranges of parameters that hold most of the failures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments.calibration.posterior import POSTERIOR, PRIOR
from experiments.configuration.keys import Key
from experiments.decisions.calibrated_inputs import plain_name
from experiments.decisions.decision_command import Question
from experiments.decisions.finding import Finding
from experiments.decisions.goals import Goal, read_goal
from experiments.decisions.methods.policy_sets import probability_interval
from experiments.decisions.methods.rule_induction import FEWEST_EACH, Discovery, Flags, discovered
from experiments.decisions.pages.discover_figures import discover_figures
from experiments.decisions.pages.discover_words import WORDS, caution, sentence
from experiments.decisions.policy_axes import PolicyReader, posterior_draws
from experiments.decisions.policy_lists import list_values
from experiments.results.summary import rounded
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import parameters
from sim.inputs.problems import ScenarioError, refused
from sim.scenario import Quantity

FEWEST_DRAWS = 100
KEYS = {
    "draws": Key(400, Quantity("draws", FEWEST_DRAWS, 800)),
    "of": Key(POSTERIOR, (POSTERIOR, PRIOR)),
}


def find(question: Question) -> Finding:
    """The finding of `experiments.discover`; raises ScenarioError for a wrong question."""
    goals, settings = read_question(question), question.settings
    draws = posterior_draws(settings, question.keys["draws"], (), question.keys["of"])
    reader = PolicyReader(settings, draws, [goal.reading for goal in goals])
    (values,) = list_values(settings, reader)
    fails = failures(goals, values)
    keys = list(draws[0])
    points = np.array([[float(draw[key]) for key in keys] for draw in draws])
    found = discovered(points, fails, settings.design.scenario.seed)
    numbers = (
        about(question, reader, goals)
        | described(found, keys, fails)
        | {"futures": futures(found, keys, points, fails)}
    )
    return Finding(
        f"Where policy {numbers['policy']} fails",
        sentence(numbers),
        caution(numbers),
        lambda: discover_figures(numbers),
        WORDS,
        numbers,
    )


def read_question(question: Question) -> list[Goal]:
    """The goals that a policy may fail; raises ScenarioError with everything that is wrong."""
    scenario, goals, problems = question.settings.design.scenario, [], []
    if not question.words:
        problems.append('goal: none is given; write "MEASURE at MONTH <= NUMBER"')
    for text in question.words:
        goal, wrong = read_goal(text, scenario)
        problems += wrong
        goals += [goal] if goal else []
        if " with " in text:
            allowed = "a goal without a probability, as each future meets it or fails"
            problems.append(refused("goal", text, allowed, "leave out `with`"))
    problems += [
        refused(axis.key, list(axis.values), "one value, as one policy is studied", "give one")
        for axis in question.settings.design.axes
    ]
    if problems:
        raise ScenarioError(problems)
    return goals


def failures(goals: Sequence[Goal], values: Array) -> Flags:
    """Which draws fail a goal, from readings f8[draws, goals]."""
    met = [goal.met(values[:, place]) for place, goal in enumerate(goals)]
    fails: Flags = ~np.all(met, axis=0)
    return fails


def described(found: Discovery, keys: Sequence[str], fails: Flags) -> dict[str, Any]:
    """The box with its ranges, density and coverage, and how often the policy fails at all."""
    hits, inside, of_half = found.counts
    return {
        "failing": share(int(fails.sum()), len(fails)),
        "one_sided": min(int(fails.sum()), int((~fails).sum())) < FEWEST_EACH,
        "density": share(hits, inside),
        "coverage": share(hits, of_half),
        "size": share(inside, len(fails) - len(fails) // 2),
        "ranges": [
            {
                "key": keys[place],
                "name": plain_name(keys[place]),
                "unit": parameters()[keys[place]].unit,
                "low": end(found.box.low[place]),
                "high": end(found.box.high[place]),
                "p_value": rounded(p_value),
                "survival": rounded(survival),
            }
            for place, p_value, survival in zip(
                found.box.restricted, found.p_values, found.survival, strict=True
            )
        ],
    }


def share(count: int, total: int) -> list[float] | None:
    """[low, estimate, high] of a share with its 95 % interval after Wilson; None of nothing."""
    if total == 0:
        return None
    estimate = count / total
    low, high = probability_interval(np.array(estimate), total)
    return [rounded(float(value)) for value in (low, estimate, high)]


def end(value: float) -> float | None:
    """An end of a range; None if it is open."""
    return rounded(float(value)) if np.isfinite(value) else None


def futures(found: Discovery, keys: Sequence[str], points: Array, fails: Flags) -> dict[str, Any]:
    """The draws' values of up to two restricted inputs, and which fail, for the picture."""
    order = np.argsort(found.p_values, kind="stable")[:2]
    shown = [found.box.restricted[place] for place in order]
    return {
        "keys": [keys[place] for place in shown],
        "values": [[rounded(float(value)) for value in points[:, place]] for place in shown],
        "fails": fails.tolist(),
    }


def about(question: Question, reader: PolicyReader, goals: Sequence[Goal]) -> dict[str, Any]:
    """What was asked, and of what."""
    scenario = question.settings.design.scenario
    return {
        "goals": [f"{goal.reading.text} {goal.sign} {goal.limit:g}" for goal in goals],
        "goals_in_words": [goal.words(scenario) for goal in goals],
        "policy": scenario.policy.name,
        "region": scenario.market.region,
        "scale": scenario.market.scale,
        "draws": len(reader.draws),
        "of": question.keys["of"],
        "inputs": len(reader.draws[0]),
        "seeds": min(question.settings.design.replicates, len(reader.draws)),
    }
