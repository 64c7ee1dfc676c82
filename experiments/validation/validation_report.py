"""The validation report: targets, predictions with intervals, naive rules, hit or MISS, as data and as Markdown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.validation.case_files import Case
from experiments.validation.natural_experiments import Prediction
from sim.engine.worker_columns import Array

PERCENTILES = (5.0, 50.0, 95.0)
HEAD = (
    "target",
    "found",
    "hit within",
    "prediction, median [5 to 95 %]",
    "hit",
    "head count",
    "static S and D",
    "beats both",
)
YES_NO = {None: "", True: "yes", False: "**no**"}
HINDCAST_HEAD = (
    "target",
    "observed later",
    "hit within",
    "prediction, median [5 to 95 %]",
    "interval holds it",
    "hit",
    "head count",
    "static S and D",
    "beats both",
)
HINDCAST_TEXT = """\
Draws of the calibration's prior, simulated once and weighted at each origin by what was known by its end; the intervals hold parameters
and chance. Dates of the resolutions and dated inputs (prices, pay outside) count as known. Head count: those sent home leave in equal
monthly parts from the last stock known until the deadline, nobody changes his paper, pay follows that of other sectors, less is built
as heads go. Static supply and demand: the same loss at elasticities -0.4 and 0.25. Where several reach a bound it is a tie, and a tie
is no win. With too few draws nothing is judged."""
DEFINITIONS = """\
Per point: effect divided by incomers employed in percent of all employed without the shock. Wage: posted real wage, trades weighted by
natives without the shock. Share by hiring: change of newcomers over change of newcomers less change of leavers. Newcomers are natives
employed in the month of reading and not in the month counted from, leavers the reverse. This definition, not the target, was corrected
after the first runs: it added up gross monthly hires and separations, which gave 1.7 because separations follow the number at work; the
source counts persons at fixed dates, and a job lost and another found in between is then no change. That those without a job weigh the
chance of one (job_finding_elasticity) was added after the mirror image and the share by hiring had been missed: what they say now does
not test it. Supply: residents employed or seeking, when the state pays 5 % on top, and posted wages and the chance of a job stay. Demand:
what firms pay rises by 5 %, workers see the old wage. Head count: natives and wages do not answer. Static supply and demand: elasticities
-0.4 and 0.25, log-linear. Beats both: nearer than either rule. A rule that is exact cannot be beaten, and such a row counts as not
beaten: so the head count on the braceros, whose finding (no effect that could be detected) is entered as the 0 that this rule says
whatever happens. The interval of the model holds the expectation or not; expectations come from a prototype and are no targets."""
EMERGENT_HEAD = ("quantity", "unit", "expected", "model, median [5 to 95 %]", "expected is within")


def case_rows(case: Case, predictions: Sequence[Prediction]) -> list[dict[str, Any]]:
    """One entry for each target of a case."""
    return [case_row(case, prediction) for prediction in predictions]


def case_row(case: Case, prediction: Prediction) -> dict[str, Any]:
    """Target, prediction, naive rules and verdicts; what says nothing is None, and a tie is no win."""
    target = case.targets[prediction.effect]
    low, middle, high = spread(prediction.values)
    naive = {
        name: None if math.isnan(value) else rounded(value)
        for name, value in prediction.naive.items()
    }
    misses = [abs(value - target.value) for value in naive.values() if value is not None]
    return {
        "case": case.name,
        "effect": prediction.effect,
        "unit": target.unit,
        "target": target.value,
        "tolerance": target.tolerance,
        "reason": target.reason,
        "prediction": [low, middle, high],
        "hit": bool(abs(middle - target.value) <= target.tolerance),
        "naive": naive,
        "beats_both": bool(abs(middle - target.value) < min(misses)) if misses else None,
    }


def emergent_rows(
    values: Mapping[str, Array], expected: Mapping[str, tuple[float | None, str]]
) -> list[dict[str, Any]]:
    """One entry for each emergent quantity."""
    rows = []
    for name, (value, unit) in expected.items():
        low, middle, high = spread(values[name])
        within = None if value is None else bool(low <= value <= high)
        rows.append(
            {
                "quantity": name,
                "unit": unit,
                "expected": value,
                "prediction": [low, middle, high],
                "within": within,
            }
        )
    return rows


def spread(values: Array) -> list[float]:
    """5th, 50th and 95th percentile."""
    return [rounded(value) for value in np.percentile(values, PERCENTILES)]


def rounded(value: float) -> float:
    """Four significant digits."""
    return float(f"{value:.4g}")


def markdown(report: Mapping[str, Any], cases: Sequence[Case]) -> str:
    """The report as a page."""
    rows = report["targets"]
    rivals = [row["beats_both"] for row in rows if row["beats_both"] is not None]
    summary = f"{sum(row['hit'] for row in rows)} of {len(rows)} targets hit; better than both naive rules on {sum(rivals)} of {len(rivals)}"
    lines = [
        "# Validation",
        "",
        f"Parameters: {report['parameters']}. {report['replicates']} replicates at scale {report['scale']:g}.",
        f"Intervals: {report['interval']}. Behaviour is the krai's throughout; only the description of the market and the shock differ.",
        "Tolerances were written before the run; the definition of the share by hiring was corrected after it (see the end).",
        "",
        f"**{summary} on which they say something.**",
    ]
    for case in cases:
        lines += [
            "",
            f"## {case.title}",
            "",
            f"{case.shock}. Source: {case.source}. {dates(case)}.",
            "",
        ]
        lines += table(HEAD, [target_cells(row) for row in rows if row["case"] == case.name])
        lines += ["", case.note] if case.note else []
    lines += hindcast_page(report["hindcast"])
    lines += ["", "## What emerges in the krai, beside what a prototype led to expect", ""]
    lines += table(EMERGENT_HEAD, [emergent_cells(row) for row in report["emergent"]])
    lines += [
        "",
        DEFINITIONS,
        "",
        f"Command: `{report['command']}`. Code {report['code_hash']}, evidence {report['evidence_hash'][:16]}.",
    ]
    return "\n".join(lines) + "\n"


def dates(case: Case) -> str:
    """When effects are read, and from when persons are counted."""
    since = "" if case.counted_from is None else f", persons counted from {case.counted_from:%Y-%m}"
    return f"Read in {case.read_in:%Y-%m}{since}"


def hindcast_page(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A table for each origin, after what all of them say together."""
    judged = [row for row in rows if row["hit"] is not None]
    lines = ["", "## The krai, foreseen at successive origins", ""]
    lines += [
        f"**{sum(row['hit'] for row in judged)} of {len(judged)} predictions hit, {sum(row['covered'] for row in judged)} intervals hold "
        f"what was observed; nearer than both naive rules on {sum(row['beats_both'] for row in judged)}.**",
        "",
        HINDCAST_TEXT,
    ]
    for origin in dict.fromkeys(row["origin"] for row in rows):
        mine = [row for row in rows if row["origin"] == origin]
        lines += [
            "",
            f"Known up to the end of {origin}, {mine[0]['effective_draws']:g} effective draws:",
            "",
        ]
        lines += table(HINDCAST_HEAD, [hindcast_cells(row) for row in mine])
    return lines


