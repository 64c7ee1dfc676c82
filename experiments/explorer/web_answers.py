"""What every answer of the explorer has in common: its headers, whom it refuses, and its errors."""

from __future__ import annotations

import logging
import traceback
from urllib.parse import urlsplit

from dash import Dash
from dash.exceptions import DependencyException
from flask import Response, request
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, InternalServerError, NotFound

from sim.inputs.problems import ScenarioError

LOG = logging.getLogger(__name__)
MOST_FAULTS_LOGGED = 20
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src": "'self'",
    # Dash's start and the page's own script are inline; each is allowed by its hash, nothing else.
    "script-src": "'self' {hashes}",
    # Plotly and Dash's components write style elements while they run, which no hash can foresee.
    "style-src": "'self' 'unsafe-inline'",
    # Plotly makes the picture that "Download plot" saves from a blob or a data address.
    "img-src": "'self' data: blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
"""What a browser may load for the page, by the directive of its Content-Security-Policy."""


def register_answers(app: Dash, hashes: list[str]) -> None:
    """Refuse requests of foreign pages, add headers, and answer errors in one short line.

    `hashes` are those of the page's inline scripts, as in a Content-Security-Policy.
    """
    server, headers = app.server, HEADERS | {"Content-Security-Policy": policy_with(hashes)}
    faults = set[str]()
    server.before_request(refuse_foreign)
    server.register_error_handler(Exception, lambda error: short_answer(error, faults))

    def with_headers(response: Response) -> Response:
        for name, value in headers.items():
            # A finished page has a policy of its own, which is stricter.
            response.headers.setdefault(name, value)
        return response

    server.after_request(with_headers)


def policy_with(hashes: list[str]) -> str:
    """The Content-Security-Policy that allows inline scripts with these hashes."""
    policy = "; ".join(f"{name} {sources}" for name, sources in POLICY.items())
    return policy.format(hashes=" ".join(hashes))


def refuse_foreign() -> None:
    """Refuse what a page of another address sends; the server's own host is checked by Flask."""
    if is_foreign(request.headers.get("Origin"), request.host):
        raise Forbidden


def is_foreign(origin: str | None, host: str) -> bool:
    """Whether a request says that it comes from a page that is not the host's own."""
    try:
        return origin is not None and urlsplit(origin).netloc != host
    except ValueError:
        return True


def short_answer(error: Exception, faults: set[str]) -> Response:
    """The status of an error in one line; a fault of ours is logged in a line, once by place."""
    match error:
        case HTTPException():
            status = error
        case ScenarioError():
            status = BadRequest()
        case DependencyException():
            status = NotFound()
        case _:
            status = InternalServerError()
            log_once(error, faults)
    text = f"{status.code} {status.name}\n"
    return Response(text, status.code, mimetype="text/plain")


def log_once(error: Exception, faults: set[str]) -> None:
    """Log where an error arose, unless it has been logged, so that no client can fill the log."""
    *_, last = traceback.extract_tb(error.__traceback__)
    place = f"{type(error).__name__} at {last.filename}:{last.lineno}"
    if place not in faults and len(faults) < MOST_FAULTS_LOGGED:
        faults.add(place)
        LOG.error("a request failed: %s: %.200r", place, str(error))
