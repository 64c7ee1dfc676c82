"""The report and the comparison in a real Chromium: quiet, quick, downloadable, usable by keyboard, on a phone, in the dark, on paper."""

from __future__ import annotations

import time

import pytest

from experiments.compare import write_comparison
from experiments.store import load_result

DRAWN = "body[data-drawn]"


@pytest.fixture(scope="module")
def addresses(finished):
    """The report and a page that compares it with itself."""
    both = write_comparison([load_result(finished)] * 2, finished.parent / "comparison.html")
    return {"report": (finished / "report.html").as_uri(), "comparison": both.as_uri()}


@pytest.fixture
def page(chromium):
    """A page that must not complain and must not reach outside."""
    said = []
    opened = chromium.new_page(viewport={"width": 1200, "height": 900})
    opened.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: None if request.url.startswith(("file:", "data:", "blob:")) else said.append(request.url))
    yield opened
    opened.close()
    assert said == []


@pytest.mark.parametrize("name", ["report", "comparison"])
def test_pages_open_quietly_and_soon(page, addresses, name):
    page.goto("about:blank")
    began = time.monotonic()
    page.goto(addresses[name])
    page.wait_for_selector(".main-svg")
    first_picture = time.monotonic() - began
    page.wait_for_selector(DRAWN)
    assert page.locator(".plot .main-svg").count() >= page.locator("figure").count()
    assert first_picture < 10.0


def test_a_figure_is_downloaded_as_picture_and_as_numbers(page, addresses):
    page.goto(addresses["report"])
    page.wait_for_selector(DRAWN)
    with page.expect_download() as picture:
        page.click("#shortfall button[data-save=png]")
    assert picture.value.suggested_filename == "shortfall.png"
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    for key, head in (("shortfall", "measure,curve,month,p5,median,p95"), ("whereabouts", ",from,to,mean"), ("beveridge", ",")):
        with page.expect_download() as numbers:
            page.click(f"#{key} button[data-save=csv]")
        lines = numbers.value.path().read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith(head)
        assert len(lines) > 3


def test_a_keyboard_reaches_contents_downloads_and_numbers(page, addresses):
    page.goto(addresses["report"])
    page.wait_for_selector(DRAWN)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#heads summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('#heads details').open")
    unnamed = "[...document.querySelectorAll('button, [role=img], [role=region]')].filter(e => !e.getAttribute('aria-label')).length"
    assert page.evaluate(unnamed) == 0


def test_a_phone_does_not_scroll_sideways(page, addresses):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(addresses["report"])
    page.wait_for_selector(DRAWN)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.slow
def test_text_stands_out_in_light_dark_and_on_paper(page, addresses):
    page.goto(addresses["report"])
    page.wait_for_selector(DRAWN)
    for media in ({"color_scheme": "light"}, {"color_scheme": "dark"}, {"media": "print", "color_scheme": "dark"}):
        page.emulate_media(**media)
        colours = page.evaluate(COLOURS)
        for name in ("ink", "soft", "accent"):
            assert contrast(colours[name], colours["paper"]) >= 4.5, (media, name)


COLOURS = """() => Object.fromEntries(["ink", "soft", "accent", "paper"].map(
    name => [name, getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim()]))"""


def contrast(one, other):
    """WCAG's contrast ratio of two hex colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    """WCAG's relative luminance."""
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
