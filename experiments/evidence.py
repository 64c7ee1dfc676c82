"""`python -m experiments.evidence` prints and checks every series, fact and parameter."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from experiments.command import DONE, FAILED, REFUSED, run_command, say
from experiments.configuration.parameter_values import number_at
from experiments.configuration.settings import load_settings
from experiments.run import PIPED_WIDTH
from sim.inputs.dated_inputs import (
    elicited_priors,
    evidence_problems,
    facts,
    not_found,
    own_priors,
    parameters,
    reported_markets,
    series,
)
from sim.inputs.evidence_files import Fact, Parameter, Series
from sim.inputs.prior_files import Prior
from sim.inputs.problems import ScenarioError, plain

KINDS = ("series", "facts", "parameters", "priors", "not-found")
CITED = re.compile(r"(facts|series)\.yaml: ([a-z0-9_]+(?:, [a-z0-9_]+)*)")
EVERY_GROUP = "population=primorye_central_asians"
"""The default configuration, and the groups beside it that have parameters."""
USAGE = """\
usage: python -m experiments.evidence [series|facts|parameters|priors|not-found]

Prints the evidence in sim/evidence/ with its sources, all of it or one kind, and checks it; last
come figures that were looked for and not found. Exit status 0 if it is consistent, 1 if entries
contradict one another or the shipped configuration, 2 if a file cannot be read.
"""
Rows = list[tuple[str, ...]]
"""The head of a table, then its rows."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return run_command(lambda: checked(list(sys.argv[1:] if argv is None else argv)))


def checked(kinds: Sequence[str]) -> int:
    """Print the evidence, and check it."""
    if unknown := set(kinds) - set(KINDS):
        wants_help = unknown <= {"-h", "--help"}
        print(USAGE, end="", file=sys.stdout if wants_help else sys.stderr)
        return DONE if wants_help else REFUSED
    if problems := evidence_problems():
        return say(str(ScenarioError(problems)), REFUSED)
    print_tables(kinds or KINDS)
    return report_contradictions()


def report_contradictions() -> int:
    """Say what contradicts what, or that nothing does; returns the exit status."""
    contradictions = [
        *citation_problems(),
        *market_problems(),
        *found_after_all(),
        *default_problems(load_settings([EVERY_GROUP]).resolved),
    ]
    if contradictions:
        lines = [f"{len(contradictions)} contradictions in the evidence:"]
        return say("\n".join(lines + [f"  - {line}" for line in contradictions]), FAILED)
    counts = f"{len(series())} series, {len(facts())} facts, {len(parameters())} parameters"
    return say(f"{counts}: consistent.", DONE)


def print_tables(kinds: Sequence[str]) -> None:
    """One table for each kind of evidence."""
    from rich.console import Console
    from rich.table import Table

    # Where no terminal gives a width, sources still need room beside the values.
    console = Console() if sys.stdout.isatty() else Console(width=2 * PIPED_WIDTH)
    for kind in kinds:
        head, *body = ROWS_OF[kind]()
        table = Table(*head, title=kind.capitalize(), title_justify="left")
        for row in body:
            # Rich would take what stands in brackets for a style.
            table.add_row(*(text.replace("[", r"\[") for text in row))
        console.print(table)


def series_rows() -> Rows:
    """The dated series."""
    return [
        ("series", "values", "unit", "source", "confidence"),
        *(series_row(name, entry) for name, entry in series().items()),
    ]


def series_row(name: str, entry: Series) -> tuple[str, ...]:
    """A series with all its dates and values."""
    return (
        name,
        "  ".join(f"{date} {value:g}" for date, value in entry.values.items()),
        entry.unit,
        entry.source,
        entry.confidence,
    )


def fact_rows() -> Rows:
    """The single facts."""
    return [
        ("fact", "value", "unit", "period", "source", "confidence"),
        *(fact_row(name, entry) for name, entry in facts().items()),
    ]


def fact_row(name: str, entry: Fact) -> tuple[str, ...]:
    """A fact."""
    return name, fact_value(entry), entry.unit, entry.period, entry.source, entry.confidence


