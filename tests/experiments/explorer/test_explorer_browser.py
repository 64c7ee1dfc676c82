"""The explorer in Chromium: sliders, links, downloads, phones and hostile addresses."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import sys
import threading
import time
import urllib.error
import urllib.request

import pytest
import yaml

from experiments.explorer.address import ExplorerScenario, settings_of
from experiments.explorer.app import make_app
from experiments.explorer.control_panel import slider_id
from experiments.explorer.controls import CONTROLS, LEVERS_FROM
from experiments.explorer.explorer_ensembles import Stage
from experiments.explorer.simulation_jobs import SimulationPool
from experiments.explorer.web_server import WebServer, listening_socket
from tests.support.colours import contrast

STAGES = (Stage(0.02, 2), Stage(1.0, 2))
CURVE = "document.querySelector('#graph .js-plotly-plot')?.data?.find(t => t.meta)?.y?.join()"
META = "document.querySelector('#graph .js-plotly-plot')?.layout?.meta"
PLOTTED = f"{CURVE}?.length > 100"
WAIT = 60_000


@pytest.fixture(scope="module")
def site(finished):
    """The explorer with small ensembles, and a finished result beside; its address."""
    sys.setswitchinterval(0.0002)
    pool = SimulationPool(1, STAGES)
    pool.warm_up(settings_of(ExplorerScenario()).scenario)
    app = make_app(pool, finished.parent).server
    server = WebServer(app, listening_socket("127.0.0.1", 0))
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}/"
    server.stop()
    pool.close()
    sys.setswitchinterval(0.005)


@pytest.fixture
def page(chromium):
    """A page that must log no error and no warning.

    Playwright waits for conditions by eval, which the page's own policy forbids.
    """
    with quiet_page(chromium, bypass_csp=True) as opened:
        yield opened


@contextlib.contextmanager
def quiet_page(chromium, **options):
    """A page that must log no error and no warning but those that its test clears."""
    complaints = []
    viewport = {"width": 1200, "height": 900}
    context = chromium.new_context(accept_downloads=True, viewport=viewport, **options)
    opened = context.new_page()
    opened.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.complaints = complaints
    yield opened
    context.close()
    assert complaints == []


def open_at(page, address):
    """Open the explorer and wait for its first figure; returns the curve."""
    page.goto(address)
    page.wait_for_function(PLOTTED, timeout=WAIT)
    return page.evaluate(CURVE)


def finished_at(page, part):
    """Wait until the figure shows a finished scenario with this part in its address.

    Returns the curve.
    """
    page.wait_for_function(
        f"{META}?.finished && {META}.scenario.includes({json.dumps(part)})", timeout=WAIT
    )
    return page.evaluate(CURVE)


@pytest.mark.slow
def test_a_slider_changes_the_curve_and_the_address_and_a_link_reopens_it(page, site):
    before = open_at(page, site)
    assert page.inner_text("#question").startswith("Everybody sent home by December 2019")
    thumb = page.locator(
        "#policy-compliance [role=slider], #policy-compliance input[type=range]"
    ).first
    thumb.focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    curve = finished_at(page, "policy.compliance=0.5")
    assert curve != before
    page.wait_for_function("location.search.includes('policy.compliance=0.5')", timeout=WAIT)
    assert "policy.compliance=0.5" in page.inner_text("#command")
    assert page.inner_text("#status").endswith("Done.")
    assert (
        page.locator("#announcement")
        .text_content()
        .startswith("Done. Under policy un2397 at compliance 0.5")
    )
    other = page.context.new_page()
    other.goto(page.url)
    assert finished_at(other, "policy.compliance=0.5") == curve
    assert other.inner_text("#policy-compliance-now") == "0.5"


@pytest.mark.slow
def test_kept_scenarios_and_finished_results_are_compared_level_by_level_and_in_pairs(
    page, site, finished
):
    kept = "name%3DLetter%26policy%3Dun2397"
    open_at(page, f"{site}?policy=cliff&trade=structural&measures=shortfall_workers&pin={kept}")
    traces = "document.querySelector('#graph .js-plotly-plot').data"
    names = f"[...new Set({traces}.map(t => t.name).filter(Boolean))].join()"
    page.wait_for_function(f"{names} === 'All at the deadline,Letter'", timeout=WAIT)
    assert "structural trades" in page.locator("#graph").inner_text()
    page.click("#reference")
    page.get_by_text("difference from Letter").last.click()
    page.wait_for_function(
        "document.querySelector('#compared')?.innerText.includes('pair by pair')"
        " && location.search.includes('reference=Letter')",
        timeout=WAIT,
    )
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_function(
        "document.querySelector('#note')?.innerText.startsWith('Each scenario minus Letter')",
        timeout=WAIT,
    )
    page.click("#compare_with")
    # The list at the foot of the page has the name as well.
    page.get_by_text(finished.name).first.click()
    page.click("#kept_names [class*=clear], #kept_names-wrapper [class*=clear]")
    both = f"{names}.replaceAll('<br>', '')"
    page.wait_for_function(
        f"{both}.startsWith('All at the deadline,') && {both}.includes('{finished.name}')",
        timeout=WAIT,
    )


@pytest.mark.slow
def test_downloads(page, site):
    open_at(page, f"{site}?policy=blind_eye&policy.compliance=0.3")
    with page.expect_download() as data:
        page.click("#csv")
    lines = data.value.path().read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("scenario,scale,replicates,measure")
    assert len(lines) > 5000
    with page.expect_download() as config:
        page.click("#yaml")
    assert (
        yaml.safe_load(config.value.path().read_text(encoding="utf-8"))["policy"]["compliance"]
        == 0.3
    )


def test_a_hostile_address_is_answered_with_the_checks_and_the_page_goes_on(page, site):
    open_at(page, f"{site}?policy.compliance=7&policy=<script>alert(1)</script>&x=1")
    problems = page.inner_text("#problems")
    assert "policy: given '<script>alert(1)</script>'; allowed: one of" in problems
    assert "x: no such key" in problems
    assert page.inner_text("#policy-compliance-now") == "1"


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_opens_quietly_under_its_policy_which_stops_injected_scripts(
    chromium, site, width
):
    with quiet_page(chromium) as page:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(site)
        wait_until(page, PLOTTED)
        assert page.complaints == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate(INJECTED)
        wait_until(page, "window.violations.length >= 2")
        assert page.evaluate("window.ran") is None
        assert all("Content Security Policy" in text for text in page.complaints)
        page.complaints.clear()


def wait_until(page, condition):
    """Wait until a condition holds, without eval in the page."""
    end = time.monotonic() + WAIT / 1000
    while not page.evaluate(condition):
        assert time.monotonic() < end, f"waited too long: {condition}"
        time.sleep(0.1)


INJECTED = """() => {
  window.violations = [];
  document.addEventListener("securitypolicyviolation", event => window.violations.push(event));
  const script = document.createElement("script");
  script.textContent = "window.ran = true";
  document.body.append(script);
  const image = "<img src=data:, onerror='window.ran = true'>";
  document.querySelector("#note").insertAdjacentHTML("beforeend", image);
}"""


def test_a_phone_shows_answer_and_figure_without_scrolling_sideways(page, site):
    page.set_viewport_size({"width": 390, "height": 844})
    open_at(page, site)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    places = [page.locator(name).bounding_box()["y"] for name in ("#cards", "#graph", "#policy")]
    assert places == sorted(places)
    assert page.locator("#graph").bounding_box()["width"] > 340
    assert page.evaluate(CUT) == []
    page.get_by_text("Change the scenario").click()
    page.wait_for_function(
        "document.querySelector('#policy').getBoundingClientRect().top < innerHeight", timeout=WAIT
    )
    page.get_by_text("See the result").click()
    page.wait_for_function(
        "document.querySelector('#answer').getBoundingClientRect().top >= 0", timeout=WAIT
    )
    assert page.evaluate(CURVE)


CUT = """() => [...document.querySelectorAll("#graph .annotation-text, #graph .legendtext")]
    .filter(text => text.getBoundingClientRect().right > innerWidth)
    .map(text => text.textContent)"""


@pytest.mark.slow
def test_every_slider_moves_by_the_keyboard_and_stands_in_the_address(page, site):
    open_at(page, site)
    for control in (*CONTROLS, LEVERS_FROM):
        thumb = page.locator(f"#{slider_id(control)} [role=slider]")
        assert thumb.get_attribute("aria-label").startswith(control.label)
        page.wait_for_function(f"!document.querySelector('#{slider_id(control)} [data-disabled]')")
        thumb.focus()
        page.keyboard.press("ArrowLeft" if control.key == "policy.compliance" else "ArrowRight")
        page.wait_for_function(f"location.search.includes({json.dumps(control.key)})", timeout=WAIT)
    assert all(control.key in page.inner_text("#command") for control in CONTROLS)
    page.click("#reset")
    page.wait_for_function("location.search === '?policy=un2397'", timeout=WAIT)


def test_controls_are_named_explained_and_say_why_they_are_idle(page, site):
    open_at(page, site)
    for name in ("policy", "view", "trade", "measures"):
        assert (
            page.locator(f"#{name}").get_attribute("aria-labelledby").split()[0] == f"{name}-label"
        )
    assert page.locator("#reference").is_disabled()
    assert "Keep a scenario" in page.inner_text("#picker_reason")
    thumb = page.locator("#policy-inspection_rate [role=slider]")
    described = [
        page.locator(f"#{name}").text_content()
        for name in thumb.get_attribute("aria-describedby").split()
    ]
    assert described[0].startswith("Chance that a worker under cover is inspected")
    assert described[1].startswith("At compliance 1 everybody is made to leave")
    page.locator("#policy-inspection_rate-help").locator("xpath=preceding-sibling::button").hover()
    assert page.locator("#policy-inspection_rate-help").is_visible()


@pytest.mark.slow
def test_the_command_is_copied_and_the_button_says_so_until_it_changes(page, site):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.rstrip("/"))
    open_at(page, f"{site}?policy=cliff")
    page.click("#copy")
    page.wait_for_function("document.querySelector('#copy').innerText === 'Copied'", timeout=WAIT)
    assert (
        page.evaluate("navigator.clipboard.readText()")
        == "python -m experiments.run policy=cliff replicates=20"
    )
    page.locator("#policy-compliance [role=slider]").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(
        "document.querySelector('#copy').innerText === 'Copy the command'", timeout=WAIT
    )


@pytest.mark.slow
def test_what_cannot_be_copied_is_not_called_copied(page, site):
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    open_at(page, site)
    page.click("#copy")
    page.wait_for_function(
        "document.querySelector('#copy').innerText === 'Copy it from below'", timeout=WAIT
    )


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_on_the_page_and_in_the_figure(page, site, scheme):
    page.emulate_media(color_scheme=scheme)
    open_at(page, site)
    colours = page.evaluate(COLOURS)
    for name, behind in itertools.product(("ink", "soft", "accent"), ("paper", "panel")):
        assert contrast(colours[name], colours[behind]) >= 4.5, (scheme, name, behind)
    title = page.evaluate(
        "getComputedStyle(document.querySelector('#graph .annotation-text')).fill"
    )
    assert (
        contrast(
            "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", title)[:3]),
            colours["paper"],
        )
        >= 4.5
    )


COLOURS = """() => {
  const style = getComputedStyle(document.documentElement);
  const names = ["ink", "soft", "accent", "paper", "panel"];
  return Object.fromEntries(names.map(n => [n, style.getPropertyValue("--" + n).trim()]));
}"""


def test_idle_pickers_are_disabled_and_a_legend_on_a_phone_is_below_the_years(page, site):
    page.set_viewport_size({"width": 390, "height": 844})
    open_at(page, f"{site}?view=papers&policy.compliance=0.5")
    assert page.locator("#measures").is_disabled()
    assert page.locator("#trade").is_disabled()
    ticks = "[...document.querySelectorAll('#graph .xtick text')]"
    bottom = f"Math.max(...{ticks}.map(text => text.getBoundingClientRect().bottom))"
    legend = "document.querySelector('#graph .legend .traces').getBoundingClientRect().top"
    assert page.evaluate(f"{legend} >= {bottom} - 1")


@pytest.mark.slow
def test_every_figure_can_be_shown(page, site):
    for view in ("crew_fates", "beveridge", "public_cost"):
        page.goto(f"{site}?view={view}&policy.compliance=0.5")
        page.wait_for_function(
            "document.querySelector('#frame')?.getAttribute('aria-label')?.length > 10",
            timeout=WAIT,
        )


def test_only_this_machine_by_its_own_name_is_answered(site):
    request = urllib.request.Request(site, headers={"Host": "elsewhere.example"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert caught.value.code == 400


def test_a_closed_tab_leaves_the_explorer_running(chromium, site):
    for _ in range(3):
        tab = chromium.new_page()
        tab.goto(site)
        tab.close()
    time.sleep(0.2)
    assert urllib.request.urlopen(site).status == 200
