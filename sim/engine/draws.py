"""Counter-based random numbers: a draw depends only on seed, decision, month and slot.

Each worker or firm cell (a slot) therefore reads the same draw for a decision whatever the others
do, which keeps branches of a replicate comparable.

Words have 63 bits and every product is masked, so that unbounded Python integers and 64-bit machine
words agree. The compiler marks signed products as never overflowing, which would let it drop the
mask; compiled code of `product` therefore multiplies unsigned words.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import IntEnum

import numpy as np
from numba.extending import overload

from sim.engine.compiling import rule
from sim.engine.elementary import cosine_of_turns, log, unit_fraction

WORD_MASK = 0x7FFFFFFFFFFFFFFF
KEY_STEP = 0x1E3779B97F4A7C15
FIRST_MULTIPLIER = 0x3F58476D1CE4E5B9
SECOND_MULTIPLIER = 0x14D049BB133111EB
# Before every month that is simulated: what is drawn once has a month of its own.
SETUP_MONTH = -128
DECISION_STREAMS = 100
FIRM_SPACE = 250
AGENCY_SPACE = 251
MARKET_SPACE = 252


class Decision(IntEnum):
    """What a draw decides: each decision has a stream of its own."""

    TASTE = 1
    TASTE_ANGLE = 2
    STARTS_INSIDE = 3
    STARTS_SEEKING = 4
    FIRST_TRADE = 5
    FIRST_FIRM = 6
    CONTRACT_LENGTH = 7
    CONTRACT_YEARS_LEFT = 8
    CONTRACT_IS_SEASONAL = 9
    CONTRACT_END_MONTH = 10
    FIRST_EVENT = 11
    FIRM_SIZE = 12
    FIRM_SIZE_ANGLE = 13
    TENURE = 14
    DEMAND_SHOCK = 15
    DEMAND_SHOCK_ANGLE = 16
    JOB_TENURE = 17
    CONTRACT_REPLACED = 20
    PERMIT_RENEWED = 21
    RETAINED_PLACE = 22
    COMPLY = 23
    QUIET_RENEWAL = 24
    GO_UNDER_COVER = 25
    COVER_PAPER = 26
    INSPECTION = 27
    TRANSPORT = 28
    LAST_MINUTE = 29
    EVENT_AFTER_LEARNING = 30
    EVENT_KIND = 31
    STAY_IN_CONSTRUCTION = 32
    NEXT_EVENT = 33
    LAYOFF = 34
    JOB_END_BY_TENURE = 35
    VACANCY_ROUNDING = 40
    ENTER = 50
    NEWCOMER_TRADE = 51
    TRAINING_PLACE = 52
    QUOTA_PLACE = 53
    COMMUTE = 54
    DISPATCH = 55
    DISPATCH_VACANCY = 56
    DISPATCH_ROUNDING = 57
    EVENT_AFTER_HIRE = 58
    EVENT_AFTER_LAYOFF = 59
    # Far from the streams of weeks and moves, of which several follow one another.
    RECRUITS_ROUNDING = 90
    APPLICATION_WEEKS = 60
    # A stream for each of the four weeks: the numbers behind this one, and behind the next two, are
    # taken.
    FIRM_CHOICE = 64
    JOB_MOVE = 70
    TIE_BREAK = 80


def product(word: int, factor: int) -> int:
    """Product of two 63-bit words, modulo 2^63."""
    return (word * factor) & WORD_MASK


@overload(product, inline="always")
def _compiled_product(word: int, factor: int) -> Callable[[int, int], int]:
    def multiply(word: int, factor: int) -> int:
        return np.int64((np.uint64(word) * np.uint64(factor)) & np.uint64(WORD_MASK))  # type: ignore[return-value]

    return multiply


@rule
def scrambled(word: int) -> int:
    """Scramble a 63-bit word (two multiply-xorshift rounds, after Steele, Lea & Flood 2014)."""
    word = product(word ^ (word >> 30), FIRST_MULTIPLIER)
    word = product(word ^ (word >> 27), SECOND_MULTIPLIER)
    return word ^ (word >> 31)


@rule
def replicate_key(seed: int, replicate: int) -> int:
    """Key of one replicate: unrelated for neighbouring seeds and replicates."""
    return scrambled(scrambled(seed ^ KEY_STEP) ^ product(replicate + 1, KEY_STEP))


@rule
def stream(key: int, decision: int, month: int) -> int:
    """Stream of one decision in one month (month from -128 to 127)."""
    return scrambled(key ^ product(decision * 256 + month + 128, KEY_STEP))


@rule
def slot(space: int, index: int) -> int:
    """Number of a slot: a worker by group and index in it, a firm cell in a space of its own."""
    return (space << 40) + index


@rule
def uniform(stream: int, slot: int) -> float:
    """The draw of one slot, in [0, 1) with 53 bits."""
    return unit_fraction(scrambled(stream ^ product(slot, KEY_STEP)) >> 10)


@rule
def normal(first: float, second: float) -> float:
    """Standard normal from two uniforms (Box & Muller 1958)."""
    return math.sqrt(-2.0 * log(1.0 - first)) * cosine_of_turns(second)


@rule
def rounded_at_random(amount: float, draw: float) -> int:
    """Round to a whole number whose mean is `amount`.

    The result is the floor, or one more with the probability of the fraction.
    """
    floor = math.floor(amount)
    return int(floor) + (1 if draw < amount - floor else 0)


@rule
def log_no_event(hazard_rate_per_month: float) -> float:
    """Log probability of a month without an event, from the hazard rate per month.

    0 where an event never comes. Rates are capped just below 1 so that the log stays finite.
    """
    return log(1.0 - min(hazard_rate_per_month, 1.0 - 1e-12))


@rule
def waiting_months(draw: float, log_no_event: float) -> int:
    """Whole months until an event with a constant hazard rate: geometric, at least 1.

    1000, which means never, at rate 0. Longer waits than 999 months are cut to 999.
    """
    if log_no_event >= 0.0:
        return 1000
    return 1 + int(min(log(1.0 - draw) / log_no_event, 998.0))
