"""One simulated scenario: a result folder as a Python object."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.python_interface.result import Result
from experiments.reporting.answer import answer, caution
from experiments.reporting.console_table import cell_parts, tables_of
from experiments.reporting.figures import figures
from experiments.reporting.plotting import Figure
from experiments.results.explained_columns import meanings_of
from experiments.results.export import Meaning
from experiments.results.result_folder import (
    MEASURES,
    PARAMETERS,
    load_result,
)
from experiments.results.result_folder import Result as Folder
from experiments.results.summary_reader import checkpoints
from experiments.storage.folder_error import FolderError
from experiments.storage.recorded_folder import check_file

if TYPE_CHECKING:
    import pandas as pd


class Simulation(Result):
    """Every replicate of one scenario; kept in a temporary folder until it is saved."""

    def __init__(self, folder: Path) -> None:
        """Read a result folder; raises FolderError if there is none."""
        self.result: Folder = load_result(folder)

    @classmethod
    def in_temporary_folder(cls, folder: Path, parent: Path) -> Simulation:
        """A simulation whose folder goes, with its parent, when nobody uses the object any more."""
        simulation = cls(folder)
        weakref.finalize(simulation, shutil.rmtree, parent, ignore_errors=True)
        return simulation

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return self.result.folder

    @property
    def summary(self) -> dict[str, Any]:
        """Every measure's 5th, 50th and 95th percentile by month, as in summary.json."""
        return self.result.summary

    @property
    def config(self) -> dict[str, Any]:
        """The complete configuration."""
        return self.result.config

    @property
    def answer(self) -> str:
        """Output, wage, vacancies, who replaces whom, and the shortfall, with intervals."""
        return answer(self.summary)

    @property
    def caution(self) -> str:
        """What the intervals hold, and what is held fixed."""
        return caution(self.summary)

    def measures(self) -> pd.DataFrame:
        """A row for each replicate and month, a column for each measure of the whole market."""
        return dated(self._table(MEASURES))

    def parameters(self) -> pd.DataFrame:
        """A row for each replicate, a column for each number that has a prior."""
        return self._table(PARAMETERS)

    def frame(self) -> pd.DataFrame:
        """Measures by replicate and month, and the parameters of each replicate beside them."""
        return self.measures().merge(self.parameters(), on="replicate", validate="many_to_one")

    def _table(self, name: str) -> pd.DataFrame:
        """A table of the folder; raises FolderError if it is not as the record says."""
        import pyarrow.parquet as pq

        check_file(self.folder, name, self.result.record)
        return pq.read_table(self.folder / name).to_pandas()

    @cached_property
    def meanings(self) -> Mapping[str, Meaning]:
        """Label and unit of each column."""
        import pyarrow.parquet as pq

        files = (self.folder / MEASURES, self.folder / PARAMETERS)
        return {
            name: meaning
            for file in files
            for name, meaning in meanings_of(pq.read_schema(file)).items()
        }

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """The figures of the report."""
        return {each.key: each for each in figures(self.summary)}

    def main_table(self) -> pd.DataFrame:
        """The tables of the report, each number with its interval."""
        import pandas as pd

        marks = checkpoints(self.summary)
        rows = {
            line.label.strip(): [
                " ".join(cell_parts(self.summary, line._replace(wage=None), mark.month))
                for mark in marks
            ]
            for lines in tables_of(self.summary).values()
            for line in lines
        }
        heads = [f"{mark.title} ({mark.month})" for mark in marks]
        return pd.DataFrame.from_dict(rows, orient="index", columns=heads)

    def save(self, folder: str | Path) -> Path:
        """Copy the result folder, report included, to a place where nothing is yet; returns it."""
        place = Path(folder)
        if place.exists():
            raise FolderError(f"save: {place} is there already; choose another folder")
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=".saving-") as draft:
            copy = shutil.copytree(self.folder, Path(draft) / place.name)
            copy.rename(place)
        return place


def dated(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its months as pandas' dates."""
    import pandas as pd

    return frame.assign(month=pd.to_datetime(frame["month"]))
