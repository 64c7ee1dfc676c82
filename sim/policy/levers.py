"""Levers: mitigation beside the expulsion. What each puts in force bears the lever's name."""

from __future__ import annotations

from collections.abc import Iterator

from sim.calendar import first_month_from, month_containing
from sim.policy.announcements import Announcement, setting
from sim.scenario import HEADS, Scenario, numbers_of_levers

Values = dict[str, float]
NO_CAP = -1.0
OFF = {"chinese_quota_heads": NO_CAP}
"""What a number is without its lever, where that is not 0."""


def lever_announcements(scenario: Scenario) -> Iterator[Announcement]:
    """Start and end of every lever that has a date.

    A lever holds from the first month that starts on or after `from_date` to the month that
    contains `to_date`.
    """
    for lever in numbers_of_levers():
        setup, name = getattr(scenario.levers, lever), lever.replace("_", " ")
        if setup.from_date is not None:
            first = first_month_from(setup.from_date, scenario.start)
            yield Announcement(first, f"{name} begins", setting(**values_on(scenario, lever)))
            if setup.to_date is not None:
                last = month_containing(setup.to_date, scenario.start)
                ends = setting(**values_off(scenario, lever))
                yield Announcement(last + 1, f"{name} ends", ends)


def values_on(scenario: Scenario, lever: str) -> Values:
    """What a lever puts in force: its numbers, with workers and places at the market's scale."""
    if lever == "border_closed":
        return {lever: 1}
    values = values_off(scenario, lever)
    for number, quantity in numbers_of_levers()[lever].items():
        value = getattr(getattr(scenario.levers, lever), number)
        if value is not None:
            scale = scenario.market.scale if quantity == HEADS else 1.0
            values[f"{lever}_{number}"] = value * scale
    return values


def values_off(scenario: Scenario, lever: str) -> Values:
    """What a lever leaves behind when it ends."""
    if lever == "border_closed":
        return {lever: int(is_closed_anyway(scenario))}
    names = [f"{lever}_{number}" for number in numbers_of_levers()[lever]]
    return {name: OFF.get(name, 0.0) for name in names}


def is_closed_anyway(scenario: Scenario) -> bool:
    """Whether the market has closed the border by the end of the lever that closes it."""
    last, anyway = scenario.levers.border_closed.to_date, scenario.market.border_closed_from
    return bool(
        last
        and anyway
        and first_month_from(anyway, scenario.start) <= month_containing(last, scenario.start) + 1
    )
