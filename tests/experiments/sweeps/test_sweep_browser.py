"""A sweep's report in Chromium, on a phone and a wide screen: no text is covered or cut off."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.sweep import main
from tests.support.small_sweeps import SMALL

COVERED = """([first, second]) => {
  const boxes = (plot, selector) => [...plot.querySelectorAll(selector)]
    .map(each => each.getBoundingClientRect()).filter(box => box.width);
  const common = (a, b, low, high) => Math.min(a[high], b[high]) - Math.max(a[low], b[low]);
  const meet = (a, b) => common(a, b, "left", "right") > 1 && common(a, b, "top", "bottom") > 1;
  const covers = plot => boxes(plot, first).some(a => boxes(plot, second).some(b => meet(a, b)));
  return [...document.querySelectorAll(".plot")].filter(covers).map(plot => plot.id);
}"""
"""Plots in which an element of the first selector covers one of the second."""
CUT_OFF = """selector => {
  const cut = (box, outer) => box.width && (box.left < outer.left - 1
    || box.right > outer.right + 1 || box.bottom > outer.bottom + 1);
  const hasCut = plot => [...plot.querySelectorAll(selector)]
    .some(each => cut(each.getBoundingClientRect(), plot.getBoundingClientRect()));
  return [...document.querySelectorAll(".plot")].filter(hasCut).map(plot => plot.id);
}"""
"""Plots beyond whose frame an element of the selector reaches."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of a sweep over compliance and the deadline, whose points have long names."""
    folder = tmp_path_factory.mktemp("seen") / "store"
    assert (
        main(
            [
                *SMALL,
                "months=42",
                "replicates=1",
                "policy.leave_by=2018-06-30,2019-03-31,null",
                f"store={folder}",
            ]
        )
        == 0
    )
    return (folder / "report.html").as_uri()


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_covers_anything_or_is_cut_off(chromium: Any, address: str, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    try:
        page.goto(address)
        page.wait_for_selector("body[data-plotted]")
        for pair in (
            (".legend", ".annotation"),
            (".legend", ".xtick"),
            (".legend", ".xtitle"),
            (".xtitle", ".xtick"),
        ):
            assert page.evaluate(COVERED, pair) == [], pair
        for selector in (".annotation", ".legend", ".ytick text"):
            assert page.evaluate(CUT_OFF, selector) == [], selector
        assert page.evaluate("document.documentElement.scrollWidth") == width
    finally:
        page.close()


def test_a_heatmap_names_its_levels() -> None:
    from experiments.sweeps.reporting.sweep_figures import heatmap

    axes = [
        {"key": "policy.compliance", "values": [0, 0.5, 1]},
        {"key": "policy.retained_workers", "values": [0, 5000]},
    ]
    measures = {
        name: {"2019-12": [1.0, 2.0, 3.0]}
        for name in ("shortfall_percent", "remaining_gap_percent")
    }
    points = [
        {
            "values": {"policy.compliance": x, "policy.retained_workers": y},
            "month": "2019-12",
            "measures": measures,
        }
        for x in (0, 0.5, 1)
        for y in (0, 5000)
    ]
    layout = heatmap(
        {"sweep": "mine", "axes": axes, "points": points, "common_month": "2019-12"}, 0, 1
    ).plot["layout"]
    assert [layout[f"xaxis{suffix}"]["tickvals"] for suffix in ("", "2")] == [[0, 0.5, 1]] * 2
    assert layout["yaxis"]["tickvals"] == [0, 5000]
