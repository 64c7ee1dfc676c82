"""The explorer's sliders: keys of the configuration, each with its range and step."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiments.configuration.settings import compose
from experiments.configuration.shipped_files import CONFIGS
from sim.inputs.dated_inputs import parameters
from sim.inputs.dotted_keys import value_at
from sim.scenario import numbers_of_levers

POLICIES = tuple(sorted(path.stem for path in (CONFIGS / "policy").glob("*.yaml")))
DEFAULT_POLICY, DEFAULT_LEVERS_FROM = "un2397", "2018-01"
FIRST_YEAR = 2016
"""Sliders over months count from January of this year."""
LEAST_STEPS = 20
"""Steps that a slider of a lever has at least."""
Value = float | int | str | None


@dataclass(frozen=True)
class Control:
    """A slider over one key.

    `lever` is the section of the configuration that the slider switches on. With `month` the key
    is a date, and the slider counts months from January of FIRST_YEAR.
    """

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
    if known.prior is None:
        raise ValueError(f"{key}: its slider needs a prior in sim/evidence/parameters.yaml")
    low, high = known.prior
    step = slider_step(high - low)
    # Whole steps stay integers, as keys that count workers or places refuse 500.0.
    if step >= 1.0:
        low, high, step = int(low), int(high), int(step)
    label = lever.replace("_", " ").capitalize()
    return Control(key, label, low, high, step, known.unit, f"levers.{lever}")


def slider_step(span: float) -> float:
    """A round step: the largest 1, 2 or 5 times a power of ten that makes LEAST_STEPS or more."""
    power = 10.0 ** math.floor(math.log10(span / LEAST_STEPS))
    steps = [round(power * factor, 12) for factor in (1, 2, 5)]
    return max(step for step in steps if step <= span / LEAST_STEPS * (1.0 + 1e-9))


CONTROLS = (
    Control("policy.compliance", "Compliance", 0.0, 1.0, 0.05, "share of required departures"),
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
def configuration_of(policy: str) -> Mapping[str, Any]:
    """The shipped configuration under a shipped policy; cached, so callers must not change it."""
    return compose([f"policy={policy}"])[0]


def default_value(control: Control, policy: str) -> Value:
    """The value of a slider's key in the shipped configuration under a policy."""
    # The lever is null unless it is used: the quota in force is then that of the group itself.
    if control.key == "levers.chinese_quota.heads":
        quotas = (
            group.get("quota_heads") for group in configuration_of(policy)["population"].values()
        )
        return int(next(quota for quota in quotas if quota is not None))
    value = value_at(configuration_of(policy), control.key)
    found: Value = str(value)[:7] if control.month and value is not None else value
    return found


def month_at(position: float) -> str:
    """The month 'YYYY-MM' at a slider's position."""
    return f"{FIRST_YEAR + int(position) // 12}-{int(position) % 12 + 1:02d}"


def position_of(month: str) -> int:
    """A slider's position at the month 'YYYY-MM'."""
    return 12 * (int(month[:4]) - FIRST_YEAR) + int(month[5:7]) - 1


def value_label(control: Control, position: object) -> str:
    """A slider's value as it is written beside it."""
    if not isinstance(position, (int, float)):
        return "none"
    return month_at(position) if control.month else f"{position:,.6g}"
