"""Whether what stands in a summary is what pages read: months, names, numbers, measures."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sim.engine.worker_columns import LAST_MONTH
from sim.inputs.values import words_of
from sim.structure import rules

PERCENTILES = 3
NUMBER = (int, float)
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
LISTS_OF_TEXTS = ("trades", "levers", "notes")
DATE_KEYS = {"month", "title"}
DRIVER_KEYS: dict[str, Any] = {"parameter": str, "rank_correlation": NUMBER}
MEASURES_OF_THE_ANSWER = (
    "shortfall_workers",
    "shortfall_percent",
    "remaining_gap_workers",
    "unfilled_vacancies",
    "wage_real_rub",
    "wage_real_rub_baseline",
    "wage_drift_percent",
    "output_percent_of_baseline",
    "heads",
)
"""What the answer and the tables read by name; a figure leaves out a measure that is missing."""


def is_number(value: object) -> bool:
    """Whether a value is a finite number; true and false are none."""
    return isinstance(value, NUMBER) and not isinstance(value, bool) and math.isfinite(value)


def is_interval(value: object) -> bool:
    """Whether a value is the percentiles of a month or of a parameter."""
    return isinstance(value, list) and len(value) == PERCENTILES and all(map(is_number, value))


def are_texts(values: Any) -> bool:
    """Whether all values are texts."""
    return all(isinstance(each, str) for each in values)


def is_structure(chosen: Mapping[str, Any]) -> bool:
    """Whether an alternative is given for every rule, and for nothing else."""
    return chosen.keys() == rules().keys() and all(
        chosen[name] in words_of(rule) for name, rule in rules().items()
    )


def content_defects(summary: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong in a summary whose keys are all there."""
    if not MONTH.fullmatch(summary["start"]):
        yield "start is no month"
    if not 1 <= summary["months"] <= LAST_MONTH:
        yield f"months is not 1 to {LAST_MONTH}"
    for key in LISTS_OF_TEXTS:
        if not are_texts(summary[key]):
            yield f"{key} holds something other than texts"
    if not are_texts(summary["nationalities"].values()):
        yield "nationalities holds something other than kinds of workers"
    if not is_structure(summary["structure"]):
        yield "structure holds something other than rules and their alternatives"
    if not all(map(is_interval, summary["sampled"].values())):
        yield f"sampled holds something other than {PERCENTILES} numbers"
    if not all(map(is_number, summary["means_at_end"].values())):
        yield "means_at_end holds something other than numbers"
    if not all(map(is_policy_date, summary["policy_dates"])):
        yield "policy_dates holds something other than months and titles"
    yield from uncertainty_defects(summary["uncertainty"])
    lacking = [name for name in MEASURES_OF_THE_ANSWER if name not in summary["measures"]]
    if lacking:
        yield f"measures.{lacking[0]} is missing"


def is_policy_date(value: object) -> bool:
    """Whether a value is a month and the title of a decision."""
    return (
        isinstance(value, dict)
        and value.keys() >= DATE_KEYS
        and are_texts(value.values())
        and MONTH.fullmatch(value["month"]) is not None
    )


def uncertainty_defects(about: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong in the section on uncertainty."""
    if not all(map(is_number, about["parameters_share"].values())):
        yield "uncertainty.parameters_share holds something other than numbers"
    if not is_number(about.get("draws")):
        yield "uncertainty.draws is not a number"
    for driver in about["drivers"]:
        if not isinstance(driver, dict) or not all(
            isinstance(driver.get(key), kind) for key, kind in DRIVER_KEYS.items()
        ):
            yield "uncertainty.drivers holds something other than parameters and correlations"
            return
