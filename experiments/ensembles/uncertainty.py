"""Parameter uncertainty of a run: each pair of replicates has its own draw, so that chance and parameters can be told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.calibration.posterior import posterior_medians, stratified_draws
from experiments.configuration.parameter_values import number_at, scenario_with
from experiments.ensembles.drivers import drivers
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import parameters
from sim.inputs.problems import ScenarioError
from sim.scenario import Scenario

NONE = "none"
REPLICATES_A_DRAW = 2
FITTED_MARKET = "primorye"
"""The market that the shipped priors and posterior describe."""
OBSERVED = "observed"
HEADLINES = {
    "shortfall_workers": "the shortfall",
    "remaining_gap_workers": "the remaining gap",
    "wage_drift_percent": "the wage against the baseline's",
    "output_percent_of_baseline": "output",
}
"""Measures whose variance the closing note splits."""
IN_WORDS = HEADLINES | {
    "heads": "heads at work",
    "north_korean_heads_work": "North Koreans on work papers",
    "wage_real_rub": "the posted wage",
    "job_vacancy_rate": "the job vacancy rate",
    "dprk_revenue_lost_usd": "the revenue lost",
}
LEAST_DRAWS = 5
"""Draws from which an error of the median is given."""
SPARE = 4
"""Draws looked at for each one needed, as some contradict numbers that the user has set."""


def sampled_scenarios(
    resolved: Mapping[str, Any], kind: str, replicates: int, seed: int
) -> list[Scenario] | None:
    """The scenario of each replicate; None where parameters are not uncertain. Raises ScenarioError if no draw fits the configuration."""
    if kind == NONE:
        return None
    free, wanted = sampled_keys(resolved), -(-replicates // REPLICATES_A_DRAW)
    found: list[Scenario] = []
    problems: list[str] = []
    for draw in stratified_draws(kind, wanted, SPARE * wanted, seed, free.__contains__):
        try:
            found.append(scenario_with(resolved, draw))
        except ScenarioError as error:
            problems += error.problems
        if len(found) == wanted:
            return [found[number // REPLICATES_A_DRAW] for number in range(replicates)]
    raise ScenarioError(
        [
            f"uncertainty: {kind}: {len(found)} of {wanted} draws fit the configuration; choose uncertainty=none",
            *problems,
        ]
    )


def sampled_keys(resolved: Mapping[str, Any]) -> frozenset[str]:
    """Parameters that are drawn: what is at its default and not `held`; what somebody has set is theirs, so is a policy's strength.

    Under the policy `observed` its strength is drawn too, where it is at the posterior's median.
    """
    at_default = {
        key for key, entry in parameters().items() if number_at(resolved, key) == entry.default
    }
    free = {key for key in at_default if not key.startswith("policy.")}
    if resolved["policy"]["name"] == OBSERVED:
        free |= {
            key
            for key, value in posterior_medians().items()
            if key.startswith("policy.") and number_at(resolved, key) == value
        }
    return frozenset(free - set(resolved["held"]))


def uncertainty_kind(resolved: Mapping[str, Any], asked: str) -> str:
    """What is drawn: nothing where the market is not the one that priors and posterior describe."""
    return asked if resolved["market"]["name"] == FITTED_MARKET else NONE


def uncertainty_summary(
    kind: str, values: Mapping[str, Array], scenarios: Sequence[Scenario] | None = None
) -> dict[str, Any]:
    """What the intervals of an ensemble hold: kind, draws, the share of each measure's variance that is parameters, and which ones."""
    replicates = len(next(iter(values.values())))
    if kind == NONE:
        return {"kind": kind, "draws": 1, "parameters_share": {}, "drivers": []}
    shares = {name: share_of_parameters(rows) for name, rows in values.items()}
    known = {name: round(share, 3) for name, share in shares.items() if share is not None}
    matter = drivers(scenarios, values, REPLICATES_A_DRAW) if scenarios else []
    error = median_error(values["shortfall_workers"]) if "shortfall_workers" in values else None
    return {
        "kind": kind,
        "draws": -(-replicates // REPLICATES_A_DRAW),
        "parameters_share": known,
        "drivers": matter,
        "shortfall_median_error": error,
    }


def median_error(rows: Array) -> float | None:
    """Standard error of the median of replicates f8[R, T] over the median itself, median of the months; None where it cannot be told.

    Draws are resampled with both replicates, 200 times. Draws spread over the crews' labour settle the median better than that says.
    """
    draws = rows[: rows.shape[0] // REPLICATES_A_DRAW * REPLICATES_A_DRAW].reshape(
        -1, REPLICATES_A_DRAW, rows.shape[1]
    )
    if len(draws) < LEAST_DRAWS:
        return None
    picks = np.random.default_rng(0).integers(len(draws), size=(200, len(draws)))
    medians_again = np.array([np.median(draws[pick], axis=(0, 1)) for pick in picks])
    median_now = np.median(draws, axis=(0, 1))
    usable = np.isfinite(median_now) & (median_now > 0.0)
    return (
        float(np.median(medians_again.std(axis=0)[usable] / median_now[usable]))
        if usable.any()
        else None
    )


def share_of_parameters(rows: Array) -> float | None:
    """Part of the variance between replicates f8[R, T] that is not chance, median of the months; None if nothing varies.

    Replicates 2i and 2i + 1 share their parameters: half the squared difference is the variance of chance.
    """
    pairs = rows[: rows.shape[0] // 2 * 2].reshape(-1, 2, rows.shape[1])
    chance = (
        0.5 * np.square(pairs[:, 0] - pairs[:, 1]).mean(axis=0)
        if len(pairs) > 1
        else np.full(rows.shape[1], np.nan)
    )
    total = rows.var(axis=0, ddof=1) if len(rows) > 1 else np.full(rows.shape[1], np.nan)
    usable = np.isfinite(chance) & np.isfinite(total) & (total > 0.0)
    if not usable.any():
        return None
    return float(np.median(np.clip(1.0 - chance[usable] / total[usable], 0.0, 1.0)))


def interval_meaning(summary: Mapping[str, Any], measure: str) -> str:
    """What a band holds, for the caption of a figure that shows the measure."""
    about = summary.get("uncertainty", {"kind": NONE})
    if about["kind"] == NONE:
        return "chance only, parameters fixed"
    share = about["parameters_share"].get(measure)
    part = (
        ""
        if share is None
        else f"; parameters make up {percent(share)} of the variance of {IN_WORDS.get(measure, measure)}"
    )
    return f"chance and parameters ({about['draws']} draws of the {about['kind']}{part})"


def note(about: Mapping[str, Any], market: str = FITTED_MARKET) -> str:
    """The same for the closing table."""
    if about["kind"] == NONE:
        why = (
            "uncertainty=none"
            if market == FITTED_MARKET
            else "the draws that ship with the program are Primorsky Krai's"
        )
        return f"Intervals are the 5th to 95th percentile of the replicates: they hold chance only, parameters are fixed ({why})."
    shares = about["parameters_share"]
    parts = [
        f"{percent(shares[name])} of {words}" for name, words in HEADLINES.items() if name in shares
    ]
    return (
        f"Intervals are the 5th to 95th percentile of the replicates: they hold chance and {about['draws']} draws of the {about['kind']}. "
        f"Parameters, not chance, make up this share of the variance (median of the months): {', '.join(parts) or 'nothing varies'}."
        f"{error_in_words(about)}"
    )


def error_in_words(about: Mapping[str, Any]) -> str:
    """How well so many draws settle the median shortfall."""
    error = about.get("shortfall_median_error")
    if error is None:
        return ""
    return f" Other draws would give another median shortfall: its standard error is at most {100.0 * error:.1g} %; more replicates lower it."


def percent(share: float) -> str:
    """A share in whole percent; where chance is all but gone it is not said to be nothing."""
    return "over 99%" if share > 0.99 else f"{share:.0%}"
