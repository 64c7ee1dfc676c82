"""The explorer: `python -m experiments.explore` serves a page on this machine where every change is simulated at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.command import DONE, FAILED, REFUSED, say

DEFAULT_PORT, HIGHEST_PORT = 8050, 65_536


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C; exit status 0, 1 if the port cannot be had, 2 if `--store` has nothing to show."""
    parser = argparse.ArgumentParser("python -m experiments.explore", description=__doc__)
    parser.add_argument(
        "--store",
        type=Path,
        metavar="PATH",
        help="a finished result, a folder of results, or a sweep to compare with",
    )
    parser.add_argument(
        "--port", type=port, default=DEFAULT_PORT, help=f"port to serve at (default {DEFAULT_PORT})"
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to serve at; any but 127.0.0.1 lets other machines in",
    )
    given = parser.parse_args(argv)

    from experiments.explorer.app import serve
    from experiments.results.result_folder import FolderError

    try:
        serve(given.host, given.port, given.store)
    except FolderError as error:
        return say(str(error), REFUSED)
    except OSError as error:
        return say(
            f"cannot serve at {given.host}:{given.port}: {error.strerror}; choose another --port or --host",
            FAILED,
        )
    except KeyboardInterrupt:
        return DONE
    return DONE


def port(text: str) -> int:
    """A port number; argparse refuses what is none."""
    number = int(text)
    if not 0 < number < HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"given {number}; allowed: 1 to {HIGHEST_PORT - 1}")
    return number


if __name__ == "__main__":
    sys.exit(main())
