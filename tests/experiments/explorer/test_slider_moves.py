"""What moves the sliders, without a browser; and that every slider reaches the simulation."""

from __future__ import annotations

import base64
import dataclasses

import numpy as np
import pytest
from dash import no_update

from experiments.explorer import controls
from experiments.explorer.address import ExplorerScenario, explorer_scenario, settings_of, to_query
from experiments.explorer.controls import (
    CONTROLS,
    LEVERS_FROM,
    POLICIES,
    lever_control,
    position_of,
    slider_step,
)
from experiments.explorer.page_state import from_sliders
from experiments.explorer.services import Services
from experiments.explorer.slider_moves import PICKERS, all_positions, moved_parts, with_the_rest
from experiments.reporting.question import policy_words
from sim.inputs.dated_inputs import dated_inputs
from sim.measures.monthly import measure
from sim.paired import run_paired
from sim.scenario import numbers_of_levers

MEASURE_LABELS = {"shortfall_workers": "Shortfall", "wage_real_rub": "Wage"}
SERVICES = Services(None, {}, MEASURE_LABELS, ("structural",))
MOVED = {
    "policy.compliance": 0.5,
    "policy.inspection_rate": 0.4,
    "policy.retained_workers": 8000,
    "policy.leave_by": "2019-02",
    "population.north_korean.heads": 7000,
    "population.north_korean.efficiency": 1.2,
    "market.wages.adjustment_per_month": 0.02,
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
"""Values without which a slider has no effect.

Inspections find only workers who stayed under cover. A quota binds only if pay draws more migrants
than there are.
"""


def page(**given):
    """What the page knows when something is used."""
    return {
        "search": "",
        "policy": "un2397",
        "scenario": None,
        "levers_from": position_of("2018-01"),
    } | given


def simulated(policy, values, levers_from="2018-01"):
    """Measures of one replicate of a scenario of the sliders, at a tenth of full size."""
    scenario = settings_of(explorer_scenario(policy, values, levers_from), scale=0.1).scenario
    return measure(run_paired(scenario, 0), scenario, dated_inputs(scenario))


def test_every_slider_is_tested():
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


def test_a_lever_without_a_range_in_the_evidence_is_named(monkeypatch):
    known = controls.parameters()
    key = "levers.training.places_per_month"
    without = known | {key: dataclasses.replace(known[key], prior=None)}
    monkeypatch.setattr(controls, "parameters", lambda: without)
    with pytest.raises(ValueError, match=rf"{key}: its slider needs a prior"):
        lever_control("training", "places_per_month")


@pytest.mark.parametrize("key", MOVED)
def test_every_slider_changes_what_is_simulated(key):
    before, after = (
        simulated("un2397", NEEDS.get(key, {})),
        simulated("un2397", NEEDS.get(key, {}) | {key: MOVED[key]}),
    )
    assert any(not np.array_equal(before[name], after[name], equal_nan=True) for name in before)


def test_the_month_of_the_levers_changes_what_is_simulated():
    early, late = (
        simulated("un2397", {"levers.training.places_per_month": 500}, month)
        for month in ("2018-01", "2020-01")
    )
    assert not np.array_equal(early["public_cost_rub"], late["public_cost_rub"])


def test_keeping_scenarios_names_them_and_taking_one_off_leaves_the_others():
    first = moved_parts(SERVICES, "pin", page(scenario="policy=cliff", scenario_name=" My cliff "))
    assert first["kept"] == [("My cliff", "policy=cliff")]
    assert first["scenario_name"] == ""
    second = moved_parts(
        SERVICES, "pin", page(scenario="policy=none", scenario_name="", kept=first["kept"])
    )
    assert second["kept_names"] == ["My cliff", "No expulsion"]
    assert [each["value"] for each in second["reference_options"]] == [
        *("levels", "My cliff", "No expulsion")
    ]
    left = moved_parts(
        SERVICES, "kept_names", page(kept=second["kept"], kept_names=["No expulsion"])
    )
    assert left["kept"] == [("No expulsion", "policy=none")]
    assert moved_parts(SERVICES, "pin", page(scenario_name="too early")) == {}


def test_a_reset_goes_back_to_the_shipped_values():
    moved = moved_parts(SERVICES, "reset", page(scenario="policy=cliff&policy.compliance=0.2"))
    assert moved == {
        "problems": "",
        "policy": "un2397",
        "positions": all_positions(ExplorerScenario()),
        "others": {},
        "uncertainty": "posterior",
        "replicates": 20,
    }


def test_drawing_again_leaves_all_but_the_drawn_parameters_where_they_are():
    moved = moved_parts(SERVICES, "draw", page())["positions"]
    positions = dict(zip((*CONTROLS, LEVERS_FROM), moved, strict=True))
    assert {each.key for each, position in positions.items() if position is None} == {
        key for key in MOVED if key.startswith(("population.", "market.wages."))
    }
    assert positions[LEVERS_FROM] is no_update


def test_a_file_moves_everything_and_a_refused_one_nothing():
    def uploaded(text):
        return "data:text/yaml;base64," + base64.b64encode(text.encode()).decode()

    text = "policy: {name: cliff, compliance: 0.4}\nmarket: {matching: {wage_sensitivity: 3}}"
    moved = moved_parts(SERVICES, "import", page(**{"import": uploaded(text)}))
    assert (moved["policy"], moved["others"]) == ("cliff", {"market.matching.wage_sensitivity": 3})
    assert moved["positions"][0] == 0.4
    refused = moved_parts(SERVICES, "import", page(**{"import": uploaded("months: 12")}))
    assert list(refused) == ["problems"]
    assert "months: given 12" in str(refused["problems"])
    noise = moved_parts(SERVICES, "import", page(**{"import": "data:;base64,/w=="}))
    assert "no text in UTF-8" in str(noise["problems"])


def test_another_policy_brings_its_numbers_and_leaves_levers_and_market():
    before = to_query(
        explorer_scenario(
            "un2397", {"policy.compliance": 0.2, "levers.training.places_per_month": 100}, "2019-01"
        )
    )
    moved = moved_parts(
        SERVICES,
        "policy",
        page(policy="blind_eye", scenario=before, levers_from=position_of("2019-01")),
    )
    *positions, levers_from = moved["positions"]
    assert from_sliders("blind_eye", positions, levers_from) == explorer_scenario(
        "blind_eye", {"levers.training.places_per_month": 100}, "2019-01"
    )


def test_the_policy_that_is_shown_moves_nothing():
    assert moved_parts(SERVICES, "policy", page(policy="cliff", scenario="policy=cliff")) == {}


def test_an_address_moves_everything():
    search = (
        "?policy=cliff&policy.compliance=0.4&measures=wage_real_rub&trade=structural"
        "&pin=name%3DNobody%26policy%3Dnone&reference=Nobody"
    )
    moved = moved_parts(SERVICES, None, page(search=search))
    assert [moved[name] for name in ("policy", *PICKERS, "kept")] == [
        "cliff",
        "measures",
        ["wage_real_rub"],
        "structural",
        "Nobody",
        [("Nobody", "policy=none")],
    ]
    *positions, levers_from = moved["positions"]
    assert (
        to_query(from_sliders("cliff", positions, levers_from))
        == "policy=cliff&policy.compliance=0.4"
    )


def test_a_refused_address_opens_a_new_page_and_is_explained():
    moved = moved_parts(SERVICES, None, page(search="?policy.compliance=7"))
    assert moved["positions"] == all_positions(ExplorerScenario())
    assert moved["kept"] == []
    assert "policy.compliance: given 7" in str(moved["problems"])


def test_what_is_not_moved_stays_as_it_is():
    whole = with_the_rest({"kept": "x"}, 3)
    assert whole["kept"] == "x"
    assert whole["positions"] == [no_update] * 3
    assert all(whole[name] is no_update for name in ("problems", "policy", *PICKERS))


def test_every_shipped_policy_has_a_title_and_a_question():
    assert set(policy_words()) == set(POLICIES)


def test_the_month_of_the_levers_has_a_slider_of_its_own():
    assert LEVERS_FROM.month
    assert LEVERS_FROM.key not in MOVED
