"""`python -m experiments.docs` builds the documentation and opens it; it needs no network."""

from __future__ import annotations

import argparse
import sys
import tempfile
import webbrowser
from collections.abc import Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from experiments.command import DONE, UsageError, run_command, say


def main(argv: Sequence[str] | None = None) -> int:
    """Build the site into a folder, or serve it until Ctrl-C; returns the exit status.

    2 if the folder is not empty, or if the extra `docs` is missing.
    """
    parser = argparse.ArgumentParser("python -m experiments.docs", description=__doc__)
    parser.add_argument(
        "--to", type=Path, metavar="FOLDER", help="write the site to a new folder instead"
    )
    parser.add_argument("--no-browser", action="store_true", help="print the address only")
    given = parser.parse_args(argv)
    return run_command(
        lambda: written_to(given.to) if given.to else served(opens=not given.no_browser)
    )


def written_to(folder: Path) -> int:
    """Build the site into a folder that has nothing in it."""
    from experiments.documentation.site import build_site

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"--to: {folder} is not an empty folder; name a new one")
    build_site(folder)
    print(f"written to {folder / 'index.html'}")
    return DONE


def served(*, opens: bool) -> int:
    """Build the site into a temporary folder and serve it to this machine."""
    from experiments.documentation.site import build_site

    with tempfile.TemporaryDirectory(prefix="primorye-docs-") as folder:
        build_site(Path(folder))
        handler = partial(QuietHandler, directory=folder)
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            address = f"http://127.0.0.1:{server.server_port}/"
            print(f"documentation at {address} (Ctrl-C ends it)", flush=True)
            if opens:
                webbrowser.open(address)
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                return say("stopped", DONE)
    return DONE


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without a line on the console for each."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    sys.exit(main())
