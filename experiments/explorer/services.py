"""What the callbacks work with: simulations, finished results, and what a page may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from experiments.explorer import finished_results
from experiments.explorer.address import from_query, settings_of
from experiments.explorer.simulation_jobs import PageScenario, SimulationPool, SimulationState
from experiments.reporting.overlay import NamedSummary
from experiments.storage.folder_error import FolderError


@dataclass(frozen=True)
class Services:
    """Simulation threads, finished results by name, labels of measures by name, and trades."""

    pool: SimulationPool
    finished: Mapping[str, finished_results.FinishedResult]
    measures: Mapping[str, str]
    trades: tuple[str, ...]


class PageSimulations(NamedTuple):
    """The scenario of a page's sliders and its pinned one: query strings and states.

    A state is None while its scenario has not been submitted.
    """

    moved_query: str | None
    moved: SimulationState | None
    pinned_query: str | None
    pinned: SimulationState | None


class Comparison(NamedTuple):
    """Results to show together, and why a finished one is missing if it cannot be read."""

    results: list[NamedSummary]
    problem: str = ""


def simulations_of_page(
    services: Services, page: str, moved: str | None, pinned: str | None
) -> PageSimulations:
    """The states of a page's scenarios, each submitted if it is not being simulated."""
    states = [
        submitted(services.pool, (page, name), query)
        for name, query in (("moved", moved), ("pinned", pinned))
    ]
    return PageSimulations(moved, states[0], pinned, states[1])


def submitted(
    pool: SimulationPool, page: PageScenario, query: str | None
) -> SimulationState | None:
    """The state of a page's scenario; None if there is no scenario.

    The scenario is submitted again if the pool has forgotten it, or if an older request of the page
    arrived after a newer one.
    """
    if query is None:
        return None
    if pool.label(page) != query or pool.state(page) is None:
        pool.submit(page, settings_of(from_query(query)), query)
    return pool.state(page)


def compared(
    services: Services, simulations: PageSimulations, compare_with: str | None
) -> Comparison:
    """The page's scenario, then the pinned one and the finished result as far as they are ready."""
    moved, pinned = simulations.moved, simulations.pinned
    assert moved is not None
    assert moved.summary is not None
    results = [NamedSummary(scenario_title(simulations.moved_query), moved.summary)]
    if pinned is not None and pinned.summary is not None:
        title = f"pinned: {scenario_title(simulations.pinned_query)}"
        results.append(NamedSummary(title, pinned.summary))
    finished = services.finished.get(compare_with or "")
    if finished is None:
        return Comparison(results)
    try:
        summary = finished_results.summary_of(finished, moved.summary)
    except (FolderError, OSError, KeyError, ValueError) as error:
        return Comparison(results, f"{finished.name} cannot be read: {error}")
    return Comparison([*results, NamedSummary(finished.name, summary)])


def scenario_title(query: str | None) -> str:
    """A scenario in a legend: its policy and what differs from the policy's file."""
    scenario = from_query(query or "")
    names = {
        # The last part of a lever's key, such as `share`, does not say which lever it is.
        key: key.split(".")[-2 if key.startswith("levers") else -1]
        for key in scenario.values
    }
    changes = [f"{names[key]} {value}" for key, value in scenario.values.items()]
    return ", ".join([scenario.policy, *changes]).replace("_", " ")
