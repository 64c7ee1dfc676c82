"""The closing table of a run: what an analyst asks first, each number with its interval and its wage."""

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

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

OWN_WAGE, BASELINE_WAGE = "wage_real_rub", "wage_real_rub_baseline"
THOUSAND = 1e3
LABEL_WIDTH, COLUMN_WIDTH = 46, 19


class TableLine(NamedTuple):
    """One line: a measure, how it is written, and the wage it holds at."""

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
        "  beside it: idled by the missing labour", "shortfall_idled_workers", wage=BASELINE_WAGE
    ),
    TableLine(
        "Remaining gap at the policy run's wage, standard workers",
        "remaining_gap_workers",
        wage=OWN_WAGE,
    ),
    TableLine(
        "  beside it: idled by the missing labour", "remaining_gap_idled_workers", wage=OWN_WAGE
    ),
    TableLine("Unfilled vacancies", "unfilled_vacancies", wage=OWN_WAGE),
    TableLine("Naive rule: {crews} gone x efficiency", "naive_loss_workers", wage=OWN_WAGE),
    TableLine("Posted wage against the baseline, percent", "wage_drift_percent", "+.1f"),
    TableLine("Job vacancy rate, percent", "job_vacancy_rate", ".1f"),
    TableLine("Output, percent of baseline", "output_percent_of_baseline", ".1f"),
    TableLine("Completions, percent of baseline", "completions_percent_of_baseline", ".1f"),
    TableLine("Delay (backlog B/Y against the baseline), months", "delay_months", "+.1f"),
)


def wage_note(summary: Summary) -> str:
    """In which money and prices the wages beside numbers are."""
    return f"Wages: mean posted wage a month in {place(summary)}, {money(summary)} in prices of {summary['start']}, median of the replicates."


def shortage_lines(summary: Summary) -> list[TableLine]:
    """SHORTAGE in the words of a result."""
    return [
        line._replace(label=line.label.format(crews=people_of_crews(summary))) for line in SHORTAGE
    ]


def replacement_lines(summary: Summary) -> list[TableLine]:
    """Who replaced the lost hours, in thousand standard worker-months; the lines below the first add up to it."""
    names = [
        name
        for name in summary["measures"]
        if name.endswith("_worker_months") and "cumulated" in summary["measures"][name]["unit"]
    ]
    return [TableLine(summary["measures"][name]["label"], name, ",.1f", THOUSAND) for name in names]


def revenue_lines(summary: Summary) -> list[TableLine]:
    """The sending state's revenue, million USD; extrapolations say that they are."""
    names = [name for name in summary["measures"] if name.startswith("dprk_revenue_lost")]
    mark = {True: "  (extrapolated) ", False: ""}
    return [
        TableLine(mark["extrapolated" in n] + summary["measures"][n]["label"], n, ",.0f", MILLION)
        for n in names
    ]


def tables_of(summary: Summary) -> dict[str, list[TableLine]]:
    """Every table by its title, unit included; what a state takes of its crews only where there are crews."""
    tables = {
        "Shortage": shortage_lines(summary),
        "Who replaced the lost hours, thousand standard worker-months since the start": replacement_lines(
            summary
        ),
        f"{capitalised(sender(summary))}'s revenue, million USD since the start": revenue_lines(
            summary
        )
        if crews(summary)
        else [],
    }
    return {title: lines for title, lines in tables.items() if lines}


def print_result(summary: Summary, console: Console) -> None:
    """The tables and what has to be said with them."""
    from rich.markup import escape

    share = (
        ""
        if summary["scale"] == 1
        else f", simulated at {summary['scale']:g} of {place(summary)} and shown at full size"
    )
    console.print(
        f"\n[bold]{summary['region']}, policy {summary['policy']}[/] {escape(compliance_text(summary))}"
        f": {summary['replicates']} replicates{share}. Median, below it the 5 to 95 % interval and the wage the number holds at.\n"
    )
    at = summary, checkpoints(summary)
    for title, lines in tables_of(summary).items():
        print_table(title, lines, at, console)
    for note in [wage_note(summary), *summary["notes"]]:
        console.print(f"[dim]{note}[/]", highlight=False)


def print_table(
    title: str, lines: list[TableLine], at: tuple[Summary, list[Checkpoint]], console: Console
) -> None:
    """One table: a line a measure, a column a checkpoint; where the screen is narrow, labels stand above their numbers."""
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
    """Right-aligned columns of one width, with or without the labels in front."""
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
    """A number, below it its interval and its wage."""
    first, *rest = cell_parts(summary, line, month)
    return "\n".join([first, *(f"[dim]{text}[/]".replace("[dim][", "[dim]\\[") for text in rest)])


def cell_parts(summary: Summary, line: TableLine, month: str) -> list[str]:
    """Median, interval and, where the line has one, the wage."""
    parts = interval(summary, line.measure, month, line.form, line.unit).split(" ", 1)
    return [*parts, wage_text(summary, line.wage, month)] if line.wage else parts
