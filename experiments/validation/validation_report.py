"""The validation report as data and as a page: targets, predictions, naive rules, hit or MISS."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.calibration.page_parts import (
    four_digits,
    markdown_table,
    median_and_interval,
    percentiles,
    provenance_lines,
    wrapped,
)
from experiments.validation.case_files import Case
from experiments.validation.natural_experiments import Prediction
from sim.engine.worker_columns import Array

NAIVE_HEAD = ("head count", "static S and D", "beats both")
PREDICTION = "prediction, median [5 to 95 %]"
HEAD = ("target", "found", "hit within", PREDICTION, "hit", *NAIVE_HEAD)
HINDCAST_HEAD = (
    "target",
    "observed later",
    "hit within",
    PREDICTION,
    "interval holds it",
    "hit",
    *NAIVE_HEAD,
)
EMERGENT_HEAD = ("quantity", "unit", "expected", "model, median [5 to 95 %]", "expected is within")
YES_NO = {None: "", True: "yes", False: "**no**"}
HIT = {None: "not judged", True: "hit", False: "**MISS**"}
SILENT = "says nothing"
HINDCAST_TEXT = """\
Draws of the calibration's prior are simulated once and weighted at each origin by what was known
by its end; the intervals hold parameters and chance. The dates of the resolutions and the dated
inputs (prices, pay outside construction) count as known. Head count: those who must leave do so in
equal monthly parts from the last known stock until the deadline, nobody changes papers, pay
follows that of other sectors, and output falls in line with heads. Static supply and demand: the
same loss at elasticities of -0.4 and 0.25. Where model and rule both satisfy a bound it is a tie,
and a tie does not beat the rule. With too few effective draws nothing is judged."""
DEFINITIONS = """\
Per point: the effect divided by the incomers employed, in percent of all employed without the
shock. Wage: the posted real wage, trades weighted by natives without the shock.

Share by hiring: the change of newcomers over the change of newcomers less the change of leavers.
Newcomers are natives employed in the reading month but not in the month from which persons are
counted; leavers are the reverse. This definition, not the target, was corrected after the first
runs. Before, gross monthly hires and separations were added up, which gave 1.7, because
separations follow the number at work; the source counts persons at fixed dates, so that a job lost
and another found in between is no change.

The rule by which people without a job weigh the chance of finding one (job_finding_elasticity) was
added after the mirror image and the share by hiring had been missed: these two targets no longer
test it.

Supply: residents employed or seeking, when the state pays 5 % on top of wages while posted wages
and the chance of a job stay. Demand: what firms pay rises by 5 % while workers see the old wage.

Head count: natives and wages do not answer. Static supply and demand: log-linear, elasticities
-0.4 and 0.25. Beats both: nearer to the target than either rule. A rule that is exact cannot be
beaten, and such a row counts as not beaten: so the head count on the braceros, whose finding (no
effect that could be detected) is entered as 0, which is what this rule always says.

Expected values come from the design of the model and are no targets; the table says whether the
model's interval holds them."""


def case_rows(case: Case, predictions: Sequence[Prediction]) -> list[dict[str, Any]]:
    """One entry for each target of a case."""
    return [case_row(case, prediction) for prediction in predictions]


def case_row(case: Case, prediction: Prediction) -> dict[str, Any]:
    """Target, prediction, naive rules and verdicts; a rule that says nothing is None."""
    target = case.targets[prediction.effect]
    interval = percentiles(prediction.values)
    naive = {
        name: None if math.isnan(value) else four_digits(value)
        for name, value in prediction.naive.items()
    }
    miss = abs(interval[1] - target.value)
    rival_misses = [abs(value - target.value) for value in naive.values() if value is not None]
    return {
        "case": case.name,
        "effect": prediction.effect,
        "unit": target.unit,
        "target": target.value,
        "tolerance": target.tolerance,
        "reason": target.reason,
        "prediction": interval,
        "hit": bool(miss <= target.tolerance),
        "naive": naive,
        "beats_both": bool(miss < min(rival_misses)) if rival_misses else None,
    }


def emergent_rows(
    values: Mapping[str, Array], expectations: Mapping[str, tuple[float | None, str]]
) -> list[dict[str, Any]]:
    """One entry for each emergent quantity."""
    return [
        emergent_row(name, unit, expected, percentiles(values[name]))
        for name, (expected, unit) in expectations.items()
    ]


def emergent_row(
    name: str, unit: str, expected: float | None, interval: list[float]
) -> dict[str, Any]:
    """An emergent quantity, and whether its interval holds what was expected."""
    low, _, high = interval
    return {
        "quantity": name,
        "unit": unit,
        "expected": expected,
        "prediction": interval,
        "within": None if expected is None else bool(low <= expected <= high),
    }


