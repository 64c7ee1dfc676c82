"""How a result is cited: program, version, and the fingerprint of its numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from experiments.configuration.program_version import installed_version

PACKAGE = "primorye"
DIGITS = 16
AUTHOR = "Primorye labour market model"


class Citation(NamedTuple):
    """A citation in a sentence and as BibTeX."""

    text: str
    bibtex: str


def citation_of(title: str, record: Mapping[str, Any], digest: str) -> Citation:
    """The citation of what a record belongs to. digest: that of its numbers.

    A sweep grows, so that no year is recorded with it.
    """
    version, fingerprint = installed_version(), digest[:DIGITS]
    year = str(record["created"])[:4] if "created" in record else ""
    note = f"Version {version}, code {record['code_hash'][:DIGITS]}, result {fingerprint}"
    bibtex = "\n".join(
        [
            f"@software{{{PACKAGE}-{fingerprint},",
            f"  author  = {{{{{AUTHOR}}}}},",
            f"  title   = {{{bibtex_text(title)}}},",
            f"  version = {{{version}}},",
            *([f"  year    = {{{year}}},"] if year else []),
            f"  note    = {{{bibtex_text(note)}}}",
            "}",
        ]
    )
    author = f"{AUTHOR} ({year})" if year else AUTHOR
    return Citation(f"{author}. {title}. {note}.", bibtex)


def bibtex_text(text: str) -> str:
    """A text in which nothing means anything to BibTeX."""
    plain = text.replace("\u00a0", " ").replace("\\", " ")
    return re.sub(r"([{}%&#_$])", r"\\\1", plain)
