"""What moves the sliders, and what the explorer says: rules without a browser; every slider reaches the simulation."""

from __future__ import annotations

import numpy as np
import pytest
from dash import no_update

from experiments.ensembles.uncertainty import interval_meaning
from experiments.explorer.address import Chosen, chosen, from_query, settings_of, to_query
from experiments.explorer.controls import CONTROLS, LEVERS_FROM, place_of, slider_step
from experiments.explorer.layout import WORDS
from experiments.explorer.page_session import from_sliders
from experiments.explorer.picture import MEASURES, shown, wanted
from experiments.explorer.simulation_jobs import View
from experiments.explorer.slider_moves import LOOKS, all_places, choice, complete
from experiments.explorer.texts import (
    Backstage,
    aloud,
    note,
    pictured,
    showing,
    side_by_side,
    state_words,
    title,
)
from experiments.reporting.overlay import NamedSummary
from experiments.results.result_folder import load_result
from sim.inputs.dated_inputs import dated_inputs
from sim.measures.monthly import measure
from sim.paired import run_paired
from sim.scenario import numbers_of_levers

TRADES = ("structural",)
BEHIND = Backstage(None, {}, {"shortfall_workers": "Shortfall", "wage_real_rub": "Wage"}, TRADES)
MOVED = {
    "policy.compliance": 0.5,
    "policy.inspection_rate": 0.4,
    "policy.retained_workers": 8000,
    "policy.leave_by": "2019-02",
    "levers.chinese_quota.heads": 0,
    "levers.wage_subsidy.share": 0.4,
    "levers.relocation_grant.rub": 400_000,
    "levers.training.places_per_month": 500,
    "levers.employer_fine.rub": 400_000,
    "market.order_growth_percent_per_year": 8.0,
}
NEEDS = {
    "policy.inspection_rate": {"policy.compliance": 0.5},
    "levers.employer_fine.rub": {"policy.compliance": 0.5},
    "levers.chinese_quota.heads": {"levers.wage_subsidy.share": 0.5},
}
"""Inspections find whoever has stayed under cover; a quota binds where pay draws more migrants than are there."""


@pytest.fixture(scope="module")
def summary(finished):
    return load_result(finished).summary


def asked(**given):
    """What the page knows when something is pressed."""
    return {
        "search": "",
        "policy": "un2397",
        "scenario": None,
        "levers_from": place_of("2018-01"),
    } | given


def simulated(policy, values, levers_from="2018-01"):
    """One replicate of a scenario of the sliders at a tenth of the krai."""
    scenario = settings_of(chosen(policy, values, levers_from), scale=0.1).scenario
    return measure(run_paired(scenario, 0), scenario, dated_inputs(scenario))


def test_the_sliders_are_those_that_were_asked_for():
    assert [control.key for control in CONTROLS] == list(MOVED)


def test_every_lever_with_a_strength_has_a_slider():
    strengths = {f"levers.{lever}.{next(iter(n))}" for lever, n in numbers_of_levers().items() if n}
    assert {control.key for control in CONTROLS if control.lever} == strengths


@pytest.mark.parametrize(
    ("span", "step"), [(0.5, 0.02), (1000.0, 50.0), (50_000.0, 2000.0), (800_000.0, 20_000.0)]
)
def test_a_slider_has_twenty_steps_or_more_of_a_round_size(span, step):
    assert slider_step(span) == step
    assert span / step >= 20


@pytest.mark.parametrize("key", MOVED)
def test_every_slider_changes_what_is_simulated(key):
    before, after = (
        simulated("un2397", NEEDS.get(key, {})),
        simulated("un2397", NEEDS.get(key, {}) | {key: MOVED[key]}),
    )
    assert any(not np.array_equal(before[name], after[name], equal_nan=True) for name in before)


def test_the_date_of_the_levers_changes_what_is_simulated():
    early, late = (
        simulated("un2397", {"levers.training.places_per_month": 500}, month)
        for month in ("2018-01", "2020-01")
    )
    assert not np.array_equal(early["public_cost_rub"], late["public_cost_rub"])


def test_pinning_and_unpinning_move_nothing_else():
    assert choice(BEHIND, "pin", asked(scenario="policy=cliff")) == {"pinned": "policy=cliff"}
    assert choice(BEHIND, "unpin", asked()) == {"pinned": None}


def test_a_reset_goes_back_to_what_is_shipped():
    moved = choice(BEHIND, "reset", asked(scenario="policy=cliff&policy.compliance=0.2"))
    assert moved == {"problems": "", "policy": "un2397", "places": all_places(Chosen())}


def test_another_policy_brings_its_numbers_and_leaves_levers_and_market():
    before = to_query(
        chosen(
            "un2397", {"policy.compliance": 0.2, "levers.training.places_per_month": 100}, "2019-01"
        )
    )
    moved = choice(
        BEHIND,
        "policy",
        asked(policy="blind_eye", scenario=before, levers_from=place_of("2019-01")),
    )
    *places, levers_from = moved["places"]
    assert from_sliders("blind_eye", places, levers_from) == chosen(
        "blind_eye", {"levers.training.places_per_month": 100}, "2019-01"
    )


def test_the_policy_that_is_shown_moves_nothing():
    assert choice(BEHIND, "policy", asked(policy="cliff", scenario="policy=cliff")) == {}


