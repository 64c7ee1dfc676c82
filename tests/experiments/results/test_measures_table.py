"""measures.parquet and parameters.parquet: the whole market's numbers, explained in the file."""

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from experiments.configuration.settings import Settings, load_settings
from experiments.ensembles.ensemble import run_ensemble
from experiments.ensembles.uncertainty import sampled_scenarios
from experiments.results.explained_columns import meanings_of
from experiments.results.measures_table import (
    measures_table,
    parameters_table,
    write_measures,
    write_parameters,
)

REPLICATES = 4


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings(["market.scale=0.01", "months=30", f"replicates={REPLICATES}"])


@pytest.fixture(scope="module")
def ensemble(settings: Settings) -> tuple[dict, list]:
    sampled = sampled_scenarios(settings.resolved, "posterior", REPLICATES, 1)
    assert sampled is not None
    return run_ensemble(settings.scenario, REPLICATES, sampled=sampled), sampled


def test_every_number_stands_in_its_row_and_column(settings: Settings, ensemble: tuple) -> None:
    values, _ = ensemble
    table = measures_table(settings.scenario, values, "posterior").to_pandas()
    assert len(table) == REPLICATES * settings.scenario.months
    for name, rows in values.items():
        np.testing.assert_array_equal(
            table[name].to_numpy(), rows.ravel().astype(np.float32), err_msg=name
        )
    assert table["month"].iloc[1] == dt.date(2016, 2, 1)
    assert table["draw"].unique().tolist() == [0, 1]


def test_heads_are_the_krai_s_whatever_the_scale(settings: Settings, ensemble: tuple) -> None:
    values, sampled = ensemble
    table = measures_table(settings.scenario, values, "posterior").to_pandas()
    at_start = table.groupby("replicate")["north_korean_heads"].first()
    for replicate, scenario in enumerate(sampled):
        heads = scenario.population["north_korean"].heads
        assert at_start[replicate] == pytest.approx(heads, abs=0.51 / 0.01)


def test_parameters_are_those_of_each_replicate(ensemble: tuple) -> None:
    _, sampled = ensemble
    table = parameters_table(sampled).to_pandas()
    efficiency = [each.population["north_korean"].efficiency for each in sampled]
    assert table["population.north_korean.efficiency"].tolist() == efficiency
    assert len(set(efficiency)) == 2
    assert "market.name" not in table


def test_the_files_say_what_their_columns_mean(
    settings: Settings, ensemble: tuple, tmp_path: Path
) -> None:
    values, sampled = ensemble
    write_measures(tmp_path / "m.parquet", settings.scenario, values, "posterior")
    write_parameters(tmp_path / "p.parquet", sampled)
    measures = meanings_of(pq.read_schema(tmp_path / "m.parquet"))
    assert measures["wage_drift_percent"].unit == "percent"
    assert all(meaning.label and meaning.unit for meaning in measures.values())
    parameters = meanings_of(pq.read_schema(tmp_path / "p.parquet"))
    assert parameters["market.wages.base_wage_rub"].unit.startswith("RUB")


def test_a_number_without_meaning_is_null(settings: Settings, ensemble: tuple) -> None:
    values = {name: rows.copy() for name, rows in ensemble[0].items()}
    values["shortfall_percent"][0, 3] = np.nan
    table = measures_table(settings.scenario, values, "none")
    assert table["shortfall_percent"][3].as_py() is None
    assert set(table["draw"].to_pylist()) == {0}
