"""A sweep in words: what a point is called, numbers with intervals and wages, the answer in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.sweeps.design.design import GROUPS

Digest = dict[str, Any]
EN_DASH, NBSP = "\u2013", "\u00a0"
NOT_REACHED = "not reached"
HASHED = {
    "code_hash": "code",
    "evidence_hash": "evidence",
    "draws_hash": "the draws they take parameters from",
}


def short_key(key: str) -> str:
    """'compliance' of policy.compliance, 'russian pool' of population.russian.pool."""
    parts = key.split(".")
    own = parts[1:] if parts[0] == "population" else parts[-1:]
    return " ".join(own).replace("_", " ")


def named(values: Mapping[str, Any]) -> str:
    """A point in words: 'compliance 0.5, retained workers 2,000'; files of configs/ by their name alone."""
    said = [
        str(value).replace("_", " ") if is_choice(key) else f"{short_key(key)} {shown(value)}"
        for key, value in values.items()
    ]
    return ", ".join(said) or "every point"


def is_choice(key: str) -> bool:
    """Whether a key is a file of configs/ rather than a value."""
    return key in GROUPS


def shown(value: Any) -> str:
    """A value as people write it."""
    return (
        f"{value:,.10g}"
        if isinstance(value, (int, float)) and not isinstance(value, bool)
        else "null"
        if value is None
        else str(value)
    )


def with_interval(values: Sequence[float] | None, form: str = ",.0f") -> str:
    """'12,300 [11,900-12,800]', or 'to' where a sign may stand between."""
    if values is None:
        return EN_DASH
    low, median, high = (format(round(value, int(form[-2])) + 0.0, form) for value in values)
    return (
        f"{median} [{low} to {high}]"
        if form.startswith("+") or "-" in low + high
        else f"{median} [{low}{EN_DASH}{high}]"
    )


def counted(number: int, thing: str) -> str:
    """'1 point', '2,100 points'."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def level(at: Sequence[float | None]) -> str:
    """A threshold with its range: '0.54 [0.47-0.67]'; ends beyond the levels are said to be."""
    low, middle, high = at
    if middle is None:
        return NOT_REACHED if low is None else f"{NOT_REACHED} (at the earliest from {low:.2f})"
    upper = f"{EN_DASH}{high:.2f}" if high is not None else f" to {NOT_REACHED}"
    return f"{middle:.2f} [{low:.2f}{upper}]"


def reached_from(at: Sequence[float | None]) -> str:
    """A threshold in a sentence: 'from compliance 0.54 [0.47-0.67] on'."""
    if at[1] is not None:
        return f"from compliance {level(at)} on"
    return (
        "at no compliance"
        if at[0] is None
        else f"at no compliance (at the earliest from {at[0]:.2f})"
    )


def answer(digest: Digest) -> str:
    """What the sweep says first."""
    lines = digest["thresholds"] if digest["runs"]["done"] else []
    return threshold_sentence(digest, lines[0]) if lines else range_sentence(digest)


def threshold_sentence(digest: Digest, line: Mapping[str, Any]) -> str:
    """At which compliance what happens, for the first line of the design."""
    where = f", {named(line['where'])}" if line["where"] else ""
    five, ten = (reached_from(each["at"]) for each in line["shortfall_percent_exceeds"])
    met = (
        f" The deadline is met with 90{NBSP}% probability {reached_from(line['deadline_met']['at'])}."
        if "deadline_met" in line
        else ""
    )
    points = [
        point for point in digest["points"] if line["where"].items() <= point["values"].items()
    ]
    return (
        f"Under policy {digest['policy']}{where}, {digest['region']}'s construction is short of 5{NBSP}% of its labour in {line['month']} "
        f"{five}, of 10{NBSP}% {ten}, at the wage without expulsion ({baseline_wage(points, digest['money'])}).{met}{coarse(found_in(line))}"
    )


