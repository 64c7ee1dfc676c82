"""What applicants of a trade choose from: firms with vacancies in it, drawn by vacancies and wage."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import part
from sim.population import Array
from sim.state import State


class Offers(NamedTuple):
    """Vacancies by trade: firms that have some and their cumulated pull."""

    firms: Array  # i4[K, J]
    pull: Array  # f8[K, J]
    guide: Array  # i4[K, J] where to start looking for an equal part of the pull
    found: Array  # i8[K]


@part
def all_firms(state: State) -> Offers:
    """Every firm in every trade, with or without vacancies; no vacancy counted yet."""
    trades, number = state.trades.size, state.firms.size
    firms, guide = np.empty((trades, number), np.int32), np.empty((trades, number), np.int32)
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
            at = state.cells[firms[place] * state.trades.size + k]
            if at.vacancies > 0:
                at.week_start_vacancies = at.vacancies
                left += at.vacancies
                total += at.vacancies * at.attraction
                firms[found] = firms[place]
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
def chosen_firm(offers: Offers, k: int, draw: float) -> int:
    """The firm drawn by its pull in a trade: from the guide's place on to the first whose cumulated pull exceeds the draw."""
    pull = offers.pull[k]
    aim = draw * pull[offers.found[k] - 1]
    at = offers.guide[k, int(draw * offers.found[k])]
    while at > 0 and pull[at - 1] > aim:
        at -= 1
    while at < offers.found[k] - 1 and pull[at] <= aim:
        at += 1
    return offers.firms[k, at]  # type: ignore[no-any-return]
