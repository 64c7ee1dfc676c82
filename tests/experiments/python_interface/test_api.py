"""The model from Python: one result, shown, tabulated, plotted, saved and compared."""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.api import Comparison, Simulation, SweepResult, compare, load, simulate, sweep
from experiments.run import main
from experiments.storage.folder_error import FolderError
from sim.inputs.problems import ScenarioError

SMALL = {"scale": 0.01, "months": 48, "replicates": 4}


@pytest.fixture(scope="module")
def letter() -> Simulation:
    return simulate("un2397", **SMALL)


@pytest.fixture(scope="module")
def lax() -> Simulation:
    return simulate("un2397", compliance=0.2, **SMALL)


def test_python_and_command_give_the_same_files(letter: Simulation, tmp_path: Path) -> None:
    words = ["market.scale=0.01", "months=48", "replicates=4", f"output_dir={tmp_path}"]
    assert main(words) == 0
    (folder,) = tmp_path.iterdir()
    for name in ("measures.parquet", "parameters.parquet", "months.parquet", "summary.json"):
        assert (folder / name).read_bytes() == (letter.folder / name).read_bytes(), name


def test_the_frame_holds_measures_and_the_drawn_parameters(letter: Simulation) -> None:
    frame = letter.frame()
    assert len(frame) == 4 * 48
    assert frame["month"].dtype.kind == "M"
    assert frame["population.north_korean.efficiency"].nunique() == 2
    end = frame[frame["month"] == "2019-12-01"]["shortfall_workers"].astype(float)
    _, median, _ = letter.summary["measures"]["shortfall_workers"]["by_month"]["2019-12"]
    assert np.median(end) == pytest.approx(median, rel=1e-6)
    assert set(frame.columns) <= set(letter.meanings)


def test_parameters_can_be_held() -> None:
    fixed = simulate("un2397", uncertainty="none", **SMALL)
    assert fixed.parameters().drop(columns="replicate").nunique().max() == 1
    assert fixed.frame()["draw"].unique().tolist() == [0]


def test_a_notebook_shows_answer_and_figure_without_a_network(letter: Simulation) -> None:
    shown = letter._repr_html_()
    assert letter.answer.split()[0] in shown
    assert "plotly-graph-div" in shown
    assert "cdn.plot.ly/plotly" not in shown.split("<script")[1]
    assert letter.figure("shortfall").data
    with pytest.raises(KeyError, match="shortfall"):
        letter.figure("shortfal")


def test_a_saved_result_is_loaded_as_it_was(letter: Simulation, tmp_path: Path) -> None:
    saved = load(letter.save(tmp_path / "mine"))
    assert isinstance(saved, Simulation)
    assert saved.summary == letter.summary
    pd.testing.assert_frame_equal(saved.frame(), letter.frame())
    with pytest.raises(FolderError, match="there already"):
        letter.save(tmp_path / "mine")
    with pytest.raises(FolderError):
        load(tmp_path / "nothing")


def test_an_edited_table_is_refused(letter: Simulation, tmp_path: Path) -> None:
    saved = letter.save(tmp_path / "edited")
    path = saved / "measures.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(FolderError, match="measures"):
        Simulation(saved).frame()


def test_tables_go_to_every_format(letter: Simulation, tmp_path: Path) -> None:
    (book,) = letter.to_excel(tmp_path / "letter.xlsx")
    assert len(pd.read_excel(book, sheet_name="data")) == 4 * 48
    table, _ = letter.to_csv(tmp_path / "letter.csv")
    assert list(pd.read_csv(table).columns) == list(letter.frame().columns)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (stata,) = letter.to_stata(tmp_path / "letter.dta")
    assert len(pd.read_stata(stata)) == 4 * 48
    text = letter.to_latex(tmp_path / "letter.tex")
    assert text.startswith(r"\begin{tabular}")
    assert "%" not in text.replace(r"\%", "")


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(ScenarioError) as refused:
        simulate("un2397", complience=0.5, efficiency=2)
    assert len(refused.value.problems) == 2


def test_differences_are_paired_where_the_draws_are(letter: Simulation, lax: Simulation) -> None:
    difference = compare(letter, lax, names=["letter", "lax"])
    assert isinstance(difference, Comparison)
    assert difference.is_paired
    frame = difference.frame()
    assert set(frame["simulation"]) == {"lax"}
    own, base = (each.frame()["output_percent_of_baseline"].astype(float) for each in (lax, letter))
    np.testing.assert_allclose(
        frame["output_percent_of_baseline"].astype(float), own - base, atol=1e-4
    )
    before = frame[frame["month"] < "2017-01-01"]["shortfall_workers"].astype(float)
    assert (before == 0.0).all()
    assert "lax" in difference.answer
    assert difference.figure().data


def test_unlike_draws_are_said_loudly(letter: Simulation) -> None:
    other = simulate("un2397", seed=2, **SMALL)
    difference = compare(letter, other)
    assert not difference.is_paired
    assert difference.caution.startswith("NOT PAIRED")
    assert "seed" in difference.caution
    with pytest.raises(ValueError, match="NOT PAIRED"):
        difference.frame()


def test_a_sweep_has_the_columns_of_a_simulation(letter: Simulation, tmp_path: Path) -> None:
    result = sweep(
        "compliance",
        "policy.compliance=0,1",
        scale=0.01,
        months=48,
        replicates=2,
        output_dir=str(tmp_path),
    )
    assert isinstance(result, SweepResult)
    frame = result.frame()
    assert len(frame) == 2 * 2 * 48
    assert set(letter.measures().columns) <= set(frame.columns)
    assert frame["month"].dtype.kind == "M"
    assert result.figure().data
    assert len(result.main_table()) == 2
    again = load(result.folder)
    assert again.answer == result.answer
