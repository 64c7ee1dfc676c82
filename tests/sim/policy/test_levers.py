"""Levers come and go on their dates, and change nothing that the market has decided."""

import pytest

from sim.branches import POLICY
from sim.model import LabourMarket
from sim.policy.announcements import setting
from sim.policy.levers import is_closed_anyway
from sim.policy.programme import (
    divergence_month,
    fork_month,
    market_announcements,
    policy_announcements,
)
from tests.support.shipped_scenarios import make_scenario

SMALL = ("market.scale=0.01", "policy=none")


def border_after(*overrides: str, month: int) -> int:
    """Whether the policy run's border is closed at the end of a month."""
    scenario = make_scenario(*SMALL, *overrides)
    baseline = LabourMarket(scenario)
    baseline.run_to(fork_month(scenario) or 0)
    run = baseline.fork(POLICY)
    run.run_to(month + 1)
    return int(run.in_force["border_closed"])


LEVER = ("levers.border_closed.from_date=2016-03", "levers.border_closed.to_date=2016-06-15")


@pytest.mark.parametrize(("month", "closed"), [(2, 1), (5, 1), (6, 0)])
def test_a_border_lever_holds_to_the_month_that_contains_its_end(month: int, closed: int) -> None:
    assert border_after(*LEVER, month=month) == closed


@pytest.mark.parametrize(
    ("closed_from", "closed"), [("2016-02", 1), ("2016-05", 1), ("2016-09", 0)]
)
def test_its_end_does_not_open_a_border_that_is_closed_anyway(
    closed_from: str, closed: int
) -> None:
    assert border_after(*LEVER, f"market.border_closed_from={closed_from}", month=6) == closed


def test_announcements_come_in_order_of_their_months() -> None:
    scenario = make_scenario(
        "levers.training.places_per_month=10", "levers.training.from_date=2017-01"
    )
    months = [announcement.month for announcement in policy_announcements(scenario)]
    assert months == sorted(months)
    assert fork_month(scenario) == 12


def test_what_binds_after_the_last_month_forks_nothing() -> None:
    assert fork_month(make_scenario("months=12")) is None


def decisions(*overrides: str) -> list[tuple[int, str]]:
    """Month and title of everything that the policy branch sees."""
    scenario = make_scenario(*overrides)
    return [(each.month, each.title) for each in policy_announcements(scenario)]


def test_enforcement_begins_with_the_first_of_the_resolution_s_dates() -> None:
    assert decisions("policy=un2397") == [
        (21, "enforcement begins"),
        (21, "no new contracts"),
        (24, "resolution adopted"),
        (47, "deadline to leave"),
    ]
    assert decisions("policy=none") == []


def test_a_run_that_ends_with_the_month_before_a_decision_does_not_fork() -> None:
    assert fork_month(make_scenario("policy=un2397", "months=21")) is None
    assert fork_month(make_scenario("policy=un2397", "months=22")) == 21


@pytest.mark.parametrize(("months", "diverges"), [(24, None), (25, 24)])
def test_a_ban_with_all_contracts_presigned_changes_nothing_until_adoption(
    months: int, diverges: int | None
) -> None:
    scenario = make_scenario("policy=un2397", "policy.presigned=1", f"months={months}")
    assert divergence_month(scenario) == diverges


def test_a_ban_without_presigned_contracts_bites_at_once() -> None:
    assert divergence_month(make_scenario("policy=un2397", "policy.presigned=0.9")) == 21
    assert divergence_month(make_scenario("policy=none")) is None


def test_a_border_that_closes_anyway_is_announced_in_every_run() -> None:
    (closed,) = market_announcements(make_scenario("market.border_closed_from=2017-03-02"))
    assert closed.month == 15
    assert closed.change == setting(border_closed=1)
    assert market_announcements(make_scenario("market.border_closed_from=null")) == []


@pytest.mark.parametrize(
    ("closed_from", "closed"),
    [("2016-01", True), ("2016-07", True), ("2016-08", False), ("null", False)],
)
def test_a_border_is_closed_anyway_if_it_closes_by_the_month_after_the_lever(
    closed_from: str, closed: bool
) -> None:
    """The lever ends within June 2016, so that the market decides from July on."""
    scenario = make_scenario(*LEVER, f"market.border_closed_from={closed_from}")
    assert is_closed_anyway(scenario) == closed


def test_without_the_lever_nothing_closes_anyway() -> None:
    assert not is_closed_anyway(make_scenario("market.border_closed_from=2016-01"))
