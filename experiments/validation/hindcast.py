"""Rolling-origin hindcast of the krai: prior draws, weighted by what was known at an origin, predict what was observed later.

One simulation of each draw serves all origins. The weight is the Gaussian likelihood of what was known, with the errors allowed; bounds
cost nothing on their right side. Draws are those of the calibration's prior, which no observation after an origin has touched.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.calibration.posterior import PRIOR, drawn
from experiments.calibration.targets import Moment, history, measured, moments, to_end
from experiments.configuration.parameter_values import scenario_with
from experiments.configuration.settings import load_settings
from experiments.ensembles.ensemble import available_cores, in_order
from experiments.validation.hindcast_naive import RULES
from sim.calendar import month_index
from sim.engine.panel import measure_named
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import series
from sim.inputs.strict_yaml import load_mapping
from sim.measures.comparison import FullScaleBranch
from sim.scenario import Scenario

HINDCAST = Path(__file__).with_name("hindcast.yaml")
KRAI = ("policy=un2397", "months=48")
ALWAYS = "always"
PERCENTILES = (0.05, 0.5, 0.95)
ROUNDING = 1e-12
FEWEST = 20.0
"""Effective draws below which a prediction is not judged."""


@dataclass(frozen=True)
class Observation:
    """Something known from a month on ('YYYY-MM', or always), predicted before if it is a target; `ratio`: of a year over another."""

    seen: Moment
    known: str
    target: bool
    ratio: tuple[str, int, int] | None = None

    def known_by(self, origin: str) -> bool:
        """Whether it was known at an origin."""
        return self.known == ALWAYS or self.known <= origin


def observations() -> dict[str, Observation]:
    """Everything of hindcast.yaml, by name."""
    raw, known = load_mapping(HINDCAST), moments()
    conditions = {
        name: Observation(known[name], str(when), False) for name, when in raw["conditions"].items()
    }
    return conditions | {name: target(entry, known) for name, entry in raw["targets"].items()}


def target(entry: Mapping[str, Any], known: Mapping[str, Moment]) -> Observation:
    """A moment of the calibration, or a year's mean of a series over another's beside the same of a simulated measure."""
    tolerance, reason, when = (
        float(entry["tolerance"]),
        str(entry["reason"]),
        str(entry["observed"]),
    )
    if "moment" in entry:
        return Observation(
            dataclasses.replace(known[entry["moment"]], error=tolerance, reason=reason), when, True
        )
    values, years = series()[entry["series"]].values, (int(entry["of"]), int(entry["over"]))
    value = values[str(years[0])] / values[str(years[1])]
    seen = Moment(
        entry["kind"], value, tolerance, f"ratio to {years[1]}", entry["series"], reason, True
    )
    return Observation(seen, when, True, (entry["measure"], *years))


def origins() -> list[str]:
    """The months up to whose end everything is known."""
    return [str(month) for month in load_mapping(HINDCAST)["origins"]]


def hindcast(draws: int, seed: int, extra: Sequence[str] = ()) -> list[dict[str, Any]]:
    """A row for each origin and each target not yet observed there."""
    resolved, known = load_settings((*KRAI, *extra)).resolved, observations()
    scenarios = [scenario_with(resolved, draw) for draw in drawn(PRIOR, draws, seed)]
    rows = list(
        in_order(
            lambda number: simulated(scenarios[number], number, known), draws, available_cores()
        )
    )
    values = {name: np.array([row[name] for row in rows]) for name in known}
    krai = load_settings(KRAI).scenario
    return [row for origin in origins() for row in origin_rows(origin, known, values, krai)]


def simulated(
    scenario: Scenario, replicate: int, known: Mapping[str, Observation]
) -> dict[str, float]:
    """What one krai shows of everything that is known or predicted."""
    run = to_end(history(scenario, replicate))
    found = measured(run, scenario)
    ratios = {name: entry.ratio for name, entry in known.items() if entry.ratio}
    return found | {
        name: yearly_mean(run, *ratio[:2], scenario)
        / yearly_mean(run, ratio[0], ratio[2], scenario)
        for name, ratio in ratios.items()
    }


def yearly_mean(run: FullScaleBranch, measure: str, year: int, scenario: Scenario) -> float:
    """Mean of a market measure over a calendar year."""
    first = month_index(scenario.start.replace(year=year, month=1), scenario.start)
    return float(run.of(measure_named(measure))[first : first + 12].mean())


def origin_rows(
    origin: str, known: Mapping[str, Observation], values: Mapping[str, Array], krai: Scenario
) -> list[dict[str, Any]]:
    """Predictions made at one origin, beside what came and what the naive rules say."""
    weights = weights_at(origin, known, values)
    effective = float(1.0 / np.square(weights).sum())
    later = {
        name: entry for name, entry in known.items() if entry.target and not entry.known_by(origin)
    }
    naive = {
        rule: {name: says(name, entry.ratio, origin, krai) for name, entry in later.items()}
        for rule, says in RULES.items()
    }
    rows = []
    for name, entry in later.items():
        prediction = weighted_quantiles(values[name], weights)
        rivals = {
            rule: None if np.isnan(said[name]) else rounded(said[name])
            for rule, said in naive.items()
        }
        row = verdict(name, entry.seen, prediction, rivals)
        unjudged = {} if effective >= FEWEST else {"covered": None, "hit": None, "beats_both": None}
        rows.append({"origin": origin, "effective_draws": round(effective, 1), **row, **unjudged})
    return rows


def verdict(
    name: str, seen: Moment, prediction: Sequence[float], rivals: Mapping[str, float | None]
) -> dict[str, Any]:
    """Hit: the median is within the tolerance, or on the right side of a bound; a tie with a rival is no win."""
    miss = abs(seen.miss(prediction[1]))
    others = [abs(seen.miss(value)) for value in rivals.values() if value is not None]
    return {
        "target": name,
        "kind": seen.kind,
        "unit": seen.unit,
        "observed": rounded(seen.value),
        "tolerance": seen.error,
        "reason": seen.reason,
        "prediction": [rounded(value) for value in prediction],
        "covered": covered(seen, prediction),
        "hit": bool(miss <= 1.0),
        "naive": dict(rivals),
        "beats_both": bool(miss < min(others)) if others else None,
    }


def covered(seen: Moment, prediction: Sequence[float]) -> bool:
    """Whether the interval holds what was observed, or reaches the right side of a bound."""
    low, _, high = prediction
    return {
        "point": low <= seen.value <= high,
        "at_least": high >= seen.value,
        "at_most": low <= seen.value,
    }[seen.kind]


def weights_at(origin: str, known: Mapping[str, Observation], values: Mapping[str, Array]) -> Array:
    """Likelihood of everything known at the origin, f8[N] with sum 1."""
    given = [(name, entry.seen) for name, entry in known.items() if entry.known_by(origin)]
    squares = [np.square([seen.miss(value) for value in values[name]]) for name, seen in given]
    total = np.sum(squares, axis=0)
    likelihood = np.exp(-0.5 * (total - total.min()))
    weights: Array = likelihood / likelihood.sum()
    return weights


def weighted_quantiles(values: Array, weights: Array) -> list[float]:
    """5th, 50th and 95th percentile of weighted draws: the smallest value with at least so much weight at or below it."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    places = np.minimum(
        np.searchsorted(reached, np.array(PERCENTILES) * reached[-1] - ROUNDING), len(values) - 1
    )
    return [float(value) for value in values[order][places]]


def rounded(value: float) -> float:
    """Four significant digits."""
    return float(f"{value:.4g}")
