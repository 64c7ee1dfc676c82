"""Flows of two accounts that add up, as bands whose widths are means over runs.

One account says where crew members went, the other what replaces their work.
"""

from __future__ import annotations

from typing import NamedTuple

from experiments.reporting.plotting import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    PlotSpec,
    see_through,
    six_digits,
)
from experiments.results.summary_reader import Summary, crews, people_of_crews
from sim.measures.crew_fates import ACCOUNT, TO_LEAVE
from sim.measures.names import nationality

THOUSAND = 1e3
MISSING, LOST = "labour missing", "lost_labour_worker_months"
COLOURS = {
    "complied": BLUE,
    "under_cover": ORANGE,
    "found": RED,
    "sent_anew": PURPLE,
    "retained": GREEN,
    "quietly_renewed": PURPLE,
    "on_contract": GREY,
    "repatriated": BLUE,
    "in_queue": ORANGE,
    "still_under_cover": ORANGE,
}
REPLACEMENTS = {
    "saved_by_technology_worker_months": ("more labour a unit", "saved by technology", GREEN),
    "put_off_to_backlog_worker_months": ("shorter backlog", "put off: backlog", ORANGE),
    "never_built_worker_months": ("built in addition", "never built", RED),
    "trade_imbalance_worker_months": (
        "labour idled by missing trades",
        "idle labour put to use",
        SKY,
    ),
}
LEAST_HEADS, LEAST_WORK = 0.5, 0.05
LINK_OPACITY, PAD, NODE_HEIGHT = 0.38, 18, 64


class Flow(NamedTuple):
    """A band from one node to another."""

    source: str
    target: str
    amount: float
    colour: str


def mean_heads_by_fate(summary: Summary) -> dict[str, float]:
    """Mean heads by fate at the end of the run, all crews together."""
    means = summary["means_at_end"]
    return {
        fate: sum(means.get(f"{crew}_{fate}_heads", 0.0) for crew in crews(summary))
        for fate in ACCOUNT
    }


def crew_flows(summary: Summary) -> list[Flow]:
    """Flows of heads from work at the start to where they are at the end."""
    heads = mean_heads_by_fate(summary)
    into = [
        Flow(node_of(fate.comes_from), fate.words, heads[name], colour_of(name))
        for name, fate in ACCOUNT.items()
        if fate.comes_from
    ]
    onward = [
        Flow(fate.words, node_of(fate.goes_to), heads[name], colour_of(name))
        for name, fate in ACCOUNT.items()
        if fate.goes_to
    ]
    shown = [flow for flow in into + onward if flow.amount >= LEAST_HEADS]
    return shown if heads["in_queue"] >= LEAST_HEADS else without_queue(shown)


def node_of(name: str) -> str:
    """The words for a fate, or for a node of the account that is not a fate."""
    return ACCOUNT[name].words if name in ACCOUNT else name


def colour_of(name: str) -> str:
    """The colour of the bands of a fate."""
    return COLOURS.get(name, SKY)


def without_queue(flows: list[Flow]) -> list[Flow]:
    """The flows straight to home, for runs in which nobody waits for transport at the end."""
    home = ACCOUNT["repatriated"].words
    return [
        flow._replace(target=home) if flow.target == TO_LEAVE else flow
        for flow in flows
        if flow.source != TO_LEAVE
    ]


def work_flows(summary: Summary) -> list[Flow]:
    """Flows from lost labour to what replaces it, in thousand standard worker-months.

    What adds to the loss flows into the node of missing labour beside the loss itself.
    """
    flows = []
    for name, value in summary["means_at_end"].items():
        amount = abs(value) / THOUSAND
        if name.endswith("_worker_months") and amount >= LEAST_WORK:
            adds, makes_up, colour = node_words(name, people_of_crews(summary))
            adds_to_loss = (value > 0.0) == (name == LOST)
            flows.append(
                Flow(adds, MISSING, amount, GREY)
                if adds_to_loss
                else Flow(MISSING, makes_up, amount, colour)
            )
    return flows


def node_words(name: str, people: str) -> tuple[str, str, str]:
    """The words for an entry of the account and its colour.

    First the words for where it adds to the missing labour, then for where it makes up for it.
    """
    if name == LOST:
        return f"lost with the {people}", f"more {people}", GREY
    if name in REPLACEMENTS:
        return REPLACEMENTS[name]
    group = nationality(name.removeprefix("replaced_by_").removesuffix("_worker_months"))
    return f"fewer {group} workers", f"more {group} workers", BLUE if group != "Chinese" else PURPLE


def sankey(flows: list[Flow], form: str, domain: tuple[float, float]) -> PlotSpec:
    """The bands as Plotly data; the label of a node is its name and amount."""
    nodes = list(dict.fromkeys(name for flow in flows for name in flow[:2]))
    labels = [f"{name} {flow_through(flows, name):{form}}" for name in nodes]
    colours = [next((flow.colour for flow in flows if flow.target == name), GREY) for name in nodes]
    link = {
        "source": [nodes.index(flow.source) for flow in flows],
        "target": [nodes.index(flow.target) for flow in flows],
        "value": [six_digits(flow.amount) for flow in flows],
        "color": [see_through(flow.colour, LINK_OPACITY) for flow in flows],
        "hovertemplate": "%{source.label} to %{target.label}: "
        f"%{{value:{form}}}<extra></extra>",
    }
    node = {
        "label": labels,
        "color": colours,
        "pad": PAD,
        "thickness": 12,
        "line": {"width": 0},
        "hovertemplate": "%{label}<extra></extra>",
    }
    return {
        "type": "sankey",
        "domain": {"x": [0, 1], "y": list(domain)},
        "node": node,
        "link": link,
        "valueformat": form,
    }


def height_of(flows: list[Flow]) -> int:
    """The height in pixels that labels need: by the most nodes in one column."""
    sources, targets = ({flow[side] for flow in flows} for side in (0, 1))
    return NODE_HEIGHT * max(
        2, len(sources - targets), len(sources & targets), len(targets - sources)
    )


def flow_through(flows: list[Flow], name: str) -> float:
    """The amount that passes through a node."""
    return max(
        sum(flow.amount for flow in flows if flow.source == name),
        sum(flow.amount for flow in flows if flow.target == name),
    )
