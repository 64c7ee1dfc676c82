"""What commands share that take `key=value` arguments: help, checks, messages, exit status."""

from __future__ import annotations

import pkgutil
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.command import DONE, OnDisk, run_command, say
from experiments.configuration.keys import Key, read_keys, repeated_keys


@dataclass(frozen=True)
class KeyCommand:
    """A command: what it is called, its help, its keys, and what it does.

    `work` names a function as "module:function", which is imported when there is work to do: help
    comes at once. It takes the value of every key, the command line as typed, and where to note
    what it has put on disk; it returns what is printed.
    """

    program: str
    usage: str
    keys: Mapping[str, Key]
    work: str

    def run(self, argv: Sequence[str] | None = None) -> int:
        """Run the command, with the arguments of this process by default; its exit status."""
        given, on_disk = list(sys.argv[1:] if argv is None else argv), OnDisk()
        return run_command(lambda: self._printed(given, on_disk), on_disk)

    def _printed(self, given: Sequence[str], on_disk: OnDisk) -> int:
        """Print the help, or what the work returns."""
        if {"-h", "--help"} & set(given):
            print(self.usage, end="")
            return DONE
        settings = read_keys(given, self.keys)
        for note in repeated_keys(given):
            say(note, DONE)
        print(self.done(settings, f"{self.program} {shlex.join(given)}".strip(), on_disk))
        return DONE

    def done(self, settings: Mapping[str, Any], command: str, on_disk: OnDisk) -> str:
        """Do the work; returns what is printed."""
        return str(pkgutil.resolve_name(self.work)(settings, command, on_disk))
