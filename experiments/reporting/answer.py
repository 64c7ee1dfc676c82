"""A result in one sentence, and the words a reader needs."""

from __future__ import annotations

from experiments.results.summary_reader import (
    DEADLINE,
    Summary,
    capitalised,
    crews_in_words,
    interval,
    median_at,
    months_of,
    peak_month,
    place,
    policy_date_month,
    standard_worker,
    wage_in_words,
)
from sim.inputs.glossary import shown_terms

COMPLIANCE = "policy.compliance"


def answer(summary: Summary) -> str:
    """The result in one sentence, with interval and wage."""
    month = moment(summary)
    if month is None:
        return f"{opening(summary)} construction is at no time short of hands against the run without expulsion{unless(summary)}."
    return (
        f"{opening(summary)} construction is short of {interval(summary, 'shortfall_workers', month)} standard workers "
        f"in {month}{when(summary, month)}, "
        f"{percent(summary, 'shortfall_percent', month)} of its labour, {wage_in_words(summary, 'wage_real_rub_baseline', month)} "
        f"a month in prices of {summary['start']}, the wage without expulsion; after wages have reacted "
        f"({wage_in_words(summary, 'wage_real_rub', month)}, {percent(summary, 'wage_drift_percent', month, '+.1f')}) "
        f"{interval(summary, 'remaining_gap_workers', month)} are still missing, "
        f"and output is {percent(summary, 'output_percent_of_baseline', month)} of what it would have been."
    )


def glossary(summary: Summary) -> dict[str, str]:
    """The glossary's terms for readers of a report, in the words of its market."""
    of_market = {
        "crews": crews_in_words(summary),
        "standard_worker": standard_worker(summary),
    }
    return {capitalised(term.name): term.meaning(of_market) for term in shown_terms("report")}


def unless(summary: Summary) -> str:
    """How far a shortfall that the median does not show goes in the worst replicates; nothing where none has any."""
    by_month = summary["measures"]["shortfall_workers"]["by_month"]
    worst = max(by_month, key=lambda month: by_month[month][2])
    if by_month[worst][2] <= 0.0:
        return ""
    return f" in the median of the replicates (95th percentile: up to {by_month[worst][2]:,.0f} standard workers, in {worst})"


def percent(summary: Summary, name: str, month: str, form: str = ".1f") -> str:
    """'20.7 % [20.1-21.2]'."""
    return interval(summary, name, month, form).replace(" ", "\u00a0% ", 1)


def opening(summary: Summary) -> str:
    """What was assumed."""
    levers = (
        f" with {', '.join(name.replace('_', ' ') for name in summary['levers'])}"
        if summary["levers"]
        else ""
    )
    return f"Under policy {summary['policy']}{levers} {compliance(summary)}, {summary['region']}'s"


def compliance(summary: Summary) -> str:
    """'at compliance 0.6', or where each draw has its own '(compliance drawn: median 0.77 [0.62 to 0.90])'."""
    ends = summary["sampled"].get(COMPLIANCE)
    if ends is None:
        return f"at compliance {summary['compliance']:g}"
    low, median, high = ends
    return f"(compliance drawn: median {median:.2f} [{low:.2f} to {high:.2f}])"


def moment(summary: Summary) -> str | None:
    """The month to answer for: the deadline, else the end of the run, else the peak; None if there never is a shortfall."""
    for month in (policy_date_month(summary, DEADLINE), months_of(summary)[-1]):
        if month is not None and median_at(summary, "shortfall_workers", month) > 0.0:
            return month
    return peak_month(summary)


def when(summary: Summary, month: str) -> str:
    """Why this month."""
    if month == policy_date_month(summary, DEADLINE):
        return " (the deadline)"
    return " (the end of the run)" if month == months_of(summary)[-1] else " (the peak)"


def caution(summary: Summary) -> str:
    """What the intervals hold and what was held or scaled."""
    scaled = f"Simulated at {summary['scale']:g} of {place(summary)} and shown at full size: the part of chance differs from that at full size."
    share = [] if summary["scale"] == 1 else [scaled]
    count = f"{summary['replicates']} replicates, seed {summary['seed']}, {summary['start']} to {months_of(summary)[-1]}."
    held = [
        f"{note[:1].upper()}{note[1:]}." if not note.endswith(".") else note
        for note in summary["notes"]
    ]
    return " ".join([count, *held, *share])
