"""measures.parquet and parameters.parquet: what a run measured, and under which parameters.

measures.parquet has a row for each replicate and month and a column for each reported measure, in
the units of the whole market whatever the scale of the simulation: the shape and the names that
the runs of a sweep have. parameters.parquet has a row for each replicate. Units and labels are in
the metadata of the columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.ensembles.uncertainty import REPLICATES_A_DRAW
from experiments.results.explained_columns import WHAT, draw_meaning, explained_table
from experiments.results.export import Meaning
from experiments.storage.whole_files import whole_file
from sim.calendar import date_of
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import parameters
from sim.inputs.dotted_keys import flatten
from sim.measures.catalogue import measures_of
from sim.scenario import Scenario


def write_measures(path: Path, scenario: Scenario, values: Mapping[str, Array], kind: str) -> None:
    """Write every measure of an ensemble, f8[R, T] each. kind: of its parameter uncertainty."""
    write_table(path, measures_table(scenario, values, kind))


def measures_table(scenario: Scenario, values: Mapping[str, Array], kind: str) -> pa.Table:
    """A row for each replicate and month; a number that has no meaning is null."""
    replicates, months = next(iter(values.values())).shape
    number = np.repeat(np.arange(replicates, dtype=np.int32), months)
    days = [date_of(month, scenario.start) for month in range(months)]
    columns = {
        "replicate": (pa.array(number), WHAT["replicate"]),
        "draw": (pa.array(draw_of(number, draws_are_shared(kind))), draw_meaning(kind)),
        "month": (pa.array(days * replicates, pa.date32()), WHAT["month"]),
    }
    for name, known in measures_of(scenario).items():
        column = pa.array(values[name].ravel().astype(np.float32), from_pandas=True)
        columns[name] = (column, Meaning(known.label, known.unit))
    return explained_table(columns)


def write_parameters(path: Path, sampled: Sequence[Scenario]) -> None:
    """Write the number of every parameter with a prior, in the scenario of each replicate."""
    write_table(path, parameters_table(sampled))


def parameters_table(sampled: Sequence[Scenario]) -> pa.Table:
    """A row for each replicate, a column for each number that has a prior or differs."""
    number = np.arange(len(sampled), dtype=np.int32)
    numbers = [
        {key: value for key, value in flatten(each).items() if is_number(value)} for each in sampled
    ]
    known = parameters()
    wanted = [
        key
        for key in numbers[0]
        if key in known or any(each[key] != numbers[0][key] for each in numbers)
    ]
    columns = {
        "replicate": (pa.array(number), WHAT["replicate"]),
    }
    for key in wanted:
        unit = known[key].unit if key in known else ""
        column = pa.array([float(each[key]) for each in numbers])
        columns[key] = (column, Meaning(key, unit))
    return explained_table(columns)


def write_table(path: Path, table: pa.Table) -> None:
    """Write a Parquet file that is whole or not there."""
    with whole_file(path) as file:
        pq.write_table(table, file, compression="zstd")


def is_number(value: object) -> bool:
    """Whether a value of a scenario is a number; bool, which Python counts as one, is not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def draws_are_shared(kind: str) -> bool:
    """Whether neighbouring replicates share a parameter draw, rather than all of them one."""
    return kind != "none"


def draw_of(replicates: Array, has_draws: bool) -> Array:
    """The number of each replicate's parameter draw."""
    return replicates // REPLICATES_A_DRAW if has_draws else np.zeros_like(replicates)
