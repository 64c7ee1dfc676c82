"""report.html of a sweep: the same page as a run's, with thresholds, response curves, heatmaps and paired effects."""

from __future__ import annotations

import html
from collections.abc import Mapping
from string import Template
from typing import Any

import yaml

from experiments.reporting.answer import glossary
from experiments.reporting.html import asset_text, contents, figure_block, standalone_page, table
from experiments.reporting.report_page import assumption_table
from experiments.sweeps.reporting.sweep_figures import pictures
from experiments.sweeps.reporting.sweep_names import (
    EN_DASH,
    Digest,
    answer,
    caution,
    coarse,
    counted,
    found_in,
    level,
    point_named,
    spread,
    when,
    with_interval,
)

POINTS_OPEN, POINTS_SHOWN = 12, 200
COLUMNS = (
    ("shortfall_workers", "Shortfall, standard workers", ",.0f", "wage_real_rub_baseline"),
    ("shortfall_percent", "percent", ",.1f", "wage_real_rub_baseline"),
    ("remaining_gap_workers", "Remaining gap, standard workers", ",.0f", "wage_real_rub"),
    ("unfilled_vacancies", "Unfilled vacancies", ",.0f", "wage_real_rub"),
    ("output_percent_of_baseline", "Output, percent of baseline", ",.1f", None),
)


def page(digest: Digest, record: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """The page as text."""
    drawn = pictures(digest)
    heading = f"Construction labour in {digest['region']}: sweep {digest['sweep']}"
    fixed, again = closing(digest)
    body = Template(asset_text("report.html")).substitute(
        heading=html.escape(heading),
        answer=html.escape(answer(digest)),
        caution=html.escape(caution(digest)),
        contents=contents(drawn),
        numbers=failure_table(digest) + threshold_table(digest) + point_table(digest),
        figures="\n".join(figure_block(figure, bands(digest)) for figure in drawn),
        words=definitions(digest),
        assumptions=assumption_table(config, currency=digest["money"]),
        assumed=fixed,
        again=again,
        command=html.escape(record["command"]),
        versions=html.escape(
            f"Code {record['code_hash']}, evidence {record['evidence_hash'][:16]}; "
            + packages(record)
        ),
        config=html.escape(yaml.safe_dump(dict(config), sort_keys=False, allow_unicode=True)),
    )
    return standalone_page(heading, body, {figure.key: figure.plot for figure in drawn})


def closing(digest: Digest) -> tuple[str, str]:
    """What became of the assumptions, and what the command does."""
    if "differ" not in digest:
        fixed = "This sweep holds them fixed at the value used, but for the keys it varies."
        return (
            fixed,
            "With the same code and evidence, this command finds every run in its store, or simulates what is missing:",
        )
    drawn = (
        ""
        if digest["uncertainty"] == ["none"]
        else "; where parameters are drawn, its results hold many values around it"
    )
    return (
        f"The value used is that of the first folder{drawn}.",
        "This command reads the same folders again:",
    )


def packages(record: Mapping[str, Any]) -> str:
    """Versions of what the result was made with."""
    return ", ".join(f"{name} {version}" for name, version in record["versions"].items()) + "."


def bands(digest: Digest) -> str:
    """What a figure's bands hold."""
    drawn = f", {counted(digest['draws']['count'], 'draw')}" if digest["draws"]["keys"] else ""
    many = (
        counted(digest["replicates"], "replicate")
        if digest["replicates"]
        else "The replicates of each folder"
    )
    return f"{many}{drawn}; bands and whiskers, where there are any: 5 to 95 % of them ({spread(digest)})."


def definitions(digest: Digest) -> str:
    """The run's words, and how thresholds and effects are defined."""
    own = {
        word.replace("_", " ").capitalize(): text for word, text in digest["definitions"].items()
    }
    entries = (
        f"<dt>{html.escape(word)}</dt><dd>{html.escape(text)}</dd>"
        for word, text in (own | glossary(digest)).items()
    )
    return f"<dl>{''.join(entries)}</dl>"


def threshold_table(digest: Digest) -> str:
    """At which compliance what happens, for every line."""
    if not digest["thresholds"]:
        return ""
    rows = [
        [
            "",
            "shortfall reaches 5 %",
            "shortfall reaches 10 %",
            "deadline met, 90 % probability",
            "the same, all transported",
        ]
    ]
    for line in digest["thresholds"]:
        met = [
            level(line[name]["at"]) if name in line else EN_DASH
            for name in ("deadline_met", "deadline_met_and_transported")
        ]
        cells = [*(level(each["at"]) for each in line["shortfall_percent_exceeds"]), *met]
        rows.append(
            [
                html.escape(point_named(digest, line | {"values": line["where"]})),
                *map(html.escape, cells),
            ]
        )
    wide = coarse([each for line in digest["thresholds"] for each in found_in(line)])
    note = f'<p class="soft">{html.escape(wide.strip())}</p>' if wide else ""
    return table(rows, html.escape(f"Compliance at which, in {when(digest)}")) + note


def point_table(digest: Digest) -> str:
    """The main numbers of every point in its own month, with their wages."""
    rows = [["", *(html.escape(title) for _, title, _, _ in COLUMNS), "runs"]]
    for point in digest["points"][:POINTS_SHOWN]:
        cells = [
            number_cell(point, (name, form, wage), digest["money"])
            for name, _, form, wage in COLUMNS
        ]
        rows.append([html.escape(point_named(digest, point)), *cells, f"{point['runs']:,}"])
    more = (
        f" (the first {POINTS_SHOWN}; all are in summary.json)"
        if len(digest["points"]) > POINTS_SHOWN
        else ""
    )
    title = html.escape(f"Every point in {when(digest)}")
    shown = table(rows, title + more)
    return (
        shown
        if len(digest["points"]) <= POINTS_OPEN
        else f"<details><summary>{title}</summary>{shown}</details>"
    )


def number_cell(point: Mapping[str, Any], column: tuple[str, str, str | None], money: str) -> str:
    """Median, and small below it the interval and the wage."""
    name, form, wage = column
    measures, month = point["measures"], point["month"]
    first, *rest = with_interval(measures[name][month], form).split(" ", 1)
    paid = measures[wage][month] if wage else None
    rest += [f"at {paid[1]:,.0f} {money}"] if paid else []
    return html.escape(first) + "".join(f"<small>{html.escape(text)}</small>" for text in rest)


def failure_table(digest: Digest) -> str:
    """Runs that failed, if any."""
    found = digest["failures"]
    if not found["count"]:
        return ""
    rows = [["run", "stage", "message"]] + [
        [html.escape(row[name]) for name in ("run", "stage", "message")] for row in found["first"]
    ]
    return table(
        rows, f"{found['count']:,} runs failed; all of them, with tracebacks, are in failures/"
    )
