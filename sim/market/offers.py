"""What applicants of a trade choose from: its cells with vacancies, drawn by vacancies and wage."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import part
from sim.population import Array
from sim.state import State


class Offers(NamedTuple):
    """Vacancies by trade: cells that have some and their cumulated pull."""

    cells: Array  # i4[K, J]
    pull: Array  # f8[K, J]
    guide: Array  # i4[K, J] where to start looking for an equal part of the pull
    found: Array  # i8[K]


@part
def all_cells(state: State) -> Offers:
    """Every cell of every trade, with or without vacancies; no vacancy counted yet."""
    trades, firms = state.trades.size, state.firms.size
    cells, guide = np.empty((2, trades, firms), np.int32)
    found = np.empty(trades, np.int64)
    for k in range(trades):
        state.trades[k].vacancy_stock = 0.0
        found[k] = firms
        for j in range(firms):
            cells[k, j] = j * trades + k
    return Offers(cells, np.empty((trades, firms)), guide, found)


@part
def open_week(state: State, offers: Offers) -> None:
    """Keep the cells that still have vacancies, in firm order, and cumulate their pull (vacancies x w^mu)."""
    for k in range(state.trades.size):
        cells, pull, guide = offers.cells[k], offers.pull[k], offers.guide[k]
        found, left, total = 0, 0, 0.0
        for place in range(offers.found[k]):
            cell = cells[place]
            at = state.cells[cell]
            if at.vacancies > 0:
                at.week_start_vacancies = at.vacancies
                left += at.vacancies
                total += at.vacancies * at.attraction
                cells[found] = cell
                pull[found] = total
                found += 1
        offers.found[k] = found
        state.trades[k].unfilled = left
        at_place = 0
        for place in range(found):
            while pull[at_place] * found <= total * place:
                at_place += 1
            guide[place] = at_place


@part
def chosen_cell(offers: Offers, k: int, draw: float) -> int:
    """The cell of a trade drawn by its pull: from the guide's place on to the first whose cumulated pull exceeds the draw."""
    pull = offers.pull[k]
    aim = draw * pull[offers.found[k] - 1]
    at = offers.guide[k, int(draw * offers.found[k])]
    while at > 0 and pull[at - 1] > aim:
        at -= 1
    while at < offers.found[k] - 1 and pull[at] <= aim:
        at += 1
    return offers.cells[k, at]  # type: ignore[no-any-return]
