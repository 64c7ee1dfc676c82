"""Finished pages, served with a policy under which they can only show themselves."""

from __future__ import annotations

import base64
import hashlib
import re

from dash import Dash
from flask import Response
from werkzeug.exceptions import NotFound

from experiments.explorer.result_list import ResultList
from experiments.results.result_folder import REPORT

PATH = "/finished"
SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
POLICY = (
    # The page unpacks Plotly into a blob and runs it, which only its own scripts can do.
    # A page may have been written by somebody else: it gets an origin of its own and no network.
    "sandbox allow-scripts allow-downloads; default-src 'none'; script-src {hashes} blob:; "
    "style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def register_pages(app: Dash, results: ResultList) -> None:
    """Serve the page of every listed result under its id."""

    def finished_page(name: str) -> Response:
        page = results.pages.get(name)
        if page is None:
            raise NotFound
        try:
            text = (page.folder / REPORT).read_text(encoding="utf-8")
        except (OSError, ValueError):
            raise NotFound from None
        answer = Response(text, mimetype="text/html")
        answer.headers["Content-Security-Policy"] = policy_of(text)
        return answer

    app.server.add_url_rule(f"{PATH}/<name>", "finished_page", finished_page)


def policy_of(text: str) -> str:
    """The policy that allows the scripts of a page, each by its hash, and nothing else."""
    hashes = (
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in SCRIPT.findall(text)
    )
    listed = " ".join(dict.fromkeys(f"'sha256-{each}'" for each in hashes))
    return POLICY.format(hashes=listed or "'none'")
