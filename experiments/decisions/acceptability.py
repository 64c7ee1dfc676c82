"""At which price each policy is best, and what knowing a parameter first would be worth."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.configuration.keys import Key
from experiments.decisions.calibrated_inputs import plain_name, section_name
from experiments.decisions.dated_measures import label_of, short_unit
from experiments.decisions.decision_command import Question
from experiments.decisions.finding import Finding
from experiments.decisions.goals import Reading, number_in, read_objective
from experiments.decisions.methods.decision_value import (
    best_on_average,
    best_shares,
    break_evens,
    nested_values,
    net_benefits,
    perfect_information,
)
from experiments.decisions.pages.worth_figures import worth_figures
from experiments.decisions.pages.worth_words import WORDS, caution, sentence
from experiments.decisions.policy_axes import PolicyReader, posterior_draws
from experiments.decisions.policy_lists import list_values
from experiments.results.summary import rounded
from experiments.sweeps.design.axes import values_by_key
from experiments.sweeps.reporting.point_names import point_name
from sim.engine.worker_columns import Array
from sim.inputs.problems import ScenarioError, refused
from sim.scenario import Quantity

FEWEST_DRAWS = 50
KEYS = {
    "gain": Key("dprk_revenue_lost_usd"),
    "loss": Key("never_built_worker_months"),
    "prices": Key("auto"),
    "price": Key("auto"),
    "draws": Key(200, Quantity("draws of the posterior", FEWEST_DRAWS, 800)),
}
PRICES = 201
"""Prices at which the curves are computed."""
BEYOND = 2.0
"""How far the curves reach by default, as a multiple of the highest price of indifference."""


def find(question: Question) -> Finding:
    """The finding of `experiments.worth`; raises ScenarioError for a wrong question."""
    gain, loss = read_question(question)
    settings, design = question.settings, question.settings.design
    draws = posterior_draws(settings, question.keys["draws"], [axis.key for axis in design.axes])
    reader = PolicyReader(settings, draws, [gain, loss])
    values = list_values(settings, reader)
    names = [point_name(values_by_key(cell, design.axes)) for cell in design.cells]
    prices = price_range(question.keys["prices"], values)
    price = stated_price(question.keys["price"], values, prices)
    numbers = (
        about(question, reader, names)
        | acceptability(values, prices, design.scenario.seed)
        | {"price": price}
        | information(values, draws, price, design.scenario.seed)
    )
    return Finding(
        "What each policy is worth",
        sentence(numbers),
        caution(numbers),
        lambda: worth_figures(numbers),
        WORDS,
        numbers,
    )


def read_question(question: Question) -> tuple[Reading, Reading]:
    """What is gained and lost; raises ScenarioError with everything that is wrong."""
    keys, scenario, problems = question.keys, question.settings.design.scenario, []
    readings = []
    for name in ("gain", "loss"):
        reading, wrong = read_objective(keys[name], scenario, name)
        problems += wrong
        readings += [reading] if reading else []
    if len(question.settings.design.cells) < 2:
        problems.append("policies: give two or more to choose from, such as policy=un2397,cliff")
    problems += price_problems(keys)
    if problems:
        raise ScenarioError(problems)
    gain, loss = readings
    return gain, loss


def price_problems(keys: Mapping[str, Any]) -> list[str]:
    """What is wrong with the range of prices and the price stated."""
    problems = []
    if keys["prices"] != "auto" and parsed_range(keys["prices"]) is None:
        allowed = "auto, or LOW..HIGH with 0 <= LOW < HIGH (units of the gain per unit of the loss)"
        problems.append(refused("prices", keys["prices"], allowed, "change it"))
    number = number_in(keys["price"])
    if keys["price"] != "auto" and (number is None or number < 0.0):
        allowed = "auto, or 0 or more (units of the gain per unit of the loss)"
        problems.append(refused("price", keys["price"], allowed, "change it"))
    return problems


def parsed_range(text: str) -> tuple[float, float] | None:
    """The ends of LOW..HIGH; None if they are none."""
    low, _, high = text.partition("..")
    ends = number_in(low), number_in(high)
    if ends[0] is None or ends[1] is None or not 0.0 <= ends[0] < ends[1]:
        return None
    return ends[0], ends[1]


def price_range(text: str, values: Array) -> Array:
    """The prices of the curves: as given, or from 0 to twice the last price of indifference."""
    given = parsed_range(text)
    if given is not None:
        return np.linspace(*given, PRICES)
    gain, loss = values[..., 0].mean(axis=1), values[..., 1].mean(axis=1)
    more, worse = gain[:, None] - gain, loss[:, None] - loss
    crossings = more[(more > 0.0) & (worse > 0.0)] / worse[(more > 0.0) & (worse > 0.0)]
    highest = float(crossings.max()) if crossings.size else 1.0
    return np.linspace(0.0, BEYOND * highest, PRICES)


def stated_price(text: str, values: Array, prices: Array) -> float:
    """The price at which information is valued: as given, or where it is worth most."""
    given = number_in(text)
    if given is not None:
        return given
    worth = [perfect_information(net_benefits(*gains_and_losses(values), p)) for p in prices]
    return float(prices[int(np.argmax(worth))])


def gains_and_losses(values: Array) -> tuple[Array, Array]:
    """Gains and losses f8[policies, draws] of readings f8[policies, draws, 2]."""
    return values[..., 0], values[..., 1]


def acceptability(values: Array, prices: Array, seed: int) -> dict[str, Any]:
    """The best policy by price: on average, and with which probability."""
    gain, loss = gains_and_losses(values)
    return {
        "prices": [rounded(float(price)) for price in prices],
        "best_shares": [
            [rounded(float(share)) for share in of_policy]
            for of_policy in best_shares(gain, loss, prices).T
        ],
        "best_on_average": best_on_average(gain, loss, prices).tolist(),
        "break_evens": [
            {
                "below": each.below,
                "above": each.above,
                "price": [finite(end) for end in each.interval],
            }
            for each in break_evens(gain, loss, prices, seed)
        ],
        "perfect_information": [
            rounded(perfect_information(net_benefits(gain, loss, price))) for price in prices
        ],
        "means": [
            {"gain": rounded(float(own[0])), "loss": rounded(float(own[1]))}
            for own in values.mean(axis=1)
        ],
    }


def information(
    values: Array, draws: Sequence[Mapping[str, float]], price: float, seed: int
) -> dict[str, Any]:
    """What knowing each parameter, each part of the model and all of them is worth at a price."""
    benefit = net_benefits(*gains_and_losses(values), price)
    keys = list(draws[0])
    inputs = np.array([[float(draw[key]) for key in keys] for draw in draws])
    sections: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        sections.setdefault(section_name(key), []).append(place)
    alone = [[place] for place in range(len(keys))]
    everything = list(range(len(keys)))
    found = nested_values(benefit, inputs, [*alone, *sections.values(), everything], seed)
    names = [plain_name(key) for key in keys]
    parts = len(keys) + len(sections)
    return {
        "parameters": ranked(names, found[: len(keys)]),
        "sections": ranked(list(sections), found[len(keys) : parts]),
        "all_parameters": rounded(found[-1].value),
        "everything": rounded(perfect_information(benefit)),
    }


def ranked(names: Sequence[str], values: Sequence[Any]) -> list[dict[str, Any]]:
    """Names with their values of information, largest first."""
    order = sorted(range(len(names)), key=lambda place: -values[place].value)
    return [
        {
            "name": names[place],
            "value": rounded(values[place].value),
            "noise": rounded(values[place].noise),
        }
        for place in order
    ]


def finite(value: float) -> float | None:
    """The value; None if it is infinite."""
    return rounded(value) if math.isfinite(value) else None


def about(question: Question, reader: PolicyReader, names: Sequence[str]) -> dict[str, Any]:
    """What was asked, and of what."""
    scenario, (gain, loss) = question.settings.design.scenario, reader.readings
    return {
        "policies": list(names),
        "gain": gain.text,
        "gain_label": label_of(scenario, gain.measure),
        "gain_unit": short_unit(scenario, gain.measure),
        "loss": loss.text,
        "loss_label": label_of(scenario, loss.measure),
        "loss_unit": short_unit(scenario, loss.measure),
        "region": scenario.market.region,
        "scale": scenario.market.scale,
        "draws": len(reader.draws),
        "seeds": min(question.settings.design.replicates, len(reader.draws)),
    }
