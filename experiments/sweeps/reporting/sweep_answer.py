"""What a sweep finds, in sentences; and what its intervals hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.ensembles.uncertainty import FIXED_PARAMETERS, NONE
from experiments.results.summary_reader import EN_DASH
from experiments.sweeps.design.design import SAMPLED
from experiments.sweeps.reporting.point_names import (
    SweepSummary,
    counted,
    interval_text,
    month_phrase,
    point_label,
    point_name,
    reading,
    threshold_text,
)
from sim.structure import structure_text

NBSP = "\u00a0"
SHORTFALL, BASELINE_WAGE = "shortfall_percent", "wage_real_rub_baseline"
HASH_NAMES = {
    "code_hash": "code",
    "evidence_hash": "evidence",
    "draws_hash": "the table of parameter draws",
}
"""Hashes in which results may differ, in words: the hashes themselves say nothing to a reader."""


def answer(summary: SweepSummary) -> str:
    """The finding of a sweep: thresholds of compliance, or else the range of the shortfall."""
    lines = summary["thresholds"] if summary["runs"]["done"] else []
    return threshold_sentences(summary, lines[0]) if lines else range_sentence(summary)


def threshold_sentences(summary: SweepSummary, line: Mapping[str, Any]) -> str:
    """From which compliance on the limits are reached, for one line of the design."""
    where = f" ({point_name(line['where'])})" if line["where"] else ""
    five, ten = (reached_from(each["at"]) for each in line["shortfall_percent_exceeds"])
    points = [p for p in summary["points"] if line["where"].items() <= p["values"].items()]
    sentences = [
        f"Under policy {summary['policy']}{where}, construction in {summary['region']} is short of "
        f"5{NBSP}% of its labour in {line['month']} {five}, and of 10{NBSP}% {ten}, "
        f"{at_baseline_wage(summary, points)}."
    ]
    if "deadline_met" in line:
        met = reached_from(line["deadline_met"]["at"])
        sentences.append(f"The deadline is met with a probability of 90{NBSP}% {met}.")
    return " ".join([*sentences, *level_warning(thresholds_of(line))])


def reached_from(at: Sequence[float | None]) -> str:
    """A threshold within a sentence: 'from compliance 0.54 [0.47-0.67] on'."""
    low, middle, _ = at
    if middle is not None:
        return f"from compliance {threshold_text(at)} on"
    earliest = "" if low is None else f" (at the earliest from {low:.2f} on)"
    return f"at no level of compliance{earliest}"


def thresholds_of(line: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The thresholds that a line's sentences name."""
    deadline = [line["deadline_met"]] if "deadline_met" in line else []
    return [*line["shortfall_percent_exceeds"], *deadline]


def level_warning(thresholds: Sequence[Mapping[str, Any]]) -> list[str]:
    """A sentence that levels are far apart, if they are."""
    gaps = [each["levels_apart"] for each in thresholds if each["levels_apart"] is not None]
    if not gaps:
        return []
    return [
        f"Levels of compliance are up to {max(gaps):g} apart, so ranges in brackets extend to the "
        "next level; a finer grid would narrow them."
    ]


def range_sentence(summary: SweepSummary) -> str:
    """The smallest and the largest shortfall of the design."""
    known = [point for point in summary["points"] if reading(point, SHORTFALL) is not None]
    if not known:
        return f"No run of the sweep {summary['sweep']} has succeeded yet."
    ranked = sorted(known, key=lambda point: float(reading(point, SHORTFALL)[1]))  # type: ignore[index]
    least, most = (
        f"{percent(reading(point, SHORTFALL))} ({point_label(summary, point)})"
        for point in (ranked[0], ranked[-1])
    )
    span = most if len(ranked) == 1 else f"between {least} and {most}"
    return (
        f"In {month_phrase(summary)}, construction in {summary['region']} is short of {span} "
        f"of its labour, {at_baseline_wage(summary, known)}."
    )


def percent(values: Sequence[float] | None) -> str:
    """'20.7 % [20.1-21.2]'."""
    return interval_text(values, ",.1f").replace(" ", f"{NBSP}% ", 1)


def at_baseline_wage(summary: SweepSummary, points: Sequence[Mapping[str, Any]]) -> str:
    """The wage at which a shortfall is measured: that of the baseline, over these points."""
    medians = [wage[1] for each in points if (wage := reading(each, BASELINE_WAGE)) is not None]
    if not medians:
        return "at the wage without expulsion"
    low, high = (f"{value:,.0f}" for value in (min(medians), max(medians)))
    span = low if low == high else low + EN_DASH + high
    unit = f"{summary['money']} a month in prices of {summary['start']}"
    return f"at the wage without expulsion ({span} {unit})"


def caution(summary: SweepSummary) -> str:
    """How many runs there are, and what intervals and effects hold."""
    runs, points = summary["runs"], counted(len(summary["points"]), "point")
    failed = f", {runs['failed']:,} failed" if runs["failed"] else ""
    content = interval_content(summary)
    what_they_hold = f"; {content}" if content == FIXED_PARAMETERS else f" and hold {content}"
    sentences = [
        f"{points}{replication(summary)}; {runs['done']:,} of {runs['total']:,} runs are "
        f"done{failed}.",
        f"Intervals run from the 5th to the 95th percentile of a point's runs{what_they_hold}.",
        pairing(summary),
        *([structure_text(summary["structure"])] if summary["structure"] else []),
        *summary.get("notes", ()),
    ]
    if summary["scale"] != 1:
        sentences.append(
            f"Simulated at {summary['scale']:g} of the size of {summary['region']} and shown at "
            "full size: chance has more weight than it would have at full size."
        )
    return " ".join(sentences)


def replication(summary: SweepSummary) -> str:
    """How many draws and replicates each point has; or how points differ in them."""
    if differ := summary.get("differ"):
        return f" that differ in {differences_text(differ)}"
    draws = summary["draws"]
    replicates = counted(summary["replicates"], "replicate")
    if draws.get("own_seeds"):
        return (
            f" x {replicates} (seed {summary['seed']}), the same at every point, of which pairs "
            f"share one of {counted(draws['count'], 'draw')} of the {summary['uncertainty'][0]}"
        )
    sampled = f" x {counted(draws['count'], 'draw')}" if draws["keys"] else ""
    return f"{sampled} x {replicates} under the same seeds (seed {summary['seed']})"


def differences_text(differ: Mapping[str, Sequence[Any]]) -> str:
    """In what results differ, with the values: 'seed (7, 1), replicates (3, 20) and code'."""
    *firsts, last = (
        HASH_NAMES.get(key, f"{key} ({', '.join(map(str, values))})")
        for key, values in differ.items()
    )
    return f"{', '.join(firsts)} and {last}" if firsts else last


def interval_content(summary: SweepSummary) -> str:
    """Which uncertainty the intervals hold."""
    kinds = summary.get("uncertainty") or [SAMPLED if summary["draws"]["keys"] else NONE]
    if len(kinds) > 1:
        return "chance, and at some points sampled parameters"
    return FIXED_PARAMETERS if kinds == [NONE] else "chance and sampled parameters"


def pairing(summary: SweepSummary) -> str:
    """Whether effects are paired differences."""
    if summary.get("differ"):
        return (
            "Differences between points are not paired: they also hold chance and whatever else "
            "differs."
        )
    if "differ" in summary:
        return "Result folders hold intervals only, so there are no effects run by run."
    sampled = " and the same parameter draw" if summary["draws"]["keys"] else ""
    return f"Every effect is a paired difference: of two runs under the same seed{sampled}."
