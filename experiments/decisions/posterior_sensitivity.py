"""On which inputs an answer hangs once the data are known: Shapley effects on the posterior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.decisions.calibrated_inputs import plain_name, section_name
from experiments.decisions.decision_command import Question
from experiments.decisions.finding import Finding
from experiments.decisions.methods.shapley_effects import EffectDraws, bootstrapped_effects
from experiments.decisions.pages.posterior_figures import posterior_figures
from experiments.decisions.pages.shared_words import scale_note, share_text
from experiments.decisions.paired_runs import Wanted, question_sweep, run_values
from experiments.decisions.policy_axes import posterior_draws
from experiments.results.summary import rounded
from sim.engine.worker_columns import Array
from sim.inputs.problems import ScenarioError

REST, SECTION, TOP = "all other parameters", "section", "top"
UNEXPLAINED = "interactions, curvature and chance"
SENTENCE_INPUTS = 3
WORDS = {
    "Shapley effect": "What an input adds to the variance of the answer that is explained, "
    "averaged over all orders in which inputs can become known. Inputs that the data tie together "
    "share what they explain together; the effects add up.",
    "Interactions, curvature and chance": "The share of the variance that no straight line through "
    "the draws explains.",
}


def posterior_finding(question: Question, about: Mapping[str, Any]) -> Finding:
    """The finding of `experiments.sensitivity inputs=posterior`.

    about: what is asked, with `measure`, `label`, `month` and `months`. Raises ScenarioError if the
    measure does not vary in the month, or has no value there.
    """
    settings, keys, months = question.settings, question.keys, about["months"]
    draws = posterior_draws(settings, keys["draws"], [])
    seeds = min(settings.design.replicates, len(draws))
    sweep = question_sweep(settings, draws, seeds)
    runs = [Wanted(draw, draw % seeds) for draw in range(len(draws))]
    answers = run_values(sweep, runs, [about["measure"]], months)[about["measure"]]
    names, inputs = varying_inputs(draws)
    effects = bootstrapped_effects(inputs, answers, settings.design.scenario.seed)
    place = months.index(about["month"])
    if not np.isfinite(effects.estimate[:, place]).all():
        raise ScenarioError(
            [
                f"at: {about['measure']} does not vary between the draws, or has no value, in "
                f"{about['month']}; choose another month or measure"
            ]
        )
    groups = groups_of(names, effects.estimate[:, place], keys)
    numbers = {
        **about,
        "draws": len(draws),
        "seeds": seeds,
        "inputs": names,
        "effects": entries(names, groups, effects),
        "unexplained": rounded(float(1.0 - effects.estimate[:, place].sum())),
    }
    return Finding(
        f"What {about['label']} hangs on, given the data",
        sentence(numbers),
        caution(numbers),
        lambda: posterior_figures(numbers),
        WORDS,
        numbers,
    )


def varying_inputs(draws: Sequence[Mapping[str, Any]]) -> tuple[list[str], Array]:
    """Keys of the parameters that differ between draws, and their values f8[n, D]."""
    keys = list(draws[0])
    values = np.array([[float(draw[key]) for key in keys] for draw in draws])
    varying = np.ptp(values, axis=0) > 0.0
    return [key for key, is_kept in zip(keys, varying, strict=True) if is_kept], values[:, varying]


def groups_of(
    keys: Sequence[str], effects: Array, asked: Mapping[str, Any]
) -> dict[str, list[int]]:
    """Places of the inputs of each group by its name; effects f8[D] order the inputs."""
    own = set(np.argsort(-effects, kind="stable")[: asked["top"]].tolist())
    groups: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        name = section_name(key) if asked["by"] == SECTION else plain_name(key)
        if asked["by"] == TOP and place not in own:
            name = REST
        groups.setdefault(name, []).append(place)
    return groups


def entries(
    keys: Sequence[str], groups: Mapping[str, list[int]], effects: EffectDraws
) -> list[dict[str, Any]]:
    """Each group with its members and [low, estimate, high] of its effect in every month."""
    intervals = effects.of_groups(list(groups.values()))
    return [
        {
            "name": name,
            "members": [keys[place] for place in places],
            "effect": [
                [rounded(float(value)) for value in month] if np.isfinite(month).all() else None
                for month in intervals[:, number].T
            ],
        }
        for number, (name, places) in enumerate(groups.items())
    ]


def sentence(numbers: Mapping[str, Any]) -> str:
    """The finding in a sentence."""
    place = numbers["months"].index(numbers["month"])
    own = [each for each in numbers["effects"] if each["name"] != REST]
    largest = sorted(own, key=lambda each: -each["effect"][place][1])[:SENTENCE_INPUTS]
    shares = [f"{each['name']} ({share_text(each['effect'][place])})" for each in largest]
    return (
        f"Under policy {numbers['policy']}, given the data to the end of 2018, "
        f"{numbers['label']} in {numbers['month']} hangs most on {', '.join(shares)} of its "
        f"variance; {UNEXPLAINED} account for {100.0 * numbers['unexplained']:.0f}\u00a0%."
    )


def caution(numbers: Mapping[str, Any]) -> list[str]:
    """What the effects rest on."""
    found = [
        f"{len(numbers['inputs'])} parameters under {numbers['draws']} draws of the posterior, "
        f"{numbers['seeds']} seeds; brackets are 95 % intervals of a bootstrap over draws.",
        "Effects are those of a straight line in all parameters. An effect below 0 is one that "
        "cannot be told from none. What several parameters explain only together is left over.",
    ]
    return [*found, *scale_note(numbers)]
