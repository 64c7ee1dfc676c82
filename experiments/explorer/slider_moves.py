"""Where the sliders and pickers go when an address is opened, a policy chosen or a button used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import no_update

from experiments.configuration.settings import ConfigError
from experiments.explorer.address import ExplorerScenario, from_query
from experiments.explorer.controls import position_of
from experiments.explorer.page_state import OpenedAddress, open_address, slider_positions
from experiments.explorer.services import Services
from experiments.explorer.status_texts import refusal

PICKERS = ("view", "measures", "trade")
"""Pickers of what is shown of a scenario."""


def moved_parts(services: Services, trigger: str | None, page: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of the page that `trigger` changes, with their new values.

    `page` holds the address, the policy, the scenario that is shown and the month of the levers.
    """
    match trigger:
        case "pin":
            return {"pinned": page["scenario"]}
        case "unpin":
            return {"pinned": None}
        case "reset":
            start = ExplorerScenario()
            return {"problems": "", "policy": start.policy, "positions": all_positions(start)}
        case "policy":
            return parts_of_policy(page)
    return parts_of_address(services, page["search"] or "")


def all_positions(scenario: ExplorerScenario) -> list[Any]:
    """The position of every slider; that of the levers' month comes last."""
    return [*slider_positions(scenario), position_of(scenario.levers_from)]


def parts_of_policy(page: Mapping[str, Any]) -> dict[str, Any]:
    """What another policy changes: its own numbers; levers and market stay as they were set.

    Nothing changes if the policy is the one that is shown.
    """
    before = from_query(page["scenario"]) if page["scenario"] else ExplorerScenario()
    if page["scenario"] and before.policy == page["policy"]:
        return {}
    kept = {key: value for key, value in before.values.items() if not key.startswith("policy.")}
    positions = slider_positions(ExplorerScenario(page["policy"], kept))
    return {"problems": "", "positions": [*positions, page["levers_from"]]}


def parts_of_address(services: Services, search: str) -> dict[str, Any]:
    """What an address sets; one that is refused opens the page as for a new visitor."""
    try:
        opened = open_address(search, list(services.measures), services.trades)
        problems = list[Any]()
    except ConfigError as error:
        opened = OpenedAddress(ExplorerScenario())
        problems = refusal("The address was not opened", error)
    return {
        "view": opened.view,
        "measures": list(opened.measures),
        "trade": opened.trade,
        "problems": problems,
        "pinned": opened.pinned,
        "policy": opened.scenario.policy,
        "positions": all_positions(opened.scenario),
    }


def with_the_rest(moved: Mapping[str, Any], sliders: int) -> dict[str, Any]:
    """The moved parts, with all others left as they are."""
    still: dict[str, Any] = dict.fromkeys(("problems", "pinned", "policy", *PICKERS), no_update)
    return still | {"positions": [no_update] * sliders} | dict(moved)
