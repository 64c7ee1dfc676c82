"""What commands share that take `key=value` arguments: help, checks, messages, exit status."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.command import DONE, INTERRUPTED, Jobs, explain, say
from experiments.configuration.keys import Key, read_keys


@dataclass(frozen=True)
class KeyCommand:
    """A command: what it is called, its help, its keys, and what it does.

    `work` takes the value of every key and the command line as typed, and returns what is printed.
    `unfinished` says what is kept if the command ends early.
    """

    program: str
    usage: str
    keys: Mapping[str, Key]
    work: Callable[[Mapping[str, Any], str], str]
    unfinished: str = "nothing was written"

    def run(self, argv: Sequence[str] | None = None) -> int:
        """Run the command, with the arguments of this process by default; its exit status."""
        given = list(sys.argv[1:] if argv is None else argv)
        if {"-h", "--help"} & set(given):
            print(self.usage, end="")
            return DONE
        try:
            settings = read_keys(given, self.keys)
            print(self.work(settings, f"{self.program} {shlex.join(given)}".strip()))
        except KeyboardInterrupt:
            return say(f"interrupted; {self.unfinished}", INTERRUPTED)
        except Exception as error:
            return explain(error, Jobs(unfinished=self.unfinished))
        return DONE
