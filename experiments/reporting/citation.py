"""How a result is cited: program, version, and the fingerprint of its numbers."""

from __future__ import annotations

import re
from typing import NamedTuple

from experiments.configuration.program_version import installed_version
from experiments.results.result_folder import MONTHS, Result
from experiments.storage.recorded_folder import FILES

PACKAGE = "primorye"
DIGITS = 16
TITLE = "Construction labour in {region}: {question}"
AUTHOR = "Primorye labour market model"


class Citation(NamedTuple):
    """A citation in a sentence and as BibTeX."""

    text: str
    bibtex: str


def citation_of(result: Result, question: str) -> Citation:
    """The citation of a result; the fingerprint is the digest of its months.parquet."""
    version = installed_version()
    year = str(result.record["created"])[:4]
    fingerprint = str(result.record[FILES][MONTHS])[:DIGITS]
    title = TITLE.format(region=result.summary["region"], question=question)
    note = f"Version {version}, code {result.record['code_hash'][:DIGITS]}, result {fingerprint}"
    bibtex = "\n".join(
        [
            f"@software{{{PACKAGE}-{fingerprint},",
            f"  author  = {{{{{AUTHOR}}}}},",
            f"  title   = {{{bibtex_text(title)}}},",
            f"  version = {{{version}}},",
            f"  year    = {{{year}}},",
            f"  note    = {{{bibtex_text(note)}}}",
            "}",
        ]
    )
    return Citation(f"{AUTHOR} ({year}). {title}. {note}.", bibtex)


def bibtex_text(text: str) -> str:
    """A text in which nothing means anything to BibTeX."""
    plain = text.replace("\u00a0", " ").replace("\\", " ")
    return re.sub(r"([{}%&#_$])", r"\\\1", plain)
