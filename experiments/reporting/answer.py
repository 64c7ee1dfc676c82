"""A result in a few sentences, its provisos, and the glossary that a reader needs."""

from __future__ import annotations

from experiments.results.summary_reader import (
    DEADLINE,
    NO_VALUE,
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
REPLACED = ("lost_labour_worker_months", "saved_by_technology_worker_months")
REPLACED_BY = "replaced_by_"
THOUSAND = 1e3


def answer(summary: Summary) -> str:
    """Output, wage, vacancies and who replaces whom; then the shortfall beside the naive rule."""
    subject = f"{policy_text(summary)}, construction in {summary['region']}"
    month = month_to_report(summary)
    if month is None:
        return (
            f"{subject} is at no time short of labour compared with the baseline "
            f"(no expulsion){worst_case_text(summary)}."
        )
    return " ".join(
        [
            f"{subject} builds {output_text(summary, month)}.",
            vacancies_text(summary, month),
            *replacement_text(summary, month),
            shortfall_text(summary, month),
            *naive_rule_text(summary, month),
        ]
    )


def output_text(summary: Summary, month: str) -> str:
    """Output against the baseline's, and the wage at which it is built."""
    return (
        f"{percent_interval(summary, 'output_percent_of_baseline', month)} of what it builds in "
        f"the baseline (no expulsion) in {month} ({reason_for_month(summary, month)}), at wages of "
        f"{wage_interval(summary, 'wage_real_rub', month)} a month in prices of "
        f"{summary['start']}, {percent_interval(summary, 'wage_drift_percent', month, '+.1f')} "
        "against the baseline's"
    )


def vacancies_text(summary: Summary, month: str) -> str:
    """Open vacancies beside the baseline's."""
    own, baseline = (
        interval(summary, f"unfilled_vacancies{name}", month) for name in ("", "_baseline")
    )
    return f"{own} vacancies are unfilled, in the baseline {baseline}."


def replacement_text(summary: Summary, month: str) -> list[str]:
    """Who replaced the labour lost since the start; empty where nothing is counted as lost."""
    lost, *others = (
        name for name in summary["measures"] if name in REPLACED or name.startswith(REPLACED_BY)
    )
    # Where there is no value, nothing is known to be lost.
    if not median_at(summary, lost, month) > 0.0:
        return []
    parts = [
        f"{interval(summary, name, month, ',.1f', THOUSAND)} "
        f"{uncapitalised(summary['measures'][name]['label'])}"
        for name in others
    ]
    amount = interval(summary, lost, month, ",.1f", THOUSAND)
    return [
        f"Of {amount} thousand standard worker-months of labour lost since the start: "
        f"{'; '.join(parts)}."
    ]


def uncapitalised(words: str) -> str:
    """A text with a small first letter, as within a sentence."""
    return words[:1].lower() + words[1:]


def shortfall_text(summary: Summary, month: str) -> str:
    """Labour missing at the baseline's wage, and what is left once wages have adjusted."""
    short, left = (
        interval(summary, f"{name}_workers", month) for name in ("shortfall", "remaining_gap")
    )
    return (
        "If wages stay at the baseline's "
        f"{wage_interval(summary, 'wage_real_rub_baseline', month)}, {short} standard workers are "
        f"missing, {percent_interval(summary, 'shortfall_percent', month)} of the baseline's "
        f"labour; once wages have adjusted, {left} are."
    )


def naive_rule_text(summary: Summary, month: str) -> list[str]:
    """The naive number beside the shortfall, and how much of the shortfall it says by itself."""
    if "naive_loss_workers" not in summary["measures"]:
        return []
    number = interval(summary, "naive_loss_workers", month)
    r2 = summary.get("naive_rule", {"r2_by_month": {}})["r2_by_month"].get(month)
    alone = (
        ""
        if r2 is None
        else f"; over the parameter draws it says {100.0 * r2:.0f}\u00a0% of the variance of the "
        f"shortfall by itself (R2 {r2:.2f})"
    )
    return [f"The naive rule, {people_of_crews(summary)} gone x efficiency, gives {number}{alone}."]


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
    worst = max(by_month, key=lambda month: by_month[month][2], default=None)
    if worst is None or by_month[worst][2] <= 0.0:
        return ""
    return (
        " in the median "
        f"(95th percentile: short of up to {by_month[worst][2]:,.0f} standard workers, in {worst})"
    )


def percent_interval(summary: Summary, name: str, month: str, form: str = ".1f") -> str:
    """A percentage with its interval: '20.7 % [20.1-21.2]'."""
    found = interval(summary, name, month, form)
    return found if found == NO_VALUE else found.replace(" ", "\u00a0% ", 1)


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
