"""Tables for spreadsheets, Stata and CSV hold what they were given, and say what it means."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.results.export import (
    EXCEL_ROWS,
    Meaning,
    sheets,
    stata_names,
    write_csv,
    write_excel,
    write_stata,
)

LONG = "dprk_revenue_lost_all_hosts_low_extrapolated_usd"
MEANINGS = {
    "shortfall_workers": Meaning("Shortfall at the baseline wage", "standard workers"),
    LONG: Meaning("Levy lost if all hosts did the same", "USD since the start"),
    "month": Meaning("Month", ""),
}


@pytest.fixture
def frame() -> pd.DataFrame:
    months = pd.to_datetime(["2019-11-01", "2019-12-01"] * 2)
    return pd.DataFrame(
        {
            "replicate": [0, 0, 1, 1],
            "month": months,
            "shortfall_workers": [1.5, np.nan, 3.25, 4.0],
            LONG: [1e9, 2e9, 3e9, 4.125e9],
            "policy.compliance": [0.5, 0.5, 1.0, 1.0],
        }
    )


def test_csv_comes_back_with_its_columns_explained(frame: pd.DataFrame, tmp_path: Path) -> None:
    table, columns = write_csv(frame, tmp_path / "result.csv", MEANINGS)
    pd.testing.assert_frame_equal(
        pd.read_csv(table, parse_dates=["month"]), frame, check_dtype=False
    )
    explained = pd.read_csv(columns).set_index("column")
    assert explained.loc["shortfall_workers", "unit"] == "standard workers"
    assert list(explained.index) == list(frame.columns)


def test_excel_comes_back_with_notes_and_columns(frame: pd.DataFrame, tmp_path: Path) -> None:
    (path,) = write_excel(frame, tmp_path / "result.xlsx", MEANINGS, [("answer", "short of ...")])
    book = pd.read_excel(path, sheet_name=None)
    assert list(book) == ["about", "columns", "data"]
    pd.testing.assert_frame_equal(book["data"], frame, check_dtype=False)
    assert book["about"].iloc[0].tolist() == ["answer", "short of ..."]


def test_excel_goes_on_on_another_sheet_where_a_sheet_is_full() -> None:
    parts = list(sheets(2 * EXCEL_ROWS + 1))
    assert [name for name, _ in parts] == ["data 1", "data 2", "data 3"]
    covered = [row for _, rows in sheets(10, most=4) for row in range(10)[rows]]
    assert covered == list(range(10))
    assert list(sheets(0)) == [("data", slice(0, EXCEL_ROWS))]


def test_stata_comes_back_with_labels(frame: pd.DataFrame, tmp_path: Path) -> None:
    (path,) = write_stata(frame, tmp_path / "result.dta", MEANINGS)
    names = stata_names(frame.columns)
    back = pd.read_stata(path)
    pd.testing.assert_frame_equal(back, frame.rename(columns=names), check_dtype=False)
    with pd.read_stata(path, iterator=True) as reader:
        labels = reader.variable_labels()
    assert labels[names[LONG]] == "Levy lost if all hosts did the same, USD since the start"


def test_stata_names_are_short_and_never_the_same() -> None:
    columns = [f"{LONG}_{i}" for i in range(120)] + [LONG, "a.b", "a_b", "2019", "class"]
    names = stata_names(columns)
    assert len(set(names.values())) == len(columns)
    assert all(len(name) <= 32 for name in names.values())
    assert all(name.isidentifier() for name in names.values())
