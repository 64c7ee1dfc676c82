"""What applicants of a trade choose from: firms with vacancies in it, drawn by vacancies and wage."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import allocating_part, part
from sim.population import Array
from sim.state import State


class Offers(NamedTuple):
    """Vacancies by trade: firms that have some and their cumulated pull."""

    firms: Array  # u4[K, J]
    pull: Array  # f8[K, J]
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
    return Offers(firms, np.empty((trades, number)), guide, found)


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
        offers.found[k] = found
        state.trades[k].unfilled = left
        lay_guide(guide, pull, found, total)


@part
def lay_guide(guide: Array, pull: Array, found: int, total: float) -> None:
    """How many firms lie before each equal part of the pull; what rounding puts wrong, `chosen_firm` puts right."""
    parts = found / total if found > 0 else 0.0
    guide[: found + 1] = 0
    for place in range(found - 1):
        guide[int(pull[place] * parts) + 1] += 1
    for place in range(1, found):
        guide[place] += guide[place - 1]


@part
def chosen_firm(offers: Offers, k: int, draw: float) -> int:
    """The firm drawn by its pull in a trade: from the guide's place on to the first whose cumulated pull exceeds the draw."""
    pull, last = offers.pull[k], offers.found[k] - 1
    aim = draw * pull[last]
    at = np.int64(offers.guide[k, int(draw * offers.found[k])])
    while at > 0 and pull[at - 1] > aim:
        at -= 1
    at = min(at + (pull[at] <= aim), last)
    while at < last and pull[at] <= aim:
        at += 1
    return offers.firms[k, at]  # type: ignore[no-any-return]
