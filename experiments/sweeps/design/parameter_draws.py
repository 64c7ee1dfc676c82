"""The parameter draws of a sampling: joint samples of its keys, computed or read from a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from experiments.configuration.variants import Value
from experiments.sweeps.design.sampling import FILE, LATIN, Sampling
from sim.inputs.problems import ScenarioError, refused

DIGITS = 12
"""Decimals kept of a sampled number, so that its text and hash do not depend on float noise."""


def parameter_draws(sampling: Sampling, whole: Sequence[str] = ()) -> list[dict[str, Value]]:
    """The draws, each with a value for every key; keys in `whole` get whole numbers.

    A longer Sobol sequence begins with the shorter one, so more points extend a store; a larger
    Latin hypercube has other points throughout.
    """
    if sampling.method == FILE:
        return draws_from_file(Path(str(sampling.file)), sampling.points)
    keys, (low, high) = list(sampling.ranges), zip(*sampling.ranges.values(), strict=True)
    return [
        {
            key: rounded(low[i] + row[i] * (high[i] - low[i]), key in whole)
            for i, key in enumerate(keys)
        }
        for row in unit_points(sampling)
    ]


def unit_points(sampling: Sampling) -> list[list[float]]:
    """The sampling's points in the unit cube."""
    from scipy.stats import qmc

    dimensions = len(sampling.ranges)
    if sampling.method == LATIN:
        rows = qmc.LatinHypercube(dimensions, rng=sampling.seed).random(sampling.points)
    else:
        # Sobol points are balanced in powers of two; asking for one avoids scipy's warning.
        power = (sampling.points - 1).bit_length()
        sobol = qmc.Sobol(dimensions, rng=sampling.seed)
        rows = sobol.random_base2(power)[: sampling.points]
    return [[float(value) for value in row] for row in rows]


def rounded(value: float, whole: bool) -> Value:
    """A sampled number without float noise, or the nearest whole number."""
    return int(value + 0.5) if whole else round(value, DIGITS)


def draws_from_file(path: Path, points: int) -> list[dict[str, Value]]:
    """The first rows of a table with all its columns. Raises ScenarioError."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    at = "experiment.axes.draws"
    try:
        table = pa.csv.read_csv(path) if path.suffix == ".csv" else pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        reason = " ".join(str(error).split())
        advice = "give a Parquet or CSV table"
        raise ScenarioError([f"{at}.file: {path} cannot be read ({reason}); {advice}"]) from None
    if table.num_rows < points:
        allowed = f"1 to {table.num_rows} (rows of {path.name})"
        raise ScenarioError([refused(f"{at}.points", points, allowed, "lower it")])
    return list(table.slice(0, points).to_pylist())
