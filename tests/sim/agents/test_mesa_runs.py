"""A market is run, batched and taken apart as Mesa's documentation says, or refuses in words."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from typing import Any

import mesa
import numpy as np
import pytest

from sim.agents.worker_views import NorthKoreanWorker
from sim.branches import BASELINE, POLICY, POLICY_AT_BASELINE_WAGES
from sim.model import LabourMarket
from tests.sim.agents.test_mesa import contents, market_at
from tests.support.shipped_scenarios import make_scenario

SHORT = ("market.scale=0.005", "months=4")


def test_a_batch_over_replicates_ended_in_a_type_error() -> None:
    scenario = make_scenario(*SHORT)
    rows = mesa.batch_run(
        LabourMarket, {"scenario": scenario, "replicate": range(3)}, display_progress=False
    )
    assert [(row["replicate"], row["Step"], row["month"]) for row in rows] == [
        (replicate, 28.0, "2016-04") for replicate in range(3)
    ]
    for row in rows:
        market = LabourMarket(scenario, row["replicate"])
        market.run_to_end()
        panel = market.panel.market[-1]
        assert row["orders"] == panel[0]
        assert row["wage_usd"] == panel[13]
        assert row["heads_employed_north_korean"] == market.state.stock[0, :, 2].sum()
        assert row["pay_rub_chinese"] == market.panel.by_group[-1, 2, 1]
        assert row["vacancies_opened_finishing"] == market.panel.by_trade[-1, 0, 1]
    assert len({row["wage_usd"] for row in rows}) == 3


@pytest.mark.parametrize("processes", [1, 2])
def test_mesa_s_rng_numbers_the_replicates_of_a_batch(processes: int) -> None:
    scenario = make_scenario(*SHORT)
    rows = mesa.batch_run(
        LabourMarket,
        {"scenario": scenario, "branch": [BASELINE, POLICY]},
        rng=range(2),
        data_collection_period=1,
        display_progress=False,
        number_processes=processes,
    )
    assert len(rows) == 2 * 2 * 28
    market = LabourMarket(scenario, 1)
    market.run_to_end()
    ours = [row for row in rows if (row["rng"], row["branch"]) == (1, BASELINE)]
    assert [row["Step"] for row in ours] == list(range(1, 29))
    assert [row["output"] for row in ours] == market.panel.market[:, 1].tolist()


def test_a_batch_stops_where_it_is_told_to() -> None:
    scenario = make_scenario(*SHORT)
    (row,) = mesa.batch_run(
        LabourMarket, {"scenario": scenario}, rng=[7], max_steps=10, display_progress=False
    )
    assert (row["Step"], row["month"], row["rng"]) == (10.0, "2014-10", 7)


def test_a_batch_collects_what_a_model_of_one_s_own_collects() -> None:
    rows = mesa.batch_run(
        WithCollector,
        {"scenario": make_scenario(*SHORT)},
        rng=[0],
        data_collection_period=1,
        display_progress=False,
    )
    assert [row["months"] for row in rows] == list(range(-23, 5))


class WithCollector(LabourMarket):
    """A model with a collector of its own, as Mesa's tutorial has it."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.datacollector = mesa.DataCollector({"months": lambda model: model.month})

    def step(self) -> None:
        """A month, then collect."""
        super().step()
        self.datacollector.collect(self)


def test_one_s_own_collector_is_kept_and_the_panel_s_refuses_to_collect() -> None:
    market = WithCollector(make_scenario(*SHORT))
    market.step()
    assert market.datacollector.model_vars == {"months": [-23]}
    with pytest.raises(TypeError, match="give it a collector of your own"):
        LabourMarket(make_scenario(*SHORT)).datacollector.collect(market)


def test_the_panel_is_collected_up_to_now() -> None:
    market = market_at(-24)
    assert market.datacollector.get_model_vars_dataframe().empty
    market.step()
    frame = market.datacollector.get_model_vars_dataframe()
    assert frame["month"].tolist() == ["2014-01"]
    market.run_to(3)
    frame = market.datacollector.get_model_vars_dataframe()
    assert len(frame) == 27
    assert market.datacollector is market.datacollector
    assert not frame.isna().any().any()


@pytest.mark.parametrize(
    "rng", [[1, 2], np.random.SeedSequence(5), np.random.PCG64(3)], ids=["list", "seeds", "bits"]
)
def test_whatever_numpy_takes_as_a_seed_gives_a_replicate(rng: Any) -> None:
    scenario = make_scenario(*SHORT)
    first, second = (LabourMarket(scenario, rng=copy.deepcopy(rng)) for _ in range(2))
    assert first.replicate == second.replicate > 2**32
    assert contents(first) == contents(second)


def test_without_a_seed_each_run_is_another_as_mesa_says() -> None:
    scenario = make_scenario(*SHORT)
    first, second = (LabourMarket(scenario, rng=None) for _ in range(2))
    assert first.replicate != second.replicate
    assert contents(LabourMarket(scenario, first.replicate)) == contents(first)
    assert LabourMarket(scenario).replicate == 0
    assert LabourMarket(scenario, 4, rng=None).replicate == 4
    assert LabourMarket(scenario, rng=np.int64(6)).replicate == 6


def test_two_names_for_the_replicate_are_refused() -> None:
    with pytest.raises(ValueError, match=r"replicate and rng both name .* \(given 1 and 2\)"):
        LabourMarket(make_scenario(*SHORT), 1, rng=2)


def run_by_hand(market: LabourMarket) -> None:
    """The loop of Mesa's documentation."""
    while market.running:
        market.step()


