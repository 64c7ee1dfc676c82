"""What the explorer shows of a scenario: the chosen measures with what it is compared to, or a figure of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.drawing import Chart, Drawn, Figure
from experiments.figures import figures, of_chart
from experiments.overlay import Named, Wanted, merged, rows_of
from experiments.reading import MILLION, Summary

MEASURES, ALL_TRADES = "measures", "all"
FIRST_MEASURES = ("shortfall_workers", "wage_real_rub_twin", "remaining_gap_workers", "wage_real_rub")
VIEWS = {
    MEASURES: "Measures of your choice",
    "heads": "Heads by nationality",
    "whereabouts": "Where the North Koreans went",
    "replaced": "Who replaced the lost hours",
    "papers": "Papers",
    "wages": "Wages",
    "vacancies": "Vacancies",
    "beveridge": "Beveridge curve",
    "output": "Orders, output, backlog",
    "revenue": "Pyongyang's revenue",
    "trades": "Trade by trade",
    "public_cost": "Public cost of the levers",
}
INK = {False: ("#1b1f24", "#e3e7eb", "#ffffff", "rgba(255,255,255,.75)"), True: ("#e8eaed", "#343b43", "#1d2126", "rgba(20,23,27,.75)")}


def shown(results: Sequence[Named], view: str, measures: Sequence[str], trade: str) -> Figure | None:
    """The figure of a view: measures of all results overlaid, or a report figure of the first; None where it has nothing to show."""
    if view != MEASURES:
        return next((figure for figure in figures(results[0].summary) if figure.key == view), None)
    together = merged(results)
    rows = rows_of(results, [wanted(results[0].summary, name, trade) for name in measures])
    return of_chart(together, Chart("measures", "Measures", "", rows)) if rows else None


def wanted(summary: Summary, name: str, trade: str) -> Wanted:
    """A measure, of one trade where it is split by trade."""
    split = f"{name}_{trade}" if trade != ALL_TRADES and f"{name}_{trade}" in summary["measures"] else name
    known = summary["measures"][split]
    unit, scale = (
        (known["unit"].replace("USD", "million USD"), MILLION) if "USD" in known["unit"] and "wage" not in name else (known["unit"], 1.0)
    )
    return Wanted(split, f"{known['label']}, {unit}", form_of(known["unit"], scale), scale)


def form_of(unit: str, scale: float) -> str:
    """Digits that suit a unit."""
    small = unit.startswith("percent") or "months" in unit.split(",")[0] or unit in ("vacancies per seeker", "working days")
    return ",.2f" if scale != 1.0 else ",.1f" if small else ",.0f"


def plain_measures(summary: Summary) -> dict[str, str]:
    """Measures to choose from with their labels; those of single trades are reached by the trade."""
    trades = tuple(f"_{trade}" for trade in summary["trades"])
    return {name: known["label"] for name, known in summary["measures"].items() if not name.endswith(trades)}


def styled(plot: Drawn, dark: bool, meta: Mapping[str, Any]) -> dict[str, Any]:
    """The plot in the page's colours, with what it shows as its `meta`."""
    ink, grid, paper, behind = INK[dark]
    axis = {"gridcolor": grid, "linecolor": grid, "zerolinecolor": grid, "ticks": "outside", "tickcolor": grid}
    clear = {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "xaxis": axis, "yaxis": axis}
    font = {"color": ink, "size": 12.5, "family": "system-ui, -apple-system, Segoe UI, Roboto, sans-serif"}
    labels = {"hoverlabel": {"bgcolor": paper, "font": {"color": ink}}, "annotationdefaults": {"bgcolor": behind}}
    template = {"layout": clear | labels | {"font": font}, "data": {"bar": [{"error_x": {"color": ink}}]}}
    return {"data": plot["data"], "layout": plot["layout"] | {"template": template, "uirevision": "same", "meta": meta}}
