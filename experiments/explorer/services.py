"""What the callbacks work with: simulations, finished results, and what a page may ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from experiments.explorer import finished_results
from experiments.explorer.address import from_query, settings_of
from experiments.explorer.kept_scenarios import KeptScenario, scenario_title, simulated_like
from experiments.explorer.paired_differences import UnpairedError, difference_summary
from experiments.explorer.result_list import ResultList
from experiments.explorer.simulation_jobs import PageScenario, SimulationPool, SimulationState
from experiments.explorer.studies import StudyQueue
from experiments.reporting.overlay import NamedSummary
from experiments.storage.folder_error import FolderError

STUDIES = Path("outputs") / "explorer"
"""Where studies write unless told otherwise."""


@dataclass(frozen=True)
class Services:
    """Simulation threads, finished results, labels of measures by name, trades, and studies.

    `folder` is where studies write.
    """

    pool: SimulationPool
    listed: ResultList
    measures: Mapping[str, str]
    trades: tuple[str, ...]
    studies: StudyQueue | None = None
    folder: Path = STUDIES


class SimulatedScenario(NamedTuple):
    """A scenario of a page: its name, its query string and how far its simulation is.

    The state is None while the scenario has not been submitted.
    """

    name: str
    query: str
    state: SimulationState | None


class PageSimulations(NamedTuple):
    """The scenario of a page's sliders, None until there is one, and the others that it keeps."""

    moved: SimulatedScenario | None
    kept: Sequence[SimulatedScenario]


class Comparison(NamedTuple):
    """Results to show together, and what is missing in it and why."""

    results: list[NamedSummary]
    problem: str = ""


def simulations_of_page(
    services: Services, page: str, moved: str | None, kept: Sequence[KeptScenario]
) -> PageSimulations:
    """The states of a page's scenarios, each submitted if it is not being simulated.

    Kept ones are simulated with the draws and replicates of the sliders' scenario, so that they
    can be compared. If that scenario is kept, it has the name it was kept under.
    """
    if moved is None:
        return PageSimulations(None, ())
    shown = from_query(moved)
    queries = {each.name: simulated_like(each, shown) for each in kept}
    names = [name for name, query in queries.items() if query == moved]
    others = [
        SimulatedScenario(name, query, submitted(services.pool, (page, query), query))
        for name, query in queries.items()
        if query != moved
    ]
    # Submitted last, as the newest scenario of a page is simulated first.
    state = submitted(services.pool, (page, "moved"), moved)
    own = SimulatedScenario(names[0] if names else scenario_title(moved), moved, state)
    return PageSimulations(own, others)


def submitted(pool: SimulationPool, page: PageScenario, query: str) -> SimulationState | None:
    """The state of a page's scenario.

    The scenario is submitted again if the pool has forgotten it, or if an older request of the page
    arrived after a newer one.
    """
    if pool.label(page) != query or pool.state(page) is None:
        pool.submit(page, settings_of(from_query(query)), query)
    return pool.state(page)


def compared(
    services: Services, simulations: PageSimulations, compare_with: str | None, reference: str = ""
) -> Comparison:
    """The page's scenario, then the kept ones and the finished result as far as they are ready.

    With the name of a kept scenario as `reference`, the differences from it.
    """
    every = [each for each in (simulations.moved, *simulations.kept) if each is not None]
    if reference and any(each.name == reference for each in every):
        return differences(every, reference)
    results = [
        NamedSummary(each.name, each.state.summary)
        for each in every
        if each.state is not None and each.state.summary is not None
    ]
    finished = services.listed.results.get(compare_with or "")
    if finished is None:
        return Comparison(results)
    try:
        summary = finished_results.summary_of(finished, results[0].summary)
    except (FolderError, OSError, KeyError, ValueError) as error:
        return Comparison(results, f"{finished.name} cannot be read: {error}")
    return Comparison([*results, NamedSummary(finished.name, summary)])


def differences(every: Sequence[SimulatedScenario], reference: str) -> Comparison:
    """Every other scenario minus the reference, draw by draw."""
    (base,) = (each for each in every if each.name == reference)
    found = list(differences_from(base, [each for each in every if each is not base]))
    results = [each for each in found if isinstance(each, NamedSummary)]
    problems = [each for each in found if isinstance(each, str)]
    if len(every) == 1:
        problems = [
            f"{reference} is the scenario that is shown; move a slider to see a difference."
        ]
    return Comparison(results, " ".join(problems))


def differences_from(
    base: SimulatedScenario, others: Sequence[SimulatedScenario]
) -> Iterator[NamedSummary | str]:
    """The difference of each scenario from the base, or why there is none."""
    for each in others:
        if base.state is None or each.state is None:
            continue
        shares = base.state.wholes.keys() & each.state.wholes.keys()
        summary = each.state.summary
        if not shares or summary is None:
            yield f"{each.name}: both are being simulated."
            continue
        own, other = (one.wholes[max(shares)] for one in (each.state, base.state))
        try:
            yield NamedSummary(each.name, difference_summary(summary, own, other, base.name))
        except UnpairedError as error:
            yield f"No difference between {each.name} and {base.name} is shown: {error}."
