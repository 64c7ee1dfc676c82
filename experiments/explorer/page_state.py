"""What the state of a page means: its address, the positions of its sliders, its downloads.

Nothing here depends on Dash.
"""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from experiments.configuration.settings import ConfigError
from experiments.explorer.address import (
    RUN_DEFAULTS,
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
from experiments.explorer.kept_scenarios import KeptScenario, kept_from_pin, too_many
from experiments.reporting.overlay import NamedSummary
from experiments.results.result_folder import CONFIG_HEAD, as_yaml
from sim.inputs.problems import unknown

PIN, LEVELS = "pin", "levels"
DISPLAY_KEYS = ("view", "measures", "trade", "reference", PIN)
"""Keys of an address that say what is shown; all others belong to the scenario."""
HEAD = ("scenario", "scale", "replicates", "measure", "unit", "month", "p5", "median", "p95")


@dataclass(frozen=True)
class OpenedAddress:
    """What an address opens: a scenario, what is shown of it, and the scenarios that it keeps.

    `reference` is the kept scenario from which differences are shown, or LEVELS.
    """

    scenario: ExplorerScenario
    view: str = MEASURES
    measures: Sequence[str] = FIRST_MEASURES
    trade: str = ALL_TRADES
    reference: str = LEVELS
    kept: Sequence[KeptScenario] = field(default_factory=tuple)


def open_address(text: str, measures: Sequence[str], trades: Sequence[str]) -> OpenedAddress:
    """Read an address; raises ConfigError with everything that is wrong."""
    pairs = query_pairs(text)
    display = {key: value for key, value in pairs if key in DISPLAY_KEYS}
    given = display.get("measures")
    measures_shown = given.split(",") if given else list(FIRST_MEASURES)
    view, trade = display.get("view", MEASURES), display.get("trade", ALL_TRADES)
    problems = [
        *(
            unknown("measures", name, measures, "measure")
            for name in measures_shown
            if name not in measures
        ),
        *unknown_choice("view", view, list(VIEWS)),
        *unknown_choice("trade", trade, [*trades, ALL_TRADES]),
    ]
    pins = [value for key, value in pairs if key == PIN and value]
    problems += too_many(pins)
    own_pairs = [pair for pair in pairs if pair[0] not in DISPLAY_KEYS]
    scenario = collected(problems, lambda: from_pairs(own_pairs))
    kept = [collected(problems, functools.partial(kept_from_pin, text)) for text in pins]
    reference = display.get("reference", LEVELS)
    names = [each.name for each in kept if each is not None]
    problems += unknown_choice("reference", reference, [*names, LEVELS])
    if problems:
        raise ConfigError(problems)
    assert scenario is not None
    found = [each for each in kept if each is not None]
    return OpenedAddress(scenario, view, measures_shown, trade, reference, found)


def collected[Found](problems: list[str], read: Callable[[], Found]) -> Found | None:
    """What `read` returns; None, with its problems appended, if it refuses its input."""
    try:
        return read()
    except ConfigError as error:
        problems += error.problems
        return None


def unknown_choice(key: str, given: str, choices: Sequence[str]) -> list[str]:
    """A line if a value is none of the choices."""
    return [] if given in choices else [unknown(key, given, choices, key)]


def from_sliders(
    policy: str,
    positions: Sequence[Any],
    levers_from: Any,
    others: Mapping[str, Value] | None = None,
    **run: Any,
) -> ExplorerScenario:
    """The scenario that the sliders show; what is no number is left for the checks to refuse.

    others: values of keys that have no slider. `run` sets keys of RUN_DEFAULTS.
    """
    values = {
        control.key: slider_value(control, position)
        for control, position in zip(CONTROLS, positions, strict=True)
    }
    is_month = isinstance(levers_from, (int, float))
    month = month_at(levers_from) if is_month else str(levers_from)
    return explorer_scenario(str(policy), {**values, **(others or {})}, month, **run)


def other_values(scenario: ExplorerScenario) -> dict[str, Value]:
    """The values of a scenario whose keys have no slider."""
    return {key: value for key, value in scenario.values.items() if key not in BY_KEY}


def run_values(scenario: ExplorerScenario) -> dict[str, Any]:
    """How a scenario is simulated, by key of RUN_DEFAULTS."""
    return {key: getattr(scenario, key) for key in RUN_DEFAULTS}


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
