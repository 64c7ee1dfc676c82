"""Whether the files of a result are whole: a copy that broke off may still be JSON or YAML."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from experiments.results.summary_contents import (
    NUMBER,
    PERCENTILES,
    content_defects,
    is_interval,
)
from sim.scenario import Scenario

SUMMARY_KEYS: dict[str, type | tuple[type, ...]] = {
    "policy": str,
    "compliance": NUMBER,
    "replicates": int,
    "seed": int,
    "start": str,
    "months": int,
    "scale": NUMBER,
    "market": str,
    "region": str,
    "money": str,
    "percentiles": list,
    "trades": list,
    "nationalities": dict,
    "policy_dates": list,
    "levers": list,
    "structure": dict,
    "uncertainty": dict,
    "sampled": dict,
    "notes": list,
    "means_at_end": dict,
    "measures": dict,
}
"""What summary.json holds, and as what."""
RECORD_KEYS: dict[str, type | tuple[type, ...]] = {
    "command": str,
    "seed": int,
    "replicates": int,
    "structure": dict,
    "code_hash": str,
    "evidence_hash": str,
    "versions": dict,
    "files": dict,
    "source": dict,
}
"""What run.json holds, and as what."""
CONFIG_KEYS: dict[str, type | tuple[type, ...]] = {
    **{field.name: object for field in dataclasses.fields(Scenario)},
    "market": dict,
    "population": dict,
    "policy": dict,
    "structure": dict,
    "name": str,
    "replicates": int,
    "uncertainty": str,
    "held": list,
    "output_dir": str,
}
"""What config.yaml holds, and as what."""
UNCERTAINTY_KEYS: dict[str, type | tuple[type, ...]] = {
    "kind": str,
    "parameters_share": dict,
    "drivers": list,
}
MEASURE_KEYS: dict[str, type | tuple[type, ...]] = {
    "unit": str,
    "label": str,
    "note": str,
    "by_month": dict,
}
KINDS = {
    dict: "a mapping",
    list: "a list",
    str: "a text",
    int: "a whole number",
    NUMBER: "a number",
}


def defects(content: Mapping[str, Any], kinds: Mapping[str, Any], within: str = "") -> list[str]:
    """What a mapping lacks, or holds as something else."""
    return [
        f"{within}{key} is missing" if key not in content else f"{within}{key} is not {KINDS[kind]}"
        for key, kind in kinds.items()
        if key not in content or not is_a(content[key], kind)
    ]


def is_a(value: object, kind: type | tuple[type, ...]) -> bool:
    """Whether a value is of a kind; true and false are no numbers."""
    return isinstance(value, kind) and (kind is object or not isinstance(value, bool))


def summary_defects(summary: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a summary."""
    yield from (found := defects(summary, SUMMARY_KEYS))
    if found:
        return
    if found := defects(summary["uncertainty"], UNCERTAINTY_KEYS, "uncertainty."):
        yield from found
        return
    for name, measure in summary["measures"].items():
        if not isinstance(measure, dict):
            yield f"measures.{name} is not a mapping"
        elif wrong := defects(measure, MEASURE_KEYS, f"measures.{name}."):
            yield from wrong
        elif not all(map(is_interval, measure["by_month"].values())):
            yield f"measures.{name}.by_month holds something other than {PERCENTILES} numbers"
    yield from content_defects(summary)


def table_defect(path: Path) -> str | None:
    """What is wrong with a Parquet file, as far as its end tells; None if nothing is."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        pq.ParquetFile(path).close()
    except (pa.ArrowException, OSError) as error:
        return " ".join(str(error).split())
    return None
