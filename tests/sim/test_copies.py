"""Copied, pickled and sent models are models of their own that go on as the original does.

Once they were not: a copy kept the addresses of the original's arrays, stepped the original, or
ended the process.
"""

from __future__ import annotations

import copy
import gc
import hashlib
import multiprocessing
import pickle
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import mesa
import numpy as np
import pytest
from mesa.time import Schedule

from sim.agents.worker_views import NorthKoreanWorker, Worker, worker_class
from sim.branches import BASELINE, POLICY, POLICY_AT_BASELINE_WAGES
from sim.engine.columns import CACHE_LINE_BYTES, Columns, address_of
from sim.engine.kernels import state_kernel
from sim.engine.pickles import VERSIONS
from sim.engine.state import CONSTANT, FIELDS, ROOM, Sizes, State, layout
from sim.model import LabourMarket
from tests.experiments.configuration.test_settings import CENTRAL_ASIAN
from tests.support.shipped_scenarios import make_scenario

BUSY = (
    "market.scale=0.005",
    "months=40",
    "policy.compliance=0.5",
    "policy.transport_per_month=300",
    "population.north_korean.dispatch_rate_per_month=0.1",
)
WAYS: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda model: pickle.loads(pickle.dumps(model)),
    "pickle without protocol 5": lambda model: pickle.loads(pickle.dumps(model, 2)),
}
way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
END = 40


def market_at(month: int, *overrides: str, branch: str = BASELINE) -> LabourMarket:
    """A straight run at the start of a month."""
    market = LabourMarket(make_scenario(*BUSY, *overrides), 3, branch=branch)
    if month > market.month:
        market.run_to(month)
    return market


def forked(branch: str, at: int, month: int) -> LabourMarket:
    """A fork of a baseline taken at a month, and run on to another; its baseline is ahead."""
    baseline = market_at(at)
    market = baseline.fork(branch)
    baseline.run_to(END if branch == POLICY_AT_BASELINE_WAGES else at + 1)
    if month > at:
        market.run_to(month)
    return market


MODELS: dict[str, Callable[[], LabourMarket]] = {
    "not yet run": lambda: market_at(-24),
    "baseline before wages are free": lambda: market_at(-15),
    "baseline": lambda: market_at(12),
    "policy with everything announced": lambda: market_at(-24, branch=POLICY),
    "policy between ban and adoption": lambda: market_at(22, branch=POLICY),
    "policy just forked": lambda: forked(POLICY, 21, 21),
    "policy forked and run on": lambda: forked(POLICY, 20, 27),
    "policy forked late": lambda: forked(POLICY, 30, 30),
    "baseline forked": lambda: forked(BASELINE, 10, 12),
    "policy at baseline wages": lambda: forked(POLICY_AT_BASELINE_WAGES, 21, 26),
    "four groups": lambda: market_at(5, CENTRAL_ASIAN, branch=POLICY),
    "at the end": lambda: market_at(END),
}
models = pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)


def contents(market: LabourMarket) -> list[bytes]:
    """Everything that goes on and everything that is recorded."""
    return [
        getattr(market.state, name).tobytes()
        for name, field in FIELDS.items()
        if field.block != ROOM
    ]


def gone_on(market: LabourMarket, month: int = END) -> str:
    """Run a model on; a hash of everything in it then, its clock and what is in force."""
    if month > market.month:
        market.run_to(month)
    digest = hashlib.sha256(b"".join(contents(market)))
    in_force = [announcement.title for announcement in market.regulator.in_force]
    digest.update(repr((market.month, market.time, market.steps, in_force)).encode())
    digest.update(b"".join(market.log_wages[each].tobytes() for each in sorted(market.log_wages)))
    return digest.hexdigest()


@way
@models
def test_a_copy_simulated_the_original(
    make: Callable[[], LabourMarket], way: Callable[[Any], Any]
) -> None:
    market = make()
    before, month = contents(market), market.month
    copied = way(market)
    assert contents(copied) == before
    expected = gone_on(copied)
    assert market.month == month
    assert contents(market) == before
    assert gone_on(market) == expected


@models
def test_the_copy_of_a_model_that_is_gone_ended_the_process(
    make: Callable[[], LabourMarket],
) -> None:
    market = make()
    copies = [each(market) for each in WAYS.values()]
    expected = gone_on(market)
    del market
    gc.collect()
    # Memory that the original has given back is used again before the copies run on.
    litter = [np.full(50_000, 7, np.uint8) for _ in range(200)]
    assert {gone_on(each) for each in copies} == {expected}
    assert len(litter) == 200


@pytest.mark.slow
@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_pool_over_models_gave_12_and_12_for_30_and_30(method: str) -> None:
    sent = [make() for make in MODELS.values()]
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        found = list(pool.map(gone_on, sent))
    assert found == [gone_on(market) for market in sent]


def test_a_copy_s_copy_and_the_copies_of_a_fork_s_fork() -> None:
    market = market_at(21)
    again = WAYS["pickle"](copy.deepcopy(WAYS["pickle"](market)))
    assert gone_on(again.fork(POLICY).fork(POLICY)) == gone_on(
        copy.deepcopy(copy.deepcopy(market.fork(POLICY)).fork(POLICY))
    )


