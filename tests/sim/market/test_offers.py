"""The choice of a firm: the guide never leads past the firm that a full search finds."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.engine.compiling import kernel
from sim.engine.state import Sizes
from sim.engine.worker_columns import Array
from sim.market.offers import (
    Offers,
    all_firms_listed,
    build_guide,
    firm_drawn,
    list_open_vacancies,
)
from tests.support.interpreted_state import InterpretedState

SIZES = {
    "all alike": lambda chance, firms: np.ones(firms),
    "any": lambda chance, firms: chance.random(firms) + 1e-6,
    "few large, many small": lambda chance, firms: chance.pareto(0.5, firms) + 1e-6,
    "hardly any, then one": lambda chance, firms: np.concatenate([np.full(firms - 1, 1e-9), [1.0]]),
}


@kernel
def compiled_choice(offers: Offers, draws: Array, firms: Array) -> None:
    """Lay the guide of the only trade and choose for every draw."""
    build_guide(
        offers.guide[0],
        offers.cumulated_attraction[0],
        offers.firm_count[0],
        offers.total_attraction[0],
    )
    offers.cumulated_attraction[0, offers.firm_count[0] - 1] = np.inf
    for i in range(draws.size):
        firms[i] = firm_drawn(offers, 0, draws[i])


def draws_at_every_edge(cumulated: Array, chance: np.random.Generator) -> Array:
    """Draws at the firms' shares of the pull, at equal parts of it, beside them, and by chance."""
    edges = np.concatenate([cumulated / cumulated[-1], np.arange(cumulated.size) / cumulated.size])
    near = np.concatenate([edges, np.nextafter(edges, 0.0), np.nextafter(edges, 1.0)])
    least, most = 0.0, 1.0 - 2.0**-53
    return np.concatenate([np.clip(near, least, most), [least, most], chance.random(200)])


def check_choice(choose: Callable[..., None], cumulated: Array, draws: Array) -> None:
    """Each draw chooses the first firm whose cumulated attraction exceeds it."""
    firms = cumulated.size
    expected = np.minimum(
        np.searchsorted(cumulated, draws * cumulated[-1], side="right"), firms - 1
    )
    offers = Offers(
        firms=np.arange(firms, dtype=np.uint32)[None] + 7,
        cumulated_attraction=cumulated[None].copy(),
        total_attraction=cumulated[-1:].copy(),
        guide=np.full((1, firms + 2), 9, np.uint32),
        firm_count=np.array([firms]),
    )
    found = np.empty(draws.size, np.int64)
    choose(offers, draws, found)
    assert found.tolist() == (expected + 7).tolist()


@pytest.mark.parametrize("shape", SIZES)
@given(seed=st.integers(0, 2**32), firms=st.integers(1, 300))
@example(seed=0, firms=1)
def test_the_firm_is_the_first_whose_cumulated_pull_exceeds_the_draw(
    shape: str, seed: int, firms: int
) -> None:
    chance = np.random.default_rng(seed)
    cumulated = np.cumsum(SIZES[shape](chance, firms))
    check_choice(compiled_choice, cumulated, draws_at_every_edge(cumulated, chance))


@pytest.mark.parametrize("shape", SIZES)
@settings(max_examples=5)
@given(seed=st.integers(0, 2**32), firms=st.integers(1, 9))
@example(seed=0, firms=1)
@example(seed=0, firms=2)
def test_the_same_without_compiling(shape: str, seed: int, firms: int) -> None:
    chance = np.random.default_rng(seed)
    cumulated = np.cumsum(SIZES[shape](chance, firms))
    draws = draws_at_every_edge(cumulated, chance)[:-180]
    check_choice(compiled_choice.py_func, cumulated, draws)  # type: ignore[attr-defined]


def test_the_guide_counts_the_firms_wholly_before_each_equal_part() -> None:
    """Four firms with shares 0.1, 0.1, 0.5 and 0.3, and parts that begin at 0, 0.25, 0.5, 0.75.

    Two firms end in the first part; the third ends at 0.7, in the third part.
    """
    guide = np.full(6, 9, np.uint32)
    build_guide(guide, np.array([1.0, 2.0, 7.0, 10.0]), 4, 10.0)
    assert guide[:4].tolist() == [0, 2, 2, 3]


def test_without_firms_the_guide_is_empty() -> None:
    guide = np.full(6, 9, np.uint32)
    build_guide(guide, np.zeros(4), 0, 0.0)
    assert guide.tolist() == [0, 0, 9, 9, 9, 9]


@pytest.fixture
def state() -> Any:
    """Two trades, three firms; vacancies 2, 0, 1 in trade 0 and 0, 0, 4 in trade 1."""
    state: Any = InterpretedState(
        Sizes(groups=1, trades=2, firms=3, workers=1, months=30, pipeline_months=1)
    )
    state.cells.vacancies[:] = [2, 0, 0, 0, 1, 4]
    state.cells.attraction[:] = [1.5, 7.0, 9.0, 8.0, 2.0, 0.5]
    state.trades.vacancy_stock[:] = 3.0
    return state


def test_at_first_every_firm_is_listed_in_every_trade(state: Any) -> None:
    offers = all_firms_listed(state)
    assert offers.firms.tolist() == [[0, 1, 2], [0, 1, 2]]
    assert offers.firm_count.tolist() == [3, 3]
    assert offers.guide.shape == (2, 5)
    assert offers.cumulated_attraction.shape == (2, 3)
    assert state.trades.vacancy_stock.tolist() == [0.0, 0.0]


def test_only_firms_with_vacancies_are_listed_with_vacancies_times_attraction(state: Any) -> None:
    offers = all_firms_listed(state)
    list_open_vacancies(state, offers)
    assert offers.firm_count.tolist() == [2, 1]
    assert offers.firms[0, :2].tolist() == [0, 2]
    assert offers.cumulated_attraction[0, :2].tolist() == [3.0, np.inf]
    assert offers.total_attraction.tolist() == [5.0, 2.0]
    assert offers.firms[1, 0] == 2
    assert offers.cumulated_attraction[1, 0] == np.inf
    assert state.trades.unfilled.tolist() == [3, 4]
    assert state.cells.week_start_vacancies.tolist() == [2, 0, 0, 0, 1, 4]
    assert [firm_drawn(offers, 0, draw) for draw in (0.0, 0.59, 0.61, 0.999)] == [0, 0, 2, 2]


def test_a_firm_without_vacancies_is_not_looked_at_again(state: Any) -> None:
    offers = all_firms_listed(state)
    list_open_vacancies(state, offers)
    state.cells.vacancies[:] = [0, 5, 0, 5, 1, 0]
    offers.cumulated_attraction[1, 2] = 7.0
    list_open_vacancies(state, offers)
    assert offers.firm_count.tolist() == [1, 0]
    assert offers.firms[0, 0] == 2
    assert offers.total_attraction.tolist() == [2.0, 0.0]
    assert offers.cumulated_attraction[1, 2] == 7.0
    assert state.trades.unfilled.tolist() == [1, 0]
    assert state.cells.week_start_vacancies.tolist() == [0, 0, 0, 0, 1, 0]
