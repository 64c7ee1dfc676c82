"""Sets of workers: Mesa's AgentSet interface, read from columns that nothing can change."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from mesa.agentset import AbstractAgentSet, AgentSet

from sim.agents.state_actors import MigrationRegulator
from sim.agents.worker_set import WorkerSet
from sim.agents.worker_views import (
    ChineseWorker,
    ContractCrewWorker,
    NorthKoreanWorker,
    RussianWorker,
    Worker,
)
from sim.branches import POLICY
from sim.model import LabourMarket
from tests.support.shipped_scenarios import make_scenario

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def market() -> LabourMarket:
    baseline = LabourMarket(make_scenario("market.scale=0.02"))
    baseline.run_to(20)
    policy = baseline.fork(POLICY)
    policy.run_to(36)
    return policy


@pytest.fixture
def workers(market: LabourMarket) -> WorkerSet:
    return market.agents.workers


@pytest.fixture
def no_views(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on, making an object for a worker fails."""
    monkeypatch.setattr(Worker, "__init__", lambda *_: pytest.fail("made an object for a worker"))


def test_length_iteration_and_membership(market: LabourMarket, workers: WorkerSet) -> None:
    crews = market.agents_by_type[NorthKoreanWorker]
    assert isinstance(crews, AbstractAgentSet)
    assert len(crews) == len(list(crews)) == 204
    assert all(type(worker) is NorthKoreanWorker for worker in crews)
    assert crews[0] in crews
    assert crews[0] in workers
    assert workers[-1] not in crews
    assert "nobody" not in crews
    assert NorthKoreanWorker(LabourMarket(market.specification), 0) not in crews


def test_indexing(workers: WorkerSet) -> None:
    everybody = workers.to_list()
    assert workers[5] == everybody[5]
    assert workers[-1] == everybody[-1]
    assert workers[2:9:3] == everybody[2:9:3]
    with pytest.raises(IndexError):
        workers[len(workers)]


@pytest.mark.usefixtures("no_views")
def test_columns_are_read_without_objects(workers: WorkerSet) -> None:
    assert workers.agg("wage_rub", np.mean) > 0
    assert len(workers.get(["status", "firm", "unique_id"])) == len(workers)
    assert (
        len(
            workers.select(status="employed", trade=["structural", "technical"])
            .groupby("trade")
            .agg("wage_real", np.mean)
        )
        == 2
    )
    assert len(workers.sort("efficiency")) == len(workers)


def test_get_follows_mesa(workers: WorkerSet) -> None:
    assert workers.get("status") == [worker.status for worker in workers]
    assert workers.get(["status", "firm"]) == [[worker.status, worker.firm] for worker in workers]
    assert workers.get("levy_usd", "default", -1.0)[-1] == -1.0
    assert set(workers.get("nowhere", handle_missing="default")) == {None}
    with pytest.raises(AttributeError, match="no attribute 'wage_rup'; the closest is 'wage_rub'"):
        workers.get("wage_rup")
    with pytest.raises(AttributeError, match="'levy_usd'"):
        workers.agg("levy_usd", np.mean)
    with pytest.raises(ValueError, match="handle_missing"):
        workers.get("status", handle_missing="ignore")


def test_aggregates_are_of_those_who_have_a_value(market: LabourMarket, workers: WorkerSet) -> None:
    employed = [worker.wage_rub for worker in workers if worker.is_employed]
    assert len(employed) < len(workers)
    assert workers.agg("wage_rub", np.mean) == pytest.approx(np.mean(employed), rel=1e-12)
    assert workers.agg("wage_rub", [len, min, max]) == [len(employed), min(employed), max(employed)]
    assert Counter(workers.agg("trade", list)) == Counter(
        worker.trade for worker in workers if worker.trade
    )
    gone = market.agents_by_type[NorthKoreanWorker].select(status="repatriated")
    assert gone
    assert np.isnan(gone.agg("wage_rub", np.mean))
    assert gone.agg("wage_rub", np.sum) == 0


def test_select_by_columns_and_by_function_agree(workers: WorkerSet) -> None:
    by_column = workers.select(status="employed", trade=["structural", "finishing"])
    by_function = workers.select(
        lambda worker: worker.status == "employed" and worker.trade in ("structural", "finishing")
    )
    assert by_column == by_function
    assert 0 < len(by_column) < len(workers)
    assert workers.select(firm=None) == workers.select(is_employed=False)
    assert workers.select(firm=[None, 3]) == workers.select(lambda worker: worker.firm in (None, 3))


