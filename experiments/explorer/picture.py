"""What the explorer shows of a scenario: the chosen measures with what it is compared to, or a figure of the report."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.reporting.charts import PUBLIC_TITLE
from experiments.reporting.figures import figures, of_chart
from experiments.reporting.overlay import NamedSummary, OverlaidMeasure, merged_summary, rows_of
from experiments.reporting.plotting import Chart, Figure
from experiments.results.summary_reader import MILLION, Summary

MEASURES, ALL_TRADES = "measures", "all"
FIRST_MEASURES = (
    "shortfall_workers",
    "wage_real_rub_baseline",
    "remaining_gap_workers",
    "wage_real_rub",
)
VIEWS = {
    MEASURES: "Chosen measures",
    "heads": "Heads by nationality",
    "crew fates": "Where the North Koreans went",
    "replaced": "Who replaced the lost hours",
    "papers": "Papers",
    "wages": "Wages",
    "vacancies": "Vacancies",
    "beveridge": "Beveridge curve",
    "output": "Orders, output, backlog",
    "revenue": "Pyongyang's revenue",
    "trades": "Trade by trade",
    "public_cost": PUBLIC_TITLE,
}


def shown(
    results: Sequence[NamedSummary], view: str, measures: Sequence[str], trade: str
) -> Figure | None:
    """The figure of a view: measures of all results overlaid, or a report figure of the first; None where it has nothing to show."""
    if view != MEASURES:
        return next((figure for figure in figures(results[0].summary) if figure.key == view), None)
    together = merged_summary(results)
    rows = rows_of(results, [wanted(results[0].summary, name, trade) for name in measures])
    return of_chart(together, Chart("measures", "Measures", "", rows)) if rows else None


def wanted(summary: Summary, name: str, trade: str) -> OverlaidMeasure:
    """A measure, of one trade where it is split by trade."""
    split = (
        f"{name}_{trade}"
        if trade != ALL_TRADES and f"{name}_{trade}" in summary["measures"]
        else name
    )
    known = summary["measures"][split]
    unit, scale = known["unit"].replace("prices of start", f"prices of {summary['start']}"), 1.0
    if "USD" in unit and "wage" not in name:
        unit, scale = unit.replace("USD", "million USD"), MILLION
    return OverlaidMeasure(split, f"{known['label']}, {unit}", form_of(known["unit"], scale), scale)


def form_of(unit: str, scale: float) -> str:
    """Digits that suit a unit."""
    small = (
        unit.startswith("percent")
        or "months" in unit.split(",")[0]
        or unit in ("vacancies per seeker", "working days")
    )
    return ",.2f" if scale != 1.0 else ",.1f" if small else ",.0f"
