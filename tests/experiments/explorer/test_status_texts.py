"""What the explorer writes besides its figure, and which results it compares."""

from __future__ import annotations

import types

import pytest

from experiments.ensembles.uncertainty import interval_meaning
from experiments.explorer.address import explorer_scenario, from_query, to_query
from experiments.explorer.explorer_figures import MEASURES, figure_of_view, overlaid_measure
from experiments.explorer.finished_results import FinishedResult
from experiments.explorer.kept_scenarios import scenario_title
from experiments.explorer.page_updates import PLACES, Update, figure_update, legend, shown_scenario
from experiments.explorer.services import (
    PageSimulations,
    Services,
    SimulatedScenario,
    compared,
)
from experiments.explorer.simulation_jobs import SimulationState
from experiments.explorer.status_texts import announcement, figure_note, status
from experiments.reporting.overlay import NamedSummary
from experiments.results.result_folder import load_result


@pytest.fixture(scope="module")
def summary(finished):
    """The summary of a finished result."""
    return load_result(finished).summary


def at_full_size(summary, replicates=20):
    """The state of a scenario of which all 20 replicates, or the first ones, are done."""
    return SimulationState(summary, True, replicates, 20, None, True)


def in_preview(summary, replicates=3):
    """The state of a scenario whose preview is shown."""
    return SimulationState(summary, False, replicates, 20, None, True)


def listed(**results):
    """A list of these finished results."""
    return types.SimpleNamespace(results=results)


FAILED = SimulationState(None, False, 0, 20, "the simulation failed", True)


def page_with(state, **kept):
    """What a page shows: a scenario in this state, and kept ones by name."""
    others = [SimulatedScenario(name, "policy=none", each) for name, each in kept.items()]
    return PageSimulations(SimulatedScenario("Cliff", "policy=cliff", state), others)


def test_a_screen_reader_hears_the_answer_once_and_not_every_replicate(summary):
    heard = [
        announcement(page_with(at_full_size(summary, done)), "Short of 9.") for done in (4, 11, 20)
    ]
    assert heard == ["Simulating.", "Simulating.", "Done. Short of 9."]
    assert announcement(page_with(FAILED)) == "the simulation failed"


def test_the_status_tells_how_far_the_simulation_is(summary):
    texts = [
        status(page_with(state))
        for state in (
            SimulationState(None, False, 0, 20, None, False),
            SimulationState(None, False, 0, 20, None, True),
            in_preview(summary, 3),
            in_preview(summary, 7),
            at_full_size(summary),
        )
    ]
    assert texts[0].startswith("Compiling")
    assert texts[1] == "Simulating a preview at 0.05 of full size."
    assert texts[2] == ("Preview at 0.05 of full size. At full size, 3 of 20 replicates are done.")
    assert "7 of 20" in texts[3]
    assert texts[4] == "Full size, 20 replicates. Done."


def test_nothing_is_done_while_a_kept_scenario_is_a_preview(summary):
    whole, preview = at_full_size(summary), in_preview(summary)
    half = page_with(whole, first=whole, second=preview)
    assert status(half).startswith("Full size, 20 replicates. second: Preview at 0.05")
    assert "Done" not in status(half)
    assert announcement(half, "Short of 9.") == "Simulating."
    assert not shown_scenario(half)["finished"]
    both = page_with(whole, first=whole)
    assert status(both) == "Full size, 20 replicates. Done."
    assert shown_scenario(both)["finished"]
    assert "the simulation failed" in status(page_with(whole, first=FAILED))


def test_bands_of_sampled_parameters_are_not_said_to_hold_chance_only(summary):
    wide = summary | {"uncertainty": {"kind": "posterior", "draws": 8, "parameters_share": {}}}
    results = [NamedSummary("here", summary), NamedSummary("wide", wide)]
    figure = figure_of_view(results, MEASURES, ["shortfall_workers"], "all")
    meaning = interval_meaning(wide, "shortfall_workers")
    assert f"wide: {meaning}" in figure_note(MEASURES, results, figure)
    assert meaning != interval_meaning(summary, "shortfall_workers")


def test_the_note_of_a_report_figure_names_the_scenario_that_it_shows(summary):
    results = [NamedSummary("here", summary), NamedSummary("there", summary)]
    figure = figure_of_view(results, MEASURES, ["shortfall_workers"], "all")
    alone = figure_note("papers", results[:1], figure)
    replicates = f"{figure.shows} of {summary['replicates']} replicates"
    meaning = interval_meaning(summary, "shortfall_workers")
    assert alone == f"Simulation. {replicates}; {meaning}."
    only = "This figure shows the scenario of the sliders only."
    assert figure_note("papers", results, figure) == f"{alone} {only}"
    assert figure_note("papers", results, None) == "There is nothing to show here."


def test_an_empty_figure_keeps_its_scenario_and_says_that_it_is_empty():
    update = figure_update(None, {"scenario": "policy=none"}, "Nothing.")
    assert update["alternative"] == update["note"] == "Nothing."
    assert update["plot"]["layout"]["meta"] == {"scenario": "policy=none"}


def test_every_part_of_an_update_has_a_place_on_the_page():
    assert set(PLACES) == set(Update._fields)
    assert len(set(PLACES.values())) == len(PLACES)


def test_units_name_the_month_of_their_prices(summary):
    wage = overlaid_measure(summary, "wage_real_rub", "all")
    assert wage.title.endswith(f"prices of {summary['start']}")
    revenue = overlaid_measure(summary, "dprk_revenue_lost_usd", "all")
    assert revenue.title.endswith("million USD, cumulated")
    of_trade = overlaid_measure(summary, "shortfall_workers", "structural")
    assert "structural" in of_trade.measure


def test_a_scenario_is_called_by_its_policy_and_what_differs():
    changes = {"policy.compliance": 0.4, "levers.training.places_per_month": 100}
    query = to_query(explorer_scenario("cliff", changes))
    assert scenario_title(query) == "All at the deadline, compliance 0.4, training 100"
    assert from_query(query).policy == "cliff"


def test_compared_results_stand_in_one_order_with_one_colour_each(summary, finished):
    services = Services(None, listed(mine=FinishedResult("mine", finished)), {}, ())
    whole = at_full_size(summary)
    results = compared(services, page_with(whole, Nobody=whole), "mine").results
    assert [each.name for each in results] == ["Cliff", "Nobody", "mine"]
    colours = [entry.children[0].style["background"] for entry in legend(results)]
    assert len(set(colours)) == 3
    assert legend(results[:1]) == []


def test_a_finished_result_that_is_unknown_or_cannot_be_read_is_left_out(summary, tmp_path):
    services = Services(None, listed(gone=FinishedResult("gone", tmp_path / "gone")), {}, ())
    alone = page_with(at_full_size(summary))
    assert compared(services, alone, "../../etc/passwd").problem == ""
    results, problem = compared(services, alone, "gone")
    assert [each.name for each in results] == ["Cliff"]
    assert problem.startswith("gone cannot be read: ")
