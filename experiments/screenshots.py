"""The README's pictures: `python -m experiments.screenshots RESULT` photographs a result's report and the explorer into docs/."""

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

from experiments.command import DONE, REFUSED, say
from experiments.reporting.png import browser
from experiments.reporting.report_page import page
from experiments.results.result_folder import FolderError, load_result

DOCS = Path(__file__).resolve().parents[1] / "docs"
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync"
SCENARIO = "?policy=un2397&policy.compliance=0.6&pin=policy%3Dun2397&measures=shortfall_workers,wage_real_rub"
LARGEST, WAIT = 300_000, 300_000


def main(argv: Sequence[str] | None = None) -> int:
    """Take all pictures; exit status 2 without a result or a browser."""
    parser = argparse.ArgumentParser("python -m experiments.screenshots", description=__doc__)
    parser.add_argument("result", type=Path, help="folder of a finished result")
    parser.add_argument(
        "--output", type=Path, default=DOCS, help="where the pictures go (default: docs)"
    )
    given = parser.parse_args(argv)
    try:
        text = page(load_result(given.result))
    except FolderError as error:
        return say(str(error), REFUSED)
    if browser() is None:
        return say(
            "needs Chromium or Chrome; install one (Debian: apt-get install chromium)", REFUSED
        )
    given.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as window:
        report = Path(folder, "report.html")
        report.write_text(text, encoding="utf-8")
        made = [
            *of_report(window, report.as_uri(), given.output),
            of_explorer(window, given.output),
        ]
    for path in made:
        print(f"written to {path} ({path.stat().st_size / 1000:.0f} kB)")
    return (
        DONE
        if all(path.stat().st_size < LARGEST for path in made)
        else say("a picture is larger than 300 kB", REFUSED)
    )


@contextmanager
def chromium() -> Iterator[Any]:
    """A window of this machine's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser(), args=FLAGS.split())
        yield opened.new_page(viewport={"width": 1000, "height": 860}, color_scheme="light")
        opened.close()


def of_report(window: Any, address: str, folder: Path) -> Iterator[Path]:
    """The top of the report, and the shortfall."""
    window.goto(address)
    window.wait_for_selector("body[data-drawn]")
    yield taken(window, folder / "report.png")
    yield taken(window.locator("#shortfall"), folder / "shortfall.png")


def of_explorer(window: Any, folder: Path) -> Path:
    """The explorer when the full krai of both its scenarios is done."""
    with explorer() as address:
        window.set_viewport_size({"width": 1280, "height": 1150})
        window.goto(f"{address}{SCENARIO}")
        window.wait_for_function(
            "document.querySelector('#state')?.innerText.includes('Done')", timeout=WAIT
        )
        window.wait_for_timeout(1000)
        return taken(window, folder / "explorer.png")


@contextmanager
def explorer() -> Iterator[str]:
    """The explorer on a free port; its address."""
    from werkzeug.serving import make_server

    from experiments.explorer.app import make_app
    from experiments.explorer.simulation_jobs import Pool

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    pool = Pool()
    server = make_server("127.0.0.1", 0, make_app(pool).server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    pool.close()


def taken(what: Any, path: Path) -> Path:
    """Photograph a page or a part of it."""
    what.screenshot(path=path)
    return path


if __name__ == "__main__":
    sys.exit(main())
