"""Figures of two accounts that add up: where crew members went, and who replaced their labour."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.reporting.plotting import (
    BARS,
    BLUE,
    GREY,
    MEANS,
    Figure,
    PlotSpec,
    row_title,
    six_digits,
)
from experiments.reporting.sankey import Flow, crew_flows, height_of, sankey, work_flows
from experiments.results.summary_reader import (
    NO_INTERVAL,
    Summary,
    has_values,
    interval,
    months_of,
    people_of_crews,
)

THOUSAND = 1e3


FLOWS_LEAD = (
    "Everyone at work at the start, by what has become of him by the end. Those found had gone "
    "under cover before."
)
WORK_LEAD = (
    " Below: the labour lost with them and what replaces it. This is an account of labour, as the "
    "model does not say who takes whose place. What adds to the loss comes in from the left."
)
FLOWS_SOURCE, WORK_SOURCE = (
    "Simulation; means, as only these add up",
    " (medians and intervals of that labour: see Who replaced the lost labour)",
)
GAP, FLOWS_TOP, FLOWS_BOTTOM, TITLE_SHIFT = 58, 44, 12, 12


def crew_fates_figure(summary: Summary) -> Figure | None:
    """What has become of crew members, and what replaces their work if any is lost.

    None if there were no crew members.
    """
    end, people, work = months_of(summary)[-1], crew_flows(summary), work_flows(summary)
    if not people:
        return None
    shown = {f"{people_of_crews(summary)}, to {end}": (people, ",.0f")}
    shown |= {"Their work, thousand standard worker-months": (work, ",.1f")} if work else {}
    table = [["", "from", "to", "mean"]]
    for title, (flows, form) in shown.items():
        table += [[title, flow.source, flow.target, f"{flow.amount:{form}}"] for flow in flows]
    flows_text = (f"{source} to {target}: {amount}" for _, source, target, amount in table[1:])
    alt = f"Flows, means: {'; '.join(flows_text)}."
    title = f"Where the {people_of_crews(summary)} went" + (
        ", and what replaces their work" if work else ""
    )
    lead, source = (
        first + second * bool(work)
        for first, second in ((FLOWS_LEAD, WORK_LEAD), (FLOWS_SOURCE, WORK_SOURCE))
    )
    return Figure("crew_fates", title, lead, f"{source}.", alt, flow_plot(shown), table, MEANS)


def flow_plot(parts: dict[str, tuple[list[Flow], str]]) -> PlotSpec:
    """The accounts below one another, each as high as its bands require."""
    heights = [height_of(flows) for flows, _ in parts.values()]
    inner = sum(heights) + GAP * (len(heights) - 1)
    tops = [1.0 - (sum(heights[:number]) + GAP * number) / inner for number in range(len(heights))]
    domains = [
        (max(0.0, top - height / inner), top) for top, height in zip(tops, heights, strict=True)
    ]
    layout: PlotSpec = {
        "height": inner + FLOWS_TOP + FLOWS_BOTTOM,
        "showlegend": False,
        "dragmode": False,
    }
    layout["margin"] = {"l": 8, "r": 8, "t": FLOWS_TOP, "b": FLOWS_BOTTOM}
    layout["annotations"] = [
        row_title(title, top) | {"xshift": 0, "yshift": TITLE_SHIFT}
        for title, top in zip(parts, tops, strict=True)
    ]
    return {
        "data": [
            sankey(*part, domain) for part, domain in zip(parts.values(), domains, strict=True)
        ],
        "layout": layout,
    }


def replacement_figure(summary: Summary) -> Figure | None:
    """Who replaced the lost labour by the end of the run; None if no labour was lost or gained."""
    names = [
        name
        for name, known in summary["measures"].items()
        if name.endswith("_worker_months") and "cumulated" in known["unit"]
    ]
    if not any(has_values(summary, name) for name in names):
        return None
    end = months_of(summary)[-1]
    rows = [
        [summary["measures"][name]["label"], interval(summary, name, end, ",.1f", THOUSAND)]
        for name in names
    ]
    amounts = "; ".join(" ".join(row) for row in rows)
    return Figure(
        "replaced",
        "Who replaced the lost labour",
        f"The grey bar is the labour lost with the {people_of_crews(summary)}. In each replicate "
        "the blue bars add up to it: more labour of other groups, labour saved by labour-saving "
        "technology, work put off, and work never built. Labour idled because other trades are "
        "missing counts against it.",
        "Simulation, policy branch against its baseline.",
        f"Bars, thousand standard worker-months: {amounts}.",
        replacement_plot(summary, names, end),
        [["thousand standard worker-months", end], *rows],
        BARS,
    )


def replacement_plot(summary: Summary, names: Sequence[str], end: str) -> PlotSpec:
    """A bar for each line of the account, its whisker from the 5th to the 95th percentile."""
    measures = [summary["measures"][name] for name in names]
    low, median, high = (
        [six_digits(known["by_month"].get(end, NO_INTERVAL)[i] / THOUSAND) for known in measures]
        for i in range(3)
    )
    whiskers = {
        "type": "data",
        "symmetric": False,
        "array": gaps(median, high),
        "arrayminus": gaps(low, median),
        "thickness": 1.5,
    }
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": median,
        "y": [wrapped_label(known["label"]) for known in measures],
        "error_x": whiskers,
        "marker": {"color": [GREY, *([BLUE] * (len(names) - 1))]},
        "hovertemplate": "%{y}: %{x:,.1f}<extra></extra>",
    }
    layout = {
        "xaxis": {"title": {"text": f"thousand standard worker-months, start to {end}"}},
        "yaxis": {"autorange": "reversed", "automargin": True},
        "height": 120 + 52 * len(names),
        "margin": {"l": 10, "r": 14, "t": 20, "b": 60},
        "showlegend": False,
        "dragmode": False,
    }
    return {"data": [bars], "layout": layout}


def gaps(lower: list[float], upper: list[float]) -> list[float]:
    """Differences between two lists of numbers, one by one."""
    return [six_digits(high - low) for low, high in zip(lower, upper, strict=True)]


def wrapped_label(label: str) -> str:
    """A label in lines short enough to stand beside bars on a phone."""
    lines = [""]
    for word in label.split():
        if len(lines[-1]) + len(word) > 21:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)
