"""What is known of every file's mutants: kept in survivors.yaml, shown in docs/mutation.md."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.mutation.mutant_trials import FOUND, SURVIVED, TIMED_OUT
from tests.mutation.mutants import Mutant

ROOT = Path(__file__).resolve().parents[2]
RECORD = Path(__file__).with_name("survivors.yaml")
PAGE = ROOT / "docs" / "mutation.md"
COUNTS_BEGIN = "## Counts\n"
NO_REASON = "not examined"
HEAD = """\
# Written by `python -m tests.mutation`; only the reasons are written by hand, and kept by it.
"""


def read_record() -> dict[str, Any]:
    """Counts and survivors by file."""
    if not RECORD.exists():
        return {}
    return dict(yaml.safe_load(RECORD.read_text(encoding="utf-8")) or {})


def noted(
    record: dict[str, Any], path: str, mutants: Sequence[Mutant], outcomes: Sequence[str]
) -> None:
    """Put a file's outcomes into the record; a survivor that was known keeps its reason."""
    known = {
        (each["in"], each["line"], each["change"]): each["reason"]
        for each in record.get(path, {}).get("survivors", [])
    }
    left = dict.fromkeys(
        mutant.key for mutant, outcome in zip(mutants, outcomes, strict=True) if outcome == SURVIVED
    )
    record[path] = {
        "mutants": len(outcomes),
        "found": outcomes.count(FOUND),
        "timed_out": outcomes.count(TIMED_OUT),
        "survivors": [
            {"in": place, "line": line, "change": change, "reason": known.get(key, NO_REASON)}
            for key in left
            for place, line, change in (key,)
        ],
    }


def write_record(record: Mapping[str, Any]) -> None:
    """Write the record, and the counts and survivors of the page."""
    text = yaml.safe_dump(dict(sorted(record.items())), sort_keys=False, width=100)
    RECORD.write_text(HEAD + text, encoding="utf-8")
    before, _, _ = PAGE.read_text(encoding="utf-8").partition(COUNTS_BEGIN)
    PAGE.write_text(before + COUNTS_BEGIN + "\n" + "\n".join(page_lines(record)) + "\n", "utf-8")


def page_lines(record: Mapping[str, Any]) -> Iterator[str]:
    """The counts by file and folder, and every survivor with its reason."""
    yield "Each file's row is from the last run of that file.\n"
    yield "| | mutants | found | timed out | found, % |"
    yield "|---|---:|---:|---:|---:|"
    folders = sorted({path.rpartition("/")[0] for path in record})
    for folder in folders:
        within = {path: each for path, each in record.items() if path.startswith(f"{folder}/")}
        yield table_row(f"**{folder}**", list(within.values()))
        yield from (table_row(path, [each]) for path, each in sorted(within.items()))
    yield table_row("**all**", list(record.values()))
    yield "\n## Survivors\n"
    for path, each in sorted(record.items()):
        if each["survivors"]:
            yield f"`{path}`\n"
            yield from (survivor_line(survivor) for survivor in each["survivors"])
            yield ""


def table_row(name: str, files: Sequence[Mapping[str, Any]]) -> str:
    """Counts of some files together."""
    mutants, found, late = (
        sum(each[count] for each in files) for count in ("mutants", "found", "timed_out")
    )
    share = f"{100.0 * found / mutants:.0f}" if mutants else ""
    return f"| {name} | {mutants} | {found} | {late} | {share} |"


def survivor_line(survivor: Mapping[str, str]) -> str:
    """A survivor: where, in which line, what, and why it is not found."""
    place, line, change = (f"`{survivor[part]}`" for part in ("in", "line", "change"))
    text = f"- {place}, in {line}: {change}. Reason: {survivor['reason']}."
    return textwrap.fill(text, 100, subsequent_indent="  ", break_long_words=False)
