"""What applicants of a trade choose from: firms with vacancies in it, drawn by vacancies and wage."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine.compiling import allocating_part, part
from sim.engine.state import State
from sim.engine.worker_columns import Array

ROUNDING_MARGIN = 1e-12
"""Far more than rounding puts wrong in a share of the cumulated_attraction."""


class Offers(NamedTuple):
    """Vacancies by trade: firms that have some and their cumulated cumulated_attraction."""

    firms: Array  # u4[K, J]
    cumulated_attraction: Array  # f8[K, J] of the last one without end
    total_attraction: Array  # f8[K] cumulated_attraction of all
    guide: (
        Array  # u4[K, J + 2] where to start looking for an equal part of the cumulated_attraction
    )
    firm_count: Array  # i8[K]


@allocating_part
def all_firms_listed(state: State) -> Offers:
    """Every firm in every trade, with or without vacancies; no vacancy counted yet."""
    trades, number = state.trades.size, state.firms.size
    firms, guide = np.empty((trades, number), np.uint32), np.empty((trades, number + 2), np.uint32)
    count = np.empty(trades, np.int64)
    for k in range(trades):
        state.trades[k].vacancy_stock = 0.0
        count[k] = number
        for j in range(number):
            firms[k, j] = j
    return Offers(firms, np.empty((trades, number)), np.empty(trades), guide, count)


@part
def list_open_vacancies(state: State, offers: Offers) -> None:
    """Keep the firms that still have vacancies, in their order, and cumulate their cumulated_attraction (vacancies x w^mu)."""
    for k in range(state.trades.size):
        firms, cumulated_attraction, guide = (
            offers.firms[k],
            offers.cumulated_attraction[k],
            offers.guide[k],
        )
        count, vacancies_left, total_attraction = 0, 0, 0.0
        for position in range(offers.firm_count[k]):
            firm = firms[position]
            here = state.cells[firm * state.trades.size + k]
            vacancies = here.week_start_vacancies = here.vacancies
            vacancies_left += vacancies
            total_attraction += vacancies * here.attraction
            # Written in any case: a firm without vacancies is written over by the next one.
            firms[count], cumulated_attraction[count] = firm, total_attraction
            count += vacancies > 0
        offers.firm_count[k], offers.total_attraction[k] = count, total_attraction
        state.trades[k].unfilled = vacancies_left
        build_guide(guide, cumulated_attraction, count, total_attraction)
        if count > 0:
            cumulated_attraction[count - 1] = np.inf


@part
def build_guide(
    guide: Array, cumulated_attraction: Array, count: int, total_attraction: float
) -> None:
    """How many firms lie before each equal part of the cumulated_attraction, not counting one so near to it that rounding would decide."""
    parts = (1.0 + ROUNDING_MARGIN) * count / total_attraction if count > 0 else 0.0
    guide[: count + 2] = 0
    for position in range(count - 1):
        guide[np.uint32(cumulated_attraction[position] * parts) + np.uint32(1)] += 1
    for position in range(1, count):
        guide[position] += guide[position - 1]


@part
def firm_drawn(offers: Offers, k: int, draw: float) -> int:
    """The firm drawn by its cumulated_attraction in a trade: from the guide's position on the first whose cumulated cumulated_attraction exceeds the draw."""
    cumulated_attraction, threshold = (
        offers.cumulated_attraction[k],
        draw * offers.total_attraction[k],
    )
    position = np.uint64(offers.guide[k, np.uint32(draw * offers.firm_count[k])])
    position += np.uint64(cumulated_attraction[position] <= threshold)
    while cumulated_attraction[position] <= threshold:
        position += np.uint64(1)
    return offers.firms[k, position]  # type: ignore[no-any-return]
