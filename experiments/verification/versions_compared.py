"""What made a result, compared with what would make it now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.results.provenance import certificate, program_record

NAMES = {"code_hash": "code", "evidence_hash": "evidence"}


def version_differences(record: Mapping[str, Any]) -> list[str]:
    """A line for code, evidence, Python and every package that is another one now."""
    now = program_record()
    pairs = {words: (record[key], now[key]) for key, words in NAMES.items()} | {
        name: (record["versions"].get(name), version) for name, version in now["versions"].items()
    }
    return [
        f"{name}: {recorded} made it, {present} is here"
        for name, (recorded, present) in pairs.items()
        if recorded != present
    ]


def certificates(record: Mapping[str, Any]) -> list[str]:
    """With which commits a result was made and verified, or why it is not certifiable."""
    return [
        f"made with: {certificate(record)}",
        f"verified with: {certificate(program_record())}",
    ]
