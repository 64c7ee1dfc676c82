"""Draws of several keys at once: Sobol sequences, Latin hypercubes, or rows of a file such as a posterior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.configuration.variants import Value
from sim.inputs.dated_inputs import parameters
from sim.inputs.problems import ScenarioError, refused, unknown

SOBOL, LATIN, FILE = "sobol", "latin_hypercube", "draws"
METHODS = (SOBOL, LATIN, FILE)
DIGITS = 12
LARGEST = 1_000_000


@dataclass(frozen=True)
class Sampling:
    """What is drawn, how often, and by which method. `whole` names the keys that take whole numbers."""

    method: str
    points: int
    ranges: Mapping[str, tuple[float, float]]
    file: str | None
    seed: int


def read_sampling(method: str, given: object, seed: int) -> Sampling:
    """The part of a preset under `sobol`, `latin_hypercube` or `draws`; raises ScenarioError with all problems."""
    at = f"experiment.axes.{method}"
    allowed = ("points", "file") if method == FILE else ("points", "ranges", "priors")
    if not isinstance(given, Mapping):
        raise ScenarioError(
            [refused(at, given, f"{', '.join(allowed)}, each with its value", "write them")]
        )
    problems = [
        unknown(f"{at}.{name}", value, allowed)
        for name, value in given.items()
        if name not in allowed
    ]
    points = given.get("points")
    if isinstance(points, bool) or not isinstance(points, int) or not 1 <= points <= LARGEST:
        problems.append(
            refused(f"{at}.points", points, f"a whole number 1 to {LARGEST} (draws)", "change it")
        )
    ranges, listed = given.get("ranges") or {}, given.get("priors") or []
    if not isinstance(ranges, Mapping):
        raise ScenarioError(
            [refused(f"{at}.ranges", ranges, "KEY: [low, high], one a line", "change it")]
        )
    if not isinstance(listed, list):
        raise ScenarioError([refused(f"{at}.priors", listed, "a list of keys", "write [KEY, KEY]")])
    found = {key: pair for key, pair in ranges.items() if is_range(pair)}
    problems += [
        refused(f"{at}.ranges.{key}", pair, "[low, high]", "change it")
        for key, pair in ranges.items()
        if key not in found
    ]
    priors, wrong = prior_ranges(listed, at)
    if method == FILE and not isinstance(given.get("file"), str):
        problems.append(
            refused(
                f"{at}.file",
                given.get("file"),
                "the path of a Parquet or CSV table with a column a key",
                "give one",
            )
        )
    if method != FILE and not (found or priors or problems or wrong):
        problems.append(f"{at}: nothing to draw; give ranges or priors")
    if problems + wrong:
        raise ScenarioError(problems + wrong)
    return Sampling(
        method,
        int(points or 0),
        {key: (float(low), float(high)) for key, (low, high) in (priors | found).items()},
        given.get("file"),
        seed,
    )


def is_range(pair: object) -> bool:
    """Whether this is [low, high] with low below high."""
    numbers = (
        isinstance(pair, Sequence)
        and len(pair) == 2
        and all(isinstance(n, (int, float)) and not isinstance(n, bool) for n in pair)
    )
    return numbers and pair[0] < pair[1]  # type: ignore[index]


def prior_ranges(keys: Sequence[str], at: str) -> tuple[dict[str, tuple[float, float]], list[str]]:
    """Prior ranges from the evidence, and a line for each key that has none."""
    known = {
        key: parameter.prior
        for key, parameter in parameters().items()
        if parameter.prior is not None
    }
    wrong = [
        unknown(
            f"{at}.priors", key, known, "parameter with a prior in sim/evidence/parameters.yaml"
        )
        for key in keys
        if key not in known
    ]
    return {key: known[key] for key in keys if key in known}, wrong


def drawn(sampling: Sampling, whole: Sequence[str] = ()) -> list[dict[str, Value]]:
    """The draws. A longer Sobol sequence begins with the shorter one; a larger Latin hypercube is another one."""
    if sampling.method == FILE:
        return from_file(Path(str(sampling.file)), sampling.points)
    keys, (low, high) = list(sampling.ranges), zip(*sampling.ranges.values(), strict=True)
    rows = unit_points(sampling)
    return [
        {
            key: rounded(low[i] + row[i] * (high[i] - low[i]), key in whole)
            for i, key in enumerate(keys)
        }
        for row in rows
    ]


def unit_points(sampling: Sampling) -> list[list[float]]:
    """Points of the unit cube."""
    from scipy.stats import qmc

    if sampling.method == LATIN:
        rows = qmc.LatinHypercube(len(sampling.ranges), rng=sampling.seed).random(sampling.points)
    else:
        power = (sampling.points - 1).bit_length()
        rows = qmc.Sobol(len(sampling.ranges), rng=sampling.seed).random_base2(power)[
            : sampling.points
        ]
    return [[float(value) for value in row] for row in rows]


def rounded(value: float, whole: bool) -> Value:
    """A drawn number without float noise; whole where the key takes whole numbers only."""
    return int(value + 0.5) if whole else round(value, DIGITS)


def from_file(path: Path, points: int) -> list[dict[str, Value]]:
    """The first rows of a table, in the columns that are numbers of the configuration; others, such as distances, are passed over."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    try:
        table = pa.csv.read_csv(path) if path.suffix == ".csv" else pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        said = " ".join(str(error).split())
        raise ScenarioError(
            [
                f"experiment.axes.draws.file: {path} cannot be read ({said}); give a Parquet or CSV table"
            ]
        ) from None
    if table.num_rows < points:
        raise ScenarioError(
            [
                refused(
                    "experiment.axes.draws.points",
                    points,
                    f"1 to {table.num_rows} (rows of {path.name})",
                    "lower it",
                )
            ]
        )
    keys = [name for name in table.column_names if name in parameters()]
    if not keys:
        allowed = "columns named by keys of the configuration, such as population.russian.pool"
        raise ScenarioError(
            [refused("experiment.axes.draws.file", path.name, allowed, "rename its columns")]
        )
    return list(table.select(keys).slice(0, points).to_pylist())
