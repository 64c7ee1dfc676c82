"""Firms that applicants of a trade choose from, drawn by vacancies and posted wage."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine.compiling import allocating_part, part
from sim.engine.state import State
from sim.engine.worker_columns import Array

ROUNDING_MARGIN = 1e-12
"""Relative; far above the rounding error of a share of the attraction."""


class Offers(NamedTuple):
    """Firms with vacancies by trade, with their cumulated attraction."""

    firms: Array  # u4[K, J]
    cumulated_attraction: Array  # f8[K, J]; infinite at the last firm, so that a search ends
    total_attraction: Array  # f8[K]
    guide: Array  # u4[K, J + 2] where a search begins, for each equal part of the attraction
    firm_count: Array  # i8[K] firms that are listed


@allocating_part
def all_firms_listed(state: State) -> Offers:
    """List every firm in every trade, with or without vacancies; vacancy stocks start at zero."""
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
    """Keep firms that still have vacancies, in order, and cumulate their vacancies x w^mu."""
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
            # Written without a branch: the next firm overwrites one that has no vacancies.
            firms[count], cumulated_attraction[count] = firm, total_attraction
            count += vacancies > 0
        offers.firm_count[k], offers.total_attraction[k] = count, total_attraction
        state.trades[k].unfilled = vacancies_left
        build_guide(guide, cumulated_attraction, count, total_attraction)
        if count > 0:
            # A draw near 1 may exceed a sum that was rounded down; the last firm takes it.
            cumulated_attraction[count - 1] = np.inf


@part
def build_guide(
    guide: Array, cumulated_attraction: Array, count: int, total_attraction: float
) -> None:
    """For each equal part of the attraction, how many firms lie wholly before it.

    A firm that ends within rounding error of a part's start is not counted, so that a search from
    the guide never begins beyond the firm sought.
    """
    parts = (1.0 + ROUNDING_MARGIN) * count / total_attraction if count > 0 else 0.0
    guide[: count + 2] = 0
    for position in range(count - 1):
        guide[np.uint32(cumulated_attraction[position] * parts) + np.uint32(1)] += 1
    for position in range(1, count):
        guide[position] += guide[position - 1]


@part
def firm_drawn(offers: Offers, k: int, draw: float) -> int:
    """The firm that a draw chooses in a trade: the first whose cumulated attraction exceeds it.

    The search starts where the guide says. Its first step is taken without a branch, as one step is
    what most searches need.
    """
    cumulated_attraction, threshold = (
        offers.cumulated_attraction[k],
        draw * offers.total_attraction[k],
    )
    position = np.uint64(offers.guide[k, np.uint32(draw * offers.firm_count[k])])
    position += np.uint64(cumulated_attraction[position] <= threshold)
    while cumulated_attraction[position] <= threshold:
        position += np.uint64(1)
    return offers.firms[k, position]  # type: ignore[no-any-return]
