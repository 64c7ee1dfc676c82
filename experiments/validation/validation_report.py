"""The validation report as a page: scores together, by case and target, and what emerges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.calibration.page_parts import (
    markdown_table,
    median_and_interval,
    percentiles,
    provenance_lines,
    wrapped,
)
from experiments.calibration.split import ASSUMED, HELD_OUT, TRAINING, read_split
from experiments.validation.case_files import Case
from sim.engine.worker_columns import Array

YES_NO = {None: "", True: "yes", False: "**no**"}
TOGETHER_HEAD = (
    "targets of",
    "number",
    "in the 90 % interval (bare draws)",
    "CRPS over best naive",
    "better on",
    "interval score over best naive",
    "better on",
)
SCORE_HEAD = (
    "target",
    "observed (s.e.)",
    "model, median [5 to 95 %]",
    "holds it",
    "PIT",
    "CRPS",
    "best naive CRPS",
    "ratio",
    "interval score",
    "best naive",
    "ratio",
)
NAIVE_HEAD = (
    "case",
    "target",
    "observed",
    "head count",
    "static S and D",
    "straight line",
    "last level",
    "constant",
)
NAIVE_RULES = ("head count", "static supply and demand", "straight line", "last level", "constant")
EMERGENT_HEAD = ("quantity", "unit", "expected", "model, median [5 to 95 %]", "expected is within")
ROLE_WORDS = {
    TRAINING: "Training: rules, priors and fits may be chosen with it in view.",
    HELD_OUT: "Held out: no fit reads it.",
    ASSUMED: "Assumed, not observed: shown, and counted nowhere above.",
}
SCORE_TEXT = """\
Each target counts once. A ratio below 1 means that the model is nearer to what was observed than
the best of the naive rules, which is chosen for each target after the fact; ratios are geometric
means over targets. Intervals are judged on both sides: nine in ten should hold what was observed.

An observation has a standard error, so what is scored is the forecast of the observation: each draw
of the model is blurred by a normal error of that size, and so is each naive rule. Where no source
gives the error it is an assumption: half the tolerance that was written before the first run. In
brackets stands how many observations the bare draws hold, without that error."""
NAIVE_TEXT = """\
Head count: on natives and wages nothing happens; in the krai those who must leave do so in equal
monthly parts from the last known stock until the deadline, nobody changes papers, pay follows that
of other sectors, and output falls in line with heads. Static supply and demand: the same loss in
one market with elasticities of -0.4 and 0.25. Straight line, last level and constant go by past
levels of the same quantity alone: their trend, the last of them, their mean; in a natural
experiment all three say that nothing changes, and of a share one half.

A rule's forecast is normal, as wide as the root mean square of its own past errors: on earlier
years of the same quantity at the nearest lead, or on the same effect per incomer in an experiment
that was read earlier. A rule without a past is sure of itself up to the standard error."""
DEFINITIONS = """\
CRPS: continuous ranked probability score, the mean distance of draws from what was observed less
half the mean distance between draws, in the unit of the target. Interval score: width of the 90 %
interval and 20 times the distance by which it misses. PIT: the probability that the forecast gave
to less than was observed; of good forecasts it is spread evenly from 0 to 1.

Hindcasts: draws of the calibration's prior are weighted by what was known at the origin. Dates of
the resolutions and dated inputs (prices, pay outside construction) count as known, for the rules as
well.

Per point: the effect divided by the incomers employed, in percent of all employed without the
shock. Wage: the posted real wage, trades weighted by natives without the shock.

Share by hiring: the change of newcomers over the change of newcomers less the change of leavers.
Newcomers are natives employed in the reading month but not in the month from which persons are
counted; leavers are the reverse. This definition, not the target, was corrected after the first
runs. Before, gross monthly hires and separations were added up, which gave 1.7, because
separations follow the number at work; the source counts persons at fixed dates, so that a job lost
and another found in between is no change.

Supply: residents employed or seeking, when the state pays 5 % on top of wages while posted wages
and the chance of a job stay. Demand: what firms pay rises by 5 % while workers see the old wage.
Expected values come from the design of the model and are no targets; the table says whether the
model's interval holds them."""


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
    experiments = {case.name: case for case in cases}
    for name in read_split():
        rows = [row for row in report["targets"] if row["case"] == name]
        if rows:
            lines += case_lines(name, rows, experiments.get(name))
    lines += ["", "## What the naive rules say", "", NAIVE_TEXT, ""]
    lines += markdown_table(NAIVE_HEAD, [naive_cells(row) for row in report["targets"]])
    lines += ["", "## What emerges in the krai, beside what the design led to expect", ""]
    lines += markdown_table(EMERGENT_HEAD, [emergent_cells(row) for row in report["emergent"]])
    lines += ["", "## Definitions", "", DEFINITIONS, "", *provenance_lines(report)]
    return "\n".join(lines) + "\n"


