"""Where the North Koreans went and what stands in for their work: two accounts that add up, as bands whose widths are means."""

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
from experiments.results.summary_reader import Summary, crews, crews_in_words
from sim.measures.names import nationality

THOUSAND = 1e3
AT_WORK, DUE, MISSING, LOST = (
    "at the start",
    "to leave",
    "labour missing",
    "lost_labour_worker_months",
)
FATES = {
    "complied": ("complied", BLUE),
    "gave_in": ("gave in", SKY),
    "under_cover": ("went under cover", ORANGE),
    "found": ("found", RED),
    "sent_anew": ("sent anew under cover", PURPLE),
    "retained": ("kept a place", GREEN),
    "quietly_renewed": ("quietly renewed", PURPLE),
    "on_contract": ("contract still runs", GREY),
    "repatriated": ("gone home", BLUE),
    "in_queue": ("still in the queue", ORANGE),
    "still_under_cover": ("still under cover", ORANGE),
}
STANDS_IN = {
    "saved_by_technology_worker_months": ("more labour a unit", "saved by technology", GREEN),
    "put_off_to_backlog_worker_months": ("shorter backlog", "put off: backlog", ORANGE),
    "never_built_worker_months": ("built in addition", "never built", RED),
    "trade_imbalance_worker_months": (
        "labour idled by missing trades",
        "idle hands put to use",
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


def heads_of(summary: Summary) -> dict[str, float]:
    """Mean heads by fate at the end of the run, all crews together."""
    means = summary.get("means_at_end", {})
    return {
        fate: sum(means.get(f"{crew}_{fate}_heads", 0.0) for crew in crews(summary))
        for fate in FATES
    }


def crew_flows(summary: Summary) -> list[Flow]:
    """Heads from work at the start to where they are at the end."""
    heads = heads_of(summary)
    at_first = ("complied", "gave_in", "under_cover", "retained", "quietly_renewed", "on_contract")
    steps = [(AT_WORK, fate, fate) for fate in at_first]
    steps += [(FATES["sent_anew"][0], "under_cover", "sent_anew")]
    steps += [(FATES["under_cover"][0], fate, fate) for fate in ("found", "still_under_cover")]
    steps += [(DUE, fate, fate) for fate in ("repatriated", "in_queue")]
    flows = [
        Flow(source, FATES[target][0], heads[fate], FATES[fate][1])
        for source, target, fate in steps
    ]
    flows += [
        Flow(FATES[fate][0], DUE, heads[fate], FATES[fate][1])
        for fate in ("complied", "gave_in", "found")
    ]
    shown = [flow for flow in flows if flow.amount >= LEAST_HEADS]
    return shown if heads["in_queue"] >= LEAST_HEADS else without_queue(shown)


def without_queue(flows: list[Flow]) -> list[Flow]:
    """Where nobody waits any more, all who were to leave are home."""
    home = FATES["repatriated"][0]
    return [
        flow._replace(target=home) if flow.target == DUE else flow
        for flow in flows
        if flow.source != DUE
    ]


def work_flows(summary: Summary) -> list[Flow]:
    """Lost labour to what stands in for it, thousand standard worker-months; what adds to the loss comes in beside it."""
    flows = []
    for name, value in summary.get("means_at_end", {}).items():
        amount = abs(value) / THOUSAND
        if name.endswith("_worker_months") and amount >= LEAST_WORK:
            adds, makes_up, colour = words_of(name, crews_in_words(summary))
            joins = (value > 0.0) == (name == LOST)
            flows.append(
                Flow(adds, MISSING, amount, GREY)
                if joins
                else Flow(MISSING, makes_up, amount, colour)
            )
    return flows


def words_of(name: str, people: str) -> tuple[str, str, str]:
    """What a part of the account is called where it adds to the missing labour, where it makes up for it, and its colour."""
    if name == LOST:
        return f"lost with the {people}", f"more {people}", GREY
    if name in STANDS_IN:
        return STANDS_IN[name]
    group = nationality(name.removeprefix("replaced_by_").removesuffix("_worker_months"))
    return f"fewer {group} workers", f"more {group} workers", BLUE if group != "Chinese" else PURPLE


def sankey(flows: list[Flow], form: str, domain: tuple[float, float]) -> PlotSpec:
    """The bands as Plotly data; every node says its name and amount."""
    nodes = list(dict.fromkeys(name for flow in flows for name in flow[:2]))
    labels = [f"{name} {through(flows, name):{form}}" for name in nodes]
    colours = [next((flow.colour for flow in flows if flow.target == name), GREY) for name in nodes]
    link = {
        "source": [nodes.index(flow.source) for flow in flows],
        "target": [nodes.index(flow.target) for flow in flows],
        "value": [six_digits(flow.amount) for flow in flows],
        "color": [see_through(flow.colour, LINK_OPACITY) for flow in flows],
        "hovertemplate": f"%{{source.label}} to %{{target.label}}: %{{value:{form}}}<extra></extra>",
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
    """Pixels for bands and labels: by the most nodes that stand above one another."""
    sources, targets = ({flow[side] for flow in flows} for side in (0, 1))
    return NODE_HEIGHT * max(
        2, len(sources - targets), len(sources & targets), len(targets - sources)
    )


def through(flows: list[Flow], name: str) -> float:
    """What passes a node."""
    return max(
        sum(flow.amount for flow in flows if flow.source == name),
        sum(flow.amount for flow in flows if flow.target == name),
    )
