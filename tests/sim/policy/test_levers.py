"""Levers come and go on their dates, and change nothing that the market has decided."""

import pytest

from sim.branches import POLICY
from sim.model import LabourMarket
from sim.policy.programme import fork_month, policy_announcements
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
