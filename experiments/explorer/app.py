"""The Dash application: layout, callbacks, and a server for this machine alone unless told otherwise."""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from dash import Dash
from werkzeug.serving import make_server

from experiments.explorer import finished_results
from experiments.explorer.address import Chosen, settings_of
from experiments.explorer.callbacks import register
from experiments.explorer.controls import POLICIES, composed
from experiments.explorer.layout import page
from experiments.explorer.simulation_jobs import Pool
from experiments.explorer.texts import Backstage
from experiments.reporting.html import asset_text
from sim.measures.catalogue import measures_of
from sim.scenario import Scenario

LOCAL = ("127.0.0.1", "localhost", "[::1]")
LARGEST_REQUEST = 1_000_000
SWITCH_SECONDS = 0.0002
"""How soon a thread between two kernels gets the interpreter back; the default of 5 ms would slow short kernels tenfold."""


def make_app(pool: Pool, store: Path | None = None, hosts: Sequence[str] | None = LOCAL) -> Dash:
    """The application; answers requests for `hosts` only, for any if None. Raises FolderError if there is nothing in `store`."""
    for policy in POLICIES:
        composed(policy)  # Hydra composes in one thread only
    scenario = settings_of(Chosen()).scenario
    trades, measures = scenario.market.trades, measure_labels(scenario)
    finished = finished_results.find(store) if store else {}
    app = Dash(
        __name__,
        title="Explorer: construction labour",
        update_title="",
        assets_folder="assets",
        serve_locally=True,
    )
    app.index_string = index(app.index_string)
    app.server.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST, TRUSTED_HOSTS=list(hosts) if hosts else None
    )
    app.layout = lambda: page(measures, trades, list(finished))
    register(app, Backstage(pool, finished, measures, trades))
    return app


def measure_labels(scenario: Scenario) -> dict[str, str]:
    """Every measure to choose from, by name; a trade is chosen by itself."""
    ends = tuple(f"_{trade}" for trade in scenario.market.trades)
    return {
        name: known.label
        for name, known in measures_of(scenario).items()
        if not name.endswith(ends)
    }


def index(shipped: str) -> str:
    """Dash's own frame, in a language that screen readers can pronounce, with what fits plots to the screen."""
    return shipped.replace("<html>", '<html lang="en">').replace(
        "{%css%}", f"{{%css%}}<script>{asset_text('plots.js')}</script>"
    )


def serve(host: str, port: int, store: Path | None) -> None:
    """Serve until interrupted."""
    sys.setswitchinterval(SWITCH_SECONDS)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    pool = Pool()
    app = make_app(pool, store, LOCAL if host in LOCAL else None)
    server = make_server(host, port, app.server, threaded=True, fd=listening(host, port).detach())
    pool.warm_up(settings_of(Chosen()).scenario)
    print(f"explorer at http://{host}:{port} (Ctrl-C ends it)", flush=True)
    server.serve_forever()


def listening(host: str, port: int) -> socket.socket:
    """A socket of our own, as werkzeug ends the program where a port cannot be had. Raises OSError."""
    (family, kind, *_, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    opened = socket.socket(family, kind)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind(address)
    opened.listen()
    return opened
