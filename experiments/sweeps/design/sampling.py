"""How a preset asks for parameter draws: a Sobol sequence, a Latin hypercube, or a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.configuration.shipped_files import CONFIGS
from experiments.sweeps.design.axes import is_plain_number
from sim.inputs.dated_inputs import parameters
from sim.inputs.problems import ScenarioError, refused, unknown

SOBOL, LATIN, FILE = "sobol", "latin_hypercube", "draws"
METHODS = (SOBOL, LATIN, FILE)
MOST_DRAWS = 1_000_000

Ranges = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Sampling:
    """How parameters are sampled: by which method, how many draws, and from what.

    `ranges` holds low and high end by key; `file` is the table of method `draws`. `fitted_to` is
    the policy whose strength the table's columns policy.* are; None if they hold for any policy.
    """

    method: str
    points: int
    ranges: Mapping[str, tuple[float, float]]
    file: str | None
    seed: int
    fitted_to: str | None = None


def read_sampling(method: str, given: object, seed: int) -> Sampling:
    """What a preset has under `sobol`, `latin_hypercube` or `draws`.

    Raises ScenarioError with everything that is wrong.
    """
    at = f"experiment.axes.{method}"
    allowed = ("points", "file", "fitted_to") if method == FILE else ("points", "ranges", "priors")
    if not isinstance(given, Mapping):
        forms = f"{', '.join(allowed)}, each with its value"
        raise ScenarioError([refused(at, given, forms, "write them")])
    ranges, range_problems = ranges_of(given, at)
    problems = [
        *(unknown(f"{at}.{key}", given[key], allowed) for key in given if key not in allowed),
        *points_problems(given.get("points"), at),
        *range_problems,
        *(table_problems(given, at) if method == FILE else ()),
    ]
    if method != FILE and not (ranges or problems):
        problems.append(f"{at}: no parameter is named; give ranges or priors")
    if problems:
        raise ScenarioError(problems)
    return Sampling(
        method, given["points"], ranges, given.get("file"), seed, given.get("fitted_to")
    )


def points_problems(points: object, at: str) -> list[str]:
    """What is wrong with the number of draws."""
    whole = isinstance(points, int) and not isinstance(points, bool)
    if whole and 1 <= points <= MOST_DRAWS:  # type: ignore[operator]
        return []
    allowed = f"a whole number 1 to {MOST_DRAWS} (draws)"
    return [refused(f"{at}.points", points, allowed, "change it")]


def table_problems(given: Mapping[str, Any], at: str) -> list[str]:
    """What is wrong with the path of a table of draws, before it is opened, and with its policy."""
    file, policy = given.get("file"), given.get("fitted_to")
    problems = []
    if not isinstance(file, str):
        allowed = "the path of a Parquet or CSV table with one column per key"
        problems.append(refused(f"{at}.file", file, allowed, "give one"))
    known = [path.stem for path in sorted((CONFIGS / "policy").glob("*.yaml"))]
    if policy is not None and policy not in known:
        allowed = f"one of {', '.join(known)}"
        problems.append(refused(f"{at}.fitted_to", policy, allowed, "choose one or leave it out"))
    return problems


def ranges_of(given: Mapping[str, Any], at: str) -> tuple[Ranges, list[str]]:
    """Ranges by key, priors first, and what is wrong with them."""
    ranges, keys = given.get("ranges") or {}, given.get("priors") or []
    if not isinstance(ranges, Mapping):
        allowed = "KEY: [low, high], one on each line"
        return {}, [refused(f"{at}.ranges", ranges, allowed, "change it")]
    if not isinstance(keys, list):
        return {}, [refused(f"{at}.priors", keys, "a list of keys", "write [KEY, KEY]")]
    priors, problems = prior_ranges(keys, at)
    valid = {key: pair for key, pair in ranges.items() if is_range(pair)}
    malformed = [
        refused(f"{at}.ranges.{key}", pair, "[low, high]", "change it")
        for key, pair in ranges.items()
        if key not in valid
    ]
    malformed += [
        refused(f"{at}.priors", key, "keys that are not in ranges", "leave it out of one")
        for key in priors
        if key in ranges
    ]
    both = priors | valid
    return {key: (float(low), float(high)) for key, (low, high) in both.items()}, [
        *malformed,
        *problems,
    ]


def is_range(pair: object) -> bool:
    """Whether this is [low, high] with low below high."""
    if not (isinstance(pair, Sequence) and len(pair) == 2 and all(map(is_plain_number, pair))):
        return False
    return bool(pair[0] < pair[1])


def prior_ranges(keys: Sequence[str], at: str) -> tuple[Ranges, list[str]]:
    """Prior ranges from the evidence, and a line for each key that has none."""
    known = {
        key: parameter.prior
        for key, parameter in parameters().items()
        if parameter.prior is not None
    }
    thing = "parameter with a prior in sim/evidence/parameters.yaml"
    problems = [unknown(f"{at}.priors", key, known, thing) for key in keys if key not in known]
    return {key: known[key] for key in keys if key in known}, problems
