"""What a question finds, and how it is written: report.html, summary.json and config.yaml."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

from experiments.command import OnDisk
from experiments.reporting.html import (
    asset_text,
    contents,
    figure_block,
    page_of_data,
    standalone_page,
)
from experiments.reporting.plotting import Figure
from experiments.results.provenance import program_record
from experiments.results.result_folder import (
    CONFIG,
    REPORT,
    SUMMARY,
    as_yaml,
    new_result,
)
from experiments.storage.recorded_folder import write_record
from experiments.storage.sealed_json import as_json
from experiments.storage.whole_files import write_whole
from experiments.sweeps.reporting.sweep_page import versions_text


@dataclass(frozen=True)
class Finding:
    """The answer to a question in a sentence, its caution, figures and numbers.

    `figures` are made once the data are on disk, each with a note on what its marks are. `words`
    defines terms. `files` are further files of the result by name.
    """

    heading: str
    answer: str
    caution: Sequence[str]
    figures: Callable[[], Sequence[tuple[Figure, str]]]
    words: Mapping[str, str]
    numbers: Mapping[str, Any]
    files: Mapping[str, str] = field(default_factory=dict)


def written(
    finding: Finding, name: str, resolved: Mapping[str, Any], command: str, on_disk: OnDisk
) -> Path:
    """Write a finding to a new folder in the output folder of the configuration; returns it."""
    record = {"command": command, **program_record()}
    summary = {
        "question": name,
        "answer": finding.answer,
        "caution": list(finding.caution),
        **finding.numbers,
        "record": record,
    }
    texts = {
        SUMMARY: as_json(summary),
        CONFIG: as_yaml(resolved),
        **finding.files,
    }
    with new_result(Path(resolved["output_dir"]), name) as draft:
        on_disk.results.append(lambda: draft.final)
        for file, text in texts.items():
            write_whole(draft.folder / file, text.encode())
        write_record(draft.folder, record)
    assert draft.final is not None
    again = f"to make it, run the same command again: {command}"
    page_of_data(draft.final / REPORT, lambda: page(finding, record, resolved), again)
    return draft.final


def page(finding: Finding, record: Mapping[str, Any], resolved: Mapping[str, Any]) -> str:
    """The page of a finding."""
    words = "".join(
        f"<dt>{html.escape(word)}</dt><dd>{html.escape(text)}</dd>"
        for word, text in finding.words.items()
    )
    shown = finding.figures()
    figures = [figure for figure, _ in shown]
    body = Template(asset_text("decision.html")).substitute(
        heading=html.escape(finding.heading),
        answer=html.escape(finding.answer),
        caution=html.escape(" ".join(finding.caution)),
        contents=contents(figures),
        figures="\n".join(figure_block(figure, note) for figure, note in shown),
        words=f"<dl>{words}</dl>",
        command=html.escape(record["command"]),
        versions=html.escape(versions_text(record)),
        config=html.escape(as_yaml(resolved)),
    )
    return standalone_page(finding.heading, body, {each.key: each.plot for each in figures})
