"""Mesa's clock, events and scenario on straight and forked runs."""

from collections.abc import Callable
from typing import Any

import pytest
from mesa.experimental.scenarios import Scenario as MesaScenario
from mesa.time import Schedule

from sim.agents.worker_views import NorthKoreanWorker
from sim.branches import BASELINE, POLICY, POLICY_AT_BASELINE_WAGES
from sim.model import LabourMarket
from tests.sim.agents.test_mesa import market_at
from tests.support.shipped_scenarios import make_scenario

pytestmark = pytest.mark.filterwarnings("error")


class Diary:
    """Notes the time and the month that comes next."""

    def __init__(self, market: LabourMarket, seen: list[tuple[float, int]]) -> None:
        self.market, self.seen = market, seen

    def write(self, *_: Any) -> None:
        self.seen.append((self.market.time, self.market.month))


@pytest.mark.parametrize("run", [BASELINE, POLICY, POLICY_AT_BASELINE_WAGES])
def test_time_is_months_since_the_burn_in_began(run: str) -> None:
    baseline = market_at(21)
    market = baseline if run == BASELINE else baseline.fork(run)
    assert (market.month, market.time) == (21, 45.0)
    if run == POLICY_AT_BASELINE_WAGES:
        baseline.run_to(30)
    market.step()
    assert (market.month, market.time) == (22, 46.0)
    market.run_until(50)
    assert (market.month, market.time) == (26, 50.0)
    market.run_for(2)
    assert (market.month, market.time) == (28, 52.0)
    with pytest.warns(RuntimeWarning, match="larger than time"):
        market.run_until(10)
    assert market.month == 28


@pytest.mark.parametrize("run", [BASELINE, POLICY])
def test_users_events_come_between_months_on_straight_and_forked_runs(run: str) -> None:
    baseline = market_at(20)
    market = baseline if run == BASELINE else baseline.fork(run)
    seen: list[tuple[float, int]] = []
    diary = Diary(market, seen)
    market.schedule_event(diary.write, at=46.5)
    market.schedule_event(diary.write, after=0.5)
    market.schedule_recurring(diary.write, Schedule(interval=2.0, start=47.5))
    market.run_until(50)
    assert seen == [(44.5, 20), (46.5, 22), (47.5, 23), (49.5, 25)]


def test_forks_have_agents_of_their_own() -> None:
    baseline = market_at(20)
    policy = baseline.fork(POLICY)
    crews = [market.agents_by_type[NorthKoreanWorker] for market in (baseline, policy)]
    assert crews[0].get("unique_id") == crews[1].get("unique_id")
    assert crews[0] != crews[1]
    policy.run_to(36)
    assert crews[0].select(status="repatriated").to_list() == []
    assert crews[1].select(status="repatriated").to_list() != []
    assert policy.regulator is not baseline.regulator
    assert policy.regulator.in_force


def test_each_model_has_a_mesa_scenario_of_its_own_that_holds_the_settings() -> None:
    baseline = market_at(20, replicate=3)
    policy = baseline.fork(POLICY)
    for market, run in ((baseline, BASELINE), (policy, POLICY)):
        assert isinstance(market.scenario, MesaScenario)
        assert market.scenario.model is market
        assert (
            market.scenario.specification,
            market.scenario.replicate,
            market.scenario.branch,
        ) == (
            baseline.specification,
            3,
            run,
        )
        assert market.regulator.scenario is market.scenario
    assert baseline.scenario is not policy.scenario


def test_a_run_without_history_cannot_be_forked() -> None:
    market = LabourMarket(make_scenario("market.scale=0.01"))
    with pytest.raises(ValueError, match="run at least one month before forking"):
        market.fork(POLICY)


def test_a_branch_at_baseline_wages_cannot_overtake_its_baseline() -> None:
    baseline = LabourMarket(make_scenario("market.scale=0.01"))
    baseline.run_to(21)
    policy_at_baseline_wages = baseline.fork(POLICY_AT_BASELINE_WAGES)
    with pytest.raises(ValueError, match="not yet simulated month 21"):
        policy_at_baseline_wages.step()


@pytest.mark.parametrize(
    "go_on",
    [
        lambda market: market.step(),
        lambda market: market.run_to(4),
        lambda market: market.fork(POLICY).run_to(4),
    ],
)
def test_nothing_is_simulated_beyond_the_scenario_s_months(
    go_on: Callable[[LabourMarket], None],
) -> None:
    market = LabourMarket(make_scenario("market.scale=0.02", "months=3"))
    market.run_to_end()
    with pytest.raises(ValueError, match="ends after 3 months"):
        go_on(market)
    assert market.month == 3
