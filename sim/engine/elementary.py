"""Exponential, logarithm and cosine from + - * / and comparisons, equal on every machine.

The functions of `math` come from the machine's C library: they handle one number at a time, and
libraries differ in the last bits. These give the same bits compiled or not, one by one or in
vectors, on every machine with IEEE doubles, and loops over them become vector instructions.

Arguments are reduced as by Cody & Waite (Software Manual for the Elementary Functions, 1980). exp
is then a continued fraction, log the series of artanh in f / (2 + f) (Muller, Elementary Functions,
2016). Coefficients are interpolants at Chebyshev points, computed with 60 digits for this file.
Errors are below one unit in the last place.

Rules and verbs use nothing else; `math` is used only where configuration and dated series are read
(sim.inputs.dated_inputs).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import lower_builtin, type_callable

from sim.engine.compiling import rule

LOWEST_EXPONENT, HIGHEST_EXPONENT = -708.0, 709.0
LEAST_NORMAL, LARGEST = 2.2250738585072014e-308, 1.7976931348623157e308
LN2_HIGH, LN2_LOW = 0.6931467056274414, 4.7493250390316726e-07
"""Ln 2 in two parts; the first has 21 bits, so that its product with a binary exponent is exact."""
INVERSE_LN2 = 1.4426950408889634
ROUNDING_SHIFT = 6755399441055744.0
"""1.5 x 2^52, whose sum with a number of less than 51 bits is rounded to a whole number.

That whole number stands in the last bits of the sum.
"""
ROOT_OF_HALF = 0.7071067811865476
TWO_TO_MINUS_53 = 1.0 / 9007199254740992.0
LOW_HALF, HIGH_HALF = 0.5, 2147483648.0
"""Powers of two whose last bits count like those of a word's lower and upper 32 bits."""


def times_power_of_two(value: float, exponent: float) -> float:
    """Value x 2^exponent; the exponent is whole, the result a normal number."""
    return math.ldexp(value, int(exponent)) if exponent == exponent else exponent


def mantissa_and_exponent(x: float) -> tuple[float, float]:
    """Split a positive normal number into (m, k): m 2^k with m in [root of 1/2, root of 2)."""
    m, k = math.frexp(x)
    if m >= ROOT_OF_HALF:
        return m, float(k)
    return (2.0 * m, float(k - 1)) if m > 0.0 else (math.nan, 0.0)


def unit_fraction(word: int) -> float:
    """A word of 53 bits as a number in [0, 1): word / 2^53, exact."""
    return word * TWO_TO_MINUS_53


def bits_of(number: float) -> int:
    """The bits of a number as a signed word."""
    word: int = struct.unpack("<q", struct.pack("<d", number))[0]
    return word


WORD, NUMBER, SHORT = ir.IntType(64), ir.DoubleType(), ir.IntType(32)


@type_callable(times_power_of_two)
def _type_of_times_power_of_two(context: Any) -> Callable[..., Any]:
    return lambda value, exponent: types.float64


