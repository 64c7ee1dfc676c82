"""Where the sliders and pickers go when an address is opened, a policy chosen, or a button pressed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import no_update

from experiments.configuration.settings import ConfigError
from experiments.explorer.address import Chosen, from_query
from experiments.explorer.controls import place_of
from experiments.explorer.page_session import Opened, opened, slider_places
from experiments.explorer.texts import Backstage, refusal

LOOKS = ("view", "measures", "trade")


def choice(backstage: Backstage, trigger: str | None, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What `trigger` moves, by name; `asked` holds address, policy, and the scenario that is shown."""
    match trigger:
        case "pin":
            return {"pinned": asked["scenario"]}
        case "unpin":
            return {"pinned": None}
        case "reset":
            return {"problems": "", "policy": Chosen().policy, "places": all_places(Chosen())}
        case "policy":
            return of_policy(asked)
    return of_address(backstage, asked["search"] or "")


def all_places(scenario: Chosen) -> list[Any]:
    """Where every slider stands, the date of the levers last."""
    return [*slider_places(scenario), place_of(scenario.levers_from)]


def of_policy(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Another policy brings its own numbers; levers and market stay as they were set. The policy that is shown moves nothing."""
    before = from_query(asked["scenario"]) if asked["scenario"] else Chosen()
    if asked["scenario"] and before.policy == asked["policy"]:
        return {}
    kept = {key: value for key, value in before.values.items() if not key.startswith("policy.")}
    return {
        "problems": "",
        "places": [*slider_places(Chosen(asked["policy"], kept)), asked["levers_from"]],
    }


def of_address(backstage: Backstage, search: str) -> dict[str, Any]:
    """What an address holds; one that is refused opens the page as for a new visitor and says why."""
    try:
        found, problems = opened(search, list(backstage.measures), backstage.trades), list[Any]()
    except ConfigError as error:
        found, problems = Opened(Chosen()), refusal("The address was not opened", error)
    looks = {"view": found.view, "measures": list(found.measures), "trade": found.trade}
    return looks | {
        "problems": problems,
        "pinned": found.pinned,
        "policy": found.scenario.policy,
        "places": all_places(found.scenario),
    }


def complete(moved: Mapping[str, Any], sliders: int) -> dict[str, Any]:
    """The same with everything else left where it is."""
    still: dict[str, Any] = dict.fromkeys(("problems", "pinned", "policy", *LOOKS), no_update)
    return still | {"places": [no_update] * sliders} | dict(moved)
