"""A fine on employers: who is let go, who is fined, and that without it nothing changes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim.branches import POLICY
from sim.engine.panel import ByGroup, ByGroupTrade, ByPaper, OfMarket, Panel
from sim.engine.worker_columns import AWAY, EMPLOYED, NO_PAPER, STUDENT, TOURIST, Array
from sim.inputs.dated_inputs import dated_inputs
from sim.measures.monthly import measure
from sim.model import LabourMarket
from sim.paired import run_paired
from sim.scenario import Scenario
from tests.support.shipped_scenarios import make_scenario

CREW = 0
SMALL = ("market.scale=0.02", "policy.compliance=0.6", "policy.transport_per_month=100")
FINE = ("levers.employer_fine.rub=400000", "levers.employer_fine.from_date=2018-06")


def fined(rub: int, *overrides: str) -> Scenario:
    """A scenario with a fine on employers."""
    return make_scenario(*SMALL, *FINE, f"levers.employer_fine.rub={rub}", *overrides)


def policy_panel(scenario: Scenario) -> Panel:
    """The policy branch's panel."""
    return run_paired(scenario, 0).policy


def same(one: Panel, other: Panel) -> bool:
    """Whether two panels agree to the last bit."""
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


def test_a_fine_of_nothing_changes_nothing() -> None:
    assert same(policy_panel(fined(0)), policy_panel(make_scenario(*SMALL)))


def test_where_nobody_is_found_no_fine_deters() -> None:
    lax = "policy.compliance=0"
    assert same(policy_panel(fined(800_000, lax)), policy_panel(make_scenario(*SMALL, lax)))


def test_before_its_first_month_and_in_the_baseline_a_fine_changes_nothing() -> None:
    runs, without = run_paired(fined(400_000), 0), run_paired(make_scenario(*SMALL), 0)
    assert same(runs.baseline, without.baseline)
    first = 29
    early = [Panel(*(part[:first] for part in run.policy)) for run in (runs, without)]
    assert same(*early)
    assert not np.array_equal(runs.policy.by_group[first], without.policy.by_group[first])


def test_after_its_last_month_nobody_is_fined_let_go_or_stood_down() -> None:
    panel = policy_panel(fined(400_000, "levers.employer_fine.to_date=2019-03-31"))
    for count in (ByGroup.CREW_FINED, ByGroup.CREW_LET_GO):
        assert panel.of(count)[29:39].sum() > 0.0
        assert panel.of(count)[39:].sum() == 0.0
    assert panel.of(ByGroupTrade.STOOD_DOWN)[29:39].sum() > 0.0
    assert panel.of(ByGroupTrade.STOOD_DOWN)[39:].sum() == 0.0


def test_revenue_is_the_fine_in_current_prices_for_each_worker_found() -> None:
    scenario = fined(400_000)
    found = measure(run_paired(scenario, 0), scenario, dated_inputs(scenario))
    heads, monthly = found["north_korean_fined"], found["public_revenue_employer_fine_rub"]
    prices = policy_panel(scenario).of(OfMarket.CONSUMER_PRICES)
    assert heads.sum() > 0.0
    np.testing.assert_allclose(monthly, heads * 400_000.0 * prices)
    np.testing.assert_allclose(found["public_revenue_rub"], np.cumsum(monthly))
    assert found["public_cost_rub"][-1] == 0.0


def test_whoever_is_found_under_cover_is_fined_and_somebody_in_the_queue_besides() -> None:
    panel = policy_panel(fined(100_000))
    under_cover, all_found = (
        panel.of(count)[29:, CREW] for count in (ByGroup.CREW_FOUND, ByGroup.CREW_FINED)
    )
    assert (all_found >= under_cover).all()
    assert all_found.sum() > under_cover.sum() > 0.0


