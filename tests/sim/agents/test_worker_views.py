"""A worker seen as a Mesa agent: properties are what the columns say, and cannot be changed."""

import copy
import math
from collections.abc import Iterator

import mesa
import numpy as np
import pytest

from sim.agents.property_columns import worker_types
from sim.agents.readings import Reading
from sim.agents.worker_views import (
    ChineseWorker,
    ContractCrewWorker,
    NorthKoreanWorker,
    ResidentWorker,
    RussianWorker,
    TemporaryMigrantWorker,
    Worker,
    worker_class,
)
from sim.branches import POLICY
from sim.calendar import label
from sim.engine import worker_columns as population
from sim.model import LabourMarket
from tests.support.shipped_scenarios import make_scenario

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def market() -> LabourMarket:
    """A policy branch in its 28th month.

    Some North Koreans are gone and some must leave; there are Chinese and learners.
    """
    baseline = LabourMarket(
        make_scenario(
            "market.scale=0.02", "policy.compliance=0.5", "policy.transport_per_month=300"
        )
    )
    baseline.run_to(20)
    policy = baseline.fork(POLICY)
    policy.run_to(28)
    return policy


def readings(kind: type[Worker]) -> Iterator[Reading[object]]:
    return (found for name in dir(kind) if isinstance(found := getattr(kind, name), Reading))


def test_a_view_is_a_mesa_agent_that_is_not_registered(market: LabourMarket) -> None:
    worker = NorthKoreanWorker(market, 0)
    assert isinstance(worker, mesa.Agent)
    assert worker.model is market
    assert worker.pos is None
    assert worker.scenario is market.scenario
    assert len(list(market.agents.actors)) == 2
    assert worker.unique_id == 1 << 40
    assert {agent.unique_id for agent in market.agents.actors}.isdisjoint(
        market.agents.workers.get("unique_id")
    )


def test_ids_are_unique_and_stay_when_a_group_grows() -> None:
    small, large = (
        LabourMarket(make_scenario("market.scale=0.02", f"population.chinese.candidates={n}"))
        for n in (12_000, 13_000)
    )
    ids = [set(market.agents.workers.get("unique_id")) for market in (small, large)]
    assert len(ids[0]) == len(small.agents.workers)
    assert ids[0] < ids[1]


def test_equal_means_same_model_and_same_worker(market: LabourMarket) -> None:
    other = LabourMarket(market.specification)
    first, again, second, elsewhere = (
        Worker(market, 3),
        NorthKoreanWorker(market, 3),
        Worker(market, 4),
        Worker(other, 3),
    )
    assert first == again
    assert hash(first) == hash(again)
    assert first.unique_id == elsewhere.unique_id
    assert len({first, again, second, elsewhere}) == 3
    assert first != "worker"


def test_views_agree_with_columns(market: LabourMarket) -> None:
    start, trades = market.specification.start, market.specification.market.trades
    for worker, record in zip(market.agents.workers, market.state.workers.records(), strict=True):
        assert worker.nationality == list(market.specification.population)[record["group"]]
        assert type(worker) is worker_class(
            worker.nationality, market.specification.population[worker.nationality].kind
        )
        assert worker.status == population.STATUSES[record["status"]]
        assert worker.paper == population.PAPERS[record["paper"]]
        assert worker.terms == population.TERMS[record["terms"]]
        assert worker.trade == (trades[record["trade"]] if record["trade"] >= 0 else None)
        assert worker.firm == (record["firm"] if record["firm"] >= 0 else None)
        assert worker.efficiency == record["efficiency"] / 1000
        assert worker.levy_share == record["levy_share"] / 1000
        assert worker.is_employed == (worker.firm is not None) == math.isfinite(worker.wage_rub)
        if isinstance(worker, NorthKoreanWorker) and worker.is_employed:
            assert worker.contract_end == label(record["contract_end"], start)
            assert worker.awaits_transport == (worker.paper == "none") == (worker.paper_end is None)


def test_values_are_plain_python_objects(market: LabourMarket) -> None:
    for kind, workers in ((kind, market.agents_by_type[kind]) for kind in worker_types(market)):
        for reading in readings(kind):
            kinds = {type(getattr(worker, reading.name)) for worker in workers}
            assert kinds <= {reading.kind, type(reading.missing)}, reading.name
            assert reading.unit
            assert reading.__doc__


