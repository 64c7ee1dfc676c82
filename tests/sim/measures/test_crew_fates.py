"""What became of crew members: the account adds up in real runs, and renewals by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.inputs.dated_inputs import dated_inputs
from sim.measures.crew_fates import quietly_renewed
from sim.measures.monthly import measure
from sim.paired import run_paired
from tests.support.panels import NORTH_KOREAN, compared, empty_pair, put, short_scenario
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
