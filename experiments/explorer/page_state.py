"""What the state of a page means: its address, the positions of its sliders, its downloads.

Nothing here depends on Dash.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.configuration.settings import ConfigError
from experiments.explorer.address import (
    ExplorerScenario,
    explorer_scenario,
    from_pairs,
    query_pairs,
)
from experiments.explorer.controls import (
    BY_KEY,
    CONTROLS,
    Control,
    Value,
    default_value,
    month_at,
    position_of,
)
from experiments.explorer.explorer_figures import ALL_TRADES, FIRST_MEASURES, MEASURES, VIEWS
from experiments.reporting.overlay import NamedSummary
from experiments.results.result_folder import CONFIG_HEAD, as_yaml
from sim.inputs.problems import unknown

DISPLAY_KEYS = ("view", "measures", "trade", "pin")
"""Keys of an address that say what is shown; all others belong to the scenario."""
HEAD = ("scenario", "scale", "replicates", "measure", "unit", "month", "p5", "median", "p95")


@dataclass(frozen=True)
class OpenedAddress:
    """What an address opens: a scenario, what is shown of it, and the pinned scenario."""

    scenario: ExplorerScenario
    view: str = MEASURES
    measures: Sequence[str] = FIRST_MEASURES
    trade: str = ALL_TRADES
    pinned: str | None = None


def open_address(text: str, measures: Sequence[str], trades: Sequence[str]) -> OpenedAddress:
    """Read an address; raises ConfigError with everything that is wrong."""
    pairs = query_pairs(text)
    display = {key: value for key, value in pairs if key in DISPLAY_KEYS}
    names = display["measures"].split(",") if display.get("measures") else list(FIRST_MEASURES)
    view, trade = display.get("view", MEASURES), display.get("trade", ALL_TRADES)
    problems = [
        *(unknown("measures", name, measures, "measure") for name in names if name not in measures),
        *unknown_choice("view", view, list(VIEWS)),
        *unknown_choice("trade", trade, [*trades, ALL_TRADES]),
    ]
    scenarios = []
    own_pairs = [pair for pair in pairs if pair[0] not in DISPLAY_KEYS]
    for each in (own_pairs, query_pairs(display.get("pin", ""))):
        try:
            scenarios.append(from_pairs(each))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return OpenedAddress(scenarios[0], view, names, trade, display.get("pin") or None)


def unknown_choice(key: str, given: str, choices: Sequence[str]) -> list[str]:
    """A line if a value is none of the choices."""
    return [] if given in choices else [unknown(key, given, choices, key)]


def from_sliders(policy: str, positions: Sequence[Any], levers_from: Any) -> ExplorerScenario:
    """The scenario that the sliders show; what is no number is left for the checks to refuse."""
    values = {
        control.key: slider_value(control, position)
        for control, position in zip(CONTROLS, positions, strict=True)
    }
    is_month = isinstance(levers_from, (int, float))
    month = month_at(levers_from) if is_month else str(levers_from)
    return explorer_scenario(str(policy), values, month)


def slider_value(control: Control, position: Any) -> Value:
    """The value that a slider shows at a position."""
    if position is None:
        return None
    if not isinstance(position, (int, float)) or isinstance(position, bool):
        return str(position)
    return month_at(position) if control.month else position


def slider_positions(scenario: ExplorerScenario) -> list[Any]:
    """The positions of the sliders for a scenario."""
    return [slider_position(control.key, scenario) for control in CONTROLS]


def slider_position(key: str, scenario: ExplorerScenario) -> Any:
    """The position of one slider; None for a date that the policy does not have."""
    control = BY_KEY[key]
    value = scenario.values.get(key, default_value(control, scenario.policy))
    return position_of(str(value)) if control.month and value is not None else value


def as_csv(results: Sequence[NamedSummary]) -> str:
    """Every measure of every result by month, as CSV."""
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


def as_config(resolved: Mapping[str, Any]) -> str:
    """The resolved configuration as YAML from which experiments.run composes it again."""
    return CONFIG_HEAD + as_yaml(resolved)
