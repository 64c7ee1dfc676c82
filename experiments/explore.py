"""The explorer: `python -m experiments.explore` serves a page on this machine where every change is simulated at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.run import DONE, FAILED, REFUSED, say

DEFAULT_PORT = 8050


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C; exit status 0, 1 if the port cannot be had, 2 if `--store` has nothing to show."""
    parser = argparse.ArgumentParser("python -m experiments.explore", description=__doc__)
    parser.add_argument("--store", type=Path, metavar="PATH", help="a finished result, a folder of results, or a sweep to compare with")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"port to serve at (default {DEFAULT_PORT})")
    parser.add_argument("--host", default="127.0.0.1", help="address to serve at; any but 127.0.0.1 lets other machines in")
    given = parser.parse_args(argv)

    from experiments.explorer.app import serve
    from experiments.store import StoreError

    try:
        serve(given.host, given.port, given.store)
    except StoreError as error:
        return say(str(error), REFUSED)
    except OSError as error:
        return say(f"--port {given.port}: {error.strerror}; choose another port", FAILED)
    except KeyboardInterrupt:
        return DONE
    return DONE


if __name__ == "__main__":
    sys.exit(main())
