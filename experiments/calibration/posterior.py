"""The shipped draws of the parameters: of the posterior, and of the prior without what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow.parquet as pq

from experiments.calibration.space import round_if_whole
from sim.inputs.dated_inputs import EVIDENCE, parameters
from sim.inputs.problems import ScenarioError

SHIPPED = EVIDENCE / "posterior"
POSTERIOR, PRIOR = "posterior", "prior"
Draw = dict[str, float]
DESCRIPTION = ("population.russian.employed", "population.russian.pool")


def read_draws(kind: str, folder: Path = SHIPPED) -> list[Draw]:
    """Every draw of a shipped fit, by configuration key. Raises ScenarioError where the file is missing."""
    path = folder / f"{kind}.parquet"
    if not path.is_file():
        raise ScenarioError(
            [
                f"sim/evidence/posterior/{path.name}: missing; restore it, or make it with experiments.calibrate ship=yes"
            ]
        )
    table = pq.read_table(path)
    keys = [name for name in table.column_names if name in parameters()]
    return [
        dict(zip(keys, row, strict=True))
        for row in zip(*(table[key].to_pylist() for key in keys), strict=True)
    ]


def drawn(
    kind: str, count: int, seed: int, wanted: Callable[[str], bool] = lambda key: True
) -> list[Draw]:
    """`count` draws in random order, each used once before one is used again; only the keys wanted."""
    known, generator = read_draws(kind), np.random.default_rng(seed)
    rounds = [generator.permutation(len(known)) for _ in range(-(-count // len(known)))]
    return [
        {key: value for key, value in known[number].items() if wanted(key)}
        for number in np.concatenate(rounds)[:count]
    ]


def spread(
    kind: str, strata: int, count: int, seed: int, wanted: Callable[[str], bool] = lambda key: True
) -> list[Draw]:
    """`count` draws, the first of them one from each of `strata` equal parts by the crews' labour, on which shortage hangs most.

    The others follow in random order. Few draws then give a median that hangs less on which they are.
    """
    known, generator = read_draws(kind), np.random.default_rng(seed)
    by_labour = np.argsort([crew_labour(draw) for draw in known], kind="stable")
    first = [generator.choice(part) for part in np.array_split(by_labour, strata) if part.size]
    rest = generator.permutation(np.setdiff1d(by_labour, first))
    generator.shuffle(first)
    order = np.resize(np.concatenate([first, rest]), count)
    return [{key: value for key, value in known[number].items() if wanted(key)} for number in order]


def evenly(amounts: Sequence[float]) -> list[int]:
    """An order of which every beginning is spread evenly over the amounts: by their ranks with the bits reversed (van der Corput)."""
    bits = max(1, (len(amounts) - 1).bit_length())
    ranked = np.argsort(amounts, kind="stable").tolist()
    return [
        ranked[rank]
        for rank in sorted(range(len(ranked)), key=lambda rank: int(f"{rank:0{bits}b}"[::-1], 2))
    ]


def crew_labour(draw: Mapping[str, float]) -> float:
    """North Koreans' labour in standard workers."""
    return draw["population.north_korean.heads"] * draw["population.north_korean.efficiency"]


def is_behaviour(key: str) -> bool:
    """Numbers that say how people and firms behave rather than what the krai is or what was done to it."""
    return key.startswith(("market.", "population.russian.")) and key not in (
        *DESCRIPTION,
        "market.wages.base_wage_rub",
    )


def is_no_policy(key: str) -> bool:
    """All but the strength of the policy, which is the user's."""
    return not key.startswith("policy.")


def medians(kind: str = POSTERIOR, folder: Path = SHIPPED) -> Draw:
    """The median of each parameter."""
    draws = read_draws(kind, folder)
    return {key: round_if_whole(key, median(draw[key] for draw in draws)) for key in draws[0]}