def summary_lines(report: Mapping[str, Any]) -> list[str]:
    """What was simulated, and the scores of all targets together."""
    together = report["summary"]
    pits = ", ".join(f"{value:.2f}" for value in together["all"]["pit"])
    return [
        "# Validation",
        "",
        *wrapped(
            f"Natural experiments: {report['replicates']} replicates at scale {report['scale']:g}, "
            f"{report['parameters']}; behaviour is the krai's, only the description of the market "
            f"and the shock differ. Hindcasts of the krai: {report['hindcast_draws']} draws of the "
            f"prior. Intervals: {report['interval']}. The command at the end of the page made it; "
            "with ship=yes it renews docs/validation.md."
        ),
        "",
        SCORE_TEXT,
        "",
        *markdown_table(TOGETHER_HEAD, [together_cells(*item) for item in together.items()]),
        "",
        *wrapped(f"PIT of all targets, sorted: {pits}."),
    ]


def together_cells(name: str, totals: Mapping[str, Any]) -> list[str]:
    """The scores of a group of targets as text."""
    number = totals["targets"]
    skills = (
        cell
        for measure in ("crps", "interval_score")
        for cell in (f"{totals['skill'][measure]:.2f}", f"{totals['better'][measure]} of {number}")
    )
    covered = f"{totals['covered']} ({totals['covered_without_error']})"
    return [name.replace("_", " "), str(number), covered, *skills]


def case_lines(name: str, rows: Sequence[Mapping[str, Any]], case: Case | None) -> list[str]:
    """One case: what it is, what was known when, its targets with their scores."""
    split = read_split()[name]
    about = f"{ROLE_WORDS[split.role]} Known: {split.known}"
    lines = ["", f"## {split.title}", ""]
    if case is not None:
        shock = f"{case.shock[0].upper()}{case.shock[1:]}"
        lines += [*wrapped(f"{shock}. Source: {case.source}. {reading_dates(case)}."), ""]
    lines += [*wrapped(about if about.endswith(".") else f"{about}."), ""]
    lines += markdown_table(SCORE_HEAD, [score_cells(row) for row in rows])
    lines += [""]
    for row in rows:
        lines += wrapped(
            f"* {words(row)}: foreseen from {row['foreseen_from']}. Standard error: "
            f"{row['standard_error_reason']}.",
            "  ",
        )
    return lines + (["", *wrapped(case.note)] if case is not None and case.note else [])


def reading_dates(case: Case) -> str:
    """When effects are read, and from when persons are counted."""
    read = f"Read in {case.reading_month:%Y-%m}"
    since = case.counted_from
    return read if since is None else f"{read}, persons counted from {since:%Y-%m}"


def words(row: Mapping[str, Any]) -> str:
    """A target's name as text."""
    return str(row["target"]).replace("_", " ")


def score_cells(row: Mapping[str, Any]) -> list[str]:
    """One target and its scores as text."""
    model = row["model"]
    skills = (
        cell for measure in ("crps", "interval_score") for cell in score_and_rival(row, measure)
    )
    return [
        f"{words(row)} ({row['unit']})",
        f"{row['observed']:.3g} ({row['standard_error']:.2g})",
        median_and_interval((model["low"], model["median"], model["high"]), 3),
        YES_NO[model["covered"]],
        f"{model['pit']:.2f}",
        *skills,
    ]


def score_and_rival(row: Mapping[str, Any], measure: str) -> list[str]:
    """The model's score, that of the best naive rule with its name, and their ratio."""
    rule = row["best_naive"][measure]
    rival, ratio = row["naive"][rule][measure], row["skill"][measure]
    shown = f"{ratio:.2f}" if ratio <= 1.0 else f"**{ratio:.2f}**"
    return [f"{row['model'][measure]:.3g}", f"{rival:.3g} ({rule})", shown]


def naive_cells(row: Mapping[str, Any]) -> list[str]:
    """What the naive rules forecast for one target, as text."""
    said = (row["naive"].get(rule) for rule in NAIVE_RULES)
    return [
        row["case"].replace("_", " "),
        words(row),
        f"{row['observed']:.3g}",
        *(
            "silent"
            if found is None
            else median_and_interval((found["low"], found["median"], found["high"]), 3)
            for found in said
        ),
    ]


def emergent_cells(row: Mapping[str, Any]) -> list[str]:
    """One emergent quantity as text."""
    expected = "none" if row["expected"] is None else f"{row['expected']:g}"
    prediction = median_and_interval(row["prediction"], 3)
    return [row["quantity"], row["unit"], expected, prediction, YES_NO[row["within"]]]