def fact_value(entry: Fact) -> str:
    """The value of a fact as text; a range is written as 'low to high'."""
    if isinstance(entry.value, tuple):
        return f"{entry.value[0]:g} to {entry.value[1]:g}"
    return plain(entry.value) if isinstance(entry.value, float) else str(entry.value)


def parameter_rows() -> Rows:
    """The numbers of the configuration with their priors."""
    head = ("parameter", "default", "prior", "unit", "source, or why it is assumed", "confidence")
    return [head, *(parameter_row(key, entry) for key, entry in parameters().items())]


def parameter_row(key: str, entry: Parameter) -> tuple[str, ...]:
    """A parameter; an assumption is marked as one."""
    default = "null" if entry.default is None else f"{entry.default:g}"
    prior = "fixed" if entry.prior is None else f"{entry.prior[0]:g} to {entry.prior[1]:g}"
    return (
        key,
        default,
        prior,
        entry.unit,
        entry.source or f"assumption: {entry.reason}",
        entry.confidence,
    )


def prior_rows() -> Rows:
    """Priors that were elicited from the sources, and the user's own."""
    return [
        ("prior", "distribution", "range", "unit", "elicited from", "confidence"),
        *(prior_row(key, prior) for key, prior in {**elicited_priors(), **own_priors()}.items()),
    ]


def prior_row(key: str, prior: Prior) -> tuple[str, ...]:
    """A prior with every line that it was elicited from."""
    centre = "" if prior.centre is None else f" {prior.centre:g}"
    spread = "" if prior.spread is None else f" ({prior.spread:g})"
    return (
        key,
        f"{prior.distribution}{centre}{spread}",
        f"{prior.low:g} to {prior.high:g}",
        prior.unit,
        "\n".join(prior.elicited_from),
        prior.confidence,
    )


def not_found_rows() -> Rows:
    """Figures that were looked for and not found."""
    return [
        ("not found", "what", "looked in", "would serve"),
        *(
            (name, entry.what, entry.looked_in, entry.would_serve)
            for name, entry in not_found().items()
        ),
    ]


def found_after_all() -> Iterator[str]:
    """Figures listed as not found that the evidence has under the same name."""
    for name in not_found():
        if name in facts() or name in series():
            yield f"not_found.yaml: {name}: the evidence has it now; take it out of the list"


def citation_problems() -> Iterator[str]:
    """Parameters and priors that cite a fact or series that does not exist."""
    known: Mapping[str, Mapping[str, Any]] = {"facts": facts(), "series": series()}
    sources = [("parameters", key, entry.source or "") for key, entry in parameters().items()]
    sources += [
        ("priors", key, line)
        for key, prior in {**elicited_priors(), **own_priors()}.items()
        for line in prior.elicited_from
    ]
    for cited_in, key, source in sources:
        for file, names in CITED.findall(source):
            for name in names.split(", "):
                if name not in known[file]:
                    yield (
                        f"{cited_in}.yaml: {key}: cites {name}, which {file}.yaml does not have; "
                        "correct the name"
                    )


def market_problems() -> Iterator[str]:
    """Markets that name a fact or series that does not exist."""
    for name, market in reported_markets().items():
        wanted = {
            "housing_completed": series(),
            "permits_in_country": facts(),
            "revenue_of_all_hosts_usd": facts(),
        }
        for field, known in wanted.items():
            if (given := getattr(market, field)) not in known:
                yield (
                    f"markets.yaml: {name}: {field}: {given} is not in the evidence; "
                    "correct the name"
                )


def default_problems(resolved: Mapping[str, Any]) -> Iterator[str]:
    """Parameters whose default is not what the shipped configuration uses."""
    for key, entry in parameters().items():
        used = number_at(resolved, key)
        if used != entry.default:
            yield (
                f"parameters.yaml: {key}: default {entry.default}, but configs/ has {used}; "
                "make them agree"
            )


ROWS_OF = {
    "series": series_rows,
    "facts": fact_rows,
    "parameters": parameter_rows,
    "priors": prior_rows,
    "not-found": not_found_rows,
}


if __name__ == "__main__":
    sys.exit(main())
