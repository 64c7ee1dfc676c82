"""docs/data.md lists every column there is."""

import re

import pyarrow.parquet as pq
import pytest

from experiments.results.data_page import main, page
from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "data.md"


def test_the_page_is_the_one_that_the_catalogue_gives() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "renew it: python -m experiments.results.data_page docs/data.md"
    )


def test_every_column_of_a_result_is_on_the_page(finished) -> None:
    named = set(re.findall(r"`([a-z_.]+)`", PAGE.read_text(encoding="utf-8")))
    trades = ("structural", "finishing", "technical")
    for file in ("measures.parquet", "parameters.parquet"):
        columns = pq.read_schema(finished / file).names
        whole = {name for name in columns if not name.endswith(tuple(f"_{t}" for t in trades))}
        assert whole - named == set()
    measures = pq.read_table(finished / "months.parquet", columns=["measure"])["measure"]
    assert set(measures.unique().to_pylist()) <= named


def test_it_wants_one_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "FILE" in capsys.readouterr().err