def hindcast_cells(row: Mapping[str, Any]) -> list[str]:
    """One prediction as text."""
    sign = {"point": "", "at_most": "at most ", "at_least": "at least "}[row["kind"]]
    naive = ["says nothing" if value is None else f"{value:.3g}" for value in row["naive"].values()]
    return [
        f"{row['target'].replace('_', ' ')} ({row['unit']})",
        f"{sign}{row['observed']:.3g}",
        f"{row['tolerance']:g}",
        interval(row),
        YES_NO[row["covered"]],
        {True: "hit", False: "**MISS**", None: "not judged"}[row["hit"]],
        *naive,
        YES_NO[row["beats_both"]],
    ]


def target_cells(row: Mapping[str, Any]) -> list[str]:
    """One target as text."""
    naive = [
        "says nothing" if value is None else f"{value:+.2f}" for value in row["naive"].values()
    ]
    verdict = "hit" if row["hit"] else "**MISS**"
    name = f"{row['effect'].replace('_', ' ')} ({row['unit']})"
    return [
        name,
        f"{row['target']:+.2f}",
        f"{row['tolerance']:g}",
        interval(row),
        verdict,
        *naive,
        "no rival" if row["beats_both"] is None else YES_NO[row["beats_both"]],
    ]


def emergent_cells(row: Mapping[str, Any]) -> list[str]:
    """One emergent quantity as text."""
    expected = "none" if row["expected"] is None else f"{row['expected']:g}"
    return [row["quantity"], row["unit"], expected, interval(row), YES_NO[row["within"]]]


def interval(row: Mapping[str, Any]) -> str:
    """Median and interval."""
    low, middle, high = row["prediction"]
    return f"{middle:.3g} [{low:.3g} to {high:.3g}]"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table."""
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
