"""Counter-based random draws: uniform(seed, decision, month, slot). A slot always reads its own draw, whatever others do.

Words have 63 bits and every product is masked, so that unbounded Python integers and 64-bit machine words agree. Compiled signed
products are marked as never overflowing, which lets the optimiser drop the mask: `product` therefore multiplies unsigned words there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import IntEnum

import numpy as np
from numba.extending import overload

from sim.engine.compiling import rule
from sim.engine.elementary import cosine_of_turns, log, part_of_one

MASK = 0x7FFFFFFFFFFFFFFF
STEP = 0x1E3779B97F4A7C15
FIRST_MIX = 0x3F58476D1CE4E5B9
SECOND_MIX = 0x14D049BB133111EB
SETUP = -128
DECISIONS = 100
FIRM_SPACE = 250
AGENCY_SPACE = 251


class Decision(IntEnum):
    """What a draw decides: each decision has a stream of its own."""

    TASTE = 1
    TASTE_ANGLE = 2
    INSIDE = 3
    STARTS_SEEKING = 4
    TRADE = 5
    FIRM = 6
    CONTRACT_LENGTH = 7
    CONTRACT_YEAR = 8
    CONTRACT_SEASON = 9
    CONTRACT_MONTH = 10
    FIRST_WAIT = 11
    FIRM_SIZE = 12
    FIRM_SIZE_ANGLE = 13
    TENURE = 14
    NEW_CONTRACT = 20
    PERMIT = 21
    PLACE = 22
    GOES_HOME = 23
    QUIET_RENEWAL = 24
    COVER = 25
    PAPER = 26
    FOUND = 27
    TRANSPORT = 28
    EVENT = 30
    KIND = 31
    STAY = 32
    WAIT = 33
    LAYOFF = 34
    VACANCY_ROUNDING = 40
    ENTER = 50
    NEW_TRADE = 51
    TRAINING = 52
    QUOTA = 53
    COMMUTE = 54
    DISPATCH = 55
    PLACEMENT = 56
    DISPATCH_ROUNDING = 57
    HIRED_WAIT = 58
    LAID_OFF_WAIT = 59
    APPLY = 60
    CHOOSE = 64
    MOVE = 70
    TIE = 80


def product(word: int, factor: int) -> int:
    """Product of two 63-bit words, modulo 2^63."""
    return (word * factor) & MASK


@overload(product, inline="always")
def _compiled_product(word: int, factor: int) -> Callable[[int, int], int]:
    def multiply(word: int, factor: int) -> int:
        return np.int64((np.uint64(word) * np.uint64(factor)) & np.uint64(MASK))  # type: ignore[return-value]

    return multiply


@rule
def mixed(word: int) -> int:
    """Scramble a 63-bit word (two multiply-xorshift rounds, after Steele, Lea & Flood 2014)."""
    word = product(word ^ (word >> 30), FIRST_MIX)
    word = product(word ^ (word >> 27), SECOND_MIX)
    return word ^ (word >> 31)


@rule
def run_key(seed: int, replicate: int) -> int:
    """Key of one replicate: unrelated for neighbouring seeds and replicates."""
    return mixed(mixed(seed ^ STEP) ^ product(replicate + 1, STEP))


@rule
def stream(key: int, decision: int, month: int) -> int:
    """Stream of one decision in one month (month from -128 to 127)."""
    return mixed(key ^ product(decision * 256 + month + 128, STEP))


@rule
def slot(space: int, index: int) -> int:
    """Address of a drawer: a worker by group and index in group, a firm cell by its own space."""
    return (space << 40) + index


@rule
def uniform(stream: int, slot: int) -> float:
    """The draw of one slot, in [0, 1) with 53 bits."""
    return part_of_one(mixed(stream ^ product(slot, STEP)) >> 10)


@rule
def normal(first: float, second: float) -> float:
    """Standard normal from two uniforms (Box & Muller 1958)."""
    return math.sqrt(-2.0 * log(1.0 - first)) * cosine_of_turns(second)


@rule
def rounded_at_random(amount: float, draw: float) -> int:
    """A whole number whose mean is `amount`: the floor, or one more with the probability of the fraction."""
    floor = math.floor(amount)
    return int(floor) + (1 if draw < amount - floor else 0)


@rule
def log_of_none(rate_per_month: float) -> float:
    """Log chance of a month without an event; 0 where none ever comes, and at most certain."""
    return log(1.0 - min(rate_per_month, 1.0 - 1e-12))


@rule
def waiting_months(draw: float, log_of_none: float) -> int:
    """Whole months until an event that comes at a constant rate: geometric, at least 1; 1000 (never) at rate 0."""
    if log_of_none >= 0.0:
        return 1000
    return 1 + int(min(log(1.0 - draw) / log_of_none, 998.0))
