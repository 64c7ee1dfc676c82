"""Natural experiments as scored targets; naive rules are as wrong as they were on earlier ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from experiments.calibration.split import ASSUMED, read_split
from experiments.validation.case_files import Case
from experiments.validation.naive_rules import PER_POINT
from experiments.validation.natural_experiments import Prediction
from experiments.validation.score_rows import ScoredTarget
from experiments.validation.scores import Forecast, draws_forecast, point_forecast

Predicted = Mapping[str, Sequence[Prediction]]
"""The predictions for each case, by its name."""
CHANGE = "_change"


def scored_effects(cases: Sequence[Case], predicted: Predicted) -> list[ScoredTarget]:
    """Every effect of every case, in their order."""
    return [
        scored_effect(case, prediction, cases, predicted)
        for case in cases
        for prediction in predicted[case.name]
    ]


def scored_effect(
    case: Case, prediction: Prediction, cases: Sequence[Case], predicted: Predicted
) -> ScoredTarget:
    """One effect; a rule's errors are those on the same effect in experiments read earlier."""
    target = case.targets[prediction.effect]
    errors = {
        rule: [
            error
            for other in cases
            if other.reading_month < case.reading_month
            for error in errors_in(other, predicted[other.name], rule, prediction)
        ]
        for rule in prediction.naive
    }
    return ScoredTarget(
        case=case.name,
        target=prediction.effect,
        unit=target.unit,
        observed=target.estimate,
        foreseen_from="the description of the market and the shock",
        standard_error=target.standard_error,
        standard_error_reason=target.standard_error_reason,
        model=draws_forecast(prediction.values, target.standard_error),
        naive={
            rule: naive_forecast(said, errors[rule], target.standard_error)
            for rule, said in prediction.naive.items()
        },
    )


def naive_forecast(said: float, errors: Sequence[float], standard_error: float) -> Forecast | None:
    """What a rule forecasts; None if it is silent."""
    return None if math.isnan(said) else point_forecast(said, errors, standard_error)


def errors_in(
    case: Case, predictions: Sequence[Prediction], rule: str, wanted: Prediction
) -> list[float]:
    """Found less foreseen by a rule for the wanted effect in another case, at the wanted size.

    Effects are compared per incomer: a change is divided by the size of its shock first.
    """
    if read_split()[case.name].role == ASSUMED:
        return []
    return [
        (case.targets[other.effect].estimate - other.naive[rule]) / units(other) * units(wanted)
        for other in predictions
        if quantity(other.effect) == quantity(wanted.effect) and not math.isnan(other.naive[rule])
    ]


def units(prediction: Prediction) -> float:
    """Percent of all employed to which an effect belongs: 1 for an effect per point."""
    return prediction.size_points if prediction.effect.endswith(CHANGE) else 1.0


def quantity(effect: str) -> str:
    """What an effect measures, whatever it is counted per."""
    return effect.removesuffix(PER_POINT).removesuffix(CHANGE)
