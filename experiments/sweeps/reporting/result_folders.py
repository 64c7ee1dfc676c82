"""Result folders of experiments.run, such as those of its --multirun, read back as a sweep: same figures, intervals as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.results.result_folder import (
    MONTHS,
    REPORT,
    SUMMARY,
    FolderError,
    Result,
    as_json,
    load_result,
)
from experiments.results.summary_reader import (
    ADOPTED,
    DEADLINE,
    market_of,
    money,
    months_of,
    policy_date_month,
)
from experiments.sweeps.reporting.key_figures import DEFINITIONS, SHORTFALL
from experiments.sweeps.reporting.reading_months import HEADLINES, Moments, assembled
from experiments.sweeps.reporting.sweep_names import Digest
from experiments.sweeps.reporting.sweep_page import page
from experiments.sweeps.store.run_store import STORE, place_file
from sim.inputs.dotted_keys import flatten

NOT_AXES = ("name", "threads", "output_dir")
SHARED = ("start", "months", "scale", "region")
HASHES = ("code_hash", "evidence_hash", "draws_hash")


def read_folders(out: Path, folders: Sequence[Path], command: str) -> Path:
    """Write summary.json and report.html over these results to a folder; raises FolderError if they cannot stand side by side.

    Nothing is written over a result or a store.
    """
    if any((out / theirs).exists() for theirs in (MONTHS, STORE)):
        raise FolderError(
            f"--read: {out} holds results of its own, whose report would be lost; name a folder to write to first: --read OUT FOLDER..."
        )
    results = [load_result(folder) for folder in folders]
    found, record = digest_of(results), results[0].record | {"command": command}
    out.mkdir(parents=True, exist_ok=True)
    place_file(out / SUMMARY, as_json(found | {"record": record}).encode())
    place_file(out / REPORT, page(found, record, results[0].config).encode())
    return out / REPORT


def digest_of(results: Sequence[Result]) -> Digest:
    """What a sweep's summary says, without what needs single runs: paired effects, thresholds."""
    first = results[0].summary
    for result in results:
        if unlike := [name for name in SHARED if result.summary[name] != first[name]]:
            raise FolderError(
                f"{result.folder}: its {', '.join(unlike)} differ from those of {results[0].folder}; read them apart"
            )
    keys = varying(results)
    names = [name for name in first["measures"] if name in HEADLINES or name.endswith("_heads")]
    at, conduct = moments_of(results), conducted(results)
    points = [
        point(result, keys, names, (at.months, month))
        for result, month in zip(results, at.own, strict=True)
    ]
    axes = [
        {"key": key, "values": list(dict.fromkeys(each["values"][key] for each in points))}
        for key in keys
    ]
    total = sum(each["runs"] for each in points)
    alone = {name: values[0] if len(values) == 1 else None for name, values in conduct.items()}
    return {
        "sweep": "of result folders",
        "axes": axes,
        "draws": {"count": 1, "keys": []},
        "replicates": alone["replicates"],
        "seed": alone["seed"],
        "uncertainty": conduct["uncertainty"],
        "differ": {name: values for name, values in conduct.items() if len(values) > 1},
        "moments": at.named,
        "main_month": at.main,
        "definitions": {name: DEFINITIONS[name] for name in ("interval", "month")},
        "runs": {"total": total, "done": total, "failed": 0},
        "measures": {
            name: {key: first["measures"][name][key] for key in ("unit", "label", "note")}
            for name in names
        },
        "points": points,
        "effects": None,
        "thresholds": [],
        "sensitivity": [],
        "curves": {SHORTFALL: [curve(result) for result in results]},
        "failures": {"count": 0, "by_stage": {}, "first": []},
        "market": market_of(first),
        "money": money(first),
        "nationalities": first["nationalities"],
    } | {name: first[name] for name in ("policy", "percentiles", *SHARED)}


def conducted(results: Sequence[Result]) -> dict[str, list[Any]]:
    """What results must agree in if their replicates are to be the same seeds and draws, with the values there are."""
    own = [
        {
            "seed": result.summary["seed"],
            "replicates": result.summary["replicates"],
            "uncertainty": result.summary["uncertainty"]["kind"],
        }
        | {name: result.record.get(name) for name in HASHES}
        for result in results
    ]
    return {
        name: list(dict.fromkeys(value for each in own if (value := each[name]) is not None))
        for name in own[0]
    }


def moments_of(results: Sequence[Result]) -> Moments:
    """When these results are read: each at its own deadline."""
    adopted = sorted(
        {month for result in results if (month := policy_date_month(result.summary, ADOPTED))}
    )
    deadlines = [policy_date_month(result.summary, DEADLINE) for result in results]
    return assembled(
        {f"end of {month[:4]}": f"{month[:4]}-12" for month in adopted},
        deadlines,
        months_of(results[0].summary),
    )


def varying(results: Sequence[Result]) -> list[str]:
    """Keys whose values differ; a file of configs/ stands for what it holds, unless results under the same file differ in it."""
    tables = [
        {key: value for key, value in flatten(result.config).items() if key not in NOT_AXES}
        for result in results
    ]
    named = [key.removesuffix(".name") for key in differing(tables) if key.endswith(".name")]
    found = dict.fromkeys(named)
    for names in dict.fromkeys(
        tuple(table.get(f"{group}.name") for group in named) for table in tables
    ):
        alike = [
            table
            for table in tables
            if tuple(table.get(f"{group}.name") for group in named) == names
        ]
        found |= dict.fromkeys(differing(alike))
    return list(found) or ["policy"]


def differing(tables: Sequence[Mapping[str, Any]]) -> list[str]:
    """Keys in which these configurations differ."""
    keys = dict.fromkeys(key for table in tables for key in table)
    return [key for key in keys if len({str(table.get(key)) for table in tables}) > 1]


def point(
    result: Result, keys: Sequence[str], names: Sequence[str], at: tuple[Sequence[str], str]
) -> dict[str, Any]:
    """One result as a point."""
    months, own = at
    table = flatten(result.config)
    values = {
        key: table[f"{key}.name"] if f"{key}.name" in table else table.get(key) for key in keys
    }
    measures = {
        name: {month: result.summary["measures"][name]["by_month"].get(month) for month in months}
        for name in names
    }
    return {
        "values": values,
        "month": own,
        "runs": result.summary["replicates"],
        "measures": measures,
    }


def curve(result: Result) -> list[list[float] | None]:
    """The shortfall by month."""
    by_month = result.summary["measures"][SHORTFALL]["by_month"]
    return [by_month.get(month) for month in months_of(result.summary)]