def test_one_worker_and_the_whole_column_say_the_same(market: LabourMarket) -> None:
    for kind in worker_types(market):
        workers = market.agents_by_type[kind]
        for reading in readings(kind):
            one_by_one = [getattr(worker, reading.name) for worker in workers]
            assert repr(workers.get(reading.name)) == repr(one_by_one), reading.name


def test_pay_of_workers_adds_up_to_the_pay_verb(market: LabourMarket) -> None:
    for group, kind in enumerate(worker_types(market)):
        workers, paid = market.agents_by_type[kind], market.state.groups_now[group]["pay_rub"]
        assert workers.agg("wage_rub", np.sum) == pytest.approx(paid, rel=1e-12)
        assert workers.agg("wage_usd", np.sum) == pytest.approx(
            paid / market.in_force["rub_per_usd"], rel=1e-12
        )
        in_wages = paid / (
            market.in_force["consumer_prices"] * market.specification.market.wages.base_wage_rub
        )
        assert workers.agg("wage_real", np.sum) == pytest.approx(in_wages, rel=1e-12)
    crews = market.agents_by_type[NorthKoreanWorker]
    assert crews.agg("levy_usd", np.sum) == pytest.approx(
        market.state.groups_now[0]["levy_usd"], rel=1e-12
    )
    assert crews.select(status="employed")[0].pay_kept_usd == pytest.approx(900 * 0.3)


def test_pay_exists_before_the_first_month() -> None:
    market = LabourMarket(make_scenario("market.scale=0.02"))
    assert 30_000 < market.agents_by_type[NorthKoreanWorker].agg("wage_rub", np.mean) < 100_000
    assert 26_000 < market.agents_by_type[RussianWorker].agg("wage_rub", np.mean) < 30_000


def test_kinds_know_what_only_they_have(market: LabourMarket) -> None:
    assert issubclass(NorthKoreanWorker, ContractCrewWorker)
    assert issubclass(ChineseWorker, TemporaryMigrantWorker)
    russians, chinese = market.agents_by_type[RussianWorker], market.agents_by_type[ChineseWorker]
    learners = russians.select(is_learner=True)
    assert learners
    assert set(learners.get("efficiency")) == {0.7}
    assert set(russians.select(is_learner=False, status="employed").get("efficiency")) == {1.0}
    assert min(learners.get("experienced_from")) >= label(market.month, market.specification.start)
    assert len(chinese.select(is_tied=True)) == 60
    assert market.agents_by_type[NorthKoreanWorker].select(is_under_cover=True).agg(
        "paper", set
    ) <= {"student", "tourist"}
    assert russians[0].contract_end is None
    with pytest.raises(AttributeError, match="RussianWorker has no attribute 'levy_usd'"):
        russians[0].levy_usd  # noqa: B018


def test_views_cannot_be_changed(market: LabourMarket) -> None:
    before, worker = market.state.workers.tobytes(), NorthKoreanWorker(market, 0)
    for name in ("status", "wage_rub", "unique_id", "pos", "anything"):
        with pytest.raises(AttributeError, match="read-only"):
            setattr(worker, name, 1)
    with pytest.raises(TypeError, match="model's rules"):
        worker.remove()
    market.agents.do("step")
    assert market.state.workers.tobytes() == before


def test_a_misspelt_property_is_answered_with_the_closest(market: LabourMarket) -> None:
    with pytest.raises(AttributeError, match="no attribute 'wage_rup'; the closest is 'wage_rub'"):
        Worker(market, 0).wage_rup  # noqa: B018


def test_a_view_is_copied_as_any_mesa_agent_is(market: LabourMarket) -> None:
    worker = NorthKoreanWorker(market, 0)
    assert copy.copy(worker) == worker
    copied = copy.deepcopy(worker)
    assert type(copied.model) is LabourMarket
    assert copied.model is not market
    assert (copied.row, copied.unique_id, copied.status) == (0, worker.unique_id, worker.status)
    assert repr(worker).startswith("<NorthKoreanWorker 1099511627776: ")


def test_a_class_for_every_name_and_kind() -> None:
    central = worker_class("central_asian", "resident")
    assert (central.__name__, central.__bases__) == ("CentralAsianWorker", (ResidentWorker,))
    assert worker_class("central_asian", "resident") is central
    assert worker_class("central_asian", "commuter") is not central
    assert worker_class("north_korean", "contract_crew") is NorthKoreanWorker
    assert worker_class("north_korean", "resident") is not NorthKoreanWorker
