"""Dates bind as section 3.3 of the model description says.

*From* a date: in the first whole month; *by* a date: in the month that contains it.
"""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.calendar import (
    calendar_month,
    date_of,
    first_month_from,
    label,
    month_containing,
    month_index,
)

START = dt.date(2016, 1, 1)
starts = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)).map(lambda date: date.replace(day=1))
dates = st.dates(dt.date(1980, 1, 1), dt.date(2110, 12, 31))


@pytest.mark.parametrize(
    ("date", "binds"),
    [
        (dt.date(2017, 9, 11), "2017-10"),
        (dt.date(2017, 12, 22), "2018-01"),
        (dt.date(2018, 1, 1), "2018-01"),
        (dt.date(2018, 1, 2), "2018-02"),
    ],
)
def test_rule_from_a_date_binds_in_the_first_whole_month(date: dt.date, binds: str) -> None:
    assert label(first_month_from(date, START), START) == binds


@pytest.mark.parametrize(
    "date", [dt.date(2019, 12, 1), dt.date(2019, 12, 22), dt.date(2019, 12, 31)]
)
def test_rule_by_a_date_binds_in_the_month_that_contains_it(date: dt.date) -> None:
    assert label(month_containing(date, START), START) == "2019-12"


def test_burn_in_months_have_labels_before_the_start() -> None:
    assert [label(month, START) for month in (-24, -1, 0, 59)] == [
        "2014-01",
        "2015-12",
        "2016-01",
        "2020-12",
    ]


@given(dates, starts)
def test_index_and_date_are_inverse(date: dt.date, start: dt.date) -> None:
    month = month_index(date, start)
    assert date_of(month, start) == date.replace(day=1)
    assert calendar_month(month, start) == date.month
    assert label(month, start) == f"{date.year}-{date.month:02d}"


@given(dates, starts)
def test_from_never_binds_before_by(date: dt.date, start: dt.date) -> None:
    gap = first_month_from(date, start) - month_containing(date, start)
    assert gap == (0 if date.day == 1 else 1)


@given(dates, dates, starts)
def test_later_dates_never_bind_earlier(one: dt.date, other: dt.date, start: dt.date) -> None:
    first, second = sorted((one, other))
    assert first_month_from(first, start) <= first_month_from(second, start)
    assert month_containing(first, start) <= month_containing(second, start)
