"""Months counted from the start of a scenario, and when a dated rule binds."""

from __future__ import annotations

import datetime as dt

WORKING_DAYS_A_MONTH = 21.0
"""Working days of an average month, to turn monthly flows into daily ones."""


def month_index(date: dt.date, start: dt.date) -> int:
    """Signed months from the month of `start` to the month of `date`."""
    return 12 * (date.year - start.year) + date.month - start.month


def first_month_from(date: dt.date, start: dt.date) -> int:
    """First month that starts on or after `date`: where a rule that holds *from* a date binds."""
    return month_index(date, start) + (date.day > 1)


def month_containing(date: dt.date, start: dt.date) -> int:
    """Month that contains `date`: where a rule that must be met *by* a date binds."""
    return month_index(date, start)


def date_of(month: int, start: dt.date) -> dt.date:
    """First day of a month counted from `start`."""
    year, calendar = divmod(12 * start.year + start.month - 1 + month, 12)
    return dt.date(year, calendar + 1, 1)


def calendar_month(month: int, start: dt.date) -> int:
    """Month of the year, 1 to 12, of a month counted from `start`."""
    return date_of(month, start).month


def label(month: int, start: dt.date) -> str:
    """'YYYY-MM' of a month counted from `start`."""
    return date_of(month, start).isoformat()[:7]
