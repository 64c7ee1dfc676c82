"""Scores of every distinct target beside the best naive rule, and what they come to together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from scipy.stats import gmean

from experiments.calibration.page_parts import four_digits
from experiments.calibration.split import ASSUMED, ROLES, read_split
from experiments.validation.scores import Forecast, score

MEASURES = ("crps", "interval_score")
"""Scores of which the best naive rule is the yardstick."""


@dataclass(frozen=True, eq=False)
class ScoredTarget:
    """A target, what the model and the naive rules forecast of it, and what was observed.

    `foreseen_from`: what was known when the forecast was made. `naive`: None where it is silent.
    """

    case: str
    target: str
    unit: str
    observed: float
    foreseen_from: str
    standard_error: float
    standard_error_reason: str
    model: Forecast
    naive: Mapping[str, Forecast | None]


def score_row(scored: ScoredTarget) -> dict[str, Any]:
    """The scores of one target as data, with skill as model over best naive rule."""
    model = score(scored.model, scored.observed)
    bare = score(replace(scored.model, error_sd=0.0), scored.observed)
    naive = {
        rule: score(forecast, scored.observed)
        for rule, forecast in scored.naive.items()
        if forecast is not None
    }
    # The first of equals: rules that say the same share the place.
    best = {
        measure: min(naive, key=lambda rule: getattr(naive[rule], measure)) for measure in MEASURES
    }
    return {
        "case": scored.case,
        "role": read_split()[scored.case].role,
        "target": scored.target,
        "unit": scored.unit,
        "observed": four_digits(scored.observed),
        "standard_error": scored.standard_error,
        "standard_error_reason": scored.standard_error_reason,
        "foreseen_from": scored.foreseen_from,
        "model": rounded(asdict(model)),
        "covered_without_error": bare.covered,
        "draws": [four_digits(value) for value in (bare.low, bare.median, bare.high)],
        "naive": {rule: rounded(asdict(found)) for rule, found in naive.items()},
        "silent": [rule for rule, forecast in scored.naive.items() if forecast is None],
        "best_naive": best,
        "skill": {
            measure: four_digits(getattr(model, measure) / getattr(naive[best[measure]], measure))
            for measure in MEASURES
        },
    }


def rounded(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers to four digits; what is no number stays."""
    return {
        name: value if isinstance(value, bool) else four_digits(value)
        for name, value in numbers.items()
    }


def score_summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the scores come to: all that are observed, by role, and by case."""
    observed = [row for row in rows if row["role"] != ASSUMED]
    groups: dict[str, Callable[[Mapping[str, Any]], bool]] = {"all": lambda row: True}
    groups |= {role: has("role", role) for role in ROLES}
    groups |= {case: has("case", case) for case in read_split()}
    chosen = {name: [row for row in observed if belongs(row)] for name, belongs in groups.items()}
    return {name: totals(members) for name, members in chosen.items() if members}


def has(field: str, value: str) -> Callable[[Mapping[str, Any]], bool]:
    """Whether a row has a value in a field."""
    return lambda row: bool(row[field] == value)


def totals(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts and geometric means over targets, each of which counts once."""
    return {
        "targets": len(rows),
        "covered": sum(row["model"]["covered"] for row in rows),
        "covered_without_error": sum(row["covered_without_error"] for row in rows),
        "skill": {
            measure: four_digits(float(gmean([row["skill"][measure] for row in rows])))
            for measure in MEASURES
        },
        "better": {
            measure: sum(row["skill"][measure] < 1.0 for row in rows) for measure in MEASURES
        },
        "pit": [float(value) for value in np.sort([row["model"]["pit"] for row in rows])],
    }
