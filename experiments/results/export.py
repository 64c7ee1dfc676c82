"""A table of results as a file for a spreadsheet, Stata, or anything that reads CSV.

Each function writes a frame with a row for each replicate and month, and says what its columns
mean where the format has room for it. `meanings` gives label and unit by column.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

EXCEL_ROWS = 1_048_575
"""Rows of a worksheet below its head."""
STATA_NAME, STATA_LABEL = 32, 80
"""Characters that Stata allows in the name and in the label of a variable."""


class Meaning(NamedTuple):
    """What a column holds."""

    label: str
    unit: str

    def text(self) -> str:
        """Label and unit in one line."""
        return f"{self.label}, {self.unit}" if self.unit else self.label


Meanings = Mapping[str, Meaning]


def write_csv(frame: pd.DataFrame, path: Path, meanings: Meanings) -> list[Path]:
    """The table as CSV, and beside it a table of what its columns mean; returns both paths."""
    columns = path.with_name(f"{path.stem}-columns.csv")
    frame.to_csv(path, index=False, date_format="%Y-%m-%d")
    column_table(frame, meanings).to_csv(columns, index=False)
    return [path, columns]


def write_excel(
    frame: pd.DataFrame, path: Path, meanings: Meanings, notes: Sequence[tuple[str, str]] = ()
) -> list[Path]:
    """A workbook: notes, what columns mean, and the table on as many sheets as its rows need."""
    import pandas as pd

    with pd.ExcelWriter(path, engine="xlsxwriter", datetime_format="yyyy-mm") as book:
        about = pd.DataFrame(list(notes), columns=["about", "this result"])
        about.to_excel(book, sheet_name="about", index=False)
        column_table(frame, meanings).to_excel(book, sheet_name="columns", index=False)
        for name, rows in sheets(len(frame)):
            frame.iloc[rows].to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 0))
    return [path]


def sheets(rows: int, most: int = EXCEL_ROWS) -> Iterable[tuple[str, slice]]:
    """Names of the sheets that so many rows need, and the rows that each holds."""
    starts = range(0, max(rows, 1), most)
    for number, start in enumerate(starts, 1):
        yield "data" if len(starts) == 1 else f"data {number}", slice(start, start + most)


def write_stata(frame: pd.DataFrame, path: Path, meanings: Meanings) -> list[Path]:
    """A .dta file with short names, and labels that say what they mean."""
    names = stata_names(frame.columns)
    labels = {
        names[column]: meanings.get(column, Meaning(column, "")).text()[:STATA_LABEL]
        for column in frame.columns
    }
    dates = {names[column]: "tm" for column in frame.columns if frame[column].dtype.kind == "M"}
    frame.rename(columns=names).to_stata(
        path, write_index=False, version=118, variable_labels=labels, convert_dates=dates
    )
    return [path]


def stata_names(columns: Iterable[Any]) -> dict[Any, str]:
    """A name that Stata takes for each column: at most 32 characters, none twice.

    Words in the middle of a long name lose letters first, as its two ends tell most; a number is
    added where two names would be the same.
    """
    names: dict[Any, str] = {}
    for column in columns:
        name = shortened(re.sub(r"\W+", "_", str(column)).strip("_"), STATA_NAME)
        if not name or name[0].isdigit() or keyword.iskeyword(name):
            name = shortened(f"_{name}", STATA_NAME)
        number, unique = 1, name
        while unique in names.values():
            number += 1
            unique = shortened(name, STATA_NAME - len(str(number)) - 1) + f"_{number}"
        names[column] = unique
    return names


def shortened(name: str, most: int) -> str:
    """A name cut to so many characters: each word to its beginning, as long as need be."""
    words = name.split("_")
    for letters in range(max(map(len, words), default=0), 0, -1):
        short = "_".join(word[:letters] for word in words)
        if len(short) <= most:
            return short
    return name[:most]


def column_table(frame: pd.DataFrame, meanings: Meanings) -> pd.DataFrame:
    """A row for each column of a table: its name, what it means, and its unit."""
    import pandas as pd

    rows = [(column, *meanings.get(column, Meaning("", ""))) for column in frame.columns]
    return pd.DataFrame(rows, columns=["column", "meaning", "unit"])
