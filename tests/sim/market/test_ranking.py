"""Scarce places go to the lowest draws, in their order, whatever the draws look like."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.engine.compiling import kernel
from sim.engine.worker_columns import Array
from sim.market.ranking import (
    FEW_ROWS,
    choose_lowest,
    choose_lowest_in_order,
    drop_certain_losers,
    is_before,
    keep_at_or_below,
    kth_lowest,
    select_lowest_in_order,
    sink,
    sort,
)

SHAPES: dict[str, Callable[[np.random.Generator, int], Array]] = {
    "uniform": lambda chance, count: chance.random(count),
    "all high": lambda chance, count: 0.9 + 0.1 * chance.random(count),
    "all low": lambda chance, count: 1e-3 * chance.random(count),
    "experienced first": lambda chance, count: chance.random(count) - chance.integers(0, 2, count),
    "many ties": lambda chance, count: chance.integers(0, 4, count) / 4.0,
    "all the same": lambda chance, count: np.full(count, 0.5),
}
DRAWS = st.lists(st.integers(0, 9).map(lambda tenths: tenths / 10.0), min_size=1, max_size=14)


@kernel
def kept(rows: Array, draws: Array, count: int, places: int) -> int:
    """The same compiled."""
    return choose_lowest_in_order(rows, draws, count, places)


@kernel
def chosen(rows: Array, draws: Array, count: int, places: int) -> int:
    """Those with the lowest draws in any order, compiled."""
    return choose_lowest(rows, draws, count, places)


def check_lowest_are_kept(
    keep: Callable[..., int], choose: Callable[..., int], draws: Array, rows: Array, places: int
) -> None:
    """The lowest draws are kept, in order and in any order; equal ones by row."""
    wanted = [int(row) for _, row in sorted(zip(draws, rows, strict=True))][: max(places, 0)]
    ranked, found = rows.copy(), rows.copy()
    number = keep(ranked, draws.copy(), rows.size, places)
    assert ranked[:number].tolist() == wanted
    number = choose(found, draws.copy(), rows.size, places)
    assert sorted(found[:number].tolist()) == sorted(wanted)


@pytest.mark.parametrize("shape", SHAPES)
@given(seed=st.integers(0, 2**32), count=st.integers(0, 400), places=st.integers(-1, 400))
def test_the_lowest_draws_are_kept_in_order(shape: str, seed: int, count: int, places: int) -> None:
    chance = np.random.default_rng(seed)
    draws, rows = SHAPES[shape](chance, count), chance.permutation(1000)[:count].astype(np.int32)
    check_lowest_are_kept(kept, chosen, draws, rows, places)


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=15)
@given(seed=st.integers(0, 2**32), count=st.integers(0, 60), places=st.integers(-1, 60))
@example(seed=1, count=FEW_ROWS, places=5)
@example(seed=1, count=FEW_ROWS + 1, places=5)
@example(seed=1, count=40, places=1)
@example(seed=1, count=40, places=39)
@example(seed=1, count=40, places=40)
def test_the_lowest_draws_are_kept_in_order_without_compiling(
    shape: str, seed: int, count: int, places: int
) -> None:
    chance = np.random.default_rng(seed)
    draws, rows = SHAPES[shape](chance, count), chance.permutation(1000)[:count].astype(np.int32)
    check_lowest_are_kept(choose_lowest_in_order, choose_lowest, draws, rows, places)


@pytest.mark.parametrize(
    ("draws", "rows", "before"),
    [
        ((0.1, 0.2), (5, 3), True),
        ((0.2, 0.1), (3, 5), False),
        ((0.2, 0.2), (3, 5), True),
        ((0.2, 0.2), (5, 3), False),
        ((0.2, 0.2), (3, 3), False),
    ],
)
def test_of_equal_draws_the_lower_row_comes_first(
    draws: tuple[float, ...], rows: tuple[int, ...], before: bool
) -> None:
    assert is_before(np.array(rows), np.array(draws), 0, 1) == before


@settings(max_examples=60)
@given(DRAWS, st.data())
def test_sorting_orders_by_draw_and_row_and_leaves_the_rest_alone(
    draws: list[float], data: st.DataObject
) -> None:
    count = data.draw(st.integers(0, len(draws)))
    rows, numbers = np.arange(len(draws), dtype=np.int32)[::-1].copy(), np.array(draws)
    expected = sorted(zip(numbers[:count], rows[:count], strict=True))
    rest = list(zip(numbers[count:], rows[count:], strict=True))
    sort(rows, numbers, count)
    assert list(zip(numbers, rows, strict=True)) == [*expected, *rest]


@settings(max_examples=60)
@given(DRAWS, st.data())
def test_the_kth_lowest_is_that_of_the_sorted_draws(
    draws: list[float], data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, len(draws)))
    k = data.draw(st.integers(0, count - 1))
    numbers = np.array(draws)
    assert kth_lowest(numbers, count, k) == sorted(draws[:count])[k]
    assert numbers.tolist() == draws


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_every_order_of_a_few_draws_is_sorted_and_selected_from(count: int) -> None:
    for order in itertools.permutations(range(count)):
        draws, rows = np.array(order, float), np.arange(count, dtype=np.int32)
        assert [kth_lowest(draws, count, k) for k in range(count)] == list(range(count))
        sort(rows, draws, count)
        assert draws.tolist() == list(range(count))
        assert [order[row] for row in rows] == list(range(count))


def test_a_place_sinks_until_nothing_below_it_comes_later() -> None:
    """0.1 sinks past the later of its two children, 0.9, to between 0.5 and nothing."""
    rows, draws = np.arange(6, dtype=np.int32), np.array([0.1, 0.7, 0.9, 0.3, 0.4, 0.5])
    sink(rows, draws, 0, 6)
    assert draws.tolist() == [0.9, 0.7, 0.5, 0.3, 0.4, 0.1]
    assert rows.tolist() == [2, 1, 5, 3, 4, 0]
    sink(rows, draws, 0, 6)
    assert rows.tolist() == [2, 1, 5, 3, 4, 0]
    draws[:] = [0.1, 0.7, 0.9, 0.3, 0.4, 0.5]
    sink(rows, draws, 0, 2)
    assert draws.tolist() == [0.7, 0.1, 0.9, 0.3, 0.4, 0.5]


def test_selecting_puts_the_lowest_in_front_and_loses_nobody() -> None:
    rows, draws = np.array([8, 6, 7, 5], np.int32), np.array([0.4, 0.2, 0.2, 0.1])
    assert select_lowest_in_order(rows, draws, 4, 3) == 3
    assert rows[:3].tolist() == [5, 6, 7]
    assert sorted(rows.tolist()) == [5, 6, 7, 8]


def test_draws_at_or_below_a_limit_move_to_the_front_in_their_order() -> None:
    rows, draws = np.array([9, 4, 7, 1], np.int32), np.array([0.5, 0.6, 0.25, 0.5])
    assert keep_at_or_below(rows, draws, 4, 0.5) == 3
    assert rows[:3].tolist() == [9, 7, 1]
    assert draws[:3].tolist() == [0.5, 0.25, 0.5]


def test_draws_four_standard_deviations_too_high_are_dropped() -> None:
    """For 4 places among 25: at most (4 + 4 x 2 + 4) / 25 = 0.64, which is kept itself."""
    draws = np.full(25, 0.7)
    draws[[2, 5, 11, 19]] = 0.1
    draws[7], draws[8] = 0.64, 0.66
    rows = np.arange(25, dtype=np.int32)
    assert drop_certain_losers(rows, draws, 25, 4) == 5
    assert rows[:5].tolist() == [2, 5, 7, 11, 19]


@pytest.mark.parametrize(("low", "left"), [(3, 25), (4, 4)])
def test_nobody_is_dropped_where_too_few_would_be_left(low: int, left: int) -> None:
    draws = np.full(25, 0.7)
    draws[:low] = 0.1
    assert drop_certain_losers(np.arange(25, dtype=np.int32), draws, 25, 4) == left


def test_a_draw_at_the_limit_counts_among_those_who_may_get_a_place() -> None:
    draws = np.full(25, 0.7)
    draws[[2, 5, 11]] = 0.1
    draws[7] = 0.64
    assert drop_certain_losers(np.arange(25, dtype=np.int32), draws, 25, 4) == 4


def test_of_uniform_draws_few_are_left_to_rank() -> None:
    draws = np.random.default_rng(6).random(5000)
    assert 100 <= drop_certain_losers(np.arange(5000, dtype=np.int32), draws, 5000, 100) < 200
