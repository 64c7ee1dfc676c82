"""The tables that a run prints at its end, each number with its interval and its wage."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from experiments.reporting.answer import compliance_text
from experiments.results.summary_reader import (
    MILLION,
    Checkpoint,
    Summary,
    capitalised,
    checkpoints,
    crews,
    interval,
    money,
    people_of_crews,
    place,
    sender,
    wage_text,
)
from sim.structure import structure_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

OWN_WAGE, BASELINE_WAGE = "wage_real_rub", "wage_real_rub_baseline"
THOUSAND = 1e3
ACCOUNT_UNIT = "thousand standard worker-months since the start"
LABEL_WIDTH, COLUMN_WIDTH = 46, 19


class TableLine(NamedTuple):
    """A line of a table: a measure, its number format, and the wage at which it holds."""

    label: str
    measure: str
    form: str = ",.0f"
    unit: float = 1.0
    wage: str | None = None


SHORTAGE = (
    TableLine(
        "Shortfall at the baseline wage, standard workers", "shortfall_workers", wage=BASELINE_WAGE
    ),
    TableLine(
        "  in percent of the baseline's labour", "shortfall_percent", ".1f", wage=BASELINE_WAGE
    ),
    TableLine(
        "  not included: idled by the missing labour", "shortfall_idled_workers", wage=BASELINE_WAGE
    ),
    TableLine(
        "Remaining gap at the policy branch's wage, standard workers",
        "remaining_gap_workers",
        wage=OWN_WAGE,
    ),
    TableLine(
        "  not included: idled by the missing labour", "remaining_gap_idled_workers", wage=OWN_WAGE
    ),
    TableLine("Unfilled vacancies", "unfilled_vacancies", wage=OWN_WAGE),
    TableLine("Naive rule: {crews} gone x efficiency", "naive_loss_workers", wage=OWN_WAGE),
    TableLine("Posted wage against the baseline's, percent", "wage_drift_percent", "+.1f"),
    TableLine("Job vacancy rate, percent", "job_vacancy_rate", ".1f"),
    TableLine("Output, percent of the baseline's", "output_percent_of_baseline", ".1f"),
    TableLine("Completions, percent of the baseline's", "completions_percent_of_baseline", ".1f"),
    TableLine("Delay (backlog against the baseline's), months", "delay_months", "+.1f"),
)


def wage_note(summary: Summary) -> str:
    """The currency and prices of the wages that stand beside numbers."""
    return (
        f"Wages: mean posted wage a month in {place(summary)}, {money(summary)} in prices of "
        f"{summary['start']}, median."
    )


def shortage_lines(summary: Summary) -> list[TableLine]:
    """The lines of SHORTAGE, with what a result calls its crews."""
    return [
        line._replace(label=line.label.format(crews=people_of_crews(summary))) for line in SHORTAGE
    ]


def replacement_lines(summary: Summary) -> list[TableLine]:
    """Who replaced the lost labour, in thousand standard worker-months.

    The first line is the labour lost; the others add up to it in every replicate.
    """
    names = [
        name
        for name in summary["measures"]
        if name.endswith("_worker_months") and "cumulated" in summary["measures"][name]["unit"]
    ]
    return [TableLine(summary["measures"][name]["label"], name, ",.1f", THOUSAND) for name in names]


def revenue_lines(summary: Summary) -> list[TableLine]:
    """The sending state's lost revenue in million USD; extrapolated numbers are marked."""
    lines = []
    for name, measure in summary["measures"].items():
        if name.startswith("dprk_revenue_lost"):
            mark = "  (extrapolated) " if "extrapolated" in name else ""
            lines.append(TableLine(mark + measure["label"], name, ",.0f", MILLION))
    return lines


def tables_of(summary: Summary) -> dict[str, list[TableLine]]:
    """The lines of every table by its title; the state's revenue only where there are crews."""
    tables = {
        "Shortage": shortage_lines(summary),
        f"Who replaced the lost labour, {ACCOUNT_UNIT}": replacement_lines(summary),
        f"{capitalised(sender(summary))}'s revenue, million USD since the start": (
            revenue_lines(summary) if crews(summary) else []
        ),
    }
    return {title: lines for title, lines in tables.items() if lines}


def print_result(summary: Summary, console: Console) -> None:
    """Print the tables and the notes that a reader needs with them."""
    from rich.markup import escape

    share = (
        ""
        if summary["scale"] == 1
        else f", simulated at {summary['scale']:g} of {place(summary)} and shown at full size"
    )
    console.print(
        f"\n[bold]{summary['region']}, policy {summary['policy']}[/] "
        f"{escape(compliance_text(summary))}"
        f": {summary['replicates']} replicates{share}. "
        "Median, below it the 5 to 95 % interval and the wage at which the number holds.\n"
    )
    at = summary, checkpoints(summary)
    for title, lines in tables_of(summary).items():
        print_table(title, lines, at, console)
    structure = structure_text(summary["structure"])
    for note in [structure, wage_note(summary), *summary["notes"]]:
        console.print(f"[dim]{note}[/]", highlight=False)


def print_table(
    title: str, lines: list[TableLine], at: tuple[Summary, list[Checkpoint]], console: Console
) -> None:
    """Print one table: a line per measure, a column per checkpoint.

    On a narrow screen labels stand above their numbers.
    """
    summary, marks = at
    titles = [mark.title.split(", ") for mark in marks]
    lead = [max(map(len, titles)) - len(names) for names in titles]
    heads = [
        "\n" * n + "[dim]" + ",\n".join(names) + f"\n{mark.month}[/]"
        for n, names, mark in zip(lead, titles, marks, strict=True)
    ]
    rows = [(line.label, [cell(summary, line, mark.month) for mark in marks]) for line in lines]
    console.print(f"[bold]{title}[/]")
    if console.width >= LABEL_WIDTH + COLUMN_WIDTH * len(marks):
        console.print(grid([("", heads), *rows]), "")
        return
    console.print(grid([("", heads)], labels=False))
    for label, cells in rows:
        console.print(label, highlight=False)
        console.print(grid([(label, cells)], labels=False))
    console.print()


def grid(rows: list[tuple[str, list[str]]], labels: bool = True) -> Table:
    """Right-aligned columns of equal width, with or without a column of labels."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0))
    for width in [LABEL_WIDTH] * labels + [COLUMN_WIDTH - 2] * len(rows[0][1]):
        table.add_column(
            width=width,
            justify="left" if width == LABEL_WIDTH else "right",
            no_wrap=width != LABEL_WIDTH,
        )
    for label, cells in rows:
        table.add_row(*([label] * labels), *cells)
    return table


def cell(summary: Summary, line: TableLine, month: str) -> str:
    """A number for the console, below it its interval and its wage."""
    first, *rest = cell_parts(summary, line, month)
    return "\n".join([first, *(f"[dim]{text}[/]".replace("[dim][", "[dim]\\[") for text in rest)])


def cell_parts(summary: Summary, line: TableLine, month: str) -> list[str]:
    """Median, interval and, where the line has one, wage, each as text."""
    parts = interval(summary, line.measure, month, line.form, line.unit).split(" ", 1)
    return [*parts, wage_text(summary, line.wage, month)] if line.wage else parts
