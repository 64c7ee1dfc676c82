"""The figures of a report, built from a summary alone: plot, description and table of numbers."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.reporting.accounts import crew_fates_figure, replacement_figure
from experiments.reporting.charts import (
    BASELINE,
    POLICY_BRANCH,
    heads_chart,
    output_chart,
    papers_chart,
    public_cost_chart,
    revenue_chart,
    shortfall_chart,
    trades_chart,
    vacancies_chart,
    wages_chart,
)
from experiments.reporting.plotting import (
    BANDS,
    BLUE,
    GREY,
    MEDIANS,
    Chart,
    Figure,
    PlotSpec,
    plot_of_chart,
    six_digits,
)
from experiments.results.summary_reader import Summary, checkpoints, interval, months_of, series_of

APART = 0.05
"""How far a point must lie from the last one labelled, as a share of the axis."""

ORDER = (
    "shortfall",
    "heads",
    "crew_fates",
    "replaced",
    "papers",
    "wages",
    "vacancies",
    "beveridge",
    "output",
    "revenue",
    "trades",
    "public_cost",
)


def figures(summary: Summary) -> list[Figure]:
    """Every figure of a report that has something to show, in the order of the page."""
    charts = [
        shortfall_chart(summary),
        heads_chart(summary),
        papers_chart(summary),
        wages_chart(summary),
        vacancies_chart(summary),
        output_chart(summary),
        trades_chart(summary),
    ]
    over_months = [
        figure_of_chart(summary, chart)
        for chart in [*charts, revenue_chart(summary), public_cost_chart(summary)]
        if chart is not None
    ]
    others = [beveridge_figure(summary), replacement_figure(summary), crew_fates_figure(summary)]
    by_key = {figure.key: figure for figure in [*over_months, *others] if figure is not None}
    return [by_key[key] for key in ORDER if key in by_key]


def figure_of_chart(summary: Summary, chart: Chart) -> Figure:
    """A chart over months as a figure: plot, alternative text and table."""
    shows = BANDS if any(curve.band for row in chart.rows for curve in row.curves) else MEDIANS
    shown = (
        alternative_text(summary, chart),
        plot_of_chart(summary, chart),
        number_rows(summary, chart),
    )
    return Figure(chart.key, chart.title, chart.lead, chart.source, *shown, shows)


def number_rows(summary: Summary, chart: Chart) -> list[list[str]]:
    """A chart as a table: a line per curve, a column per checkpoint, median with interval.

    The first line is the head.
    """
    marks = checkpoints(summary)
    lines = [["", *(f"{mark.month} ({mark.title})" for mark in marks)]]
    for row in chart.rows:
        for curve in row.curves:
            cells = [
                interval(summary, curve.measure, mark.month, row.form, curve.unit) for mark in marks
            ]
            lines.append([f"{curve.name}: {row.title}", *cells])
    return lines


def alternative_text(summary: Summary, chart: Chart) -> str:
    """A text for readers who cannot see the chart: every curve's median at the checkpoints."""
    head, *lines = number_rows(summary, chart)
    curves = []
    for name, *cells in lines:
        medians = (
            f"{cell.split(' [')[0]} in {mark}" for mark, cell in zip(head[1:], cells, strict=True)
        )
        curves.append(f"{name}: {', '.join(medians)}")
    return (
        f"{chart.title}. Curves by month with 5 to 95 percent bands. Medians: "
        + "; ".join(curves)
        + "."
    )


def beveridge_figure(summary: Summary) -> Figure:
    """The Beveridge curve: vacancy rate against the share of seekers, month by month."""
    months = months_of(summary)
    measures = ("seeker_share", "job_vacancy_rate")
    rows = [
        [month, *(interval(summary, name, month, ".1f") for name in measures)] for month in months
    ]
    marked = "; ".join(
        f"{month} seekers {seek}, vacancies {rate}"
        for month, seek, rate in rows
        if month.endswith("-12") or month in (months[0], months[-1])
    )
    return Figure(
        "beveridge",
        "Beveridge curve",
        "Up: more open posts. Right: more people looking for work. Up and right at once: seekers "
        "and posts do not match, as they are in different trades. A year is written at its "
        "January, unless the point lies too close to the last one marked.",
        "Simulation.",
        f"Beveridge curve of medians, percent: {marked}.",
        beveridge_plot(summary, months),
        [["", "seekers (percent)", "job vacancy rate (percent)"], *rows],
        MEDIANS,
    )


def beveridge_plot(summary: Summary, months: Sequence[str]) -> PlotSpec:
    """Both branches' curves, with years written along that of the policy branch."""
    policy = beveridge_path(summary, "", POLICY_BRANCH, BLUE)
    policy |= {
        "mode": "lines+markers+text",
        "text": year_labels(months, list(zip(policy["x"], policy["y"], strict=True))),
    }
    layout = {
        "xaxis": {"title": {"text": "seekers, percent of those seeking or employed"}},
        "yaxis": {"title": {"text": "job vacancy rate, percent"}},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        "margin": {"l": 60, "r": 14, "t": 40, "b": 60},
        "height": 430,
        "dragmode": False,
    }
    return {
        "data": [beveridge_path(summary, "_baseline", BASELINE, GREY), policy],
        "layout": layout,
    }


def beveridge_path(summary: Summary, suffix: str, name: str, colour: str) -> PlotSpec:
    """The curve of one branch, a point per month; `suffix` marks the branch's measures."""
    x, y = (
        [six_digits(values[1]) for values in series_of(summary, f"{measure}{suffix}")]
        for measure in ("seeker_share", "job_vacancy_rate")
    )
    style = {
        "mode": "lines+markers",
        "marker": {"size": 5, "color": colour},
        "line": {"width": 1, "color": colour},
    }
    hover = "%{customdata}: seekers %{x:.1f} %, vacancies %{y:.1f} %<extra></extra>"
    months = {
        "customdata": months_of(summary),
        "textposition": "top center",
        "hovertemplate": hover,
    }
    return {"type": "scatter", "name": name, "x": x, "y": y} | style | months


def year_labels(months: Sequence[str], points: list[tuple[float, float]]) -> list[str]:
    """The year at each January whose point is not close to the last one labelled; else empty."""
    spans = [max(each) - min(each) or 1.0 for each in zip(*points, strict=True)]
    labels, marked = [], list[tuple[float, float]]()
    for month, point in zip(months, points, strict=True):
        moved = not marked or any(
            abs(a - b) > APART * span for a, b, span in zip(point, marked[-1], spans, strict=True)
        )
        labels.append(month[:4] if month.endswith("-01") and moved else "")
        marked += [point] if labels[-1] else []
    return labels