@lower_builtin(times_power_of_two, types.float64, types.float64)
def _lower_times_power_of_two(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Build the power of two from its bits: a biased exponent, shifted to its place in a double.

    Adding ROUNDING_SHIFT puts the whole number `exponent` in the last bits of the sum.
    """
    value, exponent = args
    bits = builder.bitcast(builder.fadd(exponent, ir.Constant(NUMBER, ROUNDING_SHIFT)), WORD)
    biased = builder.add(bits, ir.Constant(WORD, 1023))
    return builder.fmul(value, builder.bitcast(builder.shl(biased, ir.Constant(WORD, 52)), NUMBER))


@type_callable(mantissa_and_exponent)
def _type_of_mantissa_and_exponent(context: Any) -> Callable[..., Any]:
    return lambda x: types.UniTuple(types.float64, 2)


@lower_builtin(mantissa_and_exponent, types.float64)
def _lower_mantissa_and_exponent(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Compare the bits with those of the root of 1/2: the excess is the exponent, the rest is m."""
    bits = builder.bitcast(args[0], WORD)
    above = builder.sub(bits, ir.Constant(WORD, bits_of(ROOT_OF_HALF)))
    k = builder.ashr(above, ir.Constant(WORD, 52))
    m = builder.bitcast(builder.sub(bits, builder.shl(k, ir.Constant(WORD, 52))), NUMBER)
    return context.make_tuple(
        builder, sig.return_type, (m, builder.sitofp(builder.trunc(k, SHORT), NUMBER))
    )


@type_callable(unit_fraction)
def _type_of_unit_fraction(context: Any) -> Callable[..., Any]:
    return lambda word: types.float64


@lower_builtin(unit_fraction, types.int64)
def _lower_unit_fraction(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Put each half behind the bits of a power of two, then subtract the powers; this is exact.

    Most processors cannot convert 64-bit words to numbers in vectors, but they can do this.
    """
    halves = ir.Constant(WORD, 32)
    high = builder.or_(builder.lshr(args[0], halves), ir.Constant(WORD, bits_of(HIGH_HALF)))
    low = builder.or_(
        builder.and_(args[0], ir.Constant(WORD, 0xFFFFFFFF)), ir.Constant(WORD, bits_of(LOW_HALF))
    )
    above = builder.fsub(builder.bitcast(high, NUMBER), ir.Constant(NUMBER, HIGH_HALF + LOW_HALF))
    return builder.fadd(above, builder.bitcast(low, NUMBER))


@rule
def exp(x: float) -> float:
    """e^x for x in [-708, 709]; outside this range the value at its nearer end."""
    x = LOWEST_EXPONENT if x < LOWEST_EXPONENT else x
    x = HIGHEST_EXPONENT if x > HIGHEST_EXPONENT else x
    k = (x * INVERSE_LN2 + ROUNDING_SHIFT) - ROUNDING_SHIFT
    high = x - k * LN2_HIGH
    low = k * LN2_LOW
    r = high - low
    z = r * r
    series = 6.613756471622828e-05 + z * (-1.6534060033836456e-06 + z * 4.1437662804024295e-08)
    c = r - z * (0.1666666666666666 + z * (-0.0027777777777564404 + z * series))
    return times_power_of_two(1.0 + (high - (low - r * c / (2.0 - c))), k)


@rule
def log(x: float) -> float:
    """Ln x for a positive normal number; NaN for any other."""
    m, k = mantissa_and_exponent(x)
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    series = 0.2222221112572281 + z * (
        0.18182889786191042 + z * (0.15331699633543858 + z * 0.14616721179861816)
    )
    r = z * (0.666666666666667 + z * (0.3999999999989938 + z * (0.28571428626031065 + z * series)))
    half = 0.5 * f * f
    result = k * LN2_HIGH - ((half - (s * (half + r) + k * LN2_LOW)) - f)
    return result if LEAST_NORMAL <= x <= LARGEST else math.nan


@rule
def logistic(z: float) -> float:
    """L(z) = 1 / (1 + e^-z), with 0 below z = -700, near where `exp` reaches its limit."""
    if z < -700.0:
        return 0.0
    return 1.0 / (1.0 + exp(-z))


@rule
def cosine_of_turns(turns: float) -> float:
    """Cos(2 pi t) for t in [0, 1).

    It is the sine of the distance from a quarter turn, computed with an odd polynomial.
    """
    folded = turns if turns < 0.5 else 1.0 - turns
    w = 0.25 - folded
    z = w * w
    series = 42.058693925428685 + z * (
        -15.0946416761179
        + z * (3.8199280942271643 + z * (-0.7177337921413454 + z * 0.10089695501646812))
    )
    return w * (
        6.283185307179586
        + z
        * (-41.341702240399755 + z * (81.60524927607362 + z * (-76.70585975282492 + z * series)))
    )
