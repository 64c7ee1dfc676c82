"""The front of every command: `primorye COMMAND ...`.

A command is a module of this package whose docstring begins with how it is called. It is imported
only when it is asked for, so that help and completion are quick.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.command import DONE, REFUSED, say
from experiments.configuration.program_version import installed_version

PROGRAM = "primorye"
COMMANDS = Path(__file__).parent
HEAD = f"""\
usage: {PROGRAM} COMMAND [arguments]

Estimates what expelling North Korean workers does to construction in Primorsky Krai.

options:
  -h, --help             show this text
  --version              show the version
  --completion SHELL     print the completion for bash, zsh or fish

commands ({PROGRAM} COMMAND --help tells more):"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit status, 2 if there is no such command."""
    first, *rest = list(sys.argv[1:] if argv is None else argv) or ["--help"]
    if first in ("-h", "--help"):
        print(help_text())
        return DONE
    if first == "--version":
        print(f"{PROGRAM} {installed_version()}")
        return DONE
    if first in ("--completion", "--complete"):
        from experiments.configuration.completion import answer

        return answer(first, rest, list(commands()))
    if first not in commands():
        return say(no_such_command(first), REFUSED)
    return int(importlib.import_module(f"experiments.{first}").main(rest))


def commands() -> dict[str, str]:
    """What each command does, by its name."""
    found = {}
    for file in sorted(COMMANDS.glob("*.py")):
        first_line = (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").partition("\n")[
            0
        ]
        call = f"`python -m experiments.{file.stem}"
        if first_line.startswith(call):
            found[file.stem] = first_line[1:].partition("`")[2].lstrip(": ")
    return found


def help_text() -> str:
    """The commands with a line for each."""
    return "\n".join([HEAD, *(f"  {name:<12} {does}" for name, does in commands().items())])


def no_such_command(name: str) -> str:
    """Why a command is refused, with the one most like it."""
    from sim.inputs.problems import nearest

    close = nearest(name, list(commands()))
    advice = f"the closest is {close}; " if close else ""
    return f"{name}: no such command; {advice}{PROGRAM} --help lists them"


if __name__ == "__main__":
    sys.exit(main())
