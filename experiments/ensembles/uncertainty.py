"""Parameter uncertainty of a run: each pair of replicates has its own parameter draw.

Two replicates share a draw, so that the variance between replicates can be split into chance and
parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.calibration.posterior import (
    posterior_medians,
    stratified_draws,
)
from experiments.configuration.parameter_values import (
    FITTED_MARKET,
    number_at,
    scenario_with,
)
from experiments.ensembles.drivers import drivers
from experiments.ensembles.market_parameters import market_parameters
from experiments.ensembles.prior_draws import ELICITED, fit_of, own_draws, with_own
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import parameters
from sim.inputs.problems import ScenarioError
from sim.scenario import Scenario

if TYPE_CHECKING:
    from experiments.ensembles.every_draw import EveryDraw

NONE = "none"
KIND_WORDS = {ELICITED: "elicited prior"}
"""What a kind of uncertainty is called where its name alone would not do."""
FIXED_PARAMETERS = "parameters fixed: the interval holds chance only"
"""What every figure, table and file of results says whose parameters are not drawn."""
REPLICATES_A_DRAW = 2
OBSERVED = "observed"
"""The policy whose strength the calibration fitted."""
HEADLINES = {
    "shortfall_workers": "the shortfall",
    "remaining_gap_workers": "the remaining gap",
    "wage_drift_percent": "the wage against the baseline's",
    "output_percent_of_baseline": "output",
}
"""Measures whose variance the closing note splits into parameters and chance."""
MEASURE_WORDS = HEADLINES | {
    "heads": "heads at work",
    "north_korean_heads_work": "North Koreans on work papers",
    "wage_real_rub": "the posted wage",
    "job_vacancy_rate": "the job vacancy rate",
    "dprk_revenue_lost_usd": "the revenue lost",
}
LEAST_DRAWS = 5
"""The standard error of the median is given from this number of draws on."""
SPARE = 4
"""Draws tried for each one needed, as some contradict numbers that the user has set."""
RESAMPLES = 200
LEAST_PART_OF_PEAK = 0.1


class MedianErrors(NamedTuple):
    """Relative standard errors of a median: the median over months, and the largest."""

    usual: float
    worst_month: float


def sampled_scenarios(
    resolved: Mapping[str, Any], kind: str, replicates: int, seed: int
) -> list[Scenario] | None:
    """The scenario of each replicate with its own parameter draw; None if nothing is sampled.

    Raises ScenarioError if too few draws fit the configuration.
    """
    if kind == NONE:
        return None
    drawn = [
        scenario_with(resolved, values)
        for (values,) in fitting_draws([resolved], kind, draws_for(replicates), seed)
    ]
    return [drawn[number // REPLICATES_A_DRAW] for number in range(replicates)]


def draws_for(replicates: int) -> int:
    """How many draws so many replicates have."""
    return -(-replicates // REPLICATES_A_DRAW)


def fitting_draws(
    configurations: Sequence[Mapping[str, Any]], kind: str, count: int, seed: int
) -> list[list[dict[str, float]]]:
    """`count` draws that fit each of these configurations: what each draw sets in each of them.

    Every command that draws parameters takes them from here, so that the same scenario has the same
    draws in all. Raises ScenarioError if too few fit.
    """
    open_keys = [sampled_parameters(resolved) for resolved in configurations]
    fitting: list[list[dict[str, float]]] = []
    problems: list[str] = []
    tries = SPARE * count
    own = [
        own_draws(resolved, free, kind, count, tries, seed)
        for resolved, free in zip(configurations, open_keys, strict=True)
    ]
    draws = stratified_draws(fit_of(kind), count, tries, seed)
    for draw, *drawn in zip(draws, *own, strict=True):
        values = [
            with_own({there: draw[key] for there, key in free.items() if key in draw}, each, base)
            for base, free, each in zip(configurations, open_keys, drawn, strict=True)
        ]
        try:
            for resolved, each in zip(configurations, values, strict=True):
                scenario_with(resolved, each)
        except ScenarioError as error:
            problems += error.problems
            continue
        fitting.append(values)
        if len(fitting) == count:
            return fitting
    raise ScenarioError(
        [
            f"uncertainty: {kind}: only {len(fitting)} of the {count} draws needed fit the "
            "configuration; choose uncertainty=none",
            *dict.fromkeys(problems),
        ]
    )


def sampled_parameters(resolved: Mapping[str, Any]) -> dict[str, str]:
    """Parameters that are sampled, by their key in this market, with their shipped key.

    They are those at their default that are not in `held`. What a user has set stays as set, and so
    does the strength of a policy. Only under the policy `observed` is its strength sampled too,
    where it is at the posterior's median. In a market other than the krai only behaviour is
    sampled.
    """
    strengths = posterior_medians() if resolved["policy"]["name"] == OBSERVED else {}
    unset = {
        key: strengths.get(key) if key.startswith("policy.") else entry.default
        for key, entry in parameters().items()
    }
    return {
        there: key
        for there, key in market_parameters(resolved).items()
        if unset[key] is not None
        and number_at(resolved, there) == unset[key]
        and key not in resolved["held"]
    }


def sampled_keys(resolved: Mapping[str, Any]) -> frozenset[str]:
    """The keys of the parameters that are sampled."""
    return frozenset(sampled_parameters(resolved))


def uncertainty_summary(
    kind: str,
    values: Mapping[str, Array],
    scenarios: Sequence[Scenario] | None = None,
    every: EveryDraw | None = None,
) -> dict[str, Any]:
    """What the intervals of an ensemble hold.

    Kind, number of draws, the share of each measure's variance that is due to parameters, the
    parameters that the shortfall varies with, and the standard error of its median over draws,
    which is None where there are small runs of every draw.
    """
    replicates = len(next(iter(values.values())))
    if kind == NONE:
        return {"kind": kind, "draws": 1, "parameters_share": {}, "drivers": []}
    shares = {name: share_of_parameters(rows) for name, rows in values.items()}
    is_drawn = every is None and "shortfall_workers" in values
    errors = median_errors(values["shortfall_workers"]) if is_drawn else None
    if every is not None:
        found = drivers(every.scenarios, every.values, 1)
    else:
        found = drivers(scenarios, values, REPLICATES_A_DRAW) if scenarios else []
    return {
        "kind": kind,
        "draws": len(every.scenarios) if every else -(-replicates // REPLICATES_A_DRAW),
        "every_draw_scale": every and every.scale,
        "parameters_share": {
            name: round(share, 3) for name, share in shares.items() if share is not None
        },
        "drivers": found,
        "shortfall_median_error": errors and errors.usual,
        "shortfall_median_error_worst_month": errors and errors.worst_month,
    }


def median_errors(rows: Array) -> MedianErrors | None:
    """Standard error of the median of replicates f8[R, T] relative to it.

    A bootstrap over draws, each with both of its replicates. Draws are spread evenly over the
    crews' labour and not independent, which the bootstrap does not know; nor does it know of other
    fits or other models. Months in which the median is below a tenth of its peak are left out, as
    what is nearly nothing has no relative error. None if there are too few draws.
    """
    draws = rows[: rows.shape[0] // REPLICATES_A_DRAW * REPLICATES_A_DRAW].reshape(
        -1, REPLICATES_A_DRAW, rows.shape[1]
    )
    if len(draws) < LEAST_DRAWS:
        return None
    # A fixed seed: a report that is made again must give the same error.
    picks = np.random.default_rng(0).integers(len(draws), size=(RESAMPLES, len(draws)))
    resampled = np.array([np.median(draws[pick], axis=(0, 1)) for pick in picks])
    median = np.median(draws, axis=(0, 1))
    usable = np.isfinite(median) & (median > LEAST_PART_OF_PEAK * np.nanmax(median))
    if not usable.any():
        return None
    relative = resampled.std(axis=0)[usable] / median[usable]
    return MedianErrors(float(np.median(relative)), float(relative.max()))


def share_of_parameters(rows: Array) -> float | None:
    """Share of the variance between replicates f8[R, T] that is not chance, median over months.

    Replicates 2i and 2i + 1 share their parameters, so half the mean squared difference of such
    pairs is the variance of chance. None if nothing varies.
    """
    pairs = rows[: rows.shape[0] // 2 * 2].reshape(-1, 2, rows.shape[1])
    if len(pairs) < 2:
        return None
    chance = 0.5 * np.square(pairs[:, 0] - pairs[:, 1]).mean(axis=0)
    total = rows.var(axis=0, ddof=1)
    usable = np.isfinite(chance) & np.isfinite(total) & (total > 0.0)
    if not usable.any():
        return None
    # Held to [0, 1]: with few pairs chance can seem larger than the whole.
    return float(np.median(np.clip(1.0 - chance[usable] / total[usable], 0.0, 1.0)))


def kind_words(about: Mapping[str, Any]) -> str:
    """What the draws of a summary are of: 'posterior', 'elicited prior'."""
    kind = str(about["kind"])
    return KIND_WORDS.get(kind, kind)


def interval_meaning(summary: Mapping[str, Any], measure: str) -> str:
    """What the intervals of a measure show, for the caption of a figure."""
    about = summary["uncertainty"]
    if about["kind"] == NONE:
        return FIXED_PARAMETERS
    share = about["parameters_share"].get(measure)
    split = (
        ""
        if share is None
        else f"; within this model parameters account for {percent(share)} of the variance of "
        f"{MEASURE_WORDS.get(measure, measure)}"
    )
    return f"chance and parameters ({about['draws']} draws of the {kind_words(about)}{split})"


def interval_note(about: Mapping[str, Any], market: str = FITTED_MARKET) -> str:
    """What the intervals of a result show, in sentences for the closing table."""
    head = "Intervals run from the 5th to the 95th percentile of the replicates."
    if about["kind"] == NONE:
        return f"{head} {sentence(FIXED_PARAMETERS)} (uncertainty=none)."
    if scale := about.get("every_draw_scale"):
        head = (
            f"Medians and intervals (5th to 95th percentile) are those of all {about['draws']} "
            f"draws, each simulated once at {scale:g} of the market's size, and moved where the "
            "replicates differ from the small runs of their draws by more than two standard "
            "errors. Intervals so hold the chance of that size."
        )
    shares = about["parameters_share"]
    parts = [
        f"{percent(shares[name])} of {words}" for name, words in HEADLINES.items() if name in shares
    ]
    split = (
        "Within this model, which has no shocks that hit the whole market, parameters and not "
        "chance account for this share of the variance between replicates (median over months): "
        f"{', '.join(parts)}."
        if parts
        else "No measure varies between replicates."
    )
    where = (
        ""
        if market == FITTED_MARKET
        else ", which are Primorsky Krai's and say how people and firms behave; the numbers that "
        "describe this market are fixed"
    )
    drawn = f"{about['draws']} parameter draws of the {kind_words(about)}"
    shown = f"They show chance and {drawn}{where}."
    return " ".join([head, shown, split, *median_error_sentence(about)])


def median_error_sentence(about: Mapping[str, Any]) -> list[str]:
    """How precisely this number of draws determines the median shortfall; empty if unknown."""
    error, worst = (about.get(f"shortfall_median_error{month}") for month in ("", "_worst_month"))
    if error is None:
        return []
    in_worst = "" if worst is None else f", {100.0 * worst:.0f} % in the worst month"
    return [
        "The median shortfall would differ with other draws: its standard error is about "
        f"{100.0 * error:.0f} %{in_worst}. More replicates lower it; what another fit or other "
        "rules would change is not in it."
    ]


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def percent(share: float) -> str:
    """A share in whole percent; never 100 %, as chance always has some part."""
    return "over 99%" if share > 0.99 else f"{share:.0%}"
