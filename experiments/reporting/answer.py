"""A result in two sentences, its provisos, and the glossary that a reader needs."""

from __future__ import annotations

from experiments.results.summary_reader import (
    DEADLINE,
    Summary,
    capitalised,
    interval,
    median_at,
    months_of,
    peak_month,
    people_of_crews,
    place,
    policy_date_month,
    standard_worker,
    wage_interval,
)
from sim.inputs.glossary import shown_terms

COMPLIANCE = "policy.compliance"


def answer(summary: Summary) -> str:
    """The shortfall with its interval and wage, and what is left after wages have adjusted."""
    subject = f"{policy_text(summary)}, construction in {summary['region']}"
    month = month_to_report(summary)
    if month is None:
        return (
            f"{subject} is at no time short of labour compared with the baseline "
            f"(no expulsion){worst_case_text(summary)}."
        )
    numbers = {
        name: interval(summary, f"{name}_workers", month) for name in ("shortfall", "remaining_gap")
    }
    return (
        f"{subject} is short of {numbers['shortfall']} standard workers in {month} "
        f"({reason_for_month(summary, month)}), "
        f"{percent_interval(summary, 'shortfall_percent', month)} of its labour in the baseline "
        "(no expulsion), if wages stay at the baseline's "
        f"{wage_interval(summary, 'wage_real_rub_baseline', month)} a month "
        f"in prices of {summary['start']}. "
        f"Once wages have adjusted to {wage_interval(summary, 'wage_real_rub', month)} "
        f"({percent_interval(summary, 'wage_drift_percent', month, '+.1f')}), "
        f"{numbers['remaining_gap']} standard workers are still missing, and output is "
        f"{percent_interval(summary, 'output_percent_of_baseline', month)} of the baseline's."
    )


def glossary(summary: Summary) -> dict[str, str]:
    """The glossary's terms for readers of a report, in the words of its market."""
    of_market = {
        "crews": people_of_crews(summary),
        "standard_worker": standard_worker(summary),
    }
    return {capitalised(term.name): term.meaning(of_market) for term in shown_terms("report")}


def worst_case_text(summary: Summary) -> str:
    """The largest 95th percentile of a shortfall whose median is 0; empty if that is 0 too."""
    by_month = summary["measures"]["shortfall_workers"]["by_month"]
    worst = max(by_month, key=lambda month: by_month[month][2])
    if by_month[worst][2] <= 0.0:
        return ""
    return (
        " in the median of the replicates "
        f"(95th percentile: short of up to {by_month[worst][2]:,.0f} standard workers, in {worst})"
    )


def percent_interval(summary: Summary, name: str, month: str, form: str = ".1f") -> str:
    """A percentage with its interval: '20.7 % [20.1-21.2]'."""
    return interval(summary, name, month, form).replace(" ", "\u00a0% ", 1)


def policy_text(summary: Summary) -> str:
    """The policy, the levers and the compliance under which a result holds."""
    names = ", ".join(name.replace("_", " ") for name in summary["levers"])
    levers = f" with {names}" if names else ""
    return f"Under policy {summary['policy']}{levers} {compliance_text(summary)}"


def compliance_text(summary: Summary) -> str:
    """'at compliance 0.6', or the range where each draw has its own compliance."""
    ends = summary["sampled"].get(COMPLIANCE)
    if ends is None:
        return f"at compliance {summary['compliance']:g}"
    low, median, high = ends
    return f"(compliance sampled: median {median:.2f} [{low:.2f} to {high:.2f}])"


def month_to_report(summary: Summary) -> str | None:
    """The first of deadline, last month and peak with a shortfall; None if there is none at all."""
    for month in (policy_date_month(summary, DEADLINE), months_of(summary)[-1]):
        if month is not None and median_at(summary, "shortfall_workers", month) > 0.0:
            return month
    return peak_month(summary)


def reason_for_month(summary: Summary, month: str) -> str:
    """What the month is that the answer speaks of."""
    if month == policy_date_month(summary, DEADLINE):
        return "the deadline"
    return "the end of the run" if month == months_of(summary)[-1] else "the peak"


def caution(summary: Summary) -> str:
    """What a reader must know about a result: what intervals show, what is held or scaled."""
    months = months_of(summary)
    conduct = (
        f"{summary['replicates']} replicates, seed {summary['seed']}, {months[0]} to {months[-1]}."
    )
    notes = [note if note.endswith(".") else f"{capitalised(note)}." for note in summary["notes"]]
    part = "larger" if summary["scale"] < 1 else "smaller"
    scaled = (
        f"Simulated at {summary['scale']:g} of {place(summary)} and shown at full size: "
        f"chance has a {part} part in the intervals than in a simulation at full size."
    )
    return " ".join([conduct, *notes, *([] if summary["scale"] == 1 else [scaled])])
