"""Scarce places go to the lowest draws: how ties are broken, wherever something is rationed."""

from __future__ import annotations

import numpy as np

from sim.compiled import part
from sim.population import Array

FEW = 12


@part
def ascending(rows: Array, draws: Array, count: int) -> Array:
    """Positions of the first `count` rows in order of their draws, equal draws in order of rows: i8[count]."""
    order = np.argsort(draws[:count])
    for i in range(1, count):
        j = i
        while j > 0 and draws[order[j]] == draws[order[j - 1]] and rows[order[j]] < rows[order[j - 1]]:
            order[j], order[j - 1] = order[j - 1], order[j]
            j -= 1
    return order


@part
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
def keep_lowest_of_few(rows: Array, draws: Array, count: int, places: int) -> int:
    """The same by selection, one place after the other."""
    for place in range(places):
        best = place
        for i in range(place + 1, count):
            if draws[i] < draws[best] or (draws[i] == draws[best] and rows[i] < rows[best]):
                best = i
        rows[place], rows[best] = rows[best], rows[place]
        draws[place], draws[best] = draws[best], draws[place]
    return places


@part
def keep_lowest(rows: Array, draws: Array, count: int, places: int) -> int:
    """Move the rows with the lowest draws (equal draws: lower row) to the front, in that order; return how many there are.

    rows and draws hold `count` candidates and are overwritten.
    """
    if places <= 0 or count == 0:
        return 0
    if count <= FEW:
        return keep_lowest_of_few(rows, draws, count, min(places, count))
    if places < count:
        threshold = kth_lowest(draws, count, places - 1)
        kept = 0
        for i in range(count):
            if draws[i] <= threshold:
                rows[kept] = rows[i]
                draws[kept] = draws[i]
                kept += 1
        count = kept
    order = ascending(rows, draws, count)
    taken = min(places, count)
    chosen = np.empty(taken, np.int64)
    for i in range(taken):
        chosen[i] = rows[order[i]]
    for i in range(taken):
        rows[i] = chosen[i]
    return taken
