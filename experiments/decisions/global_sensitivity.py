"""On which inputs an answer hangs, month by month: screening, then Sobol's indices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.configuration.keys import Key
from experiments.decisions.calibrated_inputs import (
    CalibratedInputs,
    calibrated_inputs,
    input_name,
    section_name,
)
from experiments.decisions.dated_measures import (
    label_of,
    measure_problems,
    month_named,
    month_problems,
    months_of,
    unit_of,
    worded,
)
from experiments.decisions.decision_command import Question
from experiments.decisions.finding import Finding
from experiments.decisions.methods.radial_design import radial_design, radial_values
from experiments.decisions.methods.sobol_indices import (
    RESAMPLES,
    IndexIntervals,
    RadialValues,
    index_intervals,
    indices,
)
from experiments.decisions.pages.sensitivity_figures import sensitivity_figures
from experiments.decisions.pages.shared_words import scale_note, share_text
from experiments.decisions.posterior_sensitivity import posterior_finding
from experiments.results.summary import rounded
from sim.engine.worker_columns import Array
from sim.inputs.problems import ScenarioError, refused
from sim.scenario import Quantity

PRIOR, POSTERIOR = "prior", "posterior"
CHANCE, REST = "chance (the seed)", "all other parameters"
TOP, SECTION, PARAMETER = "top", "section", "parameter"
KEYS = {
    "measure": Key("shortfall_percent"),
    "at": Key("deadline"),
    "by": Key(TOP, (TOP, SECTION, PARAMETER)),
    "top": Key(6, Quantity("parameters with an index of their own", 1, 56)),
    "rows": Key(128, Quantity("rows of the design", 16, 100_000)),
    "screening": Key(8, Quantity("rows of the screening", 4, 10_000)),
    "inputs": Key(PRIOR, (PRIOR, POSTERIOR)),
    "draws": Key(400, Quantity("draws of the posterior", 200, 800)),
}
SENTENCE_INPUTS = 3
WORDS = {
    "First-order index": "The share of the variance of the answer that would go if this input were "
    "known and nothing else were.",
    "Total index": "The share of the variance that would be left if everything but this input were "
    "known: what it does by itself and together with others.",
    "Chance": "The seed of a run, treated as an input: what would be left if every parameter were "
    "known.",
    "Screening": "Total indices of every parameter from a few rows, which only choose those that "
    "get an index of their own.",
}


class Shares(NamedTuple):
    """Indices of named groups of inputs, chance last; parameters of the screening by name."""

    names: list[str]
    members: list[list[str]]
    intervals: IndexIntervals
    screened: dict[str, float]
    impossible: float


def find(question: Question) -> Finding:
    """The finding of `experiments.sensitivity`; raises ScenarioError for a wrong question."""
    settings, keys, scenario = question.settings, question.keys, question.settings.design.scenario
    problems = [*measure_problems(scenario, keys["measure"]), *month_problems(scenario, keys["at"])]
    if settings.design.replicates < 2:
        allowed = "2 or more (seeds), as chance is an input"
        problems.append(refused("replicates", settings.design.replicates, allowed, "raise it"))
    problems += axis_problems(question)
    if problems:
        raise ScenarioError(problems)
    if keys["inputs"] == POSTERIOR:
        return posterior_finding(question, asked(question))
    inputs = calibrated_inputs(settings)
    month, months = month_named(scenario, keys["at"]), months_of(scenario)
    shares = variance_shares(question, inputs, (month, months))
    check_variation(shares, months.index(month), keys["measure"], month)
    numbers = asked(question) | {
        "rows": keys["rows"],
        "seeds": settings.design.replicates,
        "inputs": list(inputs.keys),
        "impossible_share": rounded(shares.impossible),
        "resamples": RESAMPLES,
        "screening": shares.screened,
        "indices": entries(shares),
    }
    return Finding(
        f"What {numbers['label']} hangs on",
        sentence(numbers),
        caution(numbers),
        lambda: sensitivity_figures(numbers),
        WORDS,
        numbers,
    )


def asked(question: Question) -> dict[str, Any]:
    """What is asked, and of what."""
    scenario, measure = question.settings.design.scenario, question.keys["measure"]
    return {
        "measure": measure,
        "label": label_of(scenario, measure),
        "unit": unit_of(scenario, measure),
        "month": month_named(scenario, question.keys["at"]),
        "months": months_of(scenario),
        "policy": scenario.policy.name,
        "region": scenario.market.region,
        "scale": scenario.market.scale,
    }


def axis_problems(question: Question) -> list[str]:
    """A line for each key with several values: the design is the command's own."""
    return [
        refused(
            axis.key, list(axis.values), "one value, as the command makes the design", "give one"
        )
        for axis in question.settings.design.axes
    ]