def test_select_by_number_and_type(workers: WorkerSet) -> None:
    assert workers.select() == workers
    assert workers.select(at_most=3).to_list() == workers.to_list()[:3]
    assert len(workers.select(at_most=0.5)) == len(workers) // 2
    assert len(workers.select(lambda worker: worker.is_employed, at_most=7)) == 7
    assert len(workers.select(at_most=0)) == 0
    assert {type(worker) for worker in workers.select(agent_type=ContractCrewWorker)} == {
        NorthKoreanWorker
    }
    assert workers.select(agent_type=Worker) == workers
    assert not workers.select(agent_type=MigrationRegulator)


def test_select_says_what_is_wrong(workers: WorkerSet) -> None:
    with pytest.raises(
        ValueError, match="status: given 'emploied'; allowed: away, seeking, employed, repatriated"
    ):
        workers.select(status="emploied")
    with pytest.raises(
        AttributeError, match=r"'nationalty' is no column .*; the closest is 'nationality'"
    ):
        workers.select(nationalty="russian")


def test_groups(market: LabourMarket, workers: WorkerSet) -> None:
    by_trade = workers.groupby("trade")
    assert sum(by_trade.count().values()) == len(workers)
    assert by_trade.groups["technical"] == workers.select(trade="technical")
    assert by_trade.agg("wage_rub", np.mean)["technical"] == workers.select(trade="technical").agg(
        "wage_rub", np.mean
    )
    kinds = (NorthKoreanWorker, ChineseWorker, RussianWorker)
    assert workers.groupby(type).count() == {
        kind: len(market.agents_by_type[kind]) for kind in kinds
    }
    lists = workers.groupby("status", result_type="list")
    assert lists.groups["seeking"] == workers.select(status="seeking").to_list()
    assert lists.agg("levy_share", max)["seeking"] == 0
    assert len(workers.groupby("wage_rub").groups[None]) == len(workers.select(is_employed=False))


def test_sort_puts_those_without_a_value_last(workers: WorkerSet) -> None:
    wages = workers.sort("wage_rub", ascending=True).get("wage_rub")
    known = [wage for wage in wages if wage == wage]
    assert wages[: len(known)] == sorted(known)
    assert workers.sort("wage_rub").get("wage_rub")[0] == max(known)
    assert (
        workers.sort(lambda worker: -worker.efficiency, ascending=True).get("efficiency")[0] == 1.8
    )
    assert workers.sort("trade")[-1].trade is None


def test_map_and_do(workers: WorkerSet) -> None:
    assert workers.map(lambda worker, more: worker.efficiency + more, 1.0) == [
        value + 1.0 for value in workers.get("efficiency")
    ]
    assert set(workers.map("step")) == {None}
    seen: list[Worker] = []
    assert workers.do(seen.append) is workers
    assert seen == workers.to_list()


def test_set_algebra(workers: WorkerSet) -> None:
    employed, technical = workers.select(status="employed"), workers.select(trade="technical")
    assert employed & technical == workers.select(status="employed", trade="technical")
    assert employed | technical == workers.select(
        lambda worker: worker.is_employed or worker.trade == "technical"
    )
    assert employed - technical == workers.select(
        status="employed", trade=["structural", "finishing"]
    )
    assert (employed & technical) <= employed
    assert employed != technical
    assert employed != 1


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("set", ("status", "away")),
        ("add", (None,)),
        ("discard", (None,)),
        ("remove", (None,)),
        ("shuffle", ()),
        ("shuffle_do", ("step",)),
        ("select", (None, 3, True)),
        ("sort", ("efficiency", True, True)),
        ("clear", ()),
    ],
)
def test_what_would_change_workers_is_refused(
    market: LabourMarket, method: str, arguments: tuple[Any, ...]
) -> None:
    before = market.state.workers.tobytes()
    for people in (market.agents, market.agents.workers):
        with pytest.raises(TypeError, match=r"(WorkerSet|AllAgents)\."):
            getattr(people, method)(*arguments)
    assert market.state.workers.tobytes() == before


def test_a_set_keeps_its_members_and_shows_what_is_current() -> None:
    market = LabourMarket(make_scenario("market.scale=0.02"))
    employed = market.agents.workers.select(status="employed")
    before = len(employed)
    market.run_to(-20)
    assert len(employed) == before
    assert set(employed.get("status")) > {"employed"}
    assert employed != market.agents.workers.select(status="employed")


def test_actors_sets_stay_mesas_own(market: LabourMarket) -> None:
    regulators = market.agents_by_type[MigrationRegulator]
    assert not isinstance(regulators, WorkerSet)
    assert isinstance(regulators.select(at_most=1), AgentSet)
