"""Measured figures beside their goals, as rows of a table and of a JSON file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

BUSY_ABOVE = 0.10
"""Share of the machine used by other processes above which no verdict is given."""
TIMES = ("CPU", "wall", "times")
"""How units of time begin: figures that a busy machine distorts."""
HEAD = ("measure", "value", "unit", "goal", "met", "others used")


@dataclass(frozen=True)
class Row:
    """A measured figure.

    `goal`: None if there is none; `lower_is_better`: which way the goal is met.
    `is_remainder`: what is left of a long time when others are subtracted; chance weighs too much
    in it to compare it.
    `others_share`, `yardstick_seconds`: what the machine was like meanwhile; None if unknown.
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
        """A CPU time over the yardstick of its machine; None for figures that are not compared."""
        is_compared = self.unit.startswith("CPU") and not self.is_remainder
        return (
            self.value / self.yardstick_seconds if is_compared and self.yardstick_seconds else None
        )

    @property
    def is_disturbed(self) -> bool:
        """Whether it is a time, and other processes used too much of the machine meanwhile."""
        return self.unit.startswith(TIMES) and (self.others_share or 0.0) > BUSY_ABOVE

    @property
    def verdict(self) -> str:
        """'yes', 'NO', 'busy' if the machine was too busy to tell, or '' without a goal."""
        if self.goal is None:
            return ""
        if self.is_disturbed:
            return "busy"
        is_met = self.value <= self.goal if self.lower_is_better else self.value >= self.goal
        return "yes" if is_met else "NO"

    @property
    def bound(self) -> str:
        """The goal as text."""
        if self.goal is None:
            return ""
        return f"{'at most' if self.lower_is_better else 'at least'} {self.goal:g}"


def write_rows(rows: Sequence[Row], machine: dict[str, Any], output: Path) -> None:
    """Write each figure under its name, the machine they hold for, and the rows in full."""
    record = {row.name: row.value for row in rows} | {
        "machine": machine,
        "rows": [asdict(row) for row in rows],
    }
    output.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def read_rows(path: Path) -> list[Row]:
    """The rows of a file that `write_rows` wrote."""
    return [Row(**row) for row in json.loads(path.read_text(encoding="utf-8"))["rows"]]


def print_table(rows: Sequence[Row]) -> None:
    """Print the figures."""
    from rich.console import Console
    from rich.table import Table

    table = Table(*HEAD, title="Benchmark", title_justify="left")
    for row in rows:
        others = "" if row.others_share is None else f"{row.others_share:.0%}"
        value = three_digits(row.value)
        table.add_row(row.name, value, row.unit, row.bound, row.verdict, others)
    Console(width=132).print(table)


def three_digits(value: float) -> str:
    """Three digits, or the whole number if it has more."""
    return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