@pytest.mark.parametrize(
    "run",
    [run_by_hand, LabourMarket.run_model, LabourMarket.run_to_end],
    ids=lambda run: run.__name__,
)
@pytest.mark.parametrize("branch", [BASELINE, POLICY, POLICY_AT_BASELINE_WAGES, "straight"])
def test_a_run_while_running_ended_in_a_value_error(
    branch: str, run: Callable[[LabourMarket], None]
) -> None:
    scenario = make_scenario(*SHORT)
    market = LabourMarket(scenario)
    if branch != "straight":
        market.run_to(2)
        baseline, market = market, market.fork(branch)
        baseline.run_to_end()
    assert market.running
    run(market)
    assert (market.month, market.time, market.steps, market.running) == (4, 28.0, 28, False)
    assert not market.fork(POLICY).running
    for more in (market.step, lambda: market.run_for(1), lambda: market.run_until(float("inf"))):
        with pytest.raises(ValueError, match="the scenario ends after 4 months"):
            more()
    assert (market.month, market.time) == (4, 28.0)


def test_a_run_beyond_the_end_is_refused_before_anything_is_run() -> None:
    market = market_at(0)
    with pytest.raises(ValueError, match="the scenario ends after 60 months"):
        market.run_for(61)
    assert (market.month, market.time) == (0, 24.0)
    market.run_for(60)
    assert not market.running


def test_a_branch_that_overtook_its_baseline_stood_still_without_a_word() -> None:
    baseline = market_at(21)
    branch, straight = (baseline.fork(POLICY_AT_BASELINE_WAGES) for _ in range(2))
    baseline.run_to(23)
    with pytest.raises(ValueError, match="not yet simulated month 29"):
        branch.run_to(30)
    branch.run_to(23)
    with pytest.raises(ValueError, match="not yet simulated month 23"):
        branch.step()
    baseline.run_to(30)
    for each in (branch, straight):
        each.run_to(30)
    assert contents(branch) == contents(straight)
    assert branch.time == straight.time == 54.0


class BreaksOff(LabourMarket):
    """Fails in the middle of one month."""

    def match(self) -> None:
        """Fail in month 2."""
        if self.month == 2:
            raise KeyboardInterrupt
        super().match()


def test_a_month_that_broke_off_was_begun_again_from_half_way() -> None:
    market = BreaksOff(make_scenario(*SHORT))
    market.run_to(1)
    before = market.fork(POLICY)
    with pytest.raises(KeyboardInterrupt):
        market.run_to(4)
    for go_on in (
        market.step,
        market.run_to_end,
        lambda: market.fork(POLICY),
        lambda: copy.deepcopy(market),
        lambda: market.__getstate__(),
    ):
        with pytest.raises(RuntimeError, match="an error broke that month off"):
            go_on()
    before.run_to_end()


class WaitsForOthers(LabourMarket):
    """Stops within a month until it is let go."""

    def match(self) -> None:
        """Say that a month has begun, and wait."""
        if self.month == 1:
            self.begun.set()
            assert self.let_go.wait(60)
        super().match()


def test_two_threads_stepped_one_model_at_once() -> None:
    market = WaitsForOthers(make_scenario(*SHORT))
    market.begun, market.let_go = threading.Event(), threading.Event()
    thread = threading.Thread(target=market.run_to_end)
    thread.start()
    assert market.begun.wait(60)
    for more in (market.step, market.run_to_end):
        with pytest.raises(RuntimeError, match="another thread is running this model: give each"):
            more()
    for what in (lambda: market.fork(POLICY), lambda: copy.copy(market)):
        with pytest.raises(RuntimeError, match="another thread is running this model"):
            what()
    market.let_go.set()
    thread.join()
    alone = LabourMarket(make_scenario(*SHORT))
    alone.run_to_end()
    assert contents(market) == contents(alone)
    assert (market.month, market.time, market.running) == (4, 28.0, False)


def test_threads_with_models_of_their_own_do_not_disturb_each_other() -> None:
    history = market_at(10)
    found: dict[int, list[bytes]] = {}

    def run(number: int) -> None:
        fork = history.fork(POLICY)
        fork.run_to_end()
        found[number] = contents(fork)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len({tuple(each) for each in found.values()}) == 1


def test_an_event_may_run_the_model_it_belongs_to() -> None:
    market = market_at(0)

    class RunsOn:
        def run(self) -> None:
            market.run_until(30)

    runs_on = RunsOn()
    market.schedule_event(runs_on.run, at=26.5)
    market.run_until(28)
    assert contents(market) == contents(market_at(market.month))


def test_removing_all_agents_removed_none_without_a_word() -> None:
    market = market_at(3)
    agents = list(market.agents.actors)
    with pytest.raises(TypeError, match="remove_all_agents: the market consists of its agents"):
        market.remove_all_agents()
    for agent in agents:
        with pytest.raises(
            TypeError, match=f"remove: {type(agent).__name__} is part of the market"
        ):
            agent.remove()
        with pytest.raises(TypeError, match="is part of the market"):
            market.deregister_agent(agent)
    worker = NorthKoreanWorker(market, 0)
    for change in (market.register_agent, market.deregister_agent, market.agents.remove):
        with pytest.raises(TypeError, match=r"model's rules|part of the market"):
            change(worker)
    assert list(market.agents.actors) == agents
    assert len(market.agents) == len(agents) + len(market.state.workers)


def test_agents_of_one_s_own_come_and_go_with_mesa_s_signals() -> None:
    market, seen = market_at(3), []

    class Listens:
        def note(self, message: Any) -> None:
            seen.append(str(message.signal_type))

    listens = Listens()
    market.observe("agents", ["agent_added", "agent_removed"], listens.note)
    mesa.Agent(market).remove()
    assert seen == ["agent_added", "agent_removed"]
