"""The Dash application and its server, which answers this machine alone unless told otherwise."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from dash import Dash

from experiments.explorer.address import ExplorerScenario, settings_of
from experiments.explorer.callback_requests import register_checks
from experiments.explorer.callbacks import register
from experiments.explorer.controls import FIRST_YEAR, POLICIES, configuration_of
from experiments.explorer.explorer_figures import ALL_TRADES, FIRST_MEASURES, MEASURES
from experiments.explorer.finished_results import find_finished
from experiments.explorer.page_layout import page
from experiments.explorer.page_state import LEVELS
from experiments.explorer.result_list import ResultList
from experiments.explorer.result_pages import register_pages
from experiments.explorer.services import STUDIES, Services
from experiments.explorer.simulation_jobs import SimulationPool
from experiments.explorer.studies import StudyQueue
from experiments.explorer.study_callbacks import register_studies
from experiments.explorer.web_answers import register_answers
from experiments.explorer.web_server import LARGEST_REQUEST_BYTES, WebServer, listening_socket
from experiments.reporting.html import asset_text
from sim.measures.catalogue import measures_of
from sim.scenario import Scenario

LOCAL = ("127.0.0.1", "localhost", "[::1]")
SWITCH_SECONDS = 0.0002
"""How long a thread that leaves a kernel waits for the interpreter at most.

Python's default of 5 ms would slow down short kernels tenfold.
"""


def make_app(
    pool: SimulationPool,
    store: Path | None = None,
    hosts: Sequence[str] | None = LOCAL,
    studies: StudyQueue | None = None,
) -> Dash:
    """The application; it answers requests to these hosts only, or to any if None.

    Pages may start studies if there is a queue for them. Raises FolderError if there is no finished
    result in `store`.
    """
    # Composed here once, as Hydra works in one thread only; the threads of requests use the cache.
    for policy in POLICIES:
        configuration_of(policy)
    scenario = settings_of(ExplorerScenario()).scenario
    trades, measures = scenario.market.trades, measure_labels(scenario)
    for note in find_finished(store).notes if store else ():
        print(note, file=sys.stderr)
    listed = ResultList([*([store] if store else []), STUDIES, STUDIES / "sweeps"])
    app = Dash(
        __name__,
        title="Explorer: construction labour",
        update_title="",
        assets_folder="assets",
        serve_locally=True,
    )
    script = page_script()
    app.index_string = index_page(app.index_string, script)
    app.server.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST_BYTES, TRUSTED_HOSTS=list(hosts) if hosts else None
    )
    services = Services(pool, listed, measures, trades, studies)
    app.layout = lambda: page(services)
    register(app, services)
    register_studies(app, services)
    register_pages(app, listed)
    register_answers(app, [*app.csp_hashes(), hash_of(script)])
    register_checks(app, services)
    return app


def measure_labels(scenario: Scenario) -> dict[str, str]:
    """Labels of the measures to choose from, by name; the trade has a picker of its own."""
    endings = tuple(f"_{trade}" for trade in scenario.market.trades)
    return {
        name: measure.label
        for name, measure in measures_of(scenario).items()
        if not name.endswith(endings)
    }


def page_script() -> str:
    """The script of the page that its assets need: shared functions, and what is shown at first."""
    display = {"view": MEASURES, "measures": ",".join(FIRST_MEASURES), "trade": ALL_TRADES}
    display |= {"reference": LEVELS}
    defaults = json.dumps({"firstYear": FIRST_YEAR, "display": display, "asked": 0})
    return f"{asset_text('plots.js')}\nconst explorerDefaults = {defaults};"


def index_page(shipped: str, script: str) -> str:
    """Dash's index page with a script and its language, by which screen readers pronounce it."""
    return shipped.replace("<html>", '<html lang="en">').replace(
        "{%css%}", f"{{%css%}}<script>{script}</script>"
    )


def hash_of(script: str) -> str:
    """The hash by which a Content-Security-Policy allows an inline script."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def serve(host: str, port: int, store: Path | None) -> None:
    """Serve until interrupted."""
    sys.setswitchinterval(SWITCH_SECONDS)
    pool, studies = SimulationPool(), StudyQueue()
    app = make_app(pool, store, LOCAL if host in LOCAL else None, studies)
    server = WebServer(app.server, listening_socket(host, port))
    pool.warm_up(settings_of(ExplorerScenario()).scenario)
    print(f"explorer at http://{host}:{port} (Ctrl-C ends it)", flush=True)
    try:
        server.run()
    finally:
        studies.close()
