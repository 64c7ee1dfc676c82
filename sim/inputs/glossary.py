"""The glossary: each term of the model with its meaning, its unit and where it is computed.

`python -m sim.inputs.glossary` prints the tables with which ODD.md opens; with the name of a file
it renews the tables in that file.
"""

from __future__ import annotations

import re
import string
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from itertools import groupby
from pathlib import Path
from typing import Any

from sim.inputs.problems import ScenarioError, shown, unknown
from sim.inputs.strict_yaml import load_mapping, place

GLOSSARY = Path(__file__).resolve().parents[1] / "glossary.yaml"
AUDIENCES = ("report", "help")
MARKET_WORDS = {"crews": "crew members", "standard_worker": "a resident at full efficiency"}
"""What a definition leaves to the market to name, and what it is called where no market does."""
FIRST_LINE, LAST_LINE = "<!-- glossary of sim/glossary.yaml -->", "<!-- end of the glossary -->"
MOST_SENTENCES = 2
HEADINGS = ("term", "in economics", "meaning", "unit", "computed in")


@dataclass(frozen=True)
class Term:
    """A term of the model. `computed_in`: a file, or file:name of a function, class or constant."""

    topic: str
    name: str
    field_term: str
    definition: str
    unit: str
    computed_in: str
    measure: str = ""
    key: str = ""
    shown_in: tuple[str, ...] = ()

    def meaning(self, market_words: Mapping[str, str] = MARKET_WORDS) -> str:
        """The definition in the words of a market."""
        return self.definition.format(**market_words)


OWN_FIELDS = tuple(field.name for field in fields(Term) if field.name not in ("topic", "name"))
REQUIRED = tuple(
    field.name for field in fields(Term) if field.name in OWN_FIELDS and field.default is MISSING
)


def read_glossary(path: Path = GLOSSARY) -> tuple[Term, ...]:
    """The terms of a file, in its order. Raises ScenarioError with everything wrong in it."""
    terms: dict[str, Term] = {}
    problems: list[str] = []
    for topic, entries in load_mapping(path).items():
        if not isinstance(entries, dict) or not entries:
            problems.append(f"{topic}: given {shown(entries)}, needs a mapping of terms")
            continue
        for name, entry in entries.items():
            wrong = list(problems_of(entry))
            if name in terms:
                wrong.append(f"already defined under {terms[name].topic}")
            problems += [f"{topic}: {name}: {problem}" for problem in wrong]
            if not wrong:
                terms[name] = Term(str(topic), str(name), **typed(entry))
    if problems:
        raise ScenarioError(f"{place(path)}: {problem}" for problem in problems)
    return tuple(terms.values())


def typed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a checked entry as Term holds them."""
    return {
        name: tuple(value) if name == "shown_in" else value.strip() for name, value in entry.items()
    }


def problems_of(entry: object) -> Iterator[str]:
    """What is wrong with one entry."""
    if not isinstance(entry, dict):
        yield f"given {shown(entry)}, needs a mapping with {', '.join(REQUIRED)}"
        return
    yield from (
        unknown(str(name), entry[name], OWN_FIELDS) for name in entry if name not in OWN_FIELDS
    )
    yield from (f"{name} is missing" for name in REQUIRED if name not in entry)
    for name in OWN_FIELDS:
        if name in entry:
            yield from problems_of_field(name, entry[name])


def problems_of_field(name: str, value: object) -> Iterator[str]:
    """What is wrong with one field of an entry."""
    if name == "shown_in":
        if not isinstance(value, list) or not value or not set(value) <= set(AUDIENCES):
            yield f"{name}: given {shown(value)}, needs a list of {', '.join(AUDIENCES)}"
    elif not isinstance(value, str) or not value.strip():
        yield f"{name}: given {shown(value)}, needs text"
    elif "|" in value:
        yield f"{name}: given {shown(value)}, needs text without |, which ends a table's cell"
    elif name == "definition":
        yield from problems_of_definition(value.strip())
    elif name == "computed_in" and not re.fullmatch(r"[\w/]+\.(py|yaml)(:[\w.]+)?", value):
        yield f"{name}: given {shown(value)}, needs FILE or FILE:NAME"


def problems_of_definition(text: str) -> Iterator[str]:
    """A definition is one or two sentences and leaves to the market only what a market can name."""
    sentences = len(re.findall(r"[.!?](?=\s|$)", text))
    if not text.endswith(".") or sentences > MOST_SENTENCES:
        yield f"definition: needs one or two sentences, has {sentences} and ends with {text[-1]!r}"
    try:
        left = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        yield "definition: needs its braces closed"
        return
    for name in sorted(left - set(MARKET_WORDS)):
        yield f"definition: {{{name}}} is no word of a market; they are {', '.join(MARKET_WORDS)}"


def shown_terms(audience: str, terms: Sequence[Term] | None = None) -> list[Term]:
    """The terms shown to the readers of a report, or of the help."""
    return [term for term in terms or read_glossary() if audience in term.shown_in]


def markdown(terms: Sequence[Term]) -> str:
    """One table for each topic."""
    return "\n".join(
        line
        for topic, group in groupby(terms, key=lambda term: term.topic)
        for line in (
            f"**{topic}**",
            "",
            row(HEADINGS),
            row(["---"] * len(HEADINGS)),
            *map(line_of, group),
            "",
        )
    )


def line_of(term: Term) -> str:
    """A term's line of the table."""
    computed_in = ", ".join(
        [
            " in ".join(f"`{part}`" for part in reversed(term.computed_in.split(":"))),
            *([f"measure `{term.measure}`"] if term.measure else []),
            *([f"key `{term.key}`"] if term.key else []),
        ]
    )
    return row([term.name, term.field_term, term.meaning(), term.unit, computed_in])


def row(cells: Sequence[str]) -> str:
    """A line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def renewed(text: str, terms: Sequence[Term]) -> str:
    """A page with its tables replaced by those of the terms.

    Raises ValueError if the page does not mark where they stand.
    """
    if text.count(FIRST_LINE) != 1 or text.count(LAST_LINE) != 1:
        raise ValueError(f"the page needs one line {FIRST_LINE} and one line {LAST_LINE}")
    head, rest = text.split(FIRST_LINE)
    return f"{head}{FIRST_LINE}\n\n{markdown(terms)}\n{LAST_LINE}{rest.split(LAST_LINE)[1]}"


def main(arguments: Sequence[str]) -> None:
    """Print the tables, or renew them in the files named."""
    terms = read_glossary()
    if not arguments:
        print(markdown(terms), end="")
    for path in map(Path, arguments):
        path.write_text(renewed(path.read_text(encoding="utf-8"), terms), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