def test_an_address_moves_everything():
    search = "?policy=cliff&policy.compliance=0.4&measures=wage_real_rub&trade=structural&pin=policy%3Dnone"
    moved = choice(BEHIND, None, asked(search=search))
    assert [moved[name] for name in ("policy", *LOOKS, "pinned")] == [
        "cliff",
        "measures",
        ["wage_real_rub"],
        "structural",
        "policy=none",
    ]
    *places, levers_from = moved["places"]
    assert (
        to_query(from_sliders("cliff", places, levers_from)) == "policy=cliff&policy.compliance=0.4"
    )


def test_a_refused_address_opens_the_page_as_new_and_says_why():
    moved = choice(BEHIND, None, asked(search="?policy.compliance=7"))
    assert moved["places"] == all_places(Chosen())
    assert moved["pinned"] is None
    assert "policy.compliance: given 7" in str(moved["problems"])


def test_what_is_not_moved_is_left_alone():
    whole = complete({"pinned": "x"}, 3)
    assert whole["pinned"] == "x"
    assert whole["places"] == [no_update] * 3
    assert all(whole[name] is no_update for name in ("problems", "policy", *LOOKS))


def test_every_policy_has_words_that_begin_with_its_key():
    from experiments.explorer.controls import POLICIES

    assert set(WORDS) == set(POLICIES)
    assert all(words.startswith(f"{name}: ") for name, words in WORDS.items())


def test_a_screen_reader_hears_the_answer_once_and_not_every_replicate(summary):
    views = [View(summary, True, done, 20, None, True) for done in (4, 11, 20)]
    assert [aloud(view, None, "Short of 9.") for view in views] == [
        "Simulating.",
        "Simulating.",
        "Done. Short of 9.",
    ]
    assert aloud(View(None, False, 0, 20, "the simulation failed", True)) == "the simulation failed"


def test_progress_is_said_from_the_first_moment_to_the_last(summary):
    said = [
        state_words(View(None, False, 0, 20, None, False)),
        state_words(View(None, False, 0, 20, None, True)),
        state_words(View(summary, False, 3, 20, None, True)),
        state_words(View(summary, False, 7, 20, None, True)),
        state_words(View(summary, True, 20, 20, None, True)),
    ]
    assert [words.split()[0] for words in said] == [
        "Compiling",
        "Simulating",
        "Preview:",
        "Preview:",
        "Full",
    ]
    assert "7 of 20" in said[3]
    assert said[4].endswith("Done.")


def test_nothing_is_done_while_the_pinned_scenario_is_a_preview(summary):
    whole, preview = (
        View(summary, True, 20, 20, None, True),
        View(summary, False, 3, 20, None, True),
    )
    said = state_words(whole, preview)
    assert said.startswith(
        "Full krai, 20 replicates. Pinned scenario: Preview: 0.05 of the krai. The full krai is being simulated, 3 of 20 replicates"
    )
    assert "Done" not in said
    assert aloud(whole, preview, "Short of 9.") == "Simulating."
    assert not showing(whole, "policy=cliff", preview)["finished"]
    assert state_words(whole, whole) == "Full krai, 20 replicates. Done."
    assert showing(whole, "policy=cliff", whole)["finished"]
    assert "it broke" in state_words(whole, View(None, False, 0, 20, "it broke", True))


def test_bands_are_not_said_to_hold_chance_only_where_a_finished_result_drew_parameters(summary):
    wide = summary | {"uncertainty": {"kind": "posterior", "draws": 8, "parameters_share": {}}}
    results = [NamedSummary("here", summary), NamedSummary("wide", wide)]
    figure = shown(results, MEASURES, ["shortfall_workers"], "all")
    assert f"wide: {interval_meaning(wide, 'shortfall_workers')}" in note(MEASURES, results, figure)
    alone = note("papers", results[:1], figure)
    assert (
        alone
        == f"Simulation. {figure.shows} of {summary['replicates']} replicates; chance only, parameters fixed."
    )
    assert note("papers", results, figure) == f"{alone} Of the scenario on the left alone."
    assert note("papers", results, None) == "This scenario has nothing to show here."


def test_an_empty_picture_says_so_and_keeps_what_it_belongs_to():
    drawn = pictured(None, {"scenario": "policy=none"}, "Nothing.")
    assert drawn["alt"] == drawn["source"] == "Nothing."
    assert drawn["plot"]["layout"]["meta"] == {"scenario": "policy=none"}


def test_units_name_the_month_their_prices_are_of(summary):
    assert wanted(summary, "wage_real_rub", "all").title.endswith(f"prices of {summary['start']}")
    assert wanted(summary, "dprk_revenue_lost_usd", "all").title.endswith("million USD, cumulated")
    assert "structural" in wanted(summary, "shortfall_workers", "structural").measure


def test_a_scenario_is_called_by_its_policy_and_what_differs():
    query = to_query(
        chosen("cliff", {"policy.compliance": 0.4, "levers.training.places_per_month": 100})
    )
    assert title(query) == "cliff, compliance 0.4, training 100"
    assert from_query(query).policy == "cliff"


def test_an_unknown_finished_result_is_left_out(summary):
    view = View(summary, True, 2, 2, None, True)
    found = side_by_side(BEHIND, (view, "policy=cliff"), (view, "policy=none"), "../../etc/passwd")
    assert [each.name for each in found] == ["cliff", "pinned: none"]


def test_the_date_of_levers_is_a_slider_of_its_own():
    assert LEVERS_FROM.month
    assert LEVERS_FROM.key not in MOVED