def variance_shares(
    question: Question, inputs: CalibratedInputs, at: tuple[str, Sequence[str]]
) -> Shares:
    """Indices of the groups that the question asks for; `at` is the reading month and all."""
    settings, keys, (month, months) = question.settings, question.keys, at
    screened: dict[str, float] = {}
    if keys["by"] == TOP:
        screened = screening(question, inputs, month)
    groups = groups_of(inputs, keys, screened)
    names, places = list(groups), list(groups.values())
    design = radial_design(inputs, places, keys["rows"], settings)
    values = radial_values(design, settings, keys["measure"], months)
    members = [[inputs.keys[place] for place in group] for group in places]
    return Shares(
        [*names, CHANCE],
        [*members, []],
        index_intervals(values, settings.design.scenario.seed),
        screened,
        design.impossible,
    )


def screening(question: Question, inputs: CalibratedInputs, month: str) -> dict[str, float]:
    """Total index of every parameter by its key, from few rows; largest first."""
    alone = [[place] for place in range(len(inputs.keys))]
    rows = question.keys["screening"]
    design = radial_design(inputs, alone, rows, question.settings)
    values = radial_values(design, question.settings, question.keys["measure"], [month])
    found = screened_totals(values)[: len(inputs.keys)]
    order = np.argsort(-found, kind="stable")
    return {inputs.keys[place]: rounded(float(found[place])) for place in order}


def screened_totals(values: RadialValues) -> Array:
    """Total indices f8[G] of a small design in one month; zero where nothing varies."""
    rows = len(values.at_a)
    found: Array = indices(values, np.full((1, rows), 1.0 / rows)).total[0, :, 0]
    return np.nan_to_num(found)


def groups_of(
    inputs: CalibratedInputs, keys: Mapping[str, Any], screened: Mapping[str, float]
) -> dict[str, list[int]]:
    """Places of the inputs of each group by its name."""
    groups: dict[str, list[int]] = {}
    own = list(screened)[: keys["top"]]
    for place, key in enumerate(inputs.keys):
        name = section_name(key) if keys["by"] == SECTION else input_name(key)
        if keys["by"] == TOP and key not in own:
            name = REST
        groups.setdefault(name, []).append(place)
    return groups


def check_variation(shares: Shares, place: int, measure: str, month: str) -> None:
    """Raise ScenarioError if the measure does not vary, or has no value, in the month."""
    if np.isfinite(shares.intervals.total[1, :, place]).all():
        return
    raise ScenarioError(
        [
            f"at: {measure} does not vary between the runs, or has no value, in {month}; "
            "choose another month or measure"
        ]
    )


def entries(shares: Shares) -> list[dict[str, Any]]:
    """Each group with its members and [low, estimate, high] of its indices in every month."""
    found = [
        {
            "name": name,
            "members": members,
            "first": by_month(shares.intervals.first[:, number]),
            "total": by_month(shares.intervals.total[:, number]),
        }
        for number, (name, members) in enumerate(zip(shares.names, shares.members, strict=True))
    ]
    return found


def by_month(intervals: Array) -> list[list[float] | None]:
    """[low, estimate, high] of each month of f8[3, M]; None where the measure does not vary."""
    return [
        [rounded(float(value)) for value in column] if np.isfinite(column).all() else None
        for column in intervals.T
    ]


def ranked(numbers: Mapping[str, Any], kind: str = "total") -> list[tuple[str, list[float]]]:
    """Names and intervals of one kind of index in the reading month, largest first."""
    place = numbers["months"].index(numbers["month"])
    found = [(each["name"], each[kind][place]) for each in numbers["indices"]]
    return sorted(found, key=lambda item: -item[1][1])


def sentence(numbers: Mapping[str, Any]) -> str:
    """The finding in a sentence."""
    parameters = [item for item in ranked(numbers) if item[0] not in (CHANCE, REST)]
    chance = next(item for item in ranked(numbers) if item[0] == CHANCE)
    first = [f"{name} {share_text(share)}" for name, share in parameters[:SENTENCE_INPUTS]]
    return (
        f"Under policy {numbers['policy']}, {numbers['label']} in {numbers['month']} hangs most on "
        f"{worded(first)} of its variance, each with its interactions; chance accounts for "
        f"{share_text(chance[1])}."
    )


def caution(numbers: Mapping[str, Any]) -> list[str]:
    """What the indices rest on."""
    found = [
        f"{len(numbers['inputs'])} parameters drawn from their priors, {numbers['rows']:,} rows, "
        f"{numbers['seeds']} seeds; brackets are 95 % intervals of a bootstrap over rows.",
        "Shares of variance depend on the ranges of the priors, many of which are assumptions. "
        "Total indices add up to more than 100 % where inputs act together.",
    ]
    if impossible := numbers["impossible_share"]:
        found.append(
            f"{100 * impossible:.0f} % of the points tried have no opening vacancy share that "
            "gives the drawn vacancy rate. They are no possible krai and left out, so inputs are "
            "independent only within the krais that are possible."
        )
    return [*found, *scale_note(numbers)]
