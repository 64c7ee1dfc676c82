"""report.html: one self-contained page from a result."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from experiments.configuration.parameter_values import number_at
from experiments.ensembles.uncertainty import NONE, interval_meaning
from experiments.reporting.all_measures import all_measures_table
from experiments.reporting.answer import answer, caution, glossary
from experiments.reporting.console_table import TableLine, cell_parts, tables_of, wage_note
from experiments.reporting.figures import figures
from experiments.reporting.html import (
    asset_text,
    contents,
    figure_block,
    standalone_page,
    table,
    write_page,
)
from experiments.reporting.plotting import Figure
from experiments.results.result_folder import CONFIG, REPORT, Result, load_result
from experiments.results.summary_reader import Summary, checkpoints, money
from sim.inputs.dated_inputs import parameters

WIDE_RANGES = (
    "population.north_korean.heads",
    "population.north_korean.efficiency",
    "population.north_korean.short_contract_share",
    "population.russian.employed",
    "population.russian.pool",
    "population.russian.taste_sd",
    "market.production.trade_substitution_elasticity",
    "market.production.demand_price_elasticity",
    "market.wages.adjustment_per_month",
    "market.wages.base_wage_rub",
    "policy.inspection_rate",
    "population.north_korean.levy_share",
)


CHANCE = "no cause by itself, as draws of a posterior hang together; a blank says that chance alone would often give as much"


CAPTION_MEASURES = {
    "heads": "heads",
    "papers": "north_korean_heads_work",
    "wages": "wage_real_rub",
    "vacancies": "job_vacancy_rate",
    "output": "output_percent_of_baseline",
    "revenue": "dprk_revenue_lost_usd",
}
"""The measure whose uncertainty a figure's caption splits; the others speak of the shortfall."""


def write_report(folder: Path, path: Path | None = None) -> Path:
    """Write report.html into a result folder, or to `path`; the same result gives the same bytes."""
    return write_page(path or folder / REPORT, report_html(load_result(folder)))


def report_html(result: Result) -> str:
    """The page as text."""
    summary, drawn = result.summary, figures(result.summary)
    heading = f"Construction labour in {summary['region']} under {summary['policy']}"
    body = Template(asset_text("report.html")).substitute(
        heading=html.escape(heading),
        answer=html.escape(answer(summary)),
        caution=html.escape(caution(summary)),
        contents=contents(drawn),
        numbers=number_tables(summary)
        + f'<p class="soft">{html.escape(wage_note(summary))}</p>'
        + f"<details><summary>Every measure</summary>{all_measures_table(summary)}</details>",
        figures="\n".join(
            figure_block(figure, interval_caption(figure, summary)) for figure in drawn
        ),
        words="<dl>"
        + "".join(
            f"<dt>{html.escape(word)}</dt><dd>{html.escape(text)}</dd>"
            for word, text in glossary(summary).items()
        )
        + "</dl>",
        assumptions=assumption_table(
            result.config,
            summary["uncertainty"].get("drivers", []),
            summary["sampled"],
            money(summary),
        ),
        assumed=parameters_paragraph(summary),
        again="With the same code and evidence, this command gives the same months.parquet to the byte on the same machine and build:",
        command=html.escape(result.record["command"]),
        versions=html.escape(version_line(result.record)),
        config=html.escape((result.folder / CONFIG).read_text(encoding="utf-8")),
    )
    return standalone_page(heading, body, {figure.key: figure.plot for figure in drawn})


def parameters_paragraph(summary: Summary) -> str:
    """What was done with the parameters that nobody knows."""
    drawn = summary["uncertainty"]["kind"]
    if drawn == NONE:
        return "This result holds them fixed at the value used."
    said = (
        f"Each pair of replicates of this result drew what is uncertain from the {drawn}: beside the configured value stand its own draws; "
        "where there are none, the configured value was used."
    )
    if not summary["uncertainty"].get("drivers"):
        return said
    return f"{said} First stand those that the shortfall of the last year goes with over these draws, by rank correlation: {CHANCE}."


def number_tables(summary: Summary) -> str:
    """The closing tables of the command, as HTML."""
    return "".join(
        number_table(summary, title, lines) for title, lines in tables_of(summary).items()
    )


def number_table(summary: Summary, title: str, lines: Sequence[TableLine]) -> str:
    """One of them: a line a measure, a column a checkpoint."""
    marks = checkpoints(summary)
    rows = [["", *(f"{html.escape(mark.title)}<small>{mark.month}</small>" for mark in marks)]]
    for line in lines:
        label = html.escape(line.label.strip())
        shown = f'<span class="part">{label}</span>' if line.label.startswith(" ") else label
        rows.append([shown, *(number_cell(summary, line, mark.month) for mark in marks)])
    return table(rows, html.escape(title))


def number_cell(summary: Summary, line: TableLine, month: str) -> str:
    """Median, and small below it the interval and the wage."""
    first, *rest = cell_parts(summary, line, month)
    return html.escape(first) + "".join(f"<small>{html.escape(text)}</small>" for text in rest)


def interval_caption(figure: Figure, summary: Summary) -> str:
    """What a figure's bands hold."""
    held = interval_meaning(summary, CAPTION_MEASURES.get(figure.key, "shortfall_workers"))
    return f"{figure.shows} of {summary['replicates']} replicates; {held}."


def assumption_table(
    config: Mapping[str, Any],
    drivers: Sequence[Mapping[str, Any]] = (),
    drawn: Mapping[str, Sequence[float]] | None = None,
    currency: str = "RUB",
) -> str:
    """Parameters that no source settles: value, range, unit; first those that the shortfall of this run goes with, and how closely.

    drawn: [p5, median, p95] of what this run drew instead of what is configured; a number with no draws beside it was used as configured.
    """
    goes_with = {entry["parameter"]: f"{entry['rank_correlation']:+.2f}" for entry in drivers}
    rows = [
        [
            "parameter",
            *(["configured", "drawn<small>median, 5 to 95 %</small>"] if drawn else ["used"]),
            "range",
            "unit",
            "rank correlation",
        ]
    ]
    for key in (*goes_with, *(key for key in WIDE_RANGES if key not in goes_with)):
        used, known = number_at(config, key), parameters().get(key)
        if used is not None and known is not None and known.prior is not None:
            low, high = known.prior
            shown = [
                html.escape(text)
                for text in (
                    key,
                    f"{used:,g}",
                    f"{low:,g} to {high:,g}",
                    known.unit.replace("RUB", currency),
                )
            ]
            cells = [*shown[:2], *([sampled_cell(drawn.get(key))] if drawn else []), *shown[2:]]
            rows.append(
                [
                    cells[0].replace(".", ".<wbr>").replace("_", "_<wbr>"),
                    *cells[1:],
                    goes_with.get(key, ""),
                ]
            )
    return table(rows if goes_with else [row[:-1] for row in rows])


def sampled_cell(ends: Sequence[float] | None) -> str:
    """What a run drew, to three digits: the median and small below it the interval; nothing where it drew nothing."""
    if ends is None:
        return ""
    low, median, high = (f"{float(f'{end:.3g}'):,g}" for end in ends)
    return f"{median}<small>[{low} to {high}]</small>"


def version_line(record: Mapping[str, Any]) -> str:
    """Code, evidence and versions."""
    packages = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    return f"Code {record['code_hash']}, evidence {record['evidence_hash'][:16]}, months.parquet {record['months_hash'][:16]}; {packages}."
