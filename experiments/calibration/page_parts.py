"""Parts of the Markdown pages of calibration and validation: percentiles, tables, wrapped text."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.engine.worker_columns import Array

PAGE_WIDTH = 100
PERCENTILES = (5.0, 50.0, 95.0)


def percentiles(values: Array) -> list[float]:
    """5th, 50th and 95th percentile, to four significant digits."""
    return [four_digits(value) for value in np.percentile(values, PERCENTILES)]


def four_digits(value: float) -> float:
    """A value to four significant digits: more would claim a precision that draws do not have."""
    return float(f"{value:.4g}")


def median_and_interval(low_median_high: Sequence[float], digits: int = 4) -> str:
    """'0.81 [0.63 to 0.91]'."""
    low, median, high = (f"{value:.{digits}g}" for value in low_median_high)
    return f"{median} [{low} to {high}]"


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table."""
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def wrapped(text: str, indent: str = "") -> list[str]:
    """The lines of a paragraph; all but the first are indented."""
    return textwrap.wrap(
        text,
        PAGE_WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def provenance_lines(record: Mapping[str, Any]) -> list[str]:
    """The command and the code by which a page was made."""
    made_with = f"Code: {record['code_hash']}. Evidence: {record['evidence_hash'][:16]}."
    return ["```sh", record["command"], "```", "", made_with]
