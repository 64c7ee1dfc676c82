"""Scarce places go to the lowest draws, in their order, whatever the draws look like."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.compiling import kernel
from sim.engine.worker_columns import Array
from sim.market.ranking import choose_lowest, choose_lowest_in_order, drop_certain_losers

SHAPES: dict[str, Callable[[np.random.Generator, int], Array]] = {
    "uniform": lambda chance, count: chance.random(count),
    "all high": lambda chance, count: 0.9 + 0.1 * chance.random(count),
    "all low": lambda chance, count: 1e-3 * chance.random(count),
    "experienced first": lambda chance, count: chance.random(count) - chance.integers(0, 2, count),
    "many ties": lambda chance, count: chance.integers(0, 4, count) / 4.0,
    "all the same": lambda chance, count: np.full(count, 0.5),
}


@kernel
def kept(rows: Array, draws: Array, count: int, places: int) -> int:
    """The same compiled."""
    return choose_lowest_in_order(rows, draws, count, places)


@kernel
def chosen(rows: Array, draws: Array, count: int, places: int) -> int:
    """Those with the lowest draws in any order, compiled."""
    return choose_lowest(rows, draws, count, places)


@pytest.mark.parametrize("shape", SHAPES)
@given(seed=st.integers(0, 2**32), count=st.integers(0, 400), places=st.integers(-1, 400))
def test_the_lowest_draws_are_kept_in_order(shape: str, seed: int, count: int, places: int) -> None:
    chance = np.random.default_rng(seed)
    draws, rows = SHAPES[shape](chance, count), chance.permutation(1000)[:count].astype(np.int32)
    wanted = [int(row) for _, row in sorted(zip(draws, rows, strict=True))][: max(places, 0)]
    for keep in (choose_lowest_in_order, kept):
        ranked = rows.copy()
        number = keep(ranked, draws.copy(), count, places)
        assert ranked[:number].tolist() == wanted
    for choose in (choose_lowest, chosen):
        found = rows.copy()
        number = choose(found, draws.copy(), count, places)
        assert sorted(found[:number].tolist()) == sorted(wanted)


def test_of_uniform_draws_few_are_left_to_rank() -> None:
    draws = np.random.default_rng(6).random(5000)
    assert 100 <= drop_certain_losers(np.arange(5000, dtype=np.int32), draws, 5000, 100) < 200
