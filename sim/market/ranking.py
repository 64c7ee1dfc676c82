"""Rationing by lot: scarce places go to the lowest draws."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiling import allocating_part, part
from sim.engine.worker_columns import Array

FEW_ROWS = 12
"""Up to so many rows, selecting them one by one is faster than sorting."""


@part
def is_before(rows: Array, draws: Array, i: int, j: int) -> bool:
    """Whether place i comes before place j: by draw, and by row if draws are equal."""
    return bool(draws[i] < draws[j] or (draws[i] == draws[j] and rows[i] < rows[j]))


@part
def swap(rows: Array, draws: Array, i: int, j: int) -> None:
    """Exchange two places."""
    rows[i], rows[j] = rows[j], rows[i]
    draws[i], draws[j] = draws[j], draws[i]


@part
def sink(rows: Array, draws: Array, place: int, count: int) -> None:
    """Move a place down the heap until nothing below it comes later."""
    while 2 * place + 1 < count:
        below = 2 * place + 1
        if below + 1 < count and is_before(rows, draws, below, below + 1):
            below += 1
        if not is_before(rows, draws, place, below):
            return
        swap(rows, draws, place, below)
        place = below


@part
def sort(rows: Array, draws: Array, count: int) -> None:
    """Sort the first `count` rows by draw (heapsort: Williams 1964, Floyd 1964)."""
    for place in range(count // 2 - 1, -1, -1):
        sink(rows, draws, place, count)
    for last in range(count - 1, 0, -1):
        swap(rows, draws, 0, last)
        sink(rows, draws, 0, last)


@allocating_part
def kth_lowest(draws: Array, count: int, k: int) -> float:
    """The value at position k of the first `count` draws in ascending order (Hoare's selection)."""
    values = np.empty(count)
    for i in range(count):
        values[i] = draws[i]
    low, high = 0, count - 1
    while low < high:
        pivot = values[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if k <= j:
            high = j
        elif k >= i:
            low = i
        else:
            break
    return values[k]  # type: ignore[no-any-return]


@part
def select_lowest_in_order(rows: Array, draws: Array, count: int, places: int) -> int:
    """Move the lowest draws to the front in order, one place after the other.

    Fast for a few places.
    """
    for place in range(places):
        best = place
        for i in range(place + 1, count):
            if is_before(rows, draws, i, best):
                best = i
        swap(rows, draws, place, best)
    return places


@part
def keep_at_or_below(rows: Array, draws: Array, count: int, limit: float) -> int:
    """Move rows whose draws do not exceed a limit to the front; returns how many there are."""
    kept = 0
    for i in range(count):
        row, draw = rows[i], draws[i]
        rows[kept] = row
        draws[kept] = draw
        kept += draw <= limit
    return kept


@part
def drop_certain_losers(rows: Array, draws: Array, count: int, places: int) -> int:
    """Drop draws too high for a place, so that fewer are ranked; returns how many are left.

    The limit, four standard deviations above the expected one, suits uniform draws. If it would
    leave too few for the places, nobody is dropped.
    """
    limit = (places + 4.0 * math.sqrt(places) + 4.0) / count
    possible = 0
    for i in range(count):
        possible += draws[i] <= limit
    return keep_at_or_below(rows, draws, count, limit) if possible >= places else count


@part
def choose_lowest(rows: Array, draws: Array, count: int, places: int) -> int:
    """Move the rows with the lowest draws to the front, in any order; returns how many there are.

    Equal draws are ranked by row. rows and draws hold `count` candidates and are overwritten.
    """
    if places <= 0 or places >= count:
        return min(max(places, 0), count)
    if count <= FEW_ROWS:
        return select_lowest_in_order(rows, draws, count, places)
    count = drop_certain_losers(rows, draws, count, places)
    count = keep_at_or_below(rows, draws, count, kth_lowest(draws, count, places - 1))
    # Only draws equal to the last one that gets a place are left over; rows decide among them.
    if count > places:
        sort(rows, draws, count)
    return places


@part
def choose_lowest_in_order(rows: Array, draws: Array, count: int, places: int) -> int:
    """Move the rows with the lowest draws to the front in order; returns how many there are."""
    chosen = choose_lowest(rows, draws, count, places)
    if chosen <= FEW_ROWS:
        return select_lowest_in_order(rows, draws, chosen, chosen)
    sort(rows, draws, chosen)
    return chosen
