"""A result in one sentence, and the words a reader needs."""

from __future__ import annotations

from experiments.results.summary_reader import (
    DEADLINE,
    Summary,
    crews_in_words,
    interval,
    market_of,
    median_at,
    months_of,
    peak_month,
    place,
    policy_date_month,
    wage_in_words,
)
from sim.inputs.dated_inputs import reported_markets

WORDS = {
    "Standard worker": "A Russian on a 40-hour week. A North Korean on 72 to 96 hours counts as more than one (efficiency, an assumption).",
    "Baseline": "The same market with the same draws and no expulsion. Every effect here is policy run minus baseline, replicate by replicate.",
    "Shortfall at the baseline wage": "Standard workers fewer than in the baseline, as far as hands are sought as in the baseline (trade by trade, "
    "by vacancies), while posted wages are held at the baseline's (policy branch at baseline wages): what is missing before wages react.",
    "Idled by the missing labour": "The rest of the labour gone: nobody is sought for it, as the trades it works with are missing.",
    "Remaining gap": "The shortfall in the policy run, where firms set their own wages: what is missing after the market has answered.",
    "Unfilled vacancies": "Posts open at month end in the policy run. None of the three is ever added to another.",
    "Naive rule": "North Koreans gone x efficiency, as if nobody reacted.",
    "Compliance": "The probability that a departure that is due is carried out when it falls due: 1 is the letter of the resolution.",
    "Backlog, delay": "Orders not yet built over the month's output; delay is its difference to the baseline's.",
}


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
    """WORDS for the market and the people of a result."""
    people = crews_in_words(summary)
    own = {"Naive rule": WORDS["Naive rule"].replace("North Koreans", people)}
    if market_of(summary) not in reported_markets():
        own["Standard worker"] = (
            "A resident at full efficiency. Who builds more or less counts by his efficiency, an assumption."
        )
    return WORDS | own


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
