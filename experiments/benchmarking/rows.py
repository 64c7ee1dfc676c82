"""One measured figure beside its goal, and the table of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

BUSY = 0.10
"""Share of the machine in other hands from which no verdict is given."""


@dataclass(frozen=True)
class Row:
    """A figure; goal None: there is none. `lower_is_better` also says which way the goal is met.

    `is_remainder`: what is left of a time after others are taken off it, small beside them, so that chance weighs too much to compare it.
    `others_share` and `yardstick_seconds` say what the machine was like while it was measured (None: not known).
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    lower_is_better: bool = True
    is_remainder: bool = False
    others_share: float | None = None
    yardstick_seconds: float | None = None

    @property
    def in_yardsticks(self) -> float | None:
        """A time of the processor in units of its machine's yardstick, to be compared; None for other figures, or without a yardstick."""
        is_compared = self.unit.startswith("CPU") and not self.is_remainder
        return (
            self.value / self.yardstick_seconds if is_compared and self.yardstick_seconds else None
        )

    @property
    def verdict(self) -> str:
        """yes, NO, busy (the machine was not ours alone) or nothing."""
        if self.goal is None:
            return ""
        if (
            self.others_share is not None
            and self.others_share > BUSY
            and self.unit.startswith(("CPU", "wall", "times"))
        ):
            return "busy"
        met = self.value <= self.goal if self.lower_is_better else self.value >= self.goal
        return "yes" if met else "NO"


def write(rows: Sequence[Row], machine: dict[str, Any], output: Path) -> None:
    """The figures with the machine they hold for, each under its name, and the rows in full."""
    record = {row.name: row.value for row in rows} | {
        "machine": machine,
        "rows": [asdict(row) for row in rows],
    }
    output.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> list[Row]:
    """Rows of a file that `write` wrote."""
    return [Row(**row) for row in json.loads(path.read_text(encoding="utf-8"))["rows"]]


def show(rows: Sequence[Row]) -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(
        "measure",
        "value",
        "unit",
        "goal",
        "met",
        "others used",
        title="Benchmark",
        title_justify="left",
    )
    for row in rows:
        bound = (
            ""
            if row.goal is None
            else f"{'at most' if row.lower_is_better else 'at least'} {row.goal:g}"
        )
        others = "" if row.others_share is None else f"{row.others_share:.0%}"
        table.add_row(row.name, number(row.value), row.unit, bound, row.verdict, others)
    Console(width=132).print(table)


def number(value: float) -> str:
    """Three digits, or the whole number where it has more."""
    return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
