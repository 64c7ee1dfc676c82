"""Where the sliders and pickers go when an address is opened, a policy chosen or a button used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import no_update

from experiments.configuration.settings import ConfigError
from experiments.explorer.address import ExplorerScenario, from_query
from experiments.explorer.controls import CONTROLS, LEVERS_FROM, position_of
from experiments.explorer.imported_scenario import scenario_of_yaml, text_of_upload
from experiments.explorer.kept_scenarios import KeptScenario, kept_of, with_kept
from experiments.explorer.page_state import (
    LEVELS,
    OpenedAddress,
    open_address,
    other_values,
    run_values,
    slider_positions,
)
from experiments.explorer.services import Services
from experiments.explorer.status_texts import refusal
from sim.inputs.problems import ScenarioError

PICKERS = ("view", "measures", "trade", "reference")
"""Pickers of what is shown of a scenario."""
STATE_PARTS = {
    "kept": ("kept", "data"),
    "others": ("others", "data"),
    "kept_names": ("kept_names", "value"),
    # Options go with the value, as a dropdown drops a value that is none of them.
    "kept_options": ("kept_names", "options"),
    "reference_options": ("reference", "options"),
    "scenario_name": ("scenario_name", "value"),
    "uncertainty": ("uncertainty", "value"),
    "replicates": ("replicates", "value"),
}
"""Further parts of the page that a move may change: element and property of each."""


def moved_parts(services: Services, trigger: str | None, page: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of the page that `trigger` changes, with their new values.

    `page` holds the address, the policy, the scenario that is shown, the month of the levers, the
    kept scenarios with the names of those that stay, and an imported file.
    """
    kept = kept_of(page.get("kept"))
    match trigger:
        case "pin":
            return parts_of_keeping(kept, page) if page["scenario"] else {}
        case "kept_names":
            return parts_of_kept(kept, page["kept_names"] or [])
        case "import":
            return parts_of_file(page["import"])
        case "draw":
            return {"positions": drawn_positions()}
        case "reset":
            return parts_of_scenario(ExplorerScenario()) | {"problems": ""}
        case "policy":
            return parts_of_policy(page)
    return parts_of_address(services, page["search"] or "")


def parts_of_keeping(kept: list[KeptScenario], page: Mapping[str, Any]) -> dict[str, Any]:
    """What keeping the scenario that is shown changes."""
    more = with_kept(kept, page["scenario_name"] or "", page["scenario"])
    return parts_of_kept(more, [each.name for each in more]) | {"scenario_name": ""}


def parts_of_kept(kept: Sequence[KeptScenario], names: Sequence[str]) -> dict[str, Any]:
    """The kept scenarios of these names."""
    staying = [each for each in kept if each.name in names]
    left = [each.name for each in staying]
    levels = {"label": "levels", "value": LEVELS}
    differences = [{"label": f"difference from {name}", "value": name} for name in left]
    return {
        "kept": staying,
        "kept_names": left,
        "kept_options": left,
        "reference_options": [levels, *differences],
    }


def parts_of_file(contents: str | None) -> dict[str, Any]:
    """What an imported file sets; one that is refused changes nothing."""
    try:
        return parts_of_scenario(scenario_of_yaml(text_of_upload(contents or ""))) | {
            "problems": ""
        }
    except ScenarioError as error:
        return {"problems": refusal("The file was not opened", error)}


def parts_of_scenario(scenario: ExplorerScenario) -> dict[str, Any]:
    """Policy, sliders, and how the scenario is simulated."""
    return {
        "policy": scenario.policy,
        "positions": all_positions(scenario),
        "others": other_values(scenario),
        **run_values(scenario),
    }


def drawn_positions() -> list[Any]:
    """The positions that let every parameter be drawn; other sliders stay."""
    return [None if control.drawn else no_update for control in (*CONTROLS, LEVERS_FROM)]


def all_positions(scenario: ExplorerScenario) -> list[Any]:
    """The position of every slider; that of the levers' month comes last."""
    return [*slider_positions(scenario), position_of(scenario.levers_from)]


def parts_of_policy(page: Mapping[str, Any]) -> dict[str, Any]:
    """What another policy changes: its own numbers; everything else stays as it was set.

    Nothing changes if the policy is the one that is shown.
    """
    before = from_query(page["scenario"]) if page["scenario"] else ExplorerScenario()
    if page["scenario"] and before.policy == page["policy"]:
        return {}
    kept = {key: value for key, value in before.values.items() if not key.startswith("policy.")}
    after = ExplorerScenario(page["policy"], kept)
    positions = [*slider_positions(after), page["levers_from"]]
    return {"problems": "", "positions": positions, "others": other_values(after)}


def parts_of_address(services: Services, search: str) -> dict[str, Any]:
    """What an address sets; one that is refused opens the page as for a new visitor."""
    try:
        opened = open_address(search, list(services.measures), services.trades)
        problems = list[Any]()
    except ConfigError as error:
        opened = OpenedAddress(ExplorerScenario())
        problems = refusal("The address was not opened", error)
    kept = parts_of_kept(opened.kept, [each.name for each in opened.kept])
    return (
        parts_of_scenario(opened.scenario)
        | kept
        | {
            "view": opened.view,
            "measures": list(opened.measures),
            "trade": opened.trade,
            "reference": opened.reference,
            "problems": problems,
        }
    )


def with_the_rest(moved: Mapping[str, Any], sliders: int) -> dict[str, Any]:
    """The moved parts, with all others left as they are."""
    still: dict[str, Any] = dict.fromkeys(("problems", "policy", *STATE_PARTS, *PICKERS), no_update)
    return still | {"positions": [no_update] * sliders} | dict(moved)
