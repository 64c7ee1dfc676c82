"""The running model as Mesa knows it: agents, types, DataCollector, two models side by side."""

import mesa
import numpy as np
import pytest

from sim.agents.state_actors import DispatchAgency, MigrationRegulator
from sim.agents.worker_views import (
    ChineseWorker,
    CommuterWorker,
    NorthKoreanWorker,
    ResidentWorker,
    RussianWorker,
    Worker,
    worker_class,
)
from sim.engine.panel import ByGroup, ByGroupTrade
from sim.engine.state import FIELDS, ROOM
from sim.engine.worker_columns import BURN_IN_MONTHS
from sim.model import LabourMarket
from tests.experiments.configuration.test_settings import CENTRAL_ASIAN
from tests.support.shipped_scenarios import make_scenario

pytestmark = pytest.mark.filterwarnings("error")

SMALL = "market.scale=0.005"
WORKERS = [NorthKoreanWorker, ChineseWorker, RussianWorker]


def market_at(month: int, *overrides: str, replicate: int = 0) -> LabourMarket:
    """A baseline at the start of a month."""
    market = LabourMarket(make_scenario(SMALL, *overrides), replicate)
    if month > market.month:
        market.run_to(month)
    return market


def contents(market: LabourMarket) -> list[bytes]:
    """Everything that is recorded of a run and everything that goes on from it."""
    return [
        getattr(market.state, name).tobytes()
        for name, field in FIELDS.items()
        if field.block != ROOM
    ]


def collector() -> mesa.DataCollector:
    return mesa.DataCollector(
        model_reporters={
            "wage": lambda model: model.agents_by_type[NorthKoreanWorker].agg("wage_rub", np.mean),
            "employed": lambda model: len(model.agents.select(status="employed")),
            "month": "month",
        },
        agent_reporters={
            "type": lambda agent: type(agent).__name__,
            "status": lambda agent: getattr(agent, "status", None),
        },
        agenttype_reporters={
            RussianWorker: {"wage": "wage_rub", "trade": "trade"},
            ResidentWorker: {"taste": "taste"},
            MigrationRegulator: {"decisions": lambda regulator: len(regulator.in_force)},
        },
    )


def test_agents_are_state_actors_and_workers() -> None:
    market = market_at(-BURN_IN_MONTHS)
    assert market.agent_types == [MigrationRegulator, DispatchAgency, *WORKERS]
    assert list(market.agents_by_type) == market.agent_types
    assert (
        len(market.agents)
        == 2 + len(market.state.workers)
        == sum(map(len, market.agents_by_type.values()))
    )
    assert list(market.agents) == [
        agent for kind in market.agent_types for agent in market.agents_by_type[kind]
    ]
    assert all(isinstance(agent, mesa.Agent) for agent in market.agents)
    assert len({agent.unique_id for agent in market.agents}) == len(market.agents)
    assert market.agents[0] is market.regulator
    assert market.agents[2:4] == market.agents_by_type[NorthKoreanWorker][:2]
    with pytest.raises(AttributeError):
        market.agents = []  # type: ignore[misc, assignment]


def test_state_actors_are_ordinary_registered_agents() -> None:
    market = market_at(-BURN_IN_MONTHS)
    assert market.regulator in market.agents
    assert market.agencies[0] in market.agents_by_type[DispatchAgency]
    assert market.regulator.unique_id == 1
    extra = mesa.Agent(market)
    assert extra in market.agents
    assert mesa.Agent in market.agent_types
    extra.remove()
    assert extra not in market.agents


def test_everybody_can_be_asked_at_once() -> None:
    market = market_at(3)
    people = market.agents
    assert people.get("unique_id") == [agent.unique_id for agent in people]
    assert people.agg("unique_id", min) == 1
    assert people.get("status", handle_missing="default")[:3] == [None, None, "employed"]
    with pytest.raises(AttributeError):
        people.get("status")
    assert people.groupby(type).count() == {
        kind: len(agents) for kind, agents in market.agents_by_type.items()
    }
    assert people.groupby(type, result_type="list").groups[MigrationRegulator] == [market.regulator]
    assert people.map(lambda agent: agent.unique_id) == people.get("unique_id")
    assert people.do("step") is people


