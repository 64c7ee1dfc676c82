"""The charts that overlay several results: which measures they show, and their texts."""

from __future__ import annotations

from typing import NamedTuple

from experiments.reporting.overlay import OverlaidMeasure
from experiments.results.summary_reader import MILLION, Summary, capitalised, money, place, sender
from sim.measures.names import nationality

AGAINST_BASELINE = "Each result against its own baseline (no expulsion)."


class OverlaidChart(NamedTuple):
    """A chart of the page: its key, title and lead, and a measure for each of its rows."""

    key: str
    title: str
    lead: str
    measures: list[OverlaidMeasure]


def overlaid_charts(summary: Summary) -> list[OverlaidChart]:
    """Every chart of the page, in its order; `summary` is that of all results merged."""
    return [
        shortfall_chart(summary),
        heads_chart(summary),
        vacancies_chart(),
        output_chart(),
        revenue_chart(summary),
    ]


def shortfall_chart(summary: Summary) -> OverlaidChart:
    """Shortfall and remaining gap, each followed by the wage that it holds at."""
    prices = f"{money(summary)} a month, prices of {summary['start']}"
    return OverlaidChart(
        "shortfall",
        "The shortfall, and the wage it holds at",
        AGAINST_BASELINE,
        [
            OverlaidMeasure(
                "shortfall_workers", "Shortfall at the baseline wage, standard workers"
            ),
            OverlaidMeasure("wage_real_rub_baseline", f"Posted wage, baseline, {prices}"),
            OverlaidMeasure(
                "remaining_gap_workers",
                "Remaining gap at the policy branch's wage, standard workers",
            ),
            OverlaidMeasure("wage_real_rub", f"Posted wage, policy branch, {prices}"),
        ],
    )


def heads_chart(summary: Summary) -> OverlaidChart:
    """Employed heads of each nationality."""
    return OverlaidChart(
        "heads",
        "Who builds: workers by nationality",
        "Workers employed in construction at month end.",
        [
            OverlaidMeasure(f"{name}_heads", f"{nationality(name)} workers employed")
            for name in summary["nationalities"]
        ],
    )


def vacancies_chart() -> OverlaidChart:
    """Vacancy rate, and vacancies left open at month end."""
    return OverlaidChart(
        "vacancies",
        "Vacancies",
        "Posts that firms try to fill.",
        [
            OverlaidMeasure("job_vacancy_rate", "Job vacancy rate V/(V+N), percent", ",.1f"),
            OverlaidMeasure(
                "unfilled_vacancies", "Vacancies unfilled at month end, at the policy branch's wage"
            ),
        ],
    )


def output_chart() -> OverlaidChart:
    """Output against the baseline, and the delay of what is ordered."""
    return OverlaidChart(
        "output",
        "Output and delay",
        AGAINST_BASELINE,
        [
            OverlaidMeasure(
                "output_percent_of_baseline", "Output, percent of the baseline", ",.1f"
            ),
            OverlaidMeasure(
                "delay_months", "Delay: backlog against the baseline's, months of output", ",.1f"
            ),
        ],
    )


def revenue_chart(summary: Summary) -> OverlaidChart:
    """The levy of the month, and what has been lost of it since the start."""
    return OverlaidChart(
        "revenue",
        f"{capitalised(sender(summary))}'s revenue",
        f"The levy that the state takes from its builders' pay, in {place(summary)}.",
        [
            OverlaidMeasure(
                "dprk_state_revenue_usd",
                f"Levy on builders in {place(summary)}, million USD a month",
                ",.2f",
                MILLION,
            ),
            OverlaidMeasure(
                "dprk_revenue_lost_usd", "Levy lost since the start, million USD", ",.0f", MILLION
            ),
        ],
    )