def found_in(line: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The thresholds that a line's sentence names."""
    return [
        *line["shortfall_percent_exceeds"],
        *([line["deadline_met"]] if "deadline_met" in line else []),
    ]


def coarse(found: Sequence[Mapping[str, Any]]) -> str:
    """That levels are too far apart to tell a threshold, where they are."""
    gaps = [each["levels_apart"] for each in found if each["levels_apart"] is not None]
    if not gaps:
        return ""
    return f" Levels of compliance lie up to {max(gaps):g} apart: ranges in brackets reach to the levels around, a finer grid tells more."


def range_sentence(digest: Digest) -> str:
    """The least and the largest shortfall of the design."""
    given = [each for each in digest["points"] if own(each, "shortfall_percent") is not None]
    if not given:
        return f"No run of the sweep {digest['sweep']} has succeeded yet."
    ranked = sorted(given, key=lambda each: float(own(each, "shortfall_percent")[1]))  # type: ignore[index]
    least, most = (
        f"{with_interval(own(each, 'shortfall_percent'), ',.1f')}{NBSP}% ({point_named(digest, each)})"
        for each in (ranked[0], ranked[-1])
    )
    span = most if len(ranked) == 1 else f"between {least} and {most}"
    wage = f"at the wage without expulsion ({baseline_wage(given, digest['money'])})"
    return f"In {when(digest)} {digest['region']}'s construction is short of {span} of its labour, {wage}."


def own(point: Mapping[str, Any], measure: str) -> Sequence[float] | None:
    """[p5, median, p95] of a measure in the month at which the point is read."""
    found: Sequence[float] | None = point["measures"][measure].get(point["month"])
    return found


def when(digest: Digest) -> str:
    """The month of all points, or that each has its own."""
    return digest["main_month"] or "the month of each point's deadline"


def alike(digest: Digest) -> str:
    """That points ran under the same seeds, if they did."""
    return "" if digest.get("differ") else ", under the same seeds"


def point_named(digest: Digest, point: Mapping[str, Any]) -> str:
    """A point in words, with its month where points differ in it."""
    return named(point["values"]) + ("" if digest["main_month"] else f", in {point['month']}")


def baseline_wage(points: Sequence[Mapping[str, Any]], money: str) -> str:
    """The baseline wage in the months of these points: one for all, or the span over them."""
    medians = [
        wage[1] for each in points if (wage := own(each, "wage_real_rub_baseline")) is not None
    ]
    if not medians:
        return "not known"
    low, high = (f"{value:,.0f}" for value in (min(medians), max(medians)))
    return f"{low if low == high else low + EN_DASH + high} {money} a month in prices of the start"


def conduct(digest: Digest) -> str:
    """How many replicates under which seeds, and how far points can be compared."""
    if differ := digest.get("differ"):
        return f" that differ in {differences(differ)}"
    drawn = f" x {digest['draws']['count']:,} draws" if digest["draws"]["keys"] else ""
    return f"{drawn} x {digest['replicates']:,} replicates under the same seeds ({digest['seed']})"


def differences(differ: Mapping[str, Sequence[Any]]) -> str:
    """'seed (7, 1), replicates (3, 20) and code': in what results differ, and how as far as it can be read."""
    *firsts, last = (
        HASHED.get(key, f"{key} ({', '.join(map(str, values))})") for key, values in differ.items()
    )
    return f"{', '.join(firsts)} and {last}" if firsts else last


def caution(digest: Digest) -> str:
    """What the intervals hold, and how far the sweep has come."""
    runs = digest["runs"]
    done = f"{runs['done']:,} of {runs['total']:,} runs are in" + (
        f", {runs['failed']:,} failed" if runs["failed"] else ""
    )
    smaller = f" Simulated at {digest['scale']:g} of {digest['region']}, shown at full size: chance weighs more than at full size."
    size = "" if digest["scale"] == 1 else smaller
    return (
        f"{counted(len(digest['points']), 'point')}{conduct(digest)}; {done}. "
        f"Intervals are the 5th to 95th percentile of a point's runs: {spread(digest)}. {pairing(digest)}{size}"
    )


def spread(digest: Digest) -> str:
    """What intervals hold."""
    kinds = digest.get("uncertainty", ["none"])
    if len(kinds) > 1:
        return "chance, and in some of the points drawn parameters"
    return (
        "chance and the draws"
        if digest["draws"]["keys"] or kinds[0] != "none"
        else "chance only, parameters are fixed"
    )


def pairing(digest: Digest) -> str:
    """Whether effects are paired differences."""
    if digest.get("differ"):
        return (
            "Differences between points are not paired: they hold chance and whatever else differs."
        )
    if "differ" in digest:
        return "Only intervals are read from these folders: effects run by run are not among them."
    return "Every effect is a paired difference."
