"""Months, counted from January 2016, in which the dates of UNSCR 2375 and 2397 bind."""

import datetime as dt

from sim.calendar import first_month_from, month_containing
from sim.inputs.dated_inputs import facts

START = dt.date(2016, 1, 1)
BAN, ADOPTION = (
    first_month_from(dt.date.fromisoformat(str(facts()[name].value)), START)
    for name in ("ban_on_new_contracts", "adoption_of_2397")
)
DEADLINE = month_containing(dt.date.fromisoformat(str(facts()["deadline_of_2397"].value)), START)