def test_who_is_stood_down_waits_without_paper_work_and_pay_until_transport() -> None:
    scenario = fined(800_000, "policy.transport_per_month=5")
    model = LabourMarket(scenario, branch=POLICY)
    model.run_to(40)
    workers, crew = model.state.workers, model.state.groups[CREW]
    rows = slice(int(crew["first"]), int(crew["last"]))
    waiting = workers["status"][rows] == AWAY
    assert waiting.sum() > 20
    assert (workers["paper"][rows][waiting] == NO_PAPER).all()
    assert (model.state.next_event[rows][waiting] == model.month).all()
    at_work = int((workers["status"][rows] == EMPLOYED).sum())
    month = model.month - 1 + 24
    pay = model.panel.of(ByGroup.PAY_USD)[month, CREW]
    assert pay == pytest.approx(at_work * 900.0)
    before = set(np.flatnonzero(waiting))
    model.run_to(41)
    still = set(np.flatnonzero(workers["status"][rows] == EMPLOYED))
    assert not before & still, "somebody stood down is back at work"


def test_a_firm_that_would_not_keep_a_worker_is_sent_none() -> None:
    def sent(rub: int) -> float:
        scenario = fined(rub, "population.north_korean.dispatch_rate_per_month=0.1")
        return float(policy_panel(scenario).of(ByGroupTrade.DISPATCHED)[29:].sum())

    none, low, high = (sent(rub) for rub in (0, 200_000, 5_000_000))
    assert none > low > high
    assert high < 0.2 * none


FROZEN = (
    "market.scale=0.05",
    "market.inputs.held_at_start=true",
    "market.wages.adjustment_per_month=0",
    "policy.compliance=0.5",
    "policy.transport_per_month=null",
    "population.north_korean.dispatch_rate_per_month=0",
    "levers.employer_fine.from_date=2018-01",
)
FINES = ("levers.employer_fine.rub=800000", "levers.employer_fine.rub=300000")
FINES += ("levers.employer_fine.rub=50000", "levers.employer_fine.rub=0")
RATES = tuple(f"policy.inspection_rate={rate}" for rate in (0.15, 0.08, 0.03, 0.0))


def under_cover_by_month(*overrides: str) -> Array:
    """Who of the crew is under cover in each month: bool[T, N]."""
    model = LabourMarket(make_scenario(*FROZEN, *overrides), branch=POLICY)
    crew = slice(int(model.state.groups["first"][CREW]), int(model.state.groups["last"][CREW]))
    rows = []
    while model.month < model.specification.months:
        model.run_to(model.month + 1)
        paper = model.state.workers["paper"][crew]
        at_work = model.state.workers["status"][crew] == EMPLOYED
        rows.append(at_work & ((paper == STUDENT) | (paper == TOURIST)))
    return np.array(rows)


@pytest.mark.parametrize("levels", [FINES, RATES], ids=["fine", "inspection"])
def test_more_deterrence_never_keeps_a_worker_under_cover(levels: tuple[str, ...]) -> None:
    there = [under_cover_by_month("levers.employer_fine.rub=300000", level) for level in levels]
    for fewer, more in itertools.pairwise(there):
        assert (fewer <= more).all()
        assert fewer.sum() < more.sum()


def cover_with_feedback(rub: int, replicates: int) -> float:
    """North Koreans under cover at the end of 2019, mean of some replicates with all feedback."""
    scenario = make_scenario(
        "market.scale=0.1",
        "policy.compliance=0.5",
        f"levers.employer_fine.rub={rub}",
        "levers.employer_fine.from_date=2018-01",
    )
    heads = []
    for replicate in range(replicates):
        papers = run_paired(scenario, replicate).policy.of(ByPaper.HEADS_EMPLOYED_BY_PAPER)
        heads.append(papers[47, CREW, [STUDENT, TOURIST]].sum())
    return float(np.mean(heads))


def test_with_feedback_a_higher_fine_leaves_fewer_under_cover() -> None:
    levels = [cover_with_feedback(rub, 3) for rub in (0, 100_000, 250_000, 800_000)]
    assert all(less < more for more, less in itertools.pairwise(levels))
