"""report.html of a sweep: the page of a single result, with the figures and tables of a sweep."""

from __future__ import annotations

import html
from collections.abc import Mapping
from string import Template
from typing import Any, NamedTuple

import yaml

from experiments.reporting.answer import glossary
from experiments.reporting.html import asset_text, contents, figure_block, standalone_page, table
from experiments.reporting.plotting import Figure
from experiments.reporting.report_page import assumption_table
from experiments.results.summary_reader import EN_DASH
from experiments.sweeps.reporting.point_names import (
    SweepSummary,
    counted,
    interval_text,
    month_phrase,
    point_label,
    reading,
    threshold_text,
)
from experiments.sweeps.reporting.sweep_answer import (
    answer,
    caution,
    interval_content,
    level_warning,
    thresholds_of,
)
from experiments.sweeps.reporting.sweep_figures import all_figures

POINTS_OPEN, POINTS_SHOWN = 12, 200
"""Points up to which their table is unfolded, and points that it shows at most."""


class Column(NamedTuple):
    """A column of the table of points; `wage` measures the wage that its numbers hold at."""

    measure: str
    title: str
    form: str
    wage: str | None


COLUMNS = (
    Column("shortfall_workers", "Shortfall, standard workers", ",.0f", "wage_real_rub_baseline"),
    Column("shortfall_percent", "Shortfall, percent", ",.1f", "wage_real_rub_baseline"),
    Column("remaining_gap_workers", "Remaining gap, standard workers", ",.0f", "wage_real_rub"),
    Column("unfilled_vacancies", "Unfilled vacancies", ",.0f", "wage_real_rub"),
    Column("output_percent_of_baseline", "Output, percent of the baseline", ",.1f", None),
)


def page(summary: SweepSummary, record: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """The page as text."""
    figures = all_figures(summary)
    heading = f"Construction labour in {summary['region']}: sweep {summary['sweep']}"
    assumed, again = closing(summary)
    body = Template(asset_text("report.html")).substitute(
        heading=html.escape(heading),
        answer=html.escape(answer(summary)),
        caution=html.escape(caution(summary)),
        contents=contents(figures),
        numbers=failure_table(summary) + threshold_table(summary) + point_table(summary),
        figures="\n".join(figure_block(each, figure_note(summary, each)) for each in figures),
        words=words(summary),
        assumptions=assumption_table(config, currency=summary["money"]),
        assumed=assumed,
        again=again,
        command=html.escape(record["command"]),
        versions=html.escape(versions_text(record)),
        config=html.escape(yaml.safe_dump(dict(config), sort_keys=False, allow_unicode=True)),
    )
    return standalone_page(heading, body, {each.key: each.plot for each in figures})


def closing(summary: SweepSummary) -> tuple[str, str]:
    """What the sweep did with the assumptions, and what its command does."""
    if "differ" not in summary:
        return (
            "The sweep uses these values, except for the keys that it varies.",
            "With the same code and evidence, this command finds every run in its store, or "
            "simulates it if it is missing:",
        )
    sampled = (
        ""
        if summary["uncertainty"] == ["none"]
        else "; where parameters are sampled, every draw has a value of its own"
    )
    return (
        f"The value used is that of the first folder{sampled}.",
        "This command reads the same folders again:",
    )


def versions_text(record: Mapping[str, Any]) -> str:
    """Versions of code, evidence and packages."""
    packages = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    return f"Code {record['code_hash']}, evidence {record['evidence_hash'][:16]}; {packages}."


def figure_note(summary: SweepSummary, figure: Figure) -> str:
    """What a figure's marks are, of how many runs, and which uncertainty they hold."""
    draws = summary["draws"]
    sampled = f"{counted(draws['count'], 'draw')} x " if draws["keys"] else ""
    runs = (
        f"{sampled}{counted(summary['replicates'], 'replicate')}"
        if summary["replicates"]
        else "the replicates of each folder"
    )
    return f"{figure.shows} of {runs}; {interval_content(summary)}."


def words(summary: SweepSummary) -> str:
    """Definitions of the sweep's numbers, and the glossary."""
    own = {
        name.replace("_", " ").capitalize(): text for name, text in summary["definitions"].items()
    }
    entries = (
        f"<dt>{html.escape(word)}</dt><dd>{html.escape(text)}</dd>"
        for word, text in (own | glossary(summary)).items()
    )
    return f"<dl>{''.join(entries)}</dl>"


def threshold_table(summary: SweepSummary) -> str:
    """The thresholds of every line; nothing if compliance does not vary."""
    lines = summary["thresholds"]
    if not lines:
        return ""
    rows = [
        [
            "",
            "the shortfall reaches 5 %",
            "the shortfall reaches 10 %",
            "90 % of runs meet the deadline",
            "90 % meet it with all transported",
        ]
    ]
    for line in lines:
        cells = [threshold_text(each["at"]) for each in line["shortfall_percent_exceeds"]]
        cells += [
            threshold_text(line[name]["at"]) if name in line else EN_DASH
            for name in ("deadline_met", "deadline_met_and_transported")
        ]
        name = point_label(summary, line | {"values": line["where"]})
        rows.append([html.escape(text) for text in (name, *cells)])
    caption = html.escape(f"Lowest compliance at which, in {month_phrase(summary)}:")
    warning = level_warning([each for line in lines for each in thresholds_of(line)])
    notes = "".join(f'<p class="soft">{html.escape(text)}</p>' for text in warning)
    return table(rows, caption) + notes


def point_table(summary: SweepSummary) -> str:
    """The main numbers of every point, with the wages they hold at."""
    points = summary["points"]
    rows = [["", *(html.escape(column.title) for column in COLUMNS), "runs"]]
    for point in points[:POINTS_SHOWN]:
        cells = [number_cell(point, column, summary["money"]) for column in COLUMNS]
        rows.append([html.escape(point_label(summary, point)), *cells, f"{point['runs']:,}"])
    title = html.escape(f"Every point in {month_phrase(summary)}")
    if len(points) > POINTS_SHOWN:
        title += f" (the first {POINTS_SHOWN}; summary.json has all)"
    if len(points) <= POINTS_OPEN:
        return table(rows, title)
    return f"<details><summary>{title}</summary>{table(rows)}</details>"


def number_cell(point: Mapping[str, Any], column: Column, money: str) -> str:
    """The median, and in small print below it the interval and the wage."""
    first, *rest = interval_text(reading(point, column.measure), column.form).split(" ", 1)
    wage = reading(point, column.wage) if column.wage else None
    rest += [f"at {wage[1]:,.0f} {money}"] if wage else []
    return html.escape(first) + "".join(f"<small>{html.escape(text)}</small>" for text in rest)


def failure_table(summary: SweepSummary) -> str:
    """Runs that failed; nothing if none did."""
    failures = summary["failures"]
    if not failures["count"]:
        return ""
    names = ["run", "stage", "message"]
    rows = [names] + [[html.escape(row[name]) for name in names] for row in failures["first"]]
    count = counted(failures["count"], "run")
    return table(rows, f"{count} failed; failures/ has all of them, with tracebacks")
