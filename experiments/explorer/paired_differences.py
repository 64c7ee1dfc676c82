"""Differences between scenarios, replicate by replicate: both have the same draw and the same seed.

What they share then cancels, so the interval of a difference is far narrower than the bands of
both levels suggest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from experiments.configuration.parameter_values import number_at
from experiments.ensembles.market_parameters import market_parameters
from experiments.ensembles.uncertainty import REPLICATES_A_DRAW
from experiments.explorer.explorer_ensembles import Ensemble
from experiments.results.summary import by_month
from experiments.results.summary_reader import Summary, months_of
from sim.scenario import Scenario


class UnpairedError(ValueError):
    """Two ensembles that do not share draws and seeds."""


def difference_summary(
    summary: Summary, ensemble: Ensemble, reference: Ensemble, name: str
) -> Summary:
    """A summary that holds an ensemble minus its reference; `name` is that of the reference.

    summary: that of the ensemble. Raises UnpairedError, with the reason, if they are not paired.
    """
    check_paired(ensemble, reference)
    values, others, months = ensemble.values, reference.values, months_of(summary)
    return {
        **summary,
        "measures": {
            measure: difference_of(known, name)
            | {"by_month": by_month(values[measure] - others[measure], months)}
            for measure, known in summary["measures"].items()
            if measure in others
        },
    }


def difference_of(known: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What is known of a measure, as that of its difference from a reference."""
    unit = str(known["unit"])
    points = unit.replace("percent", "percentage points", 1) if unit.startswith("percent") else unit
    return {**known, "label": f"{known['label']}, difference from {name}", "unit": points}


def check_paired(ensemble: Ensemble, reference: Ensemble) -> None:
    """Raise UnpairedError if two whole ensembles differ in more than their scenarios."""
    for what, own, other in (
        ("size", ensemble.share, reference.share),
        ("number of replicates", ensemble.replicates, reference.replicates),
        ("seed", ensemble.scenario.seed, reference.scenario.seed),
        ("first month", ensemble.scenario.start, reference.scenario.start),
        ("length", ensemble.scenario.months, reference.scenario.months),
    ):
        if own != other:
            raise UnpairedError(f"their {what} differs ({own} and {other})")
    if differing := next(differing_draws(ensemble, reference), None):
        raise UnpairedError(f"their draws differ (in {differing}, for one)")


def differing_draws(ensemble: Ensemble, reference: Ensemble) -> Iterator[str]:
    """Keys of parameters that both ensembles draw, and not with the same values."""
    own, other = (drawn_values(each) for each in (ensemble, reference))
    for key in own.keys() & other.keys():
        if own[key] != other[key]:
            yield key
    if bool(own) != bool(other):
        yield "which parameters are drawn"


def drawn_values(ensemble: Ensemble) -> dict[str, tuple[float | None, ...]]:
    """The value of every parameter that varies between the draws of an ensemble, by key."""
    draws: Sequence[Scenario] = (ensemble.sampled or ())[: ensemble.replicates : REPLICATES_A_DRAW]
    rows = {
        key: tuple(number_at(draw, key) for draw in draws)
        for key in market_parameters(ensemble.scenario)
    }
    return {key: row for key, row in rows.items() if len(set(row)) > 1}
