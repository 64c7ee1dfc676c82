"""The explorer's sliders: keys of the configuration, each with its range and step."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
PARAMETER_LABELS = {
    "population.north_korean.heads": "North Korean builders at the start",
    "population.north_korean.efficiency": "Labour of a North Korean",
    "market.wages.adjustment_per_month": "Speed of wages",
}
"""The uncertain parameters on which the answer hangs most, beside the strength of the policy."""
DRAWN = "drawn"
Value = float | int | str | None


@dataclass(frozen=True)
class Control:
    """A slider over one key.

    `lever` is the section of the configuration that the slider switches on. With `month` the key
    is a date, and the slider counts months from January of FIRST_YEAR. A parameter that is `drawn`
    has no position until it is moved: each draw then has its own value.
    """

    key: str
    label: str
    low: float
    high: float
    step: float
    unit: str
    lever: str | None = None
    month: bool = False
    drawn: bool = False


def lever_controls() -> list[Control]:
    """A slider for the strength of every lever that has one, over the range of its evidence."""
    return [
        lever_control(lever, next(iter(numbers)))
        for lever, numbers in numbers_of_levers().items()
        if numbers
    ]


def lever_control(lever: str, strength: str) -> Control:
    """The slider of one lever."""
    label = lever.replace("_", " ").capitalize()
    return replace(prior_control(f"levers.{lever}.{strength}", label), lever=f"levers.{lever}")


def prior_control(key: str, label: str) -> Control:
    """A slider over the prior range of a parameter; it starts at one of its steps."""
    known = parameters()[key]
    if known.prior is None:
        raise ValueError(f"{key}: its slider needs a prior in sim/evidence/parameters.yaml")
    low, high = known.prior
    step = slider_step(high - low)
    # Whole steps stay integers, as keys that count workers or places refuse 500.0.
    if step >= 1.0:
        low, high, step = int(low), int(high), int(step)
    return Control(key, label, low, high, step, known.unit)


def parameter_controls() -> list[Control]:
    """A slider for each parameter in PARAMETER_LABELS, drawn until it is moved."""
    return [replace(prior_control(key, text), drawn=True) for key, text in PARAMETER_LABELS.items()]


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
    *parameter_controls(),
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
    """The value of a slider's key in the shipped configuration under a policy; None if drawn."""
    if control.drawn:
        return None
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


def end_text(control: Control, end: float) -> str:
    """An end of a slider's range as text."""
    return month_at(end) if control.month else f"{end:,g}"


def position_of(month: str) -> int:
    """A slider's position at the month 'YYYY-MM'."""
    return 12 * (int(month[:4]) - FIRST_YEAR) + int(month[5:7]) - 1


def value_label(control: Control, position: object, uncertainty: str = "posterior") -> str:
    """A slider's value as it is written beside it."""
    if isinstance(position, (int, float)):
        return month_at(position) if control.month else f"{position:,.6g}"
    if not control.drawn:
        return "none"
    return DRAWN if uncertainty != "none" else f"{parameters()[control.key].default:,.6g}"
