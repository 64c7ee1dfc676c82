"""Which policies meet goals with a probability, how sure the edge is, and which is the best."""

from __future__ import annotations

from typing import Any

from experiments.configuration.keys import Key
from experiments.decisions.dated_measures import label_of, short_unit
from experiments.decisions.decision_command import Question
from experiments.decisions.finding import Finding
from experiments.decisions.goals import read_goals, read_objective
from experiments.decisions.pages.ask_figures import ask_figures
from experiments.decisions.pages.ask_words import WORDS, caution, sentence
from experiments.decisions.policy_axes import PolicyReader, posterior_draws, read_policy_axes
from experiments.decisions.policy_lists import compared
from experiments.decisions.policy_search import Search, searched
from experiments.decisions.policy_text import policy_yaml
from sim.inputs.problems import ScenarioError
from sim.scenario import Quantity

KEYS = {
    "over": Key(""),
    "maximise": Key(""),
    "minimise": Key(""),
    "draws": Key(40, Quantity("draws of the posterior", 5, 800)),
    "precision": Key(0.03, Quantity("share of the range", 0.005, 0.5)),
}


def find(question: Question) -> Finding:
    """The finding of `experiments.ask`; raises ScenarioError for a wrong question."""
    search = read_search(question)
    found = searched(search) if search.axes else compared(question.settings, search)
    numbers = about(question, search) | found
    best = numbers["best"] or numbers["nearest"]
    return Finding(
        "Which policies meet the goals",
        sentence(numbers),
        caution(numbers),
        lambda: ask_figures(numbers),
        WORDS,
        numbers,
        {"policy.yaml": policy_yaml(best["values"])},
    )


def read_search(question: Question) -> Search:
    """The checked search; raises ScenarioError with everything that is wrong."""
    keys, settings = question.keys, question.settings
    scenario = settings.design.scenario
    goals, problems = read_goals(question.words, scenario, keys["draws"])
    axes, wrong = read_policy_axes(keys["over"], scenario)
    problems += wrong
    objective, sign = None, 1.0
    for name, own_sign in (("maximise", 1.0), ("minimise", -1.0)):
        if keys[name]:
            objective, wrong = read_objective(keys[name], scenario, name)
            sign = own_sign
            problems += wrong
    if keys["maximise"] and keys["minimise"]:
        problems.append("maximise, minimise: both are given; give one")
    varied = [axis.key for axis in settings.design.axes]
    if bool(axes) == bool(varied) and not wrong:
        problems.append(
            "over: give keys to search over, such as over=policy.compliance, or a list of "
            "policies to compare, such as policy=un2397,cliff, and not both"
        )
    if problems:
        raise ScenarioError(problems)
    readings = [*(goal.reading for goal in goals), *([objective] if objective else [])]
    draws = posterior_draws(settings, keys["draws"], [axis.key for axis in axes])
    reader = PolicyReader(settings, draws, readings)
    return Search(axes, goals, reader, objective, sign, keys["precision"])


def about(question: Question, search: Search) -> dict[str, Any]:
    """What was asked, and of what."""
    scenario = question.settings.design.scenario
    return {
        "goals": [goal.text for goal in search.goals],
        "goals_in_words": [goal.words(scenario) for goal in search.goals],
        "units": [short_unit(scenario, each.measure) for each in search.reader.readings],
        "readings": [reading.text for reading in search.reader.readings],
        "wanted": [goal.probability for goal in search.goals],
        "objective": search.objective.text if search.objective else None,
        "objective_label": label_of(scenario, search.objective.measure) if search.objective else "",
        "direction": "largest" if search.sign > 0 else "smallest",
        "policy": scenario.policy.name,
        "region": scenario.market.region,
        "scale": scenario.market.scale,
        "draws": len(search.reader.draws),
        "seeds": min(question.settings.design.replicates, len(search.reader.draws)),
        "precision": search.precision,
    }
