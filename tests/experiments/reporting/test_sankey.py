"""The flows of people and of labour add up: what leaves a node has come into it."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.reporting.accounts import crew_fates_figure, replacement_figure
from experiments.reporting.sankey import (
    LOST,
    MISSING,
    Flow,
    crew_flows,
    flow_through,
    height_of,
    work_flows,
)
from experiments.results.result_folder import load_result
from sim.measures.crew_fates import ACCOUNT, CREW_FATES, TO_LEAVE

FATES = (
    "complied",
    "gave_in",
    "under_cover",
    "retained",
    "quietly_renewed",
    "on_contract",
    "sent_anew",
)


@pytest.fixture(scope="module")
def summary(finished):
    return load_result(finished).summary


def made_up(means):
    """A summary that holds means only."""
    return {"nationalities": {"north_korean": "contract_crew"}, "means_at_end": means}


def people(counts, found_share, queue_share, let_go_share=0.0):
    """A summary whose means obey the account of crew fates."""
    heads = dict(zip(FATES, counts, strict=True))
    hidden = heads["under_cover"] + heads["sent_anew"]
    heads["found"] = int(hidden * found_share)
    heads["let_go"] = int((hidden - heads["found"]) * let_go_share)
    heads["still_under_cover"] = hidden - heads["found"] - heads["let_go"]
    leaving = heads["complied"] + heads["gave_in"] + heads["found"] + heads["let_go"]
    heads["in_queue"] = int(leaving * queue_share)
    heads["repatriated"] = leaving - heads["in_queue"]
    return made_up({f"north_korean_{fate}_heads": float(value) for fate, value in heads.items()})


def balance(flows, name):
    """What flows into a node less what flows out of it."""
    return sum(flow.amount for flow in flows if flow.target == name) - sum(
        flow.amount for flow in flows if flow.source == name
    )


@given(
    st.lists(st.integers(0, 9000), min_size=7, max_size=7),
    st.floats(0.0, 1.0),
    st.sampled_from([0.0, 0.3, 1.0]),
    st.sampled_from([0.0, 0.4]),
)
def test_heads_that_enter_a_node_leave_it(counts, found_share, queue_share, let_go_share):
    flows = crew_flows(people(counts, found_share, queue_share, let_go_share))
    inner = {flow.target for flow in flows} & {flow.source for flow in flows}
    assert all(abs(balance(flows, name)) < 1e-6 for name in inner)
    assert all(flow.amount > 0.0 for flow in flows)
    ends = {flow.target for flow in flows} - {flow.source for flow in flows}
    assert sum(flow_through(flows, name) for name in ends) == pytest.approx(sum(counts))


def test_every_line_of_the_account_is_a_measure_and_joins_others():
    assert {f"{{crew}}_{fate}_heads" for fate in ACCOUNT} <= set(CREW_FATES)
    ends = {end for fate in ACCOUNT.values() for end in fate[1:] if end}
    assert ends - set(ACCOUNT) == {"at the start", TO_LEAVE}


@given(st.lists(st.floats(-3e5, 3e5), min_size=5, max_size=5))
def test_labour_adds_up_whatever_the_signs(parts):
    names = [
        "replaced_by_russian",
        "saved_by_technology",
        "put_off_to_backlog",
        "never_built",
        "trade_imbalance",
    ]
    means = {f"{name}_worker_months": value for name, value in zip(names, parts, strict=True)}
    flows = work_flows(made_up({LOST: sum(parts)} | means))
    assert abs(balance(flows, MISSING)) < 0.05 * 6
    assert all((flow.source == MISSING) != (flow.target == MISSING) for flow in flows)


def test_a_real_result_adds_up(summary):
    flows = crew_flows(summary)
    assert flow_through(flows, "at the start") == pytest.approx(10_200, rel=0.02)
    assert all(
        abs(balance(flows, name)) < 2.0
        for name in {flow.source for flow in flows} & {flow.target for flow in flows}
    )
    assert abs(balance(work_flows(summary), MISSING)) < 0.3


def test_without_anyone_waiting_no_queue_is_plotted():
    assert not any(
        TO_LEAVE in flow[:2] for flow in crew_flows(people([100, 0, 0, 0, 0, 0, 0], 0.0, 0.0))
    )
    assert any(
        TO_LEAVE in flow[:2] for flow in crew_flows(people([100, 0, 0, 0, 0, 0, 0], 0.0, 0.5))
    )


def test_where_no_labour_is_lost_people_are_plotted_alone(summary):
    means = {
        name: value
        for name, value in summary["means_at_end"].items()
        if not name.endswith("_worker_months")
    }
    figure = crew_fates_figure(summary | {"means_at_end": means})
    assert figure.title == "Where the North Koreans went"
    assert "labour lost" not in figure.lead
    assert len(figure.plot["data"]) == 1
    assert figure.plot["data"][0]["domain"]["y"] == [0.0, 1.0]


def test_accounts_are_as_high_as_their_bands_need_and_do_not_overlap(summary):
    plot = crew_fates_figure(summary).plot
    (low, _), (_, high) = (trace["domain"]["y"] for trace in plot["data"])
    assert low > high
    assert height_of([Flow("a", "b", 1.0, "")]) < height_of(
        [Flow("a", name, 1.0, "") for name in "bcdef"]
    )


def test_nothing_lost_and_nothing_gained_is_no_figure(summary):
    changed = copy.deepcopy(summary)
    for name, known in changed["measures"].items():
        if name.endswith("_worker_months"):
            known["by_month"] = {month: [0.0] * 3 for month in known["by_month"]}
    assert replacement_figure(summary) is not None
    assert replacement_figure(changed) is None


def test_the_alternative_text_names_every_flow(summary):
    figure = crew_fates_figure(summary)
    assert all(f"{flow.source} to {flow.target}" in figure.alt for flow in crew_flows(summary))
    assert len(figure.table) == 1 + len(crew_flows(summary)) + len(work_flows(summary))


def test_without_means_at_the_end_there_is_no_figure(summary):
    assert crew_fates_figure(summary | {"means_at_end": {}}) is None
