"""The two accounts that add up: where the North Koreans went, and who replaced the lost hours."""

from __future__ import annotations

from experiments.drawing import BLUE, GREY, MEANS, Drawn, Figure, row_title, short
from experiments.reading import Summary, interval, months_of
from experiments.sankey import GAP, HEIGHT, Flow, crew_flows, sankey, work_flows

THOUSAND = 1e3


FLOWS_LEAD = (
    "Above: everyone at work at the start, by what has become of him by the end; whoever is found had gone under cover before. Below: the "
    "labour lost with them and what stands in for it: an account of hours, as nobody is followed into a post. What adds to the loss comes "
    "in from the left."
)
FLOWS_SOURCE = "Simulation, policy run and its twin; means, as they add up (medians and intervals of the hours: next figure)."


def whereabouts(summary: Summary) -> Figure | None:
    """Heads by what has become of them, and what stands in for their work; None where there were none."""
    end = months_of(summary)[-1]
    parts = {
        f"North Korean workers, to {end}": (crew_flows(summary), ",.0f"),
        "Their work, thousand standard worker-months": (work_flows(summary), ",.1f"),
    }
    shown = {title: part for title, part in parts.items() if part[0]}
    if len(shown) < len(parts):
        return None
    table = [["", "from", "to", "mean"]]
    for title, (flows, form) in shown.items():
        table += [[title, flow.source, flow.target, f"{flow.amount:{form}}"] for flow in flows]
    said = (f"{source} to {target}: {amount}" for _, source, target, amount in table[1:])
    alt = f"Flows, means of the replicates: {'; '.join(said)}."
    title = "Where the North Koreans went, and what stands in for their work"
    return Figure("whereabouts", title, FLOWS_LEAD, FLOWS_SOURCE, alt, flow_plot(shown), table, MEANS)


def flow_plot(parts: dict[str, tuple[list[Flow], str]]) -> Drawn:
    """Both accounts below one another."""
    layout: Drawn = {"height": HEIGHT, "margin": {"l": 8, "r": 8, "t": 36, "b": 12}, "showlegend": False, "dragmode": False}
    domains = ((0.5 + GAP / 2, 1.0), (0.0, 0.5 - GAP / 2))
    layout["annotations"] = [row_title(title, domain[1]) | {"xshift": 0} for title, domain in zip(parts, domains, strict=True)]
    return {"data": [sankey(*part, domain) for part, domain in zip(parts.values(), domains, strict=True)], "layout": layout}


def replaced(summary: Summary) -> Figure:
    """Who replaced the lost hours by the end of the run."""
    end = months_of(summary)[-1]
    names = [name for name, known in summary["measures"].items() if name.endswith("_worker_months") and "cumulated" in known["unit"]]
    labels = [summary["measures"][name]["label"] for name in names]
    low, median, high = ([short(summary["measures"][name]["by_month"][end][i] / THOUSAND) for name in names] for i in range(3))
    spread = {"type": "data", "symmetric": False, "array": gaps(median, high), "arrayminus": gaps(low, median), "thickness": 1.5}
    colours = [GREY, *([BLUE] * (len(names) - 1))]
    bars = {"type": "bar", "orientation": "h", "x": median, "y": [wrapped(label) for label in labels], "error_x": spread}
    bars |= {"marker": {"color": colours}, "hovertemplate": "%{y}: %{x:,.1f}<extra></extra>"}
    layout = {
        "xaxis": {"title": {"text": f"thousand standard worker-months, start to {end}"}},
        "yaxis": {"autorange": "reversed", "automargin": True},
        "height": 120 + 52 * len(names),
        "margin": {"l": 10, "r": 14, "t": 20, "b": 60},
        "showlegend": False,
        "dragmode": False,
    }
    lead = (
        "The grey bar is the labour lost with the North Koreans. In each replicate the blue bars add up to it: more hands of other "
        "groups, labour saved by technique, work put off, work never built; hands idled because other trades are missing count against it."
    )
    table = [["thousand standard worker-months", end]]
    table += [[label, interval(summary, name, end, ",.1f", THOUSAND)] for label, name in zip(labels, names, strict=True)]
    alt = "Bars, thousand standard worker-months: " + "; ".join(f"{row[0]} {row[1]}" for row in table[1:]) + "."
    source = "Simulation, policy run against its twin."
    return Figure("replaced", "Who replaced the lost hours", lead, source, alt, {"data": [bars], "layout": layout}, table)


def gaps(lower: list[float], upper: list[float]) -> list[float]:
    """Distances between two lists of numbers."""
    return [short(high - low) for low, high in zip(lower, upper, strict=True)]


def wrapped(label: str) -> str:
    """A label in lines that fit beside bars on a phone."""
    lines = [""]
    for word in label.split():
        if len(lines[-1]) + len(word) > 21:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)
