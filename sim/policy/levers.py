"""Mitigation: one small callable a lever; each says what it sets while it is in force and what it leaves behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sim.calendar import first_month_from, month_containing
from sim.policy.announcements import Announcement, setting
from sim.scenario import Scenario

Values = dict[str, float]
NO_CAP = -1


def chinese_quota(scenario: Scenario) -> tuple[Values, Values]:
    """Cap on the heads of every group of temporary migrants; no public cost."""
    heads = scenario.levers.chinese_quota.heads
    return {"quota_cap": NO_CAP if heads is None else int(heads * scenario.market.scale + 0.5)}, {
        "quota_cap": NO_CAP
    }


def wage_subsidy(scenario: Scenario) -> tuple[Values, Values]:
    """Share of the wage the state adds for residents and migrants; firms pay the posted wage."""
    return {"subsidy_share": scenario.levers.wage_subsidy.share}, {"subsidy_share": 0.0}


def relocation_grant(scenario: Scenario) -> tuple[Values, Values]:
    """Grant to residents who enter, weighed as a year's addition to the wage."""
    rub = scenario.levers.relocation_grant.rub
    yearly_wage_rub = 12.0 * scenario.market.wages.base_wage_rub
    return {"grant_rub": rub, "grant_wage": rub / yearly_wage_rub}, {
        "grant_rub": 0.0,
        "grant_wage": 0.0,
    }


def training(scenario: Scenario) -> tuple[Values, Values]:
    """Places a month for newcomers, who then start as standard workers."""
    lever = scenario.levers.training
    places = lever.places_per_month * scenario.market.scale
    return {"training_places_per_month": places, "training_cost_rub": lever.cost_rub_per_place}, {
        "training_places_per_month": 0.0
    }


def border_closed(scenario: Scenario) -> tuple[Values, Values]:
    """Nobody enters, nobody is transported; the end of the lever does not open a border that the market has closed by then."""
    last, anyway = scenario.levers.border_closed.to_date, scenario.market.border_closed_from
    closed_anyway = bool(
        last
        and anyway
        and first_month_from(anyway, scenario.start) <= month_containing(last, scenario.start) + 1
    )
    return {"border_closed": 1}, {"border_closed": int(closed_anyway)}


LEVERS = (chinese_quota, wage_subsidy, relocation_grant, training, border_closed)


def lever_announcements(scenario: Scenario) -> Iterator[Announcement]:
    """Start and end of every lever that has a date."""
    for lever in LEVERS:
        setup = getattr(scenario.levers, lever.__name__)
        if setup.from_date is not None:
            name = lever.__name__.replace("_", " ")
            yield from dated(name, setup.from_date, setup.to_date, lever(scenario), scenario.start)


def dated(
    name: str, first: dt.date, last: dt.date | None, values: tuple[Values, Values], start: dt.date
) -> Iterator[Announcement]:
    """A lever holds from the first month starting on or after `first` to the month containing `last`."""
    yield Announcement(first_month_from(first, start), f"{name} begins", setting(**values[0]))
    if last is not None:
        yield Announcement(month_containing(last, start) + 1, f"{name} ends", setting(**values[1]))
