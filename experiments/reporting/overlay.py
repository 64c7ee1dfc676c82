"""Several results merged into one summary, so that charts can overlay the same measure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from experiments.ensembles.uncertainty import interval_meaning
from experiments.reporting.plotting import (
    BANDS,
    BLUE,
    DASHES,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    Curve,
    Row,
)
from experiments.results.summary_reader import Summary, months_of

COLOURS = (BLUE, RED, GREEN, ORANGE, PURPLE, GREY)


class NamedSummary(NamedTuple):
    """A summary and its name in legends."""

    name: str
    summary: Summary


class OverlaidMeasure(NamedTuple):
    """A measure that one row of a chart shows for every result."""

    measure: str
    title: str
    form: str = ",.0f"
    unit: float = 1.0


def merged_summary(results: Sequence[NamedSummary]) -> Summary:
    """One summary over all months of all results.

    The measures of result number i are called NAME@i; those of the first also keep their names.
    """
    first = results[0].summary
    months = sorted({month for result in results for month in months_of(result.summary)})
    measures: dict[str, Any] = dict(first["measures"])
    for number, result in enumerate(results):
        measures |= {
            f"{name}@{number}": known for name, known in result.summary["measures"].items()
        }
    start, end = months[0], months[-1]
    span = 12 * (int(end[:4]) - int(start[:4])) + int(end[5:]) - int(start[5:]) + 1
    return first | {
        "start": start,
        "months": span,
        "policy_dates": shared_policy_dates(results),
        "measures": measures,
    }


def shared_policy_dates(results: Sequence[NamedSummary]) -> list[dict[str, str]]:
    """Policy dates that are the same in every result that has any."""
    having = [
        result.summary["policy_dates"] for result in results if result.summary["policy_dates"]
    ]
    return [date for date in having[0] if all(date in dates for dates in having)] if having else []


def bands_note(results: Sequence[NamedSummary]) -> str:
    """What the bands of each result show, given once if it is the same for all."""
    meanings = [
        result.summary.get("bands") or interval_meaning(result.summary, "shortfall_workers")
        for result in results
    ]
    each = (f"{result.name}: {words}" for result, words in zip(results, meanings, strict=True))
    shown = meanings[0] if len(set(meanings)) == 1 else "; ".join(each)
    return f"{BANDS}; {shown}."


def rows_of(
    results: Sequence[NamedSummary], wanted: Sequence[OverlaidMeasure], band: bool = True
) -> tuple[Row, ...]:
    """A row per measure, a curve per result; a result has the same style in all rows."""
    rows = []
    for each in wanted:
        having = [
            number
            for number, result in enumerate(results)
            if each.measure in result.summary["measures"]
        ]
        curves = tuple(curve_of(results[number].name, each, number, band) for number in having)
        rows += [Row(each.title, curves, each.form)] if curves else []
    return tuple(rows)


def curve_of(name: str, wanted: OverlaidMeasure, number: int, band: bool) -> Curve:
    """The curve of one measure of one result."""
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    return Curve(f"{wanted.measure}@{number}", name, colour, dash, band, wanted.unit)
