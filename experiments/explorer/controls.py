"""What can be moved in the explorer: keys of the configuration with the span of their sliders."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiments.configuration.settings import CONFIGS, compose
from sim.inputs.dated_inputs import parameters
from sim.inputs.dotted_keys import value_at
from sim.scenario import numbers_of_levers

POLICIES = tuple(sorted(path.stem for path in (CONFIGS / "policy").glob("*.yaml")))
DEFAULT_POLICY, DEFAULT_LEVERS_FROM = "un2397", "2018-01"
FIRST_YEAR = 2016
LEAST_STEPS = 20
Value = float | int | str | None


@dataclass(frozen=True)
class Control:
    """A slider over one key. `lever` is the section that the slider switches on; `month`: a date, moved by whole months."""

    key: str
    label: str
    low: float
    high: float
    step: float
    unit: str
    lever: str | None = None
    month: bool = False


def lever_controls() -> list[Control]:
    """A slider for the strength of every lever that has one, over the range of its evidence."""
    return [
        lever_control(lever, next(iter(numbers)))
        for lever, numbers in numbers_of_levers().items()
        if numbers
    ]


def lever_control(lever: str, strength: str) -> Control:
    """The slider of one lever."""
    key = f"levers.{lever}.{strength}"
    known = parameters()[key]
    low, high = known.prior or (0.0, 0.0)
    step = slider_step(high - low)
    if step >= 1.0:
        low, high, step = int(low), int(high), int(step)
    label = lever.replace("_", " ").capitalize()
    return Control(key, label, low, high, step, known.unit, f"levers.{lever}")


def slider_step(span: float) -> float:
    """The largest of 1, 2 or 5 times a power of ten that divides a span into LEAST_STEPS or more."""
    power = 10.0 ** math.floor(math.log10(span / LEAST_STEPS))
    steps = [round(power * factor, 12) for factor in (1, 2, 5)]
    return max(step for step in steps if step <= span / LEAST_STEPS * (1.0 + 1e-9))


CONTROLS = (
    Control("policy.compliance", "Compliance", 0.0, 1.0, 0.05, "share of due departures"),
    Control("policy.inspection_rate", "Inspection rate", 0.0, 0.5, 0.01, "a month"),
    Control("policy.retained_workers", "Retained workers", 0, 20_000, 500, "all sectors"),
    Control("policy.leave_by", "Deadline to leave", 24, 59, 1, "month", month=True),
    *lever_controls(),
    Control(
        "market.order_growth_percent_per_year", "Order growth", -10.0, 10.0, 0.5, "percent a year"
    ),
)
LEVERS_FROM = Control("levers_from", "Levers from", 12, 59, 1, "month", month=True)
BY_KEY = {control.key: control for control in CONTROLS}


@functools.cache
def composed(policy: str) -> Mapping[str, Any]:
    """The shipped configuration under a shipped policy; not to be changed."""
    return compose([f"policy={policy}"])[0]


def default(control: Control, policy: str) -> Value:
    """What the configuration has under a key; a quota that no lever sets is that of the population."""
    if control.key == "levers.chinese_quota.heads":
        quotas = (group.get("quota_heads") for group in composed(policy)["population"].values())
        return int(next(quota for quota in quotas if quota is not None))
    value = value_at(composed(policy), control.key)
    found: Value = str(value)[:7] if control.month and value is not None else value
    return found


def month_of(place: float) -> str:
    """'2019-12' of a slider's place."""
    return f"{FIRST_YEAR + int(place) // 12}-{int(place) % 12 + 1:02d}"


def place_of(month: str) -> int:
    """The slider's place of 'YYYY-MM'."""
    return 12 * (int(month[:4]) - FIRST_YEAR) + int(month[5:7]) - 1


def spoken(control: Control, place: object) -> str:
    """A slider's value as it is said beside it."""
    if not isinstance(place, (int, float)):
        return "none"
    return month_of(place) if control.month else f"{place:,.6g}"
