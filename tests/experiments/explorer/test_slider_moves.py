"""What moves the sliders, without a browser; and that every slider reaches the simulation."""

from __future__ import annotations

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
from experiments.explorer.page_layout import POLICY_LABELS
from experiments.explorer.page_state import from_sliders
from experiments.explorer.services import Services
from experiments.explorer.slider_moves import PICKERS, all_positions, moved_parts, with_the_rest
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


def test_pinning_and_unpinning_move_nothing_else():
    assert moved_parts(SERVICES, "pin", page(scenario="policy=cliff")) == {"pinned": "policy=cliff"}
    assert moved_parts(SERVICES, "unpin", page()) == {"pinned": None}


def test_a_reset_goes_back_to_the_shipped_values():
    moved = moved_parts(SERVICES, "reset", page(scenario="policy=cliff&policy.compliance=0.2"))
    assert moved == {
        "problems": "",
        "policy": "un2397",
        "positions": all_positions(ExplorerScenario()),
    }


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
        "&pin=policy%3Dnone"
    )
    moved = moved_parts(SERVICES, None, page(search=search))
    assert [moved[name] for name in ("policy", *PICKERS, "pinned")] == [
        "cliff",
        "measures",
        ["wage_real_rub"],
        "structural",
        "policy=none",
    ]
    *positions, levers_from = moved["positions"]
    assert (
        to_query(from_sliders("cliff", positions, levers_from))
        == "policy=cliff&policy.compliance=0.4"
    )


def test_a_refused_address_opens_a_new_page_and_is_explained():
    moved = moved_parts(SERVICES, None, page(search="?policy.compliance=7"))
    assert moved["positions"] == all_positions(ExplorerScenario())
    assert moved["pinned"] is None
    assert "policy.compliance: given 7" in str(moved["problems"])


def test_what_is_not_moved_stays_as_it_is():
    whole = with_the_rest({"pinned": "x"}, 3)
    assert whole["pinned"] == "x"
    assert whole["positions"] == [no_update] * 3
    assert all(whole[name] is no_update for name in ("problems", "policy", *PICKERS))


def test_every_policy_has_a_label_that_begins_with_its_key():
    assert set(POLICY_LABELS) == set(POLICIES)
    assert all(label.startswith(f"{name}: ") for name, label in POLICY_LABELS.items())


def test_the_month_of_the_levers_has_a_slider_of_its_own():
    assert LEVERS_FROM.month
    assert LEVERS_FROM.key not in MOVED
