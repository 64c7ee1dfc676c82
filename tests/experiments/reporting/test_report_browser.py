"""The report and the comparison in a real Chromium.

They open quickly and without errors, offer downloads, and work by keyboard, on a phone, with dark
colours and on paper.
"""

from __future__ import annotations

import csv
import itertools
import time

import pytest

from experiments.reporting.side_by_side import write_comparison
from experiments.results.result_folder import load_result
from tests.support.colours import contrast

PLOTTED = "body[data-plotted]"


@pytest.fixture(scope="module")
def addresses(finished):
    """The report and a page that compares it with itself."""
    both = write_comparison([load_result(finished)] * 2, finished.parent / "comparison.html")
    return {"report": (finished / "report.html").as_uri(), "comparison": both.as_uri()}


@pytest.fixture
def page(chromium):
    """A page; the test fails if it logs an error or requests anything but the file itself."""
    complaints = []
    opened = chromium.new_page(viewport={"width": 1200, "height": 900})
    opened.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("file:", "data:", "blob:"))
            else complaints.append(request.url)
        ),
    )
    yield opened
    opened.close()
    assert complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["report", "comparison"])
def test_pages_open_quietly_and_soon(page, addresses, name):
    page.goto("about:blank")
    began = time.monotonic()
    page.goto(addresses[name])
    page.wait_for_selector(".main-svg")
    first_picture = time.monotonic() - began
    page.wait_for_selector(PLOTTED)
    assert page.locator(".plot .main-svg").count() >= page.locator("figure").count()
    assert first_picture < 10.0


@pytest.mark.slow
def test_a_figure_is_downloaded_as_picture_and_as_numbers(page, addresses):
    page.goto(addresses["report"])
    page.wait_for_selector(PLOTTED)
    with page.expect_download() as picture:
        page.click("#shortfall button[data-save=png]")
    assert picture.value.suggested_filename == "shortfall.png"
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    for key, head in HEADS.items():
        with page.expect_download() as numbers:
            page.click(f"#{key} button[data-save=csv]")
        with numbers.value.path().open(encoding="utf-8", newline="") as lines:
            first, *rows = csv.reader(lines)
        assert ",".join(first) == head
        assert len(rows) > 3
        numeric = [i for i, name in enumerate(first) if name.split(" ")[-1] in (*PARTS, "mean")]
        assert [[float(row[i]) for i in numeric] for row in rows]


PARTS = ("p5", "median", "p95")
HEADS = {
    "shortfall": "measure,curve,month,p5,median,p95",
    "crew_fates": ",from,to,mean",
    "beveridge": ","
    + ",".join(
        f"{name} {part}"
        for name in ("seekers (percent)", "job vacancy rate (percent)")
        for part in PARTS
    ),
    "replaced": "thousand standard worker-months,2020-12 p5,2020-12 median,2020-12 p95",
}


@pytest.mark.slow
def test_a_keyboard_reaches_contents_downloads_and_numbers(page, addresses):
    page.goto(addresses["report"])
    page.wait_for_selector(PLOTTED)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#heads summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('#heads details').open")
    labels = page.evaluate(LABELS)
    assert labels
    assert all(labels)


LABELS = """() => [...document.querySelectorAll("button, [role=img], [role=region]")]
    .map(element => element.getAttribute("aria-label"))"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["report", "comparison"])
def test_a_phone_does_not_scroll_sideways_and_cuts_no_title(page, addresses, name):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(addresses[name])
    page.wait_for_selector(PLOTTED)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(CUT) == []


CUT = """() => {
    const names = ["annotation-text", "xtitle", "ytitle", "legendtext"];
    const texts = document.querySelectorAll(names.map(name => ".plot ." + name).join(", "));
    const isCut = text => {
        const box = text.getBoundingClientRect();
        const plot = text.closest(".plot").getBoundingClientRect();
        return box.left < plot.left - 1 || box.right > plot.right + 1
            || box.bottom > plot.bottom + 1;
    };
    return [...texts].filter(isCut).map(text => text.textContent);
}"""
"""Texts of plots that reach beyond their plot."""


@pytest.mark.slow
def test_paper_shows_every_figure_whole_with_its_flows_and_the_configuration(page, addresses):
    page.emulate_media(color_scheme="dark")
    page.goto(addresses["report"])
    page.wait_for_selector(PLOTTED)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(OPACITIES).count("1") >= 4
    assert page.locator("details.printed pre").is_visible()
    assert max(page.evaluate(HEIGHTS)) < A4
    ink = "getComputedStyle(document.querySelector('#shortfall .annotation-text')).fill"
    assert page.evaluate(ink) == "rgb(27, 31, 36)"


OPACITIES = """() => [...document.querySelectorAll(".sankey-link")]
    .map(link => getComputedStyle(link).opacity)"""
HEIGHTS = """() => [...document.querySelectorAll("figure")]
    .map(figure => figure.getBoundingClientRect().height)"""
A4 = (297 - 2 * 14) / 25.4 * 96
"""Height of a page of paper in pixels, without its margins."""


@pytest.mark.slow
def test_text_stands_out_in_light_dark_and_on_paper(page, addresses):
    page.goto(addresses["report"])
    page.wait_for_selector(PLOTTED)
    for media in (
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"media": "print", "color_scheme": "dark"},
    ):
        page.emulate_media(**media)
        colours = page.evaluate(COLOURS)
        for name, behind in itertools.product(("ink", "soft", "accent"), ("paper", "panel")):
            assert contrast(colours[name], colours[behind]) >= 4.5, (media, name, behind)


COLOURS = """() => {
    const style = getComputedStyle(document.documentElement);
    const names = ["ink", "soft", "accent", "paper", "panel"];
    const colour = name => style.getPropertyValue("--" + name).trim();
    return Object.fromEntries(names.map(name => [name, colour(name)]));
}"""
