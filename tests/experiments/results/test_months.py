"""months.parquet: one tidy row per number, with everything that identifies the number."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from experiments.results.months import MonthsWriter, read_months, rows_of
from sim.engine.panel import ByGroup, ByGroupTrade, ByPaper, ByTrade, OfMarket
from tests.support.panels import NORTH_KOREAN, RUSSIAN, STRUCTURAL, empty_pair, put, short_scenario

SCENARIO = short_scenario(months=2)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Two replicates; only the first has numbers, such as 7 Russians in its policy branch."""
    path = tmp_path_factory.mktemp("months") / "months.parquet"
    first = empty_pair(SCENARIO)
    put(first.policy, "heads_employed", [0.0, 7.0], RUSSIAN, STRUCTURAL)
    put(first.baseline, "heads_employed_by_paper", 3.0, NORTH_KOREAN, 2)
    put(first.policy_at_baseline_wages, "backlog", 5.0)
    with MonthsWriter(path, SCENARIO) as writer:
        writer.append([first])
        writer.append([dataclasses.replace(empty_pair(SCENARIO), replicate=1)])
    return pq.read_table(path)


def nonzero(table, branch):
    """Rows of a branch that are not 0."""
    return table.filter(
        pc.and_(
            pc.equal(pc.cast(table["branch"], "string"), branch), pc.greater(table["value"], 0.0)
        )
    ).to_pylist()


def test_columns_are_those_agreed_on(table):
    assert table.column_names == [
        "replicate",
        "branch",
        "month",
        "nationality",
        "trade",
        "paper",
        "measure",
        "unit",
        "value",
    ]


def test_a_number_stands_in_its_row_as_the_whole_market_has_it(table):
    """7 workers in a market of half the size are 14; an index, price or mean stays as it is."""
    (row,) = nonzero(table, "policy")
    assert row == {
        "replicate": 0,
        "branch": "policy",
        "month": dt.date(2016, 2, 1),
        "nationality": "russian",
        "trade": "structural",
        "paper": "all",
        "measure": "heads_employed",
        "unit": ByGroupTrade.HEADS_EMPLOYED.unit,
        "value": 14.0,
    }


def test_what_is_not_split_is_all(table):
    papers, market = nonzero(table, "baseline"), nonzero(table, "policy_at_baseline_wages")
    assert {(row["nationality"], row["trade"], row["paper"]) for row in papers} == {
        ("north_korean", "all", "student")
    }
    assert {(row["nationality"], row["trade"], row["paper"]) for row in market} == {
        ("all", "all", "all")
    }


def test_each_branch_and_month_has_every_row_once(table):
    rows = [tuple(row[name] for name in table.column_names[:8]) for row in table.to_pylist()]
    assert len(set(rows)) == len(rows)
    assert len(rows) % (2 * 3 * 2) == 0


def test_papers_are_written_for_crews_only(table):
    split = table.filter(pc.not_equal(pc.cast(table["paper"], "string"), "all"))
    assert set(split["nationality"].to_pylist()) == {"north_korean"}


def test_every_panel_number_has_a_name():
    rows = rows_of(SCENARIO)
    by_group_trade, by_group = len(ByGroupTrade) * 9, len(ByGroup) * 3
    by_paper, by_trade = len(ByPaper) * 12, len(ByTrade) * 3
    count = by_group_trade + by_group + by_paper + by_trade + len(OfMarket)
    assert len(set(rows)) == len(rows) == count


def test_batches_are_row_groups_read_one_at_a_time(finished):
    tables = list(read_months(finished / "months.parquet"))
    assert (
        sum(part.num_rows for part in tables)
        == pq.ParquetFile(finished / "months.parquet").metadata.num_rows
    )
    assert {value for part in tables for value in part["replicate"].to_pylist()} == {0, 1, 2}
