"""What each dated decision puts in force, and when it binds."""

from __future__ import annotations

import datetime as dt

import pytest

from sim.inputs.scenario_reader import build_scenario
from sim.policy.announcements import Announcement
from sim.policy.enforcement import construction_places, enforcement_announcement
from sim.policy.levers import lever_announcements
from sim.policy.permits import permit_announcements
from sim.scenario import Scenario
from sim.workers.contract_crew import CONTRACTS_NEVER, CONTRACTS_PRESIGNED
from tests.support.shipped_scenarios import make_raw, make_scenario


class Market:
    """Stands in for a market: what is in force, and whether work papers were called in."""

    def __init__(self, month: int = 0) -> None:
        self.month = month
        self.in_force: dict[str, float] = {}
        self.called_in = False

    def call_in_work_papers(self) -> None:
        self.called_in = True


def put_in_force(announcement: Announcement) -> Market:
    """A market after a decision."""
    market = Market(announcement.month)
    announcement.change(market)
    return market


def scenario(*overrides: str) -> Scenario:
    return make_scenario("market.scale=0.5", *overrides)


def test_the_resolution_binds_on_its_three_dates() -> None:
    letter = scenario("policy=un2397", "policy.presigned=0.7", "policy.permit_renewal=0.4")
    ban, adoption, deadline = permit_announcements(letter.policy, letter.start)
    assert [each.month for each in (ban, adoption, deadline)] == [21, 24, 47]
    assert put_in_force(ban).in_force == {
        "new_contracts": CONTRACTS_PRESIGNED,
        "presigned": 0.7,
    }
    assert put_in_force(adoption).in_force == {
        "announced_deadline": 47,
        "new_contracts": CONTRACTS_NEVER,
        "permit_renewal": 0.4,
    }
    after = put_in_force(deadline)
    assert after.called_in
    assert after.in_force == {"deadline": 47, "new_contracts": CONTRACTS_NEVER}


def test_a_date_that_is_not_set_decides_nothing() -> None:
    none = scenario("policy=none")
    assert permit_announcements(none.policy, none.start) == []


def test_a_ban_binds_from_the_next_whole_month_and_a_deadline_within_its_own() -> None:
    letter = scenario("policy=un2397", "policy.new_contracts_end_from=2017-09-01")
    ban, *_, deadline = permit_announcements(letter.policy, letter.start)
    assert ban.month == 20
    assert deadline.month == 47


def test_places_kept_are_construction_s_part_at_the_scale_of_the_model() -> None:
    kept = scenario("policy=retain_10000", "population.north_korean.construction_share=0.8")
    assert construction_places(kept) == 4_000


def test_construction_s_part_is_weighted_by_heads_and_rounded_half_up() -> None:
    """5,000 places at half scale: of crews of 300 and 100, 0.8 and 0.4 are in construction."""
    raw = make_raw({"market.scale": 0.5, "policy.retained_workers": 5})
    crew = raw["population"]["north_korean"]
    raw["population"]["north_korean"] = crew | {"heads": 300, "construction_share": 0.8}
    raw["population"]["other_crew"] = crew | {"heads": 100, "construction_share": 0.4}
    assert construction_places(build_scenario(raw)) == 2
    raw["policy"]["retained_workers"] = 7
    assert construction_places(build_scenario(raw)) == 2
    raw["policy"]["retained_workers"] = 50
    assert construction_places(build_scenario(raw)) == 18


def test_without_a_crew_nobody_keeps_a_place() -> None:
    raw = make_raw({"policy.retained_workers": 5000})
    del raw["population"]["north_korean"]
    assert construction_places(build_scenario(raw)) == 0


def test_enforcement_puts_the_policy_s_strength_in_force() -> None:
    lax = scenario("policy=un2397", "policy.compliance=0.3", "policy.transport_per_month=100")
    force = put_in_force(enforcement_announcement(lax, 21)).in_force
    assert force["expulsion"] == 1
    assert force["compliance"] == 0.3
    assert force["transport_per_month"] == 50.0
    unlimited = scenario("policy=un2397", "policy.transport_per_month=null")
    force = put_in_force(enforcement_announcement(unlimited, 21)).in_force
    assert force["transport_per_month"] == -1


@pytest.mark.parametrize(
    ("lever", "given", "on", "off"),
    [
        (
            "wage_subsidy",
            ("share=0.2",),
            {"wage_subsidy_share": 0.2},
            {"wage_subsidy_share": 0.0},
        ),
        (
            "chinese_quota",
            ("heads=20000",),
            {"chinese_quota_heads": 10_000.0},
            {"chinese_quota_heads": -1.0},
        ),
        (
            "training",
            ("places_per_month=100", "cost_rub_per_place=30000"),
            {"training_places_per_month": 50.0, "training_cost_rub_per_place": 30_000.0},
            {"training_places_per_month": 0.0, "training_cost_rub_per_place": 0.0},
        ),
        ("border_closed", (), {"border_closed": 1}, {"border_closed": 0}),
    ],
)
def test_a_lever_holds_between_its_dates_and_leaves_nothing_behind(
    lever: str, given: tuple[str, ...], on: dict[str, float], off: dict[str, float]
) -> None:
    dates = ("from_date=2018-01-15", "to_date=2018-06-15")
    chosen = scenario("policy=none", *(f"levers.{lever}.{each}" for each in (*given, *dates)))
    begins, ends = lever_announcements(chosen)
    assert (begins.month, ends.month) == (25, 30)
    assert put_in_force(begins).in_force == on
    assert put_in_force(ends).in_force == off


def test_a_lever_without_an_end_is_never_taken_back() -> None:
    chosen = scenario("levers.wage_subsidy.share=0.1", "levers.wage_subsidy.from_date=2018-01")
    (begins,) = lever_announcements(chosen)
    assert begins.month == 24
    assert chosen.levers.wage_subsidy.from_date == dt.date(2018, 1, 1)
