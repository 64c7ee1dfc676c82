"""The parameter draws that ship with the program: of the posterior, and of the prior.

Prior draws are those of the fit's first generation, without the draws that were refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow.parquet as pq

from experiments.calibration.space import round_if_whole
from experiments.storage.recorded_folder import check_file, read_record
from sim.inputs.dated_inputs import EVIDENCE, parameters
from sim.inputs.problems import ScenarioError

SHIPPED = EVIDENCE / "posterior"
POSTERIOR, PRIOR = "posterior", "prior"
ParameterDraw = dict[str, float]
"""Values of the uncertain parameters by configuration key."""
DESCRIPTIVE = (
    "population.russian.employed",
    "population.russian.pool",
    "market.wages.base_wage_rub",
)
"""Parameters that describe the krai rather than how people and firms behave."""


def read_draws(kind: str, folder: Path = SHIPPED) -> list[ParameterDraw]:
    """Every draw of a shipped fit.

    Raises ScenarioError where the file is missing, and FolderError where it is not the one that the
    fit wrote.
    """
    path = folder / f"{kind}.parquet"
    if not path.is_file():
        raise ScenarioError(
            [
                f"sim/evidence/posterior/{path.name}: missing; restore it, "
                "or make it with experiments.calibrate ship=yes"
            ]
        )
    check_file(folder, path.name, read_record(folder))
    table = pq.read_table(path)
    keys = [name for name in table.column_names if name in parameters()]
    return [
        dict(zip(keys, row, strict=True))
        for row in zip(*(table[key].to_pylist() for key in keys), strict=True)
    ]


def every_key(key: str) -> bool:
    """Keep a parameter whichever it is."""
    return True


def random_draws(
    kind: str, count: int, seed: int, is_kept: Callable[[str], bool] = every_key
) -> list[ParameterDraw]:
    """`count` draws in random order, each used once before any is used again."""
    known, generator = read_draws(kind), np.random.default_rng(seed)
    rounds = [generator.permutation(len(known)) for _ in range(-(-count // len(known)))]
    return [with_keys(known[number], is_kept) for number in np.concatenate(rounds)[:count]]


def stratified_draws(
    kind: str, strata: int, count: int, seed: int, is_kept: Callable[[str], bool] = every_key
) -> list[ParameterDraw]:
    """`count` draws, of which the first `strata` represent the North Koreans' labour evenly.

    They are one random draw from each of `strata` equal parts by that labour, which matters most
    for the shortage; a median over few draws then depends less on which draws they are. The others
    follow in random order.
    """
    known, generator = read_draws(kind), np.random.default_rng(seed)
    # A stable sort gives the same order, and so the same draws, on every machine.
    by_labour = np.argsort([crew_labour(draw) for draw in known], kind="stable")
    first = [generator.choice(part) for part in np.array_split(by_labour, strata) if part.size]
    rest = generator.permutation(np.setdiff1d(by_labour, first))
    generator.shuffle(first)
    order = np.resize(np.concatenate([first, rest]), count)
    return [with_keys(known[number], is_kept) for number in order]


def with_keys(draw: ParameterDraw, is_kept: Callable[[str], bool]) -> ParameterDraw:
    """The draw with only the parameters that are kept."""
    return {key: value for key, value in draw.items() if is_kept(key)}


def evenly_ordered(amounts: Sequence[float]) -> list[int]:
    """Positions in an order of which every beginning represents the amounts evenly.

    Ranks are taken in the order of their reversed bits (the van der Corput sequence).
    """
    bits = max(1, (len(amounts) - 1).bit_length())
    ranked = np.argsort(amounts, kind="stable").tolist()
    ranks = sorted(range(len(ranked)), key=lambda rank: int(f"{rank:0{bits}b}"[::-1], 2))
    return [ranked[rank] for rank in ranks]


def crew_labour(draw: Mapping[str, float]) -> float:
    """The North Koreans' labour in standard workers."""
    return draw["population.north_korean.heads"] * draw["population.north_korean.efficiency"]


def is_behaviour(key: str) -> bool:
    """Whether a parameter says how people and firms behave.

    The others describe the krai, or what was done to it.
    """
    return key.startswith(("market.", "population.russian.")) and key not in DESCRIPTIVE


def is_not_policy(key: str) -> bool:
    """Whether a parameter is anything but the strength of the policy, which the user sets."""
    return not key.startswith("policy.")


def posterior_medians(kind: str = POSTERIOR, folder: Path = SHIPPED) -> ParameterDraw:
    """The median of each parameter."""
    draws = read_draws(kind, folder)
    return {key: round_if_whole(key, median(draw[key] for draw in draws)) for key in draws[0]}
