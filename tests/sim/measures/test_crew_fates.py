"""What became of crew members: the account adds up in real runs, and renewals by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.inputs.dated_inputs import dated_inputs
from sim.measures.crew_fates import CREW_FATES, quietly_renewed
from sim.measures.measure import values_of
from sim.measures.monthly import measure
from sim.paired import run_paired
from tests.support.panels import (
    FINISHING,
    NORTH_KOREAN,
    STRUCTURAL,
    compared,
    empty_pair,
    put,
    short_scenario,
)
from tests.support.shipped_scenarios import make_scenario

POLICIES = [
    ("policy=un2397",),
    ("policy=un2397", "policy.compliance=0.4", "policy.quiet_renewal=0.3"),
    ("policy=blind_eye",),
    ("policy=blind_eye", "policy.leave_by=2018-08-10", "policy.permit_renewal=0.8"),
    ("policy=retain_10000", "policy.retained_workers=4000"),
    (
        "policy=un2397",
        "policy.compliance=0.5",
        "levers.border_closed.from_date=2018-06",
        "levers.border_closed.to_date=2019-06",
    ),
    ("policy=cliff", "policy.transport_per_month=100"),
    (
        "policy=un2397",
        "policy.compliance=0.5",
        "policy.transport_per_month=100",
        "levers.employer_fine.rub=400000",
        "levers.employer_fine.from_date=2018-03",
    ),
    ("policy=none",),
]


@pytest.mark.parametrize("overrides", POLICIES, ids=" ".join)
def test_every_worker_is_somewhere_in_every_month(overrides):
    scenario = make_scenario("market.scale=0.02", *overrides)
    found = measure(run_paired(scenario, 0), scenario, dated_inputs(scenario))

    def heads(fate):
        return found[f"north_korean_{fate}_heads"]

    stayed = heads("retained") + heads("quietly_renewed") + heads("on_contract")
    left = heads("complied") + heads("gave_in") + heads("found") + heads("let_go")
    np.testing.assert_allclose(
        heads("complied") + heads("gave_in") + heads("under_cover") + stayed,
        found["north_korean_heads"][0],
    )
    np.testing.assert_allclose(left, heads("repatriated") + heads("in_queue"), atol=1e-9)
    np.testing.assert_allclose(
        heads("under_cover") + heads("sent_anew"),
        heads("found") + heads("let_go") + heads("still_under_cover"),
        atol=1e-9,
    )
    np.testing.assert_allclose(
        stayed + heads("in_queue") - heads("in_queue_without_work") + heads("still_under_cover"),
        found["north_korean_heads"],
        atol=1e-9,
    )
    assert (stayed >= 0.0).all()
    assert (heads("on_contract") >= 0.0).all()


def test_a_quiet_renewal_lasts_a_year_or_until_the_deadline():
    scenario = short_scenario("policy.leave_by=2018-01-10", months=40)
    pair = empty_pair(scenario)
    renewals = np.zeros(40)
    renewals[[13, 23, 24, 25]] = 2, 3, 1, 7
    put(pair.policy, "crew_quietly_renewed", renewals, NORTH_KOREAN)
    held = quietly_renewed(compared(pair, scenario), NORTH_KOREAN)
    assert held.tolist() == [0] * 13 + [4] * 10 + [10, 2] + [16] * 11 + [14] + [0] * 3


@pytest.fixture(scope="module")
def made_up():
    """At half scale over three months; a month's counts in two trades where there are trades."""
    scenario = short_scenario(months=3)
    pair = empty_pair(scenario)
    monthly = {
        "complied": [4.0, 0.0, 1.0],
        "gave_in": [1.0, 2.0, 0.0],
        "under_cover": [3.0, 3.0, 0.0],
        "found": [0.0, 1.0, 1.0],
        "let_go": [0.0, 0.5, 0.0],
        "retained": [2.0, 0.0, 1.0],
        "quietly_renewed": [5.0, 1.0, 0.0],
    }
    for name, counts in monthly.items():
        put(pair.policy, f"crew_{name}", counts, NORTH_KOREAN)
    for name, counts in (("repatriated", 1.0), ("dispatched", 0.5), ("stood_down", 2.0)):
        put(pair.policy, name, counts, NORTH_KOREAN, STRUCTURAL)
        put(pair.policy, name, counts / 2.0, NORTH_KOREAN, FINISHING)
    put(pair.policy, "heads_away", [1.0, 2.0, 3.0], NORTH_KOREAN)
    for paper, heads in enumerate((2.5, 20.0, 3.0, 1.5)):
        put(pair.policy, "heads_employed_by_paper", heads, NORTH_KOREAN, paper)
    return values_of(CREW_FATES, compared(pair, scenario))


@pytest.mark.parametrize(
    ("fate", "heads"),
    [
        ("complied", [8, 8, 10]),
        ("gave_in", [2, 6, 6]),
        ("under_cover", [6, 12, 12]),
        ("found", [0, 2, 4]),
        ("let_go", [0, 1, 1]),
        ("retained", [4, 4, 6]),
        ("quietly_renewed", [10, 12, 12]),
        ("on_contract", [40 - 4 - 10, 40 - 4 - 12, 40 - 6 - 12]),
        ("sent_anew", [1.5, 3, 4.5]),
        ("in_queue", [5 + 2, 5 + 4, 5 + 6]),
        ("in_queue_without_work", [2, 4, 6]),
        ("still_under_cover", [9, 9, 9]),
        ("repatriated", [3 + 6 - 2, 6 + 12 - 4, 9 + 18 - 6]),
    ],
)
def test_a_fate_by_hand(made_up, fate, heads):
    """Fates add up from month to month, stocks do not; both are twice those of the half market."""
    assert made_up[f"north_korean_{fate}_heads"] == pytest.approx(heads)


def test_without_a_deadline_a_quiet_renewal_lasts_a_whole_year():
    scenario = short_scenario("policy=none", months=30)
    pair = empty_pair(scenario)
    put(pair.policy, "crew_quietly_renewed", [0.0] * 3 + [1.0] + [0.0] * 26, NORTH_KOREAN)
    held = quietly_renewed(compared(pair, scenario), NORTH_KOREAN)
    assert held.tolist() == [0] * 3 + [2] * 12 + [0] * 15
