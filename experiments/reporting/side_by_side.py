"""One page that compares results: overlaid figures, and tables of differences with their wages."""

from __future__ import annotations

import html
import shlex
from collections.abc import Sequence
from pathlib import Path
from string import Template

from experiments.reporting.answer import answer
from experiments.reporting.console_table import TableLine, cell_parts, shortage_lines
from experiments.reporting.figures import figure_of_chart
from experiments.reporting.html import (
    asset_text,
    contents,
    figure_block,
    standalone_page,
    table,
    write_page,
)
from experiments.reporting.overlaid_charts import overlaid_charts
from experiments.reporting.overlay import (
    COLOURS,
    NamedSummary,
    bands_note,
    merged_summary,
    rows_of,
)
from experiments.reporting.plotting import Chart, Figure
from experiments.results.result_folder import Result
from experiments.results.summary_reader import NO_VALUE, checkpoints, median_at


def write_comparison(results: Sequence[Result], path: Path) -> Path:
    """Write the page that compares these results; returns its path."""
    return write_page(path, comparison_html(results))


def comparison_html(results: Sequence[Result]) -> str:
    """The page as HTML."""
    named = names_of(results)
    shown = overlaid_figures(named)
    title = f"{len(named)} results compared: {', '.join(each.name for each in named)}"
    body = Template(asset_text("comparison.html")).substitute(
        heading=html.escape(title),
        answers="".join(answer_item(number, each) for number, each in enumerate(named)),
        contents=contents(shown),
        figures="\n".join(figure_block(figure, bands_note(named)) for figure in shown),
        differences="".join(
            difference_table(named, month, words) for words, month in months_to_compare(named)
        ),
        commands=html.escape("\n".join(result.record["command"] for result in results)),
    )
    return standalone_page(title, body, {figure.key: figure.plot for figure in shown})


def names_of(results: Sequence[Result]) -> list[NamedSummary]:
    """The results with names that tell them apart.

    The name is that of the configuration; if two are equal, what was set on the command line is
    added; if they are equal still, the names of the folders are used.
    """
    names = [str(result.config.get("name") or result.summary["policy"]) for result in results]
    if len(set(names)) < len(names):
        names = [
            ", ".join([name, *set_by(result)]) for name, result in zip(names, results, strict=True)
        ]
    if len(set(names)) < len(names):
        names = [result.folder.resolve().name for result in results]
    return [NamedSummary(name, result.summary) for name, result in zip(names, results, strict=True)]


def set_by(result: Result) -> list[str]:
    """What the command line of a result set, apart from policy, name and output folder."""
    words = [word.partition("=") for word in words_of(result.record["command"]) if "=" in word]
    return [
        f"{key.split('.')[-1].replace('_', ' ')} {value}"
        for key, _, value in words
        if key not in ("policy", "name", "output_dir")
    ]


def words_of(command: str) -> list[str]:
    """The words of a command line; those between blanks where a quote is not closed."""
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()


def answer_item(number: int, result: NamedSummary) -> str:
    """A result's answer, marked with the colour of its curves."""
    colour = COLOURS[number % len(COLOURS)]
    key = f'<span class="key" style="background:{colour}" aria-hidden="true"></span>'
    return f"<dt>{key}{html.escape(result.name)}</dt><dd>{html.escape(answer(result.summary))}</dd>"


def overlaid_figures(results: Sequence[NamedSummary]) -> list[Figure]:
    """The figures of the page; each overlays the same measures of all results."""
    together = merged_summary(results)
    return [
        figure_of_chart(
            together, Chart(chart.key, chart.title, chart.lead, rows_of(results, chart.measures))
        )
        for chart in overlaid_charts(together)
    ]


def months_to_compare(results: Sequence[NamedSummary]) -> list[tuple[str, str]]:
    """The checkpoints that lie within every result, with their titles."""
    marks = checkpoints(merged_summary(results))
    return [
        (mark.title, mark.month)
        for mark in marks
        if all(mark.month in each.summary["measures"]["heads"]["by_month"] for each in results)
    ]


def difference_table(results: Sequence[NamedSummary], month: str, words: str) -> str:
    """A table of one month: a line per measure, a column per result.

    Below each number stand its interval, its wage and its difference from the first result.
    """
    rows = [["", *(html.escape(each.name) for each in results)]]
    for line in shortage_lines(results[0].summary):
        cells = [difference_cell(results, number, line, month) for number in range(len(results))]
        rows.append([html.escape(line.label.strip()), *cells])
    return table(rows, html.escape(f"{month} ({words})"))


def difference_cell(
    results: Sequence[NamedSummary], number: int, line: TableLine, month: str
) -> str:
    """A cell: a number of one result with interval, wage and difference from the first."""
    first, *rest = cell_parts(results[number].summary, line, month)
    if (
        number
        and first != NO_VALUE
        and month in results[0].summary["measures"][line.measure]["by_month"]
    ):
        gap = (
            median_at(results[number].summary, line.measure, month)
            - median_at(results[0].summary, line.measure, month)
        ) / line.unit
        rest.append(f"{gap:{'+' + line.form.lstrip('+')}} against the first")
    return html.escape(first) + "".join(f"<small>{html.escape(text)}</small>" for text in rest)
