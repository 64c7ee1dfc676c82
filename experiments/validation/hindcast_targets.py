"""What hindcast.yaml says: conditions of the weights, and targets with origin and past levels."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from experiments.calibration.split import TRAINING, case_of, read_split, refuse_untrained
from experiments.calibration.targets import Target, read_targets
from experiments.validation.case_files import standard_error
from experiments.validation.trend_rules import Level
from sim.inputs.dated_inputs import facts, series
from sim.inputs.strict_yaml import load_mapping

HINDCAST = Path(__file__).with_name("hindcast.yaml")
ALWAYS = "always"
STOCKS = {
    "permits_left_mid_july_2018": ("2018-07", 6.5),
    "permits_left_end_2018": ("2018-12", 12.0),
}
"""For each stock, when it became known, and how many months after 2017 it was counted."""
END_OF_2017 = 2018.0


class YearRatio(NamedTuple):
    """A measure's mean in the first months of a year over its mean in those of a base year."""

    measure: str
    year: int
    base_year: int
    months: int = 12


@dataclass(frozen=True)
class Foresight:
    """How a target is scored.

    `origin`: by whose end everything counts as known. `standard_error`: of the observation, with
    the `reason`. `ratio`: what is simulated for it, if it is not a target of the calibration.
    `past`: levels of the same quantity known at the origin. `year`: when the target was counted.
    """

    origin: str
    standard_error: float
    reason: str
    ratio: YearRatio | None
    past: tuple[Level, ...]
    year: float


@dataclass(frozen=True)
class Observation:
    """A target of a case that is known from a month on ('YYYY-MM', or always).

    `foresight`: None for a condition, which is known and not predicted.
    """

    case: str
    target: Target
    known_from: str
    foresight: Foresight | None = None

    def is_known_at(self, origin: str) -> bool:
        """Whether draws may be weighted by it at an origin: never by what is held out."""
        is_training = read_split()[self.case].role == TRAINING
        return is_training and (self.known_from == ALWAYS or self.known_from <= origin)


def read_observations() -> dict[str, Observation]:
    """Everything of hindcast.yaml, by name. Raises ScenarioError if a condition is held out."""
    raw, targets = load_mapping(HINDCAST), read_targets()
    refuse_untrained(raw["conditions"])
    conditions = {
        name: Observation(case_of(name), targets[name], str(when))
        for name, when in raw["conditions"].items()
    }
    return conditions | {
        name: predicted_observation(name, entry, targets) for name, entry in raw["targets"].items()
    }


def predicted_observation(
    name: str, entry: Mapping[str, Any], targets: Mapping[str, Target]
) -> Observation:
    """A target that is predicted: one of the calibration, or a ratio between two years."""
    return Observation(
        case_of(name),
        observed_target(entry, targets),
        str(entry["observed"]),
        Foresight(
            str(entry["foreseen_at"]),
            *standard_error(entry),
            year_ratio(entry),
            past_levels(entry),
            counted_at(entry),
        ),
    )


def year_ratio(entry: Mapping[str, Any]) -> YearRatio | None:
    """What is simulated for an entry; None for a target of the calibration."""
    if "target" in entry:
        return None
    years = int(entry["of"]), int(entry["over"])
    return YearRatio(entry["measure"], *years, int(entry.get("months", 12)))


def observed_target(entry: Mapping[str, Any], targets: Mapping[str, Target]) -> Target:
    """The observation of an entry, with its tolerance as the error of weights."""
    tolerance, reason = float(entry["tolerance"]), str(entry["reason"])
    ratio = year_ratio(entry)
    if ratio is None:
        return dataclasses.replace(targets[entry["target"]], error=tolerance, reason=reason)
    name = entry.get("series") or entry["growth"]
    value = series_ratio(name, ratio) if "series" in entry else growth_ratio(name)
    unit, kind = f"ratio to {ratio.base_year}", str(entry.get("kind", "point"))
    return Target(kind, value, tolerance, unit, name, reason, True)


def series_ratio(name: str, ratio: YearRatio) -> float:
    """The value of a yearly series over that of the base year."""
    values = series()[name].values
    return values[str(ratio.year)] / values[str(ratio.base_year)]


def growth_ratio(fact: str) -> float:
    """A fact given as growth in percent, as a ratio."""
    value = facts()[fact].value
    assert isinstance(value, float), f"{fact} is not a single number"
    return 1.0 + value / 100.0


def past_levels(entry: Mapping[str, Any]) -> tuple[Level, ...]:
    """Levels of the same quantity in order of time that are known at the origin."""
    origin, ratio = str(entry["foreseen_at"]), year_ratio(entry)
    if ratio is None:
        return stock_levels(origin) if entry["target"] in STOCKS else ()
    if "growth" in entry:
        return tuple(
            Level(float(facts()[name].period), growth_ratio(name)) for name in entry["past"]
        )
    values = series()[entry["series"]].values
    base = values[str(ratio.base_year)]
    return tuple(
        Level(float(year), value / base)
        for year, value in sorted(values.items())
        if f"{year}-12" <= origin
    )


def stock_levels(origin: str) -> tuple[Level, ...]:
    """The stock of permits, relative to the end of 2017, as far as it is known at an origin."""
    targets = read_targets()
    return (
        Level(END_OF_2017, 1.0),
        *(
            Level(END_OF_2017 + months / 12.0, targets[name].value)
            for name, (known_from, months) in STOCKS.items()
            if known_from <= origin
        ),
    )


def counted_at(entry: Mapping[str, Any]) -> float:
    """The year in which a target was counted, on the scale of its past levels."""
    ratio = year_ratio(entry)
    if ratio is not None:
        return float(ratio.year)
    return END_OF_2017 + STOCKS.get(entry["target"], ("", 12.0))[1] / 12.0
