"""Figures of failures: the draws over the two restrictions that matter most, and all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.decisions.calibrated_inputs import plain_name
from experiments.decisions.pages.decision_figures import bars, decision_figure
from experiments.reporting.plotting import BLUE, RED, Figure, PlotSpec, see_through, six_digits
from experiments.sweeps.reporting.figure_parts import Caption, stacked_layout


def discover_figures(numbers: Mapping[str, Any]) -> list[tuple[Figure, str]]:
    """Every figure with a note on its marks; none where there is no range to show."""
    note = f"Of {numbers['draws']} draws of the {numbers['of']}."
    if not numbers["ranges"]:
        return []
    return [(draw_figure(numbers), note), (survival_figure(numbers), note)]


def draw_figure(numbers: Mapping[str, Any]) -> Figure:
    """Every draw over one or two restricted inputs, failures marked, with the ranges."""
    found, names = numbers["futures"], [plain_name(key) for key in numbers["futures"]["keys"]]
    data = [draws_of(found, kind) for kind in (True, False)]
    title = names[1] if len(names) > 1 else "number of the draw"
    layout = stacked_layout([title], names[0], [trace["name"] for trace in data])
    layout["shapes"] = [box_shape(numbers)]
    table = [["", "at least", "at most"]]
    table += [[each["name"], bound(each["low"]), bound(each["high"])] for each in numbers["ranges"]]
    lead = (
        "Each dot is a draw of the parameters. The shaded ranges hold the failures; other "
        "restrictions are in the table."
    )
    caption = Caption("draws", "Which draws fail", lead, "Dots: draws")
    return decision_figure(caption, {"data": data, "layout": layout}, table)


def draws_of(found: Mapping[str, Any], fails: bool) -> PlotSpec:
    """The draws that fail, or those that do not."""
    chosen = [place for place, each in enumerate(found["fails"]) if each == fails]
    x, *others = found["values"]
    y = others[0] if others else list(range(len(x)))
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "fails" if fails else "meets the goals",
        "x": [six_digits(x[place]) for place in chosen],
        "y": [six_digits(y[place]) for place in chosen],
        "marker": {
            "size": 6,
            "color": RED if fails else BLUE,
            "symbol": "x" if fails else "circle-open",
        },
    }


def box_shape(numbers: Mapping[str, Any]) -> PlotSpec:
    """The shaded ranges; an open end reaches to the outermost draw."""
    found = numbers["futures"]
    by_key = {each["key"]: each for each in numbers["ranges"]}
    shape: PlotSpec = {
        "type": "rect",
        "layer": "below",
        "line": {"width": 0},
        "fillcolor": see_through(RED, 0.12),
        "yref": "y domain",
        "y0": 0,
        "y1": 1,
    }
    for letter, key, values in zip("xy", found["keys"], found["values"], strict=False):
        low, high = by_key[key]["low"], by_key[key]["high"]
        shape |= {
            f"{letter}ref": letter,
            f"{letter}0": min(values) if low is None else low,
            f"{letter}1": max(values) if high is None else high,
        }
    return shape


def survival_figure(numbers: Mapping[str, Any]) -> Figure:
    """How often each restriction comes back in resamples."""
    items = [(each["name"], 100.0 * each["survival"]) for each in numbers["ranges"]]
    lead = "How often the same parameter is restricted again when the draws are resampled."
    caption = Caption("survival", "Restrictions that survive resampling", lead, "Bars: shares")
    return bars(caption, "Share of resamples, percent", items)


def bound(value: float | None) -> str:
    """An end of a range, empty if it is open."""
    return "" if value is None else f"{value:,.4g}"
