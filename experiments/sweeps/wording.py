"""A sweep in words: what a point is called, numbers with intervals and wages, the answer in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Digest = dict[str, Any]
EN_DASH, NBSP = "\u2013", "\u00a0"
NOT_REACHED = "not reached"


def short_key(key: str) -> str:
    """'compliance' of policy.compliance, 'russian pool' of population.russian.pool."""
    parts = key.split(".")
    own = parts[1:] if parts[0] == "population" else parts[-1:]
    return " ".join(own).replace("_", " ")


def named(values: Mapping[str, Any]) -> str:
    """A point in words: 'compliance 0.5, retained workers 2,000'; files of configs/ by their name alone."""
    said = [str(value).replace("_", " ") if is_choice(key) else f"{short_key(key)} {shown(value)}" for key, value in values.items()]
    return ", ".join(said) or "every point"


def is_choice(key: str) -> bool:
    """Whether a key is a file of configs/ rather than a value."""
    return "." not in key


def shown(value: Any) -> str:
    """A value as people write it."""
    return f"{value:,.10g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else "null" if value is None else str(value)


def with_interval(values: Sequence[float] | None, form: str = ",.0f") -> str:
    """'12,300 [11,900-12,800]', or 'to' where a sign may stand between."""
    if values is None:
        return EN_DASH
    low, median, high = (format(round(value, int(form[-2])) + 0.0, form) for value in values)
    return f"{median} [{low} to {high}]" if form.startswith("+") or "-" in low + high else f"{median} [{low}{EN_DASH}{high}]"


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
    return "at no compliance" if at[0] is None else f"at no compliance (at the earliest from {at[0]:.2f})"


def answer(digest: Digest) -> str:
    """What the sweep says first."""
    lines = digest["thresholds"] if digest["runs"]["done"] else []
    return threshold_sentence(digest, lines[0]) if lines else range_sentence(digest)


def threshold_sentence(digest: Digest, line: Mapping[str, Any]) -> str:
    """At which compliance what happens, for the first line of the design."""
    where = f", {named(line['where'])}" if line["where"] else ""
    five, ten = (reached_from(each["at"]) for each in line["shortfall_percent_exceeds"])
    met = f" The deadline is met with 90{NBSP}% probability {reached_from(line['deadline_met']['at'])}." if "deadline_met" in line else ""
    return (
        f"Under policy {digest['policy']}{where}, {digest['region']}'s construction is short of 5{NBSP}% of its labour in {line['month']} "
        f"{five}, of 10{NBSP}% {ten}, at the wage without expulsion ({twin_wage(digest)}).{met}"
    )


def range_sentence(digest: Digest) -> str:
    """The least and the largest shortfall of the design."""
    month = digest["main_month"]
    given = [each for each in digest["points"] if each["measures"]["shortfall_percent"][month] is not None]
    if not given:
        return f"No run of the sweep {digest['sweep']} has succeeded yet."
    ranked = sorted(given, key=lambda each: each["measures"]["shortfall_percent"][month][1])
    least, most = (
        f"{with_interval(each['measures']['shortfall_percent'][month], ',.1f')}{NBSP}% ({named(each['values'])})"
        for each in (ranked[0], ranked[-1])
    )
    span = most if len(ranked) == 1 else f"between {least} and {most}"
    wage = f"at the wage without expulsion ({twin_wage(digest)})"
    return f"In {month} {digest['region']}'s construction is short of {span} of its labour, {wage}."


def twin_wage(digest: Digest) -> str:
    """The twin's wage at the main month: one for all points, or the span over them."""
    medians = [wage[1] for each in digest["points"] if (wage := each["measures"]["wage_real_rub_twin"][digest["main_month"]]) is not None]
    if not medians:
        return "not known"
    low, high = (f"{value:,.0f}" for value in (min(medians), max(medians)))
    return f"{low} RUB a month" if low == high else f"{low}{EN_DASH}{high} RUB a month"


def is_drawn(digest: Digest) -> bool:
    """Whether results of experiments.run that are read back hold drawn parameters."""
    return bool(digest.get("uncertainty", "none") != "none")


def caution(digest: Digest) -> str:
    """What the intervals hold, and how far the sweep has come."""
    runs, draws = digest["runs"], digest["draws"]["count"]
    spread = "chance and the draws" if digest["draws"]["keys"] or is_drawn(digest) else "chance only, parameters are fixed"
    drawn = f" x {draws:,} draws" if digest["draws"]["keys"] else ""
    done = f"{runs['done']:,} of {runs['total']:,} runs are in" + (f", {runs['failed']:,} failed" if runs["failed"] else "")
    size = (
        ""
        if digest["scale"] == 1
        else f" Simulated at {digest['scale']:g} of the krai, shown at full size: chance weighs more than in the full krai."
    )
    return (
        f"{len(digest['points']):,} points{drawn} x {digest['replicates']:,} replicates under the same seeds ({digest['seed']}); {done}. "
        f"Intervals are the 5th to 95th percentile of a point's runs: {spread}. Every effect is a paired difference.{size}"
    )
