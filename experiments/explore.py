"""`python -m experiments.explore` serves a page on which every change is simulated at once."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.command import DONE, FAILED, run_command, say

DEFAULT_PORT, HIGHEST_PORT = 8050, 65_535


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM; returns the exit status.

    0 after a signal, 1 if the port is not free, 2 if `--store` holds nothing to compare with.
    """
    parser = argparse.ArgumentParser("python -m experiments.explore", description=__doc__)
    parser.add_argument(
        "--store",
        type=Path,
        metavar="PATH",
        help="a finished result, a folder of results, or a sweep's store to compare with",
    )
    parser.add_argument(
        "--port", type=port, default=DEFAULT_PORT, help=f"port to serve at (default {DEFAULT_PORT})"
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to serve at; any other than 127.0.0.1 may let other machines in",
    )
    given = parser.parse_args(argv)

    return run_command(lambda: served(given))


def served(given: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM, which is how this command is meant to end."""
    from experiments.explorer.app import serve

    try:
        serve(given.host, given.port, given.store)
    except KeyboardInterrupt:
        return say("stopped; studies that ended are in outputs/explorer", DONE)
    except OSError as error:
        address = f"{given.host}:{given.port}"
        advice = "choose another --port or --host"
        return say(f"cannot serve at {address}: {error.strerror or error}; {advice}", FAILED)
    return DONE


def port(text: str) -> int:
    """A port number, for argparse."""
    number = int(text)
    if not 0 < number <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"given {number}; allowed: 1 to {HIGHEST_PORT}")
    return number


if __name__ == "__main__":
    sys.exit(main())