def validation_page(report: Mapping[str, Any], cases: Sequence[Case]) -> str:
    """The report as a Markdown page."""
    lines = summary_lines(report)
    for case in cases:
        lines += case_lines(case, [row for row in report["targets"] if row["case"] == case.name])
    lines += hindcast_lines(report["hindcast"])
    lines += ["", "## What emerges in the krai, beside what the design led to expect", ""]
    lines += markdown_table(EMERGENT_HEAD, [emergent_cells(row) for row in report["emergent"]])
    lines += ["", "## Definitions", "", DEFINITIONS, "", *provenance_lines(report)]
    return "\n".join(lines) + "\n"


def summary_lines(report: Mapping[str, Any]) -> list[str]:
    """What was simulated, and how many targets were hit."""
    rows = report["targets"]
    judged = [row["beats_both"] for row in rows if row["beats_both"] is not None]
    return [
        "# Validation",
        "",
        *wrapped(
            f"Parameters: {report['parameters']}. {report['replicates']} replicates at scale "
            f"{report['scale']:g}. Intervals: {report['interval']}. Behaviour is the krai's "
            "throughout; only the description of the market and the shock differ. Tolerances were "
            "written before the first run; the definition of the share by hiring was corrected "
            "after it (see the end)."
        ),
        "",
        f"**{sum(row['hit'] for row in rows)} of {len(rows)} targets hit; better than both naive "
        f"rules on {sum(judged)} of the {len(judged)} on which they say something.**",
    ]


def case_lines(case: Case, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """One natural experiment."""
    shock = f"{case.shock[0].upper()}{case.shock[1:]}"
    return [
        "",
        f"## {case.title}",
        "",
        *wrapped(f"{shock}. Source: {case.source}. {reading_dates(case)}."),
        "",
        *markdown_table(HEAD, [target_cells(row) for row in rows]),
        *(["", *wrapped(case.note)] if case.note else []),
    ]


def reading_dates(case: Case) -> str:
    """When effects are read, and from when persons are counted."""
    read = f"Read in {case.reading_month:%Y-%m}"
    since = case.counted_from
    return read if since is None else f"{read}, persons counted from {since:%Y-%m}"


def hindcast_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A table for each origin, after what all of them say together."""
    judged = [row for row in rows if row["hit"] is not None]
    hit, covered, better = (
        sum(row[name] for row in judged) for name in ("hit", "covered", "beats_both")
    )
    lines = [
        "",
        "## The krai, foreseen at successive origins",
        "",
        f"**{hit} of {len(judged)} predictions hit; {covered} intervals hold what was observed; "
        f"{better} predictions are nearer than both naive rules.**",
        "",
        HINDCAST_TEXT,
    ]
    for origin in dict.fromkeys(row["origin"] for row in rows):
        here = [row for row in rows if row["origin"] == origin]
        effective = f"{here[0]['effective_draws']:g} effective draws"
        lines += ["", f"Known up to the end of {origin}, {effective}:", ""]
        lines += markdown_table(HINDCAST_HEAD, [hindcast_cells(row) for row in here])
    return lines


def hindcast_cells(row: Mapping[str, Any]) -> list[str]:
    """One prediction as text."""
    sign = {"point": "", "at_most": "at most ", "at_least": "at least "}[row["kind"]]
    naive = [SILENT if value is None else f"{value:.3g}" for value in row["naive"].values()]
    return [
        f"{row['target'].replace('_', ' ')} ({row['unit']})",
        f"{sign}{row['observed']:.3g}",
        f"{row['tolerance']:g}",
        median_and_interval(row["prediction"], 3),
        YES_NO[row["covered"]],
        HIT[row["hit"]],
        *naive,
        YES_NO[row["beats_both"]],
    ]


def target_cells(row: Mapping[str, Any]) -> list[str]:
    """One target as text."""
    naive = [SILENT if value is None else f"{value:+.2f}" for value in row["naive"].values()]
    return [
        f"{row['effect'].replace('_', ' ')} ({row['unit']})",
        f"{row['target']:+.2f}",
        f"{row['tolerance']:g}",
        median_and_interval(row["prediction"], 3),
        HIT[row["hit"]],
        *naive,
        "no rival" if row["beats_both"] is None else YES_NO[row["beats_both"]],
    ]


def emergent_cells(row: Mapping[str, Any]) -> list[str]:
    """One emergent quantity as text."""
    expected = "none" if row["expected"] is None else f"{row['expected']:g}"
    prediction = median_and_interval(row["prediction"], 3)
    return [row["quantity"], row["unit"], expected, prediction, YES_NO[row["within"]]]
