"""What applicants of a trade choose from: firms with vacancies in it, drawn by vacancies and wage."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine.compiling import allocating_part, part
from sim.engine.state import State
from sim.engine.worker_columns import Array

NEAR = 1e-12
"""Far more than rounding puts wrong in a share of the pull."""


class Offers(NamedTuple):
    """Vacancies by trade: firms that have some and their cumulated pull."""

    firms: Array  # u4[K, J]
    pull: Array  # f8[K, J] of the last one without end
    total: Array  # f8[K] pull of all
    guide: Array  # u4[K, J + 2] where to start looking for an equal part of the pull
    found: Array  # i8[K]


@allocating_part
def all_firms(state: State) -> Offers:
    """Every firm in every trade, with or without vacancies; no vacancy counted yet."""
    trades, number = state.trades.size, state.firms.size
    firms, guide = np.empty((trades, number), np.uint32), np.empty((trades, number + 2), np.uint32)
    found = np.empty(trades, np.int64)
    for k in range(trades):
        state.trades[k].vacancy_stock = 0.0
        found[k] = number
        for j in range(number):
            firms[k, j] = j
    return Offers(firms, np.empty((trades, number)), np.empty(trades), guide, found)


@part
def open_week(state: State, offers: Offers) -> None:
    """Keep the firms that still have vacancies, in their order, and cumulate their pull (vacancies x w^mu)."""
    for k in range(state.trades.size):
        firms, pull, guide = offers.firms[k], offers.pull[k], offers.guide[k]
        found, left, total = 0, 0, 0.0
        for place in range(offers.found[k]):
            firm = firms[place]
            at = state.cells[firm * state.trades.size + k]
            vacancies = at.week_start_vacancies = at.vacancies
            left += vacancies
            total += vacancies * at.attraction
            # Written in any case: a firm without vacancies is written over by the next one.
            firms[found], pull[found] = firm, total
            found += vacancies > 0
        offers.found[k], offers.total[k] = found, total
        state.trades[k].unfilled = left
        lay_guide(guide, pull, found, total)
        if found > 0:
            pull[found - 1] = np.inf


@part
def lay_guide(guide: Array, pull: Array, found: int, total: float) -> None:
    """How many firms lie before each equal part of the pull, not counting one so near to it that rounding would decide."""
    parts = (1.0 + NEAR) * found / total if found > 0 else 0.0
    guide[: found + 2] = 0
    for place in range(found - 1):
        guide[np.uint32(pull[place] * parts) + np.uint32(1)] += 1
    for place in range(1, found):
        guide[place] += guide[place - 1]


@part
def chosen_firm(offers: Offers, k: int, draw: float) -> int:
    """The firm drawn by its pull in a trade: from the guide's place on the first whose cumulated pull exceeds the draw."""
    pull, aim = offers.pull[k], draw * offers.total[k]
    place = np.uint64(offers.guide[k, np.uint32(draw * offers.found[k])])
    place += np.uint64(pull[place] <= aim)
    while pull[place] <= aim:
        place += np.uint64(1)
    return offers.firms[k, place]  # type: ignore[no-any-return]
