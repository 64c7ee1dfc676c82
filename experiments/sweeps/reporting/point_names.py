"""How a sweep's points, values and intervals are written on its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.reporting.question import policy_title
from experiments.results.summary_reader import EN_DASH
from experiments.sweeps.design.axes import is_plain_number
from experiments.sweeps.design.design import CONFIG_GROUPS
from sim.measures.names import nationality

SweepSummary = dict[str, Any]
"""The content of a sweep's summary.json (see sweep_summary)."""


def short_key(key: str) -> str:
    """'compliance' for policy.compliance, 'Russian pool' for population.russian.pool."""
    section, *names = key.split(".")
    if section == "population" and names:
        return " ".join([nationality(names[0]), *names[1:]]).replace("_", " ")
    return key.split(".")[-1].replace("_", " ")


def point_name(values: Mapping[str, Any]) -> str:
    """A point's values in words: 'compliance 0.5, retained workers 2,000'.

    Files of configs/ go by their name alone, policies by their title.
    """
    parts = [
        group_name(key, str(value))
        if key in CONFIG_GROUPS
        else f"{short_key(key)} {value_text(value)}"
        for key, value in values.items()
    ]
    return ", ".join(parts) or "every point"


def group_name(group: str, name: str) -> str:
    """What readers call a file of configs/: a policy by its title, others by their names."""
    return policy_title(name) if group == "policy" else name.replace("_", " ")


def point_label(summary: SweepSummary, point: Mapping[str, Any]) -> str:
    """A point's name, with its reading month where points have different ones."""
    name = point_name(point["values"])
    return name if summary["common_month"] else f"{name}, in {point['month']}"


def month_phrase(summary: SweepSummary) -> str:
    """The reading month of all points, or that each has its own."""
    return summary["common_month"] or "the month of each point's deadline"


def same_seeds_phrase(summary: SweepSummary) -> str:
    """That all points were simulated under the same seeds, if they were."""
    return "" if summary.get("differ") else ", under the same seeds"


def reading(point: Mapping[str, Any], measure: str) -> Sequence[float] | None:
    """[p5, median, p95] of a measure in the month in which the point is read."""
    found: Sequence[float] | None = point["measures"][measure].get(point["month"])
    return found


def value_text(value: Any) -> str:
    """A value as people write it."""
    if is_plain_number(value):
        return f"{value:,.10g}"
    return "none" if value is None else str(value)


def interval_text(values: Sequence[float] | None, form: str = ",.0f") -> str:
    """'12,300 [11,900-12,800]' (with an en dash), or '[-1.0 to 3.0]' where signs may stand."""
    if values is None:
        return EN_DASH
    # Adding zero turns -0.0 into 0.0.
    low, median, high = (format(round(value, int(form[-2])) + 0.0, form) for value in values)
    has_signs = form.startswith("+") or "-" in low + high
    return f"{median} [{low}{' to ' if has_signs else EN_DASH}{high}]"


def counted(number: int, thing: str) -> str:
    """'1 point', '2,100 points'."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def threshold_text(at: Sequence[float | None]) -> str:
    """A threshold with its range: '0.54 [0.47-0.67]'; None is above the highest level."""
    low, middle, high = at
    if middle is None:
        return "not reached" if low is None else f"not reached [{low:.2f} at the earliest]"
    if high is None:
        return f"{middle:.2f} [at least {low:.2f}]"
    return f"{middle:.2f} [{low:.2f}{EN_DASH}{high:.2f}]"
