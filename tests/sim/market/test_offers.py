"""The choice of a firm: the guide never leads past the firm that a full search finds."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.engine.compiling import kernel
from sim.engine.worker_columns import Array
from sim.market.offers import Offers, build_guide, firm_drawn

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


@pytest.mark.parametrize("shape", SIZES)
@given(seed=st.integers(0, 2**32), firms=st.integers(1, 300))
@example(seed=0, firms=1)
def test_the_firm_is_the_first_whose_cumulated_pull_exceeds_the_draw(
    shape: str, seed: int, firms: int
) -> None:
    chance = np.random.default_rng(seed)
    cumulated = np.cumsum(SIZES[shape](chance, firms))
    draws = draws_at_every_edge(cumulated, chance)
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
    compiled_choice(offers, draws, found)
    assert found.tolist() == (expected + 7).tolist()
