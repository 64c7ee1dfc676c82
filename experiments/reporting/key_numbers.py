"""The first screen of a report: a few key numbers, each rounded to what its interval allows."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator
from typing import NamedTuple

from experiments.reporting.answer import month_to_report
from experiments.results.summary_reader import (
    EN_DASH,
    MILLION,
    Summary,
    crews,
    months_of,
    sender,
)

PARTS_OF_AN_INTERVAL = 10
"""A number is rounded to the largest step that an interval holds so many times."""
LARGEST_PART = 30
"""A share smaller than one in so many is given in percent."""


class KeyNumber(NamedTuple):
    """A number in words: what it is, its median, its interval, and a word on it."""

    name: str
    median: str
    interval: str
    remark: str


def key_numbers(summary: Summary) -> list[KeyNumber]:
    """Workers short, output, wages and levy lost; in the month that the answer speaks of."""
    month = month_to_report(summary) or months_of(summary)[-1]
    return list(numbers_in(summary, month))


def numbers_in(summary: Summary, month: str) -> Iterator[KeyNumber]:
    """The key numbers that the summary has in a month."""
    low, median, high = values(summary, "shortfall_workers", month)
    _, share, _ = values(summary, "shortfall_percent", month)
    yield KeyNumber(
        "Standard workers short, at unchanged wages",
        *about(low, median, high),
        f"{part_of(share)} in {month}" if median > 0.0 else f"in {month}",
    )
    low, median, high = (
        each - 100.0 for each in values(summary, "output_percent_of_baseline", month)
    )
    yield KeyNumber("Built, against no expulsion", *about(low, median, high, "%"), f"in {month}")
    low, median, high = values(summary, "wage_drift_percent", month)
    yield KeyNumber(
        "Posted wage, against no expulsion", *about(low, median, high, "%"), f"in {month}"
    )
    if crews(summary) and "dprk_revenue_lost_usd" in summary["measures"]:
        end = months_of(summary)[-1]
        low, median, high = (
            each / MILLION for each in values(summary, "dprk_revenue_lost_usd", end)
        )
        yield KeyNumber(
            f"Denied to {sender(summary)}, million USD", *about(low, median, high), f"by {end}"
        )


def values(summary: Summary, name: str, month: str) -> list[float]:
    """[p5, median, p95] of a measure; NaN where it has no value."""
    found: list[float] = summary["measures"][name]["by_month"].get(month, [math.nan] * 3)
    return found


def about(low: float, median: float, high: float, unit: str = "") -> tuple[str, str]:
    """Median and interval as text, rounded to a step that the interval allows.

    Changes, in percent, have a sign.
    """
    if math.isnan(median):
        return "no value", ""
    step = rounding_step(low, high)
    sign = "+" if unit else ""
    space = "\u00a0" if unit else ""
    first, middle, last = (written(each, step, sign) for each in (low, median, high))
    dash = " to " if unit else EN_DASH
    return f"{middle}{space}{unit}", f"{first}{dash}{last}{space}{unit}"


def rounding_step(low: float, high: float) -> float:
    """1, 2 or 5 times a power of ten that fits ten times into an interval; 0 if it has no width."""
    width = (high - low) / PARTS_OF_AN_INTERVAL
    if width <= 0.0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(width))
    return next(part * power for part in (5.0, 2.0, 1.0) if part * power <= width * 1.000001)


def written(value: float, step: float, sign: str) -> str:
    """A number rounded to a step, without decimals that say nothing; 0 has no sign."""
    rounded = round(value / step) * step if step else float(f"{value:.4g}")
    if step:
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    else:
        decimals = 0 if rounded.is_integer() else 1
    if round(rounded, decimals) == 0.0:
        return "0"
    return f"{rounded:{sign},.{decimals}f}"


def part_of(percent: float) -> str:
    """A share in words: 'one in seven', or in percent where it is small, or most of the whole."""
    if math.isnan(percent) or percent <= 0.0:
        return "none"
    parts = round(100.0 / percent)
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    if not 2 <= parts <= LARGEST_PART:
        return f"{percent:.0f} %" if percent >= 1.0 else f"{percent:.1g} %"
    return f"one in {words[parts - 1] if parts <= len(words) else parts}"


def cards(numbers: list[KeyNumber]) -> str:
    """The key numbers as a list of the page."""
    items = (
        f"<li><span>{html.escape(each.name)}</span><strong>{html.escape(each.median)}</strong>"
        f"<small>{html.escape(each.interval)}</small><small>{html.escape(each.remark)}</small></li>"
        for each in numbers
    )
    return f'<ul class="cards">{"".join(items)}</ul>'
