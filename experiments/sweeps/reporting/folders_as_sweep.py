"""Result folders of experiments.run, such as those of its --multirun, reported as one sweep.

They hold intervals and not single runs, so there are no paired effects and no thresholds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.results.result_folder import MONTHS, REPORT, SUMMARY, Result, load_result
from experiments.results.summary_reader import (
    ADOPTED,
    DEADLINE,
    market_of,
    money,
    months_of,
    policy_date_month,
)
from experiments.storage.folder_error import FolderError
from experiments.storage.sealed_json import as_json
from experiments.storage.whole_files import write_whole
from experiments.sweeps.reporting.compliance_thresholds import DEFINITIONS, SHORTFALL
from experiments.sweeps.reporting.point_names import SweepSummary
from experiments.sweeps.reporting.reading_months import HEADLINES, ReadingMonths, reading_months
from experiments.sweeps.reporting.sweep_page import page
from experiments.sweeps.store.store_record import STORE
from sim.inputs.dotted_keys import flatten

NOT_AXES = ("name", "threads", "output_dir")
"""Keys in which folders may differ without being different points."""
SHARED = ("start", "months", "scale", "region")
"""Keys of a summary in which folders must agree to be compared."""
HASHES = ("code_hash", "evidence_hash", "draws_hash")


def read_folders(out: Path, folders: Sequence[Path], command: str) -> Path:
    """Write summary.json and report.html over these result folders to `out`; returns the report.

    Raises FolderError if `out` holds a result or a store, which would lose its own report, or if
    the results cannot be compared.
    """
    if any((out / name).exists() for name in (MONTHS, STORE)):
        raise FolderError(
            f"--read: {out} holds results, whose report would be overwritten; "
            "first name another folder to write to: --read OUT FOLDER..."
        )
    results = [load_result(folder) for folder in folders]
    summary, record = summarise_folders(results), results[0].record | {"command": command}
    out.mkdir(parents=True, exist_ok=True)
    write_whole(out / SUMMARY, as_json(summary | {"record": record}).encode())
    write_whole(out / REPORT, page(summary, record, results[0].config).encode())
    return out / REPORT


def summarise_folders(results: Sequence[Result]) -> SweepSummary:
    """The summary of a sweep whose points are these results."""
    check_comparable(results)
    first, keys = results[0].summary, varied_keys(results)
    wanted = {*HEADLINES, *(f"{group}_heads" for group in first["nationalities"])}
    names = [name for name in first["measures"] if name in wanted]
    months, conditions = reading_months_of_results(results), conditions_of(results)
    points = [
        point(result, keys, names, (months.all, month))
        for result, month in zip(results, months.of_cell, strict=True)
    ]
    total = sum(each["runs"] for each in points)
    common = {name: values[0] if len(values) == 1 else None for name, values in conditions.items()}
    return {
        "sweep": "of result folders",
        "axes": [
            {"key": key, "values": list(dict.fromkeys(each["values"][key] for each in points))}
            for key in keys
        ],
        "draws": {"count": 1, "keys": []},
        "replicates": common["replicates"],
        "seed": common["seed"],
        "uncertainty": conditions["uncertainty"],
        "differ": {name: values for name, values in conditions.items() if len(values) > 1},
        "reading_months": months.by_title,
        "common_month": months.common,
        "definitions": {name: DEFINITIONS[name] for name in ("interval", "reading_month")},
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
        "structure": shared_structure(results),
    } | {name: first[name] for name in ("policy", "percentiles", *SHARED)}


def shared_structure(results: Sequence[Result]) -> dict[str, str]:
    """The alternative of each rule in which all results agree."""
    chosen: list[dict[str, str]] = [result.summary["structure"] for result in results]
    return {
        rule: key for rule, key in chosen[0].items() if all(each[rule] == key for each in chosen)
    }


def check_comparable(results: Sequence[Result]) -> None:
    """Raise FolderError if a result has other months or another size than the first."""
    first = results[0]
    for result in results:
        unlike = [name for name in SHARED if result.summary[name] != first.summary[name]]
        if unlike:
            raise FolderError(
                f"{result.folder}: its {', '.join(unlike)} differ from those of {first.folder}; "
                "give folders that agree in them"
            )


def conditions_of(results: Sequence[Result]) -> dict[str, list[Any]]:
    """Seed, replicates and all else that must agree for results to have the same random draws.

    Each with its different values.
    """
    conditions = [
        {
            "seed": result.summary["seed"],
            "replicates": result.summary["replicates"],
            "uncertainty": result.summary["uncertainty"]["kind"],
        }
        | {name: result.record.get(name) for name in HASHES}
        for result in results
    ]
    return {
        name: list(dict.fromkeys(value for each in conditions if (value := each[name]) is not None))
        for name in conditions[0]
    }


def reading_months_of_results(results: Sequence[Result]) -> ReadingMonths:
    """The months in which these results are read, each at its own deadline."""
    adopted = [policy_date_month(result.summary, ADOPTED) for result in results]
    deadlines = [policy_date_month(result.summary, DEADLINE) for result in results]
    return reading_months(adopted, deadlines, months_of(results[0].summary))


def varied_keys(results: Sequence[Result]) -> list[str]:
    """Keys of the configuration whose values differ.

    A group such as `policy` stands for all values in which its files differ. A value is named
    beside it only where results with the same files differ in it.
    """
    tables = [
        {key: value for key, value in flatten(result.config).items() if key not in NOT_AXES}
        for result in results
    ]
    groups = [key.removesuffix(".name") for key in differing_keys(tables) if key.endswith(".name")]
    by_files: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for table in tables:
        files = tuple(table.get(f"{group}.name") for group in groups)
        by_files.setdefault(files, []).append(table)
    keys = [key for same_files in by_files.values() for key in differing_keys(same_files)]
    return list(dict.fromkeys([*groups, *keys])) or ["policy"]


def differing_keys(tables: Sequence[Mapping[str, Any]]) -> list[str]:
    """Keys in which these configurations differ."""
    keys = dict.fromkeys(key for table in tables for key in table)
    return [key for key in keys if len({str(table.get(key)) for table in tables}) > 1]


def point(
    result: Result, keys: Sequence[str], names: Sequence[str], at: tuple[Sequence[str], str]
) -> dict[str, Any]:
    """A result as a point; `at` holds all reading months, and its own."""
    months, own = at
    table, measures = flatten(result.config), result.summary["measures"]
    return {
        "values": {key: table.get(f"{key}.name", table.get(key)) for key in keys},
        "month": own,
        "runs": result.summary["replicates"],
        "measures": {
            name: {month: measures[name]["by_month"].get(month) for month in months}
            for name in names
        },
    }


def curve(result: Result) -> list[list[float] | None]:
    """The shortfall by month."""
    by_month = result.summary["measures"][SHORTFALL]["by_month"]
    return [by_month.get(month) for month in months_of(result.summary)]
