"""report.html: one self-contained page about a result."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from experiments.configuration.keys_without_effect import NOTES
from experiments.configuration.parameter_values import number_at
from experiments.ensembles.uncertainty import NONE, interval_meaning
from experiments.reporting.all_measures import all_measures_table
from experiments.reporting.answer import answer, caution, glossary
from experiments.reporting.citation import citation_of
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
from experiments.reporting.key_numbers import cards, key_numbers
from experiments.reporting.plotting import Figure
from experiments.reporting.question import hangs_on, question
from experiments.results.provenance import certificate
from experiments.results.result_folder import (
    CONFIG,
    MONTHS,
    REPORT,
    Result,
    load_result,
)
from experiments.results.summary_reader import Summary, checkpoints, money
from experiments.storage.recorded_folder import FILES
from sim.inputs.dated_inputs import parameters
from sim.structure import structure_text

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
"""Parameters with wide ranges that matter most for the shortfall and the levy."""


RANK_CORRELATION_NOTE = (
    "A correlation is not yet a cause, as parameters are correlated in the posterior; where none "
    "is given, chance alone would often give one as high."
)


CAPTION_MEASURES = {
    "heads": "heads",
    "papers": "north_korean_heads_work",
    "wages": "wage_real_rub",
    "vacancies": "job_vacancy_rate",
    "output": "output_percent_of_baseline",
    "revenue": "dprk_revenue_lost_usd",
}
"""The measure whose variance the caption of a figure splits; in other figures the shortfall."""


def write_report(folder: Path, path: Path | None = None) -> Path:
    """Write report.html into a result folder, or to `path`; equal results give equal bytes."""
    return write_page(path or folder / REPORT, report_html(load_result(folder)))


def report_html(result: Result) -> str:
    """The page as HTML."""
    summary, shown = result.summary, figures(result.summary)
    asked = question(result.config)
    heading = f"{asked}: construction labour in {summary['region']}"
    first, *others = (figure_block(each, interval_caption(each, summary)) for each in shown)
    title = f"Construction labour in {summary['region']}: {asked}"
    citation = citation_of(title, result.record, result.record[FILES][MONTHS])
    body = Template(asset_text("report.html")).substitute(
        structure=f'<p class="soft">{html.escape(structure_text(summary["structure"]))}</p>',
        where=html.escape(f"Construction labour in {summary['region']}"),
        question=html.escape(asked),
        hangs_on=html.escape(hangs_on(summary)),
        first=first,
        citation=html.escape(citation.text),
        bibtex=html.escape(citation.bibtex),
        cards=cards(key_numbers(summary)),
        answer=html.escape(answer(summary)),
        caution=html.escape(" ".join([caution(summary), *without_effect(result.record)])),
        contents=contents(shown),
        numbers=number_tables(summary)
        + f'<p class="soft">{html.escape(wage_note(summary))}</p>'
        + f"<details><summary>Every measure</summary>{all_measures_table(summary)}</details>",
        figures="\n".join(others),
        words="<dl>"
        + "".join(
            f"<dt>{html.escape(word)}</dt><dd>{html.escape(text)}</dd>"
            for word, text in glossary(summary).items()
        )
        + "</dl>",
        assumptions=assumption_table(
            result.config,
            summary["uncertainty"]["drivers"],
            summary["sampled"],
            money(summary),
        ),
        assumed=parameters_paragraph(summary),
        again="With the same code and evidence, on the same machine and with the same build, "
        "this command gives the same months.parquet to the byte:",
        command=html.escape(result.record["command"]),
        versions=html.escape(version_line(result.record)),
        config=html.escape((result.folder / CONFIG).read_text(encoding="utf-8")),
    )
    return standalone_page(heading, body, {figure.key: figure.plot for figure in shown})


def without_effect(record: Mapping[str, Any]) -> list[str]:
    """Sentences about keys that were set and have no effect in this result."""
    return [f"{line}." for line in record.get(NOTES, ())]


def parameters_paragraph(summary: Summary) -> str:
    """How the result treats parameters that are not known well."""
    kind = summary["uncertainty"]["kind"]
    if kind == NONE:
        return "This result holds them fixed at the value used."
    sampled = (
        f"Each pair of replicates of this result has its own draw of them from the {kind}. Beside "
        "the configured value stands what was sampled; where nothing stands, the configured value "
        "was used."
    )
    if not summary["uncertainty"]["drivers"]:
        return sampled
    return (
        f"{sampled} First come the parameters whose draws correlate with the shortfall of the last "
        f"year, by the size of the rank correlation. {RANK_CORRELATION_NOTE}"
    )


def number_tables(summary: Summary) -> str:
    """The tables that the command prints, as HTML."""
    return "".join(
        number_table(summary, title, lines) for title, lines in tables_of(summary).items()
    )


def number_table(summary: Summary, title: str, lines: Sequence[TableLine]) -> str:
    """One table: a line per measure, a column per checkpoint."""
    marks = checkpoints(summary)
    rows = [["", *(f"{html.escape(mark.title)}<small>{mark.month}</small>" for mark in marks)]]
    for line in lines:
        label = html.escape(line.label.strip())
        shown = f'<span class="part">{label}</span>' if line.label.startswith(" ") else label
        rows.append([shown, *(number_cell(summary, line, mark.month) for mark in marks)])
    return table(rows, html.escape(title))


def number_cell(summary: Summary, line: TableLine, month: str) -> str:
    """A cell: the median, and in small print below it the interval and the wage."""
    first, *rest = cell_parts(summary, line, month)
    return html.escape(first) + "".join(f"<small>{html.escape(text)}</small>" for text in rest)


def interval_caption(figure: Figure, summary: Summary) -> str:
    """What the intervals of a figure show."""
    meaning = interval_meaning(summary, CAPTION_MEASURES.get(figure.key, "shortfall_workers"))
    return f"{figure.shows} of {summary['replicates']} replicates; {meaning}."


def assumption_table(
    config: Mapping[str, Any],
    drivers: Sequence[Mapping[str, Any]] = (),
    sampled: Mapping[str, Sequence[float]] | None = None,
    currency: str = "RUB",
) -> str:
    """Parameters that no source settles, with value, range and unit.

    drivers: those that the shortfall of this run varies with come first, with the correlation.
    sampled: [p5, median, p95] of the parameters that were sampled; others were as configured.
    """
    correlations = {entry["parameter"]: f"{entry['rank_correlation']:+.2f}" for entry in drivers}
    rows = [["parameter", *value_heads(bool(sampled)), "range", "unit", "rank correlation"]]
    for key in dict.fromkeys([*correlations, *WIDE_RANGES]):
        used, known = number_at(config, key), parameters().get(key)
        if used is not None and known is not None and known.prior is not None:
            low, high = known.prior
            values = [f"{used:,g}", *([sampled_cell(sampled.get(key))] if sampled else [])]
            unit = html.escape(known.unit.replace("RUB", currency))
            correlation = correlations.get(key, "")
            rows.append([breakable(key), *values, f"{low:,g} to {high:,g}", unit, correlation])
    return table(rows if correlations else [row[:-1] for row in rows])


def value_heads(sampled: bool) -> list[str]:
    """The heads of the columns with values of parameters."""
    return ["configured", "sampled<small>median, 5 to 95 %</small>"] if sampled else ["used"]


def breakable(key: str) -> str:
    """A dotted key that a browser may break after dots and underscores."""
    return html.escape(key).replace(".", ".<wbr>").replace("_", "_<wbr>")


def sampled_cell(ends: Sequence[float] | None) -> str:
    """Median and interval of a sampled parameter to three digits; empty if not sampled."""
    if ends is None:
        return ""
    low, median, high = (f"{float(f'{end:.3g}'):,g}" for end in ends)
    return f"{median}<small>[{low} to {high}]</small>"


def version_line(record: Mapping[str, Any]) -> str:
    """Hashes of code, evidence and results, and the versions of packages."""
    packages = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    return (
        f"Code {record['code_hash']}, evidence {record['evidence_hash'][:16]}, "
        f"months.parquet {record[FILES][MONTHS][:16]}; {packages}. {certificate(record)}."
    )