def test_everybody_can_be_selected_from() -> None:
    people = market_at(3).agents
    assert len(people.select()) == len(people)
    assert len(people.select(at_most=0.5)) == len(people) // 2
    assert people.select(at_most=3).to_list() == people[:3]
    assert list(people.select(agent_type=MigrationRegulator)) == people[:1]
    assert people.select(agent_type=Worker).workers == people.workers
    assert len(people.select(agent_type=Worker)) == len(people.workers)
    assert list(people.select(status="seeking")) == list(people.workers.select(status="seeking"))
    assert list(people.select(lambda agent: agent.unique_id < 3)) == people[:2]


def test_the_mean_wage_of_north_koreans_in_one_line() -> None:
    model = market_at(12)
    panel_wage = model.panel.of(ByGroup.PAY_PER_HEAD_RUB)[model.month - 1 + BURN_IN_MONTHS, 0]
    assert model.agents_by_type[NorthKoreanWorker].agg("wage_rub", np.mean) == pytest.approx(
        panel_wage, rel=1e-12
    )


def test_a_data_collector_follows_the_running_model() -> None:
    market, data = market_at(-BURN_IN_MONTHS), collector()
    while market.month < -18:
        market.step()
        data.collect(market)
    model_frame, agents = data.get_model_vars_dataframe(), data.get_agent_vars_dataframe()
    assert model_frame["month"].tolist() == list(range(1 - BURN_IN_MONTHS, 7 - BURN_IN_MONTHS))
    assert model_frame["wage"].tolist() == pytest.approx(
        market.panel.of(ByGroup.PAY_PER_HEAD_RUB)[:6, 0].tolist(), rel=1e-12
    )
    assert (
        model_frame["employed"].tolist()
        == market.panel.of(ByGroupTrade.HEADS_EMPLOYED)[:6].sum(axis=(1, 2)).tolist()
    )
    assert agents.shape == (6 * len(market.agents), 2)
    assert set(agents["type"]) == {kind.__name__ for kind in market.agent_types}
    russians = data.get_agenttype_vars_dataframe(RussianWorker)
    assert russians.loc[6.0, "wage"].mean() == pytest.approx(
        market.panel.of(ByGroup.PAY_PER_HEAD_RUB)[5, 2], rel=1e-12
    )
    assert set(russians["trade"].dropna()) == {"structural", "finishing", "technical"}
    assert len(data.get_agenttype_vars_dataframe(ResidentWorker)) == len(russians)
    assert data.get_agenttype_vars_dataframe(MigrationRegulator)["decisions"].tolist() == [0] * 6


def test_looking_changes_nothing() -> None:
    watched, alone, data = market_at(-BURN_IN_MONTHS), market_at(20), collector()
    while watched.month < 20:
        watched.step()
        data.collect(watched)
    assert contents(watched) == contents(alone)


def test_two_models_in_one_process_do_not_disturb_each_other() -> None:
    first, second = (
        market_at(-BURN_IN_MONTHS),
        market_at(-BURN_IN_MONTHS, CENTRAL_ASIAN, replicate=1),
    )
    for _ in range(30):
        for market in (first, second):
            market.step()
            market.agents.workers.agg("wage_rub", np.mean)
    assert contents(first) == contents(market_at(6))
    assert contents(second) == contents(market_at(6, CENTRAL_ASIAN, replicate=1))
    assert not set(first.agents.workers) & set(second.agents.workers)
    assert set(first.agent_types) < set(second.agent_types)


def test_a_fourth_nationality_comes_by_configuration() -> None:
    commuters = CENTRAL_ASIAN.replace("central_asian", "kazakh").replace(
        "pool: 20000", "pool: 30000"
    )
    market = market_at(2, CENTRAL_ASIAN, commuters)
    central, kazakh = worker_class("central_asian", "resident"), worker_class("kazakh", "resident")
    assert market.agent_types[-2:] == [central, kazakh]
    assert (central.__name__, kazakh.__name__) == ("CentralAsianWorker", "KazakhWorker")
    assert len(market.agents_by_type[central]) == 100
    assert market.agents_by_type[central].agg("wage_rub", np.mean) > 10_000
    assert set(market.agents_by_type[kazakh].get("nationality")) == {"kazakh"}
    assert not market.agents.select(agent_type=CommuterWorker)