@way
def test_baseline_and_branch_that_are_copied_together_stay_together(
    way: Callable[[Any], Any],
) -> None:
    baseline = market_at(21)
    branch = baseline.fork(POLICY_AT_BASELINE_WAGES)
    other_branch, other_baseline = (
        way([branch, baseline])
        if way is not copy.copy
        else (lambda copied: (copied, copied.posts_wages_of))(copy.copy(branch))
    )
    assert other_branch.posts_wages_of is other_baseline
    assert other_baseline is not baseline
    other_baseline.run_to(END)
    with pytest.raises(ValueError, match="not yet simulated month 21"):
        branch.step()
    baseline.run_to(END)
    assert gone_on(branch) == gone_on(other_branch)


class Diary:
    """Notes in the model when it is asked to; held by nobody but the caller."""

    def __init__(self, market: LabourMarket, word: str) -> None:
        self.market, self.word = market, word

    def write(self, *_: Any) -> None:
        self.market.notes.append((self.word, self.market.time, self.market.month))


def with_diary(month: int) -> tuple[LabourMarket, list[Diary]]:
    """A model in which diaries write: once, every two months, and when the time changes."""
    market = market_at(month)
    market.notes = []
    diaries = [Diary(market, word) for word in ("once", "again", "time")]
    market.schedule_event(diaries[0].write, at=45.5)
    market.schedule_recurring(diaries[1].write, Schedule(interval=2.0, start=45.5))
    market.observe("time", "changed", diaries[2].write)
    return market, diaries


@way
def test_the_events_of_a_copy_were_lost_with_their_callbacks(way: Callable[[Any], Any]) -> None:
    market, diaries = with_diary(20)
    copied = way(market)
    gc.collect()
    copied.run_to(26)
    assert market.notes == []
    market.run_to(26)
    assert [note for note in market.notes if note[0] != "time"] == [
        ("once", 45.5, 21),
        ("again", 45.5, 21),
        ("again", 47.5, 23),
        ("again", 49.5, 25),
    ]
    assert copied.notes == market.notes
    assert len(diaries) == 3


def schedule_second(market: LabourMarket) -> list[str]:
    """In another process: a later event for the same time, then both; the order of their words."""
    second = Diary(market, "second")
    market.schedule_event(second.write, at=45.5)
    market.run_to(23)
    return [word for word, *_ in market.notes]


def test_in_a_fresh_process_events_of_one_time_changed_places() -> None:
    market = market_at(20)
    market.notes = []
    first = Diary(market, "first")
    market.schedule_event(first.write, at=45.5)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(schedule_second, market).result() == ["first", "second"]
    assert schedule_second(market) == ["first", "second"]


@way
def test_agents_of_a_copy_are_its_own(way: Callable[[Any], Any]) -> None:
    market = market_at(5, CENTRAL_ASIAN, branch=POLICY)
    market.mine = mesa.Agent(market)
    market.crews = market.agents_by_type[NorthKoreanWorker].select(status="employed")
    market.watched = {worker_class("central_asian", "resident")(market, 100), market.crews[0]}
    copied = way(market)
    assert copied.regulator.model is copied
    assert copied.agencies[0].model is copied
    assert copied.mine in copied.agents
    assert copied.mine not in market.agents
    assert copied.crews.model is copied
    assert np.array_equal(copied.crews.rows, market.crews.rows)
    assert {worker.model for worker in copied.watched} == {copied}
    assert {type(each) for each in copied.watched} == {type(each) for each in market.watched}
    assert copied.agent_types == market.agent_types
    assert list(copied.scenario) == list(market.scenario)
    assert copied.scenario.model is copied
    copied.run_to(30)
    assert len(copied.crews.select(status="repatriated")) > 0
    assert len(market.crews.select(status="repatriated")) == 0
    assert market.mine in market.agents


@pytest.mark.parametrize(
    "part",
    [
        lambda market: market.regulator,
        lambda market: market.agencies[0],
        lambda market: market.agents_by_type[NorthKoreanWorker],
        lambda market: NorthKoreanWorker(market, 4),
        lambda market: market.scenario,
    ],
    ids=["regulator", "agency", "worker set", "worker", "scenario"],
)
@pytest.mark.parametrize("way", [WAYS["deepcopy"], WAYS["pickle"]], ids=["deepcopy", "pickle"])
def test_a_part_that_is_copied_brings_its_model(
    part: Callable[[LabourMarket], Any], way: Callable[[Any], Any]
) -> None:
    market = market_at(22, branch=POLICY)
    copied = way(part(market)).model
    assert copied is not market
    assert gone_on(copied) == gone_on(market)


def status_of(worker: Worker) -> str:
    """A reporter that can be pickled: those that Mesa makes of names and lambdas cannot."""
    return worker.status


