"""Reading a summary: series, the months at which results are read, and numbers as text."""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.inputs.dated_inputs import reported_markets
from sim.measures.names import crew_words, place_words, sender_words

Summary = dict[str, Any]

ADOPTED, DEADLINE = "resolution adopted", "deadline to leave"
MILLION = 1e6
EN_DASH = "\u2013"
NO_VALUE = "no value"
"""What stands where a measure has no value in a month."""
NO_INTERVAL = [float("nan")] * 3


class Checkpoint(NamedTuple):
    """A month at which tables show results, and why."""

    title: str
    month: str


def months_of(summary: Summary) -> list[str]:
    """Every simulated month, as 'YYYY-MM'."""
    year, month = map(int, summary["start"].split("-"))
    return [
        f"{year + (month - 1 + i) // 12}-{(month - 1 + i) % 12 + 1:02d}"
        for i in range(summary["months"])
    ]


def series_of(summary: Summary, name: str) -> list[list[float]]:
    """[p5, median, p95] of a measure for every month; NaN where it has no value."""
    by_month = summary["measures"][name]["by_month"]
    return [by_month.get(month, NO_INTERVAL) for month in months_of(summary)]


def has_values(summary: Summary, name: str) -> bool:
    """Whether the summary has a measure that differs from zero in some month."""
    return any(
        any(values)
        for values in summary["measures"].get(name, {"by_month": {}})["by_month"].values()
    )


def crews(summary: Summary) -> list[str]:
    """Names of the groups that the expulsion concerns."""
    return [name for name, kind in summary["nationalities"].items() if kind == "contract_crew"]


def market_of(summary: Summary) -> str:
    """The market's name."""
    return str(summary["market"])


def place(summary: Summary) -> str:
    """'the krai', or the region's name for another market."""
    return place_words(market_of(summary), summary["region"])


def money(summary: Summary) -> str:
    """The currency of the market's wages."""
    return str(summary["money"])


def people_of_crews(summary: Summary) -> str:
    """'North Koreans', or what the people are called whom the expulsion concerns."""
    return crew_words(summary["nationalities"])


def sender(summary: Summary) -> str:
    """'Pyongyang', or 'the sending state' for other crews."""
    return sender_words(summary["nationalities"], capital=True)


def capitalised(words: str) -> str:
    """A text with a capital first letter, as at the start of a sentence."""
    return words[:1].upper() + words[1:]


def standard_worker(summary: Summary) -> str:
    """The worker whose labour is the unit of labour, in words."""
    market = reported_markets().get(market_of(summary))
    return market.standard_worker if market else "a resident at full efficiency"


def policy_date_month(summary: Summary, title: str) -> str | None:
    """The month in which a decision takes effect; None if that is not within the run."""
    dates = summary["policy_dates"]
    return next((date["month"] for date in dates if date["title"] == title), None)


def peak_month(summary: Summary, name: str = "shortfall_workers") -> str | None:
    """The month in which the median of a measure is highest; None if it is never above 0."""
    by_month = summary["measures"][name]["by_month"]
    month = max(by_month, key=lambda each: by_month[each][1], default=None)
    return month if month is not None and by_month[month][1] > 0.0 else None


def checkpoints(summary: Summary) -> list[Checkpoint]:
    """The months that tables show, as far as they are within the run; each month once.

    They are the end of the year of adoption, the deadline, the peak of the shortfall, and the last
    month.
    """
    months, adopted = months_of(summary), policy_date_month(summary, ADOPTED)
    dates = {f"end of {adopted[:4]}": f"{adopted[:4]}-12"} if adopted else {}
    named = {
        **dates,
        "deadline": policy_date_month(summary, DEADLINE),
        "peak": peak_month(summary),
        "end of run": months[-1],
    }
    titles: dict[str, list[str]] = {}
    for title, month in named.items():
        if month in months:
            titles.setdefault(str(month), []).append(title)
    return [Checkpoint(", ".join(names), month) for month, names in sorted(titles.items())]


def interval(summary: Summary, name: str, month: str, form: str = ",.0f", unit: float = 1.0) -> str:
    """Median and 5 to 95 % interval divided by `unit`: '12,300 [11,900-12,800]'.

    Where numbers may have a sign, 'to' takes the place of the dash.
    NO_VALUE where there is none.
    """
    values = summary["measures"][name]["by_month"].get(month)
    if values is None:
        return NO_VALUE
    low, median, high = (format(round(value / unit, int(form[-2])) + 0.0, form) for value in values)
    return (
        f"{median} [{low} to {high}]"
        if form.startswith("+") or "-" in low + high
        else f"{median} [{low}{EN_DASH}{high}]"
    )


def median_at(summary: Summary, name: str, month: str) -> float:
    """The median of a measure in a month; NaN where it has no value."""
    return float(summary["measures"][name]["by_month"].get(month, NO_INTERVAL)[1])


def wage_text(summary: Summary, wage: str, month: str) -> str:
    """The wage at which a number of workers holds, for a cell of a table: 'at 33,200 RUB'.

    A currency without a code is left out here and named below the table.
    """
    if month not in summary["measures"][wage]["by_month"]:
        return f"at {NO_VALUE}"
    code = f" {money(summary)}" if money(summary).isupper() else ""
    return f"at {median_at(summary, wage, month):,.0f}{code}"


def wage_interval(summary: Summary, wage: str, month: str) -> str:
    """A wage with its interval, for a sentence: '33,200 [31,900-35,000] RUB'."""
    return f"{interval(summary, wage, month)} {money(summary)}"
