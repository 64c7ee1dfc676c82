"""The Dash application and its server, which answers this machine alone unless told otherwise."""

from __future__ import annotations

import json
import logging
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from dash import Dash
from werkzeug.serving import make_server

from experiments.explorer.address import ExplorerScenario, settings_of
from experiments.explorer.callbacks import register
from experiments.explorer.controls import FIRST_YEAR, POLICIES, configuration_of
from experiments.explorer.explorer_figures import ALL_TRADES, FIRST_MEASURES, MEASURES
from experiments.explorer.finished_results import Found, find_finished
from experiments.explorer.page_layout import page
from experiments.explorer.services import Services
from experiments.explorer.simulation_jobs import SimulationPool
from experiments.reporting.html import asset_text
from sim.measures.catalogue import measures_of
from sim.scenario import Scenario

LOCAL = ("127.0.0.1", "localhost", "[::1]")
LARGEST_REQUEST = 1_000_000
SWITCH_SECONDS = 0.0002
"""How long a thread that leaves a kernel waits for the interpreter at most.

Python's default of 5 ms would slow down short kernels tenfold.
"""


def make_app(
    pool: SimulationPool, store: Path | None = None, hosts: Sequence[str] | None = LOCAL
) -> Dash:
    """The application; it answers requests to these hosts only, or to any if None.

    Raises FolderError if there is no finished result in `store`.
    """
    # Composed here once, as Hydra works in one thread only; the threads of requests use the cache.
    for policy in POLICIES:
        configuration_of(policy)
    scenario = settings_of(ExplorerScenario()).scenario
    trades, measures = scenario.market.trades, measure_labels(scenario)
    finished = find_finished(store) if store else Found({}, [])
    for note in finished.notes:
        print(note, file=sys.stderr)
    app = Dash(
        __name__,
        title="Explorer: construction labour",
        update_title="",
        assets_folder="assets",
        serve_locally=True,
    )
    app.index_string = index_page(app.index_string)
    app.server.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST, TRUSTED_HOSTS=list(hosts) if hosts else None
    )
    app.layout = lambda: page(measures, trades, list(finished.results))
    register(app, Services(pool, finished.results, measures, trades))
    return app


def measure_labels(scenario: Scenario) -> dict[str, str]:
    """Labels of the measures to choose from, by name; the trade has a picker of its own."""
    endings = tuple(f"_{trade}" for trade in scenario.market.trades)
    return {
        name: measure.label
        for name, measure in measures_of(scenario).items()
        if not name.endswith(endings)
    }


def index_page(shipped: str) -> str:
    """Dash's index page, with its language and with the scripts that the assets need.

    The language tells screen readers how to pronounce it.
    """
    display = {"view": MEASURES, "measures": ",".join(FIRST_MEASURES), "trade": ALL_TRADES}
    defaults = json.dumps({"firstYear": FIRST_YEAR, "display": display})
    scripts = f"{asset_text('plots.js')}\nconst explorerDefaults = {defaults};"
    return shipped.replace("<html>", '<html lang="en">').replace(
        "{%css%}", f"{{%css%}}<script>{scripts}</script>"
    )


def serve(host: str, port: int, store: Path | None) -> None:
    """Serve until interrupted."""
    sys.setswitchinterval(SWITCH_SECONDS)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    pool = SimulationPool()
    app = make_app(pool, store, LOCAL if host in LOCAL else None)
    server = make_server(
        host, port, app.server, threaded=True, fd=listening_socket(host, port).detach()
    )
    pool.warm_up(settings_of(ExplorerScenario()).scenario)
    print(f"explorer at http://{host}:{port} (Ctrl-C ends it)", flush=True)
    server.serve_forever()


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens at a port; raises OSError if it cannot.

    Opened here, as werkzeug would end the program where a port is not free.
    """
    (family, kind, *_, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    opened = socket.socket(family, kind)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind(address)
    opened.listen()
    return opened
