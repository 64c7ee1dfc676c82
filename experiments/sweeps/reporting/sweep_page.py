"""report.html of a sweep: the page of a single result, with the figures and tables of a sweep."""

from __future__ import annotations

import html
from collections.abc import Mapping
from string import Template
from typing import Any

import yaml

from experiments.reporting.answer import glossary
from experiments.reporting.citation import citation_of
from experiments.reporting.html import asset_text, contents, figure_block, standalone_page
from experiments.reporting.plotting import BANDS, Figure
from experiments.reporting.report_page import assumption_table
from experiments.results.provenance import certificate
from experiments.storage.digests import sha256
from experiments.storage.sealed_json import as_json
from experiments.sweeps.reporting.figure_parts import WHISKERS
from experiments.sweeps.reporting.point_names import SweepSummary, counted
from experiments.sweeps.reporting.sweep_answer import answer, caution, interval_content
from experiments.sweeps.reporting.sweep_figures import all_figures
from experiments.sweeps.reporting.sweep_tables import all_tables


def page(summary: SweepSummary, record: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """The page as text."""
    figures = all_figures(summary)
    first, *others = (figure_block(each, figure_note(summary, each)) for each in figures)
    where = f"Construction labour in {summary['region']}"
    heading = f"{where}: sweep {summary['sweep']}"
    assumed, again = closing(summary)
    citation = citation_of(heading, record, sha256(as_json(summary).encode()))
    body = Template(asset_text("report.html")).substitute(
        where=html.escape(where),
        question=html.escape(f"Sweep {summary['sweep']}"),
        hangs_on="",
        first=first,
        citation=html.escape(citation.text),
        bibtex=html.escape(citation.bibtex),
        cards="",
        answer=html.escape(answer(summary)),
        structure="",  # the caution says it
        caution=html.escape(caution(summary)),
        contents=contents(figures),
        numbers=all_tables(summary),
        figures="\n".join(others),
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
    return (
        f"Code {record['code_hash']}, evidence {record['evidence_hash'][:16]}; {packages}. "
        f"{certificate(record)}."
    )


def figure_note(summary: SweepSummary, figure: Figure) -> str:
    """What a figure's marks are, of how many runs, and which uncertainty its intervals hold."""
    draws = summary["draws"]
    crossed = draws["keys"] and not draws.get("own_seeds")
    sampled = f"{counted(draws['count'], 'draw')} x " if crossed else ""
    runs = (
        f"{sampled}{counted(summary['replicates'], 'replicate')}"
        if summary["replicates"]
        else "the replicates of each folder"
    )
    has_intervals = figure.shows in (BANDS, WHISKERS)
    content = f" ({interval_content(summary)})" if has_intervals else ""
    return f"{figure.shows} of {runs}{content}."


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
