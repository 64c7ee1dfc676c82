"""What a page's state means: the address with its view, slider places, files to download. No Dash in here."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from experiments.configuration.settings import ConfigError
from experiments.explorer.address import Chosen, chosen, from_pairs, pairs_of
from experiments.explorer.controls import BY_KEY, CONTROLS, Value, default, month_of, place_of
from experiments.explorer.picture import ALL_TRADES, FIRST_MEASURES, MEASURES, VIEWS
from experiments.reporting.overlay import NamedSummary
from experiments.results.result_folder import CONFIG_HEAD
from sim.inputs.problems import unknown

LOOKS = ("view", "measures", "trade", "pin")
HEAD = ("scenario", "scale", "replicates", "measure", "unit", "month", "p5", "median", "p95")


@dataclass(frozen=True)
class Opened:
    """What an address opens: a scenario, how it is looked at, and the scenario it is compared with."""

    scenario: Chosen
    view: str = MEASURES
    measures: Sequence[str] = FIRST_MEASURES
    trade: str = ALL_TRADES
    pinned: str | None = None


def opened(text: str, measures: Sequence[str], trades: Sequence[str]) -> Opened:
    """Read an address; raises ConfigError with everything that is wrong."""
    pairs = pairs_of(text)
    look = {key: value for key, value in pairs if key in LOOKS}
    names = look["measures"].split(",") if look.get("measures") else list(FIRST_MEASURES)
    view, trade = look.get("view", MEASURES), look.get("trade", ALL_TRADES)
    problems = [
        unknown("measures", name, measures, "measure") for name in names if name not in measures
    ]
    problems += [unknown("view", view, VIEWS, "view")] if view not in VIEWS else []
    problems += (
        [unknown("trade", trade, [*trades, ALL_TRADES], "trade")]
        if trade not in (*trades, ALL_TRADES)
        else []
    )
    scenarios = []
    for each in (
        text_pairs
        for text_pairs in (
            [pair for pair in pairs if pair[0] not in LOOKS],
            pairs_of(look.get("pin", "")),
        )
    ):
        try:
            scenarios.append(from_pairs(each))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return Opened(scenarios[0], view, names, trade, look.get("pin") or None)


def from_sliders(policy: str, places: Sequence[Any], levers_from: Any) -> Chosen:
    """The scenario that the sliders show. What is no number is left for the checks to refuse."""
    values: dict[str, Value] = {}
    for control, place in zip(CONTROLS, places, strict=True):
        is_number = isinstance(place, (int, float)) and not isinstance(place, bool)
        values[control.key] = (
            month_of(place)
            if control.month and is_number
            else place
            if is_number or place is None
            else str(place)
        )
    return chosen(
        str(policy),
        values,
        month_of(levers_from) if isinstance(levers_from, (int, float)) else str(levers_from),
    )


def slider_places(scenario: Chosen) -> list[Any]:
    """Where the sliders stand for a scenario."""
    return [place_of_value(control.key, scenario) for control in CONTROLS]


def place_of_value(key: str, scenario: Chosen) -> Any:
    """Where one slider stands; a policy without a deadline leaves that slider at its end."""
    control = BY_KEY[key]
    value = scenario.values.get(key, default(control, scenario.policy))
    if control.month:
        return None if value is None else place_of(str(value))
    return value


def as_csv(results: Sequence[NamedSummary]) -> str:
    """Every measure of every shown scenario by month."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for name, summary in results:
        about = (name, summary["scale"], summary["replicates"])
        for measure, known in summary["measures"].items():
            writer.writerows(
                (*about, measure, known["unit"], month, *values)
                for month, values in known["by_month"].items()
            )
    return out.getvalue()


def as_yaml(resolved: Mapping[str, Any]) -> str:
    """The resolved configuration as experiments.run takes it back."""
    return CONFIG_HEAD + yaml.safe_dump(dict(resolved), sort_keys=False, allow_unicode=True)
