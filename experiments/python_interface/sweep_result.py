"""A finished sweep: its store as a Python object."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.python_interface.result import Result
from experiments.python_interface.simulation import dated
from experiments.reporting.plotting import Figure
from experiments.results.explained_columns import meanings_of
from experiments.results.export import Meaning
from experiments.results.result_folder import CONFIG, SUMMARY, read_mapping
from experiments.sweeps.reporting.point_names import interval_text, point_label, reading
from experiments.sweeps.reporting.sweep_answer import answer, caution
from experiments.sweeps.reporting.sweep_figures import all_figures
from experiments.sweeps.reporting.sweep_tables import COLUMNS
from experiments.sweeps.store.run_store import read_store
from experiments.sweeps.store.shards import RUNS

if TYPE_CHECKING:
    import pandas as pd


class SweepResult(Result):
    """Every run of a sweep that is in its store."""

    def __init__(self, folder: Path) -> None:
        """Read a sweep's folder; raises FolderError if it holds no summary."""
        self.folder = folder
        self.summary: dict[str, Any] = read_mapping(folder / SUMMARY)
        self.config: dict[str, Any] = read_mapping(folder / CONFIG)

    @property
    def answer(self) -> str:
        """Thresholds of compliance, or the range of the shortfall."""
        return answer(self.summary)

    @property
    def caution(self) -> str:
        """How many runs there are, and what intervals and effects hold."""
        return caution(self.summary)

    def frame(self) -> pd.DataFrame:
        """A row for each run and month: the varied keys, draw, replicate, and every measure."""
        import pandas as pd
        import pyarrow.parquet as pq

        entries = read_store(self.folder).of_kind(RUNS)
        shards = [pq.read_table(self.folder / entry.file).to_pandas() for entry in entries]
        return dated(pd.concat(shards, ignore_index=True))

    @cached_property
    def meanings(self) -> Mapping[str, Meaning]:
        """Label and unit of each column."""
        import pyarrow.parquet as pq

        entries = read_store(self.folder).of_kind(RUNS)
        return meanings_of(pq.read_schema(self.folder / entries[0].file)) if entries else {}

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """The figures of the sweep's page."""
        return {each.key: each for each in all_figures(self.summary)}

    def main_table(self) -> pd.DataFrame:
        """The main numbers of every point in its own month, each with its interval."""
        import pandas as pd

        rows = {
            point_label(self.summary, point): [
                interval_text(reading(point, column.measure), column.form) for column in COLUMNS
            ]
            for point in self.summary["points"]
        }
        heads = [column.title for column in COLUMNS]
        return pd.DataFrame.from_dict(rows, orient="index", columns=heads)
