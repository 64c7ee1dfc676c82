"""Schedules of an expulsion: dates and numbers that are searched over, and the shipped policies."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.configuration.settings import load_settings
from experiments.configuration.shipped_files import CONFIGS
from experiments.configuration.variants import Value, annotation_at, variant_of
from experiments.decisions.policy_axes import PolicyAxis, number_keys, read_policy_axis
from sim.engine.worker_columns import Array
from sim.inputs.dotted_keys import declared_keys, flatten
from sim.inputs.problems import ScenarioError, refused, unknown
from sim.scenario import Scenario

DATES = re.compile(r"(?P<key>[\w.]+)(?::(?P<low>[\d-]+)\.\.(?P<high>[\d-]+))?")
MOST_AXES = 8
SECTIONS = ("policy.", "levers.")


@dataclass(frozen=True)
class DateAxis:
    """A date of policy or levers that is searched from `first` to `last`, day by day."""

    key: str
    first: dt.date
    last: dt.date

    def value(self, place: float) -> str:
        """The date at a place from 0 to 1, as text."""
        return (self.first + dt.timedelta(round(place * self.days))).isoformat()

    @property
    def days(self) -> int:
        """Days from the first date to the last."""
        return (self.last - self.first).days


ScheduleAxis = PolicyAxis | DateAxis


def read_schedule_axes(text: str, scenario: Scenario) -> tuple[list[ScheduleAxis], list[str]]:
    """Axes from 'KEY, KEY:LOW..HIGH', and what is wrong with them."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    axes: list[ScheduleAxis] = []
    problems: list[str] = []
    for part in parts:
        axis, wrong = read_schedule_axis(part, scenario)
        problems += wrong
        axes += [axis] if axis else []
    if not 1 <= len(parts) <= MOST_AXES:
        problems.append(
            refused("over", text or "none", f"1 to {MOST_AXES} keys of policy or levers",
                    "write them as over=policy.compliance,policy.retained_workers:0..10000")
        )  # fmt: skip
    if len({axis.key for axis in axes}) < len(axes):
        problems.append(refused("over", text, "each key once", "leave one out"))
    return axes, problems or contradictory_corners(axes, scenario)


def read_schedule_axis(part: str, scenario: Scenario) -> tuple[ScheduleAxis | None, list[str]]:
    """One axis: a date with its range, or a number."""
    key, dates, numbers = part.partition(":")[0], date_keys(scenario), number_keys(scenario)
    if key not in dates and key not in numbers:
        known = [*numbers, *dates]
        return None, [f"over: {unknown(key, part, known, 'number or date of policy or levers')}"]
    if key in numbers:
        return read_policy_axis(part, scenario)
    match = DATES.fullmatch(part)
    ends = [date_in(match[name] or "") for name in ("low", "high")] if match else []
    if len(ends) < 2 or ends[0] is None or ends[1] is None or ends[0] >= ends[1]:
        allowed = "FIRST..LAST, two dates in order such as 2018-12-01..2020-12-31"
        given = part.partition(":")[2] or "no range"
        return None, [refused(f"over: {key}", given, allowed, "write it so")]
    return DateAxis(key, ends[0], ends[1]), []


def date_keys(scenario: Scenario) -> list[str]:
    """Keys of policy and levers that hold a date."""
    return [
        key
        for key in declared_keys(Scenario)
        if key.startswith(SECTIONS) and annotation_at(scenario, key) == dt.date | None
    ]


def date_in(text: str) -> dt.date | None:
    """The date in a text; None if there is none."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def contradictory_corners(axes: Sequence[ScheduleAxis], scenario: Scenario) -> list[str]:
    """What contradicts the rest at the corners of the ranges, each line once.

    Contradictions are orders between two values, so ranges whose corners hold none hold none.
    """
    problems: dict[str, None] = {}
    for corner in itertools.product((0.0, 1.0), repeat=len(axes)):
        try:
            variant_of(scenario, schedule_at(axes, np.array(corner)))
        except ScenarioError as error:
            problems |= dict.fromkeys(f"over: at an end of the ranges: {p}" for p in error.problems)
    return list(problems)


def schedule_at(axes: Sequence[ScheduleAxis], point: Array) -> dict[str, Value]:
    """The schedule at a point of the unit cube."""
    return {axis.key: axis.value(float(at)) for axis, at in zip(axes, point, strict=True)}


def shipped_policies() -> dict[str, dict[str, Value]]:
    """Every value of each policy of configs/policy but `none`, by name."""
    names = sorted(path.stem for path in (CONFIGS / "policy").glob("*.yaml"))
    return {
        name: policy_values(load_settings([f"policy={name}"]).scenario)
        for name in names
        if name != "none"
    }


def policy_values(scenario: Scenario) -> dict[str, Value]:
    """The policy of a scenario by dotted key, dates as text, without its name."""
    values = flatten(scenario.policy, "policy.")
    del values["policy.name"]
    return as_text(values)


def whole_policy(scenario: Scenario, values: Mapping[str, Value]) -> dict[str, Value]:
    """A schedule with the rest of the policy, and with the levers that have a date."""
    levers = flatten(scenario.levers, "levers.")
    used = {
        key: value
        for key, value in levers.items()
        if levers[f"{key.rpartition('.')[0]}.from_date"] is not None
        or any(name.rpartition(".")[0] == key.rpartition(".")[0] for name in values)
    }
    return policy_values(scenario) | as_text(used) | dict(values)


def as_text(values: Mapping[str, Any]) -> dict[str, Value]:
    """The same values, with dates as text."""
    return {key: v.isoformat() if isinstance(v, dt.date) else v for key, v in values.items()}
