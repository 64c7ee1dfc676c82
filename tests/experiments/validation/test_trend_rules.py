"""Rules that know past levels only, and the errors they made before, by hand."""

import pytest

from experiments.validation.trend_rules import (
    TREND_RULES,
    Level,
    constant,
    last_level,
    past_errors,
    straight_line,
)

PAST = (Level(2013, 10.0), Level(2014, 12.0), Level(2015, 14.0), Level(2016, 20.0))


def test_rules_by_hand() -> None:
    assert last_level(PAST, 2018) == 20.0
    assert constant(PAST, 2018) == 14.0
    assert straight_line(PAST[:3], 2018) == pytest.approx(20.0)


def test_without_a_past_nothing_is_said() -> None:
    assert all(rule((), 2018) is None for rule in TREND_RULES.values())
    assert straight_line(PAST[:1], 2018) is None


def test_errors_are_those_of_the_same_lead() -> None:
    assert past_errors(last_level, PAST, 1.0) == pytest.approx((2.0, 2.0, 6.0))
    assert past_errors(last_level, PAST, 2.0) == pytest.approx((4.0, 8.0))
    assert past_errors(straight_line, PAST, 1.0) == pytest.approx((0.0, 4.0))


def test_a_lead_never_tried_takes_the_nearest() -> None:
    assert past_errors(last_level, PAST, 9.0) == pytest.approx((10.0,))
    assert past_errors(straight_line, PAST, 9.0) == past_errors(straight_line, PAST, 2.0)


def test_a_rule_without_a_past_has_no_errors() -> None:
    assert past_errors(last_level, PAST[:1], 1.0) == ()
    assert past_errors(straight_line, PAST[:2], 1.0) == ()