def test_a_collector_with_classes_made_for_a_nationality_goes_along() -> None:
    market = market_at(0, CENTRAL_ASIAN)
    kind = worker_class("central_asian", "resident")
    market.datacollector = mesa.DataCollector(
        model_reporters={"month": "month"}, agenttype_reporters={kind: {"status": status_of}}
    )
    market.datacollector.collect(market)
    copied = WAYS["pickle"](market)
    assert list(copied.datacollector.agenttype_reporters) == [kind]
    for each in (market, copied):
        each.run_to(3)
        each.datacollector.collect(each)
    ours, theirs = (
        each.datacollector.get_agenttype_vars_dataframe(kind) for each in (market, copied)
    )
    assert ours.equals(theirs)


def test_looking_at_a_copied_worker_reads_the_copy() -> None:
    market = market_at(10)
    worker: Worker = WAYS["pickle"](NorthKoreanWorker(market, 0))
    market.state.workers["efficiency"][0] = 1
    assert worker.efficiency != NorthKoreanWorker(market, 0).efficiency == 0.001


SMALL = Sizes(groups=3, trades=2, firms=5, workers=101, months=7, pipeline_months=4)


@state_kernel
def count_up(state: State) -> None:
    """One more in an array, a column and a record."""
    state.next_event[5] += 1
    state.cells[4].log_wage += 1.0
    state.now[0].month += 1


@way
def test_kernels_and_arrays_of_a_copied_state_share_its_memory(way: Callable[[Any], Any]) -> None:
    state = State(SMALL)
    count_up(state)
    seen = state.next_event, state.cells["log_wage"], state.now
    copied = way(state)
    for _ in range(3):
        count_up(copied)
    assert (seen[0][5], seen[1][4], seen[2]["month"][0]) == (1, 1.0, 1)
    assert copied.next_event[5] == copied.cells["log_wage"][4] == copied.now["month"][0] == 4
    begins = [address_of(block) for block in copied._blocks]
    assert all(begin % CACHE_LINE_BYTES == 0 for begin in begins)
    here = layout(SMALL)
    offsets = copied._table - np.array([*begins, 0])[here.block_of_word]
    assert np.array_equal(offsets, here.words)
    assert not set(begins) & {address_of(block) for block in state._blocks}


@way
def test_numbers_that_forks_share_stay_closed_in_a_copy(way: Callable[[Any], Any]) -> None:
    copied, opened = way(market_at(0).state), way(State(SMALL))
    for name, field in FIELDS.items():
        if field.block == CONSTANT:
            table = getattr(copied, name)
            column = table.dtype.names[0] if table.dtype.names else slice(None)
            with pytest.raises(ValueError, match="read-only"):
                table[column] = 1
    opened.parameters["scale"] = 0.5
    assert opened.parameters["scale"] == 0.5


@way
def test_copied_columns_are_columns_of_their_own(way: Callable[[Any], Any]) -> None:
    state = State(SMALL)
    state.cells["wage"] = np.arange(10)
    state.cells["heads"] = 3
    copied = way(state.cells)
    assert isinstance(copied, Columns)
    assert copied.tobytes() == state.cells.tobytes()
    copied["wage"] = -1.0
    assert copied["wage"].sum() == -10.0
    assert state.cells["wage"].sum() == 45.0
    assert len(copied) == 10


@pytest.mark.parametrize("what", ["compiled code", "layout of the arrays"])
def test_a_state_of_an_older_version_is_refused(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as there:
        there.setitem(VERSIONS, what, lambda: "0123456789abcdef")
        older = pickle.dumps(State(SMALL))
    expected = f"another version of the simulator .{what} is 0123456789abcdef, here"
    with pytest.raises(pickle.UnpicklingError, match=expected):
        pickle.loads(older)


@pytest.mark.parametrize("what", ["code", "Mesa", "compiled code"])
def test_a_model_of_an_older_version_is_refused_before_anything_is_read(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = market_at(-24)
    with monkeypatch.context() as there:
        there.setitem(VERSIONS, what, lambda: "0123456789abcdef")
        older = pickle.dumps(market)
    with pytest.raises(pickle.UnpicklingError, match=f"{what} is 0123456789abcdef, here .*again"):
        pickle.loads(older)


def test_a_version_of_something_that_is_unknown_here_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    older = pickle.dumps(State(SMALL))
    monkeypatch.delitem(VERSIONS, "layout of the arrays")
    with pytest.raises(pickle.UnpicklingError, match=r"layout of the arrays is .*, here unknown"):
        pickle.loads(older)


def test_pickles_that_hold_addresses_are_refused() -> None:
    state = State.__new__(State)
    with pytest.raises(pickle.UnpicklingError, match="another version"):
        state.__setstate__((None, {"address": 4096, "sizes": SMALL}))
    market = LabourMarket.__new__(LabourMarket)
    with pytest.raises(pickle.UnpicklingError, match="another version"):
        market.__setstate__({"time": 0.0})


class CopiesItself(LabourMarket):
    """Copies itself in the middle of a month."""

    def match(self) -> None:
        """Copy first."""
        copy.deepcopy(self)


def test_a_model_is_not_copied_in_the_middle_of_a_month() -> None:
    market = CopiesItself(make_scenario(*BUSY))
    with pytest.raises(RuntimeError, match="within month -24"):
        market.step()
