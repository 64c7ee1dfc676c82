"""`python -m experiments.screenshots RESULT` photographs report and explorer for the README."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from experiments.command import DONE, REFUSED, run_command, say

DOCS = Path(__file__).resolve().parents[1] / "docs"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
)
SCENARIO = (
    "?policy=un2397&policy.compliance=0.6&pin=policy%3Dun2397"
    "&measures=shortfall_workers,wage_real_rub"
)
"""The explorer's address for its picture: compliance 0.6 beside a kept scenario of compliance 1."""
LARGEST_BYTES = 300_000
WAIT_MILLISECONDS = 300_000


def main(argv: Sequence[str] | None = None) -> int:
    """Take all pictures; exit status 2 if there is no result or no browser."""
    parser = argparse.ArgumentParser("python -m experiments.screenshots", description=__doc__)
    parser.add_argument("result", type=Path, help="folder of a finished result")
    parser.add_argument(
        "findings", nargs="*", type=Path, help="folders of ask, worth and the like: a picture each"
    )
    parser.add_argument(
        "--output", type=Path, default=DOCS, help="where the pictures go (default: docs)"
    )
    given = parser.parse_args(argv)
    return run_command(lambda: photographed(given))


def photographed(given: argparse.Namespace) -> int:
    """Take the pictures, and print where they are."""
    from experiments.reporting.png import browser
    from experiments.reporting.report_page import report_html
    from experiments.results.result_folder import load_result

    text = report_html(load_result(given.result))
    if browser() is None:
        return say(
            "Chromium or Chrome is needed; install one (Debian: apt-get install chromium)", REFUSED
        )
    given.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as window:
        report = Path(folder, "report.html")
        report.write_text(text, encoding="utf-8")
        made = [
            *report_pictures(window, report.as_uri(), given.output),
            *(finding_picture(window, folder, given.output) for folder in given.findings),
            explorer_picture(window, given.output),
        ]
    for path in made:
        print(f"written to {path} ({path.stat().st_size / 1000:.0f} kB)")
    return (
        DONE
        if all(path.stat().st_size < LARGEST_BYTES for path in made)
        else say("a picture is larger than 300 kB", REFUSED)
    )


@contextmanager
def chromium() -> Iterator[Any]:
    """A page in this machine's Chromium."""
    from playwright.sync_api import sync_playwright

    from experiments.reporting.png import browser

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser(), args=list(FLAGS))
        # Waiting for the explorer runs scripts that its content policy refuses.
        yield opened.new_page(
            viewport={"width": 1000, "height": 860}, color_scheme="light", bypass_csp=True
        )
        opened.close()


def report_pictures(window: Any, address: str, folder: Path) -> Iterator[Path]:
    """Photograph the top of the report and the shortfall figure; yields the files."""
    window.goto(address)
    window.wait_for_selector("body[data-plotted]")
    yield photograph(window, folder / "report.png")
    yield photograph(window.locator("#shortfall"), folder / "shortfall.png")


def finding_picture(window: Any, finding: Path, folder: Path) -> Path:
    """Photograph the first figure of a decision command's page; named by the command."""
    from experiments.results.result_folder import REPORT, SUMMARY, read_mapping

    question = read_mapping(finding / SUMMARY)["question"]
    window.goto((finding / REPORT).resolve().as_uri())
    window.wait_for_selector("body[data-plotted]")
    return photograph(window.locator("figure").first, folder / f"{question}.png")


def explorer_picture(window: Any, folder: Path) -> Path:
    """Photograph the explorer once both of its scenarios are simulated at full scale."""
    with explorer() as address:
        window.set_viewport_size({"width": 1280, "height": 1150})
        window.goto(f"{address}{SCENARIO}")
        window.wait_for_function(
            "document.querySelector('#status')?.innerText.includes('Done')",
            timeout=WAIT_MILLISECONDS,
        )
        window.wait_for_timeout(1000)
        return photograph(window, folder / "explorer.png")


@contextmanager
def explorer() -> Iterator[str]:
    """Serve the explorer on a free port; yields its address."""
    from werkzeug.serving import make_server

    from experiments.explorer.app import make_app
    from experiments.explorer.simulation_jobs import SimulationPool

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    pool = SimulationPool()
    server = make_server("127.0.0.1", 0, make_app(pool).server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    pool.close()


def photograph(what: Any, path: Path) -> Path:
    """Photograph a page or an element of it; returns the file."""
    what.screenshot(path=path)
    return path


if __name__ == "__main__":
    sys.exit(main())
