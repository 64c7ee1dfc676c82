"""`python -m experiments.disasters` breaks the commands that write results and checks what is left.

It is slow: with its defaults it takes about half an hour on two cores.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.command import REFUSED, say
from experiments.configuration.key_commands import KeyCommand
from experiments.configuration.keys import Key
from sim.scenario import Quantity

PROGRAM = "python -m experiments.disasters"
USAGE = """\
usage: python -m experiments.disasters [key=value ...]

  kills=50         kills with signal 9 of each command, at random moments
  edits=10000      single bytes edited in a result, and as many in a store and in a fit
  every=1          of the calls on disk each one fails once; 10: each tenth
  resumed=10       commands that go on after a power cut; what every cut leaves is checked
  seed=1           of the random moments and places
  only=all         all, or one of disk, power, edits, kills, processes
  command=all      all, or one command to break: run, sweep, calibrate; for kills also sensitivity,
                   ask, worth, discover, frontier

Runs small forms of these commands in a temporary folder, and after each disaster checks
that every result is whole or absent, that no finished run is lost or there twice, and that the same
command then ends in the bytes of an undisturbed one.

disk       the Nth write, sync or rename fails, for every N
power      what was not forced to disk is lost, before every such call
edits      another byte anywhere in a file that is read back
kills      kill -9 at random moments, counted by phase; all processes end by themselves
processes  a worker, the fork server and the Dask scheduler are killed; a worker has no memory left

status: 0 nothing was damaged; 1 something was, which is named
"""
BREAKABLE = ("run", "sweep", "calibrate")
KILLABLE = ("sensitivity", "ask", "worth", "discover", "frontier")
KEYS = {
    "kills": Key(50, Quantity("kills", 1, 100_000)),
    "edits": Key(10_000, Quantity("edits", 1, 10_000_000)),
    "every": Key(1, Quantity("calls", 1, 10_000)),
    "resumed": Key(10, Quantity("commands", 0, 10_000)),
    "seed": Key(1, Quantity("seed", 0, 2**62)),
    "only": Key("all", ("all", "disk", "power", "edits", "kills", "processes")),
    "command": Key("all", ("all", *BREAKABLE, *KILLABLE)),
}
COMMAND = KeyCommand(PROGRAM, USAGE, KEYS, "experiments.fault_injection.all_disasters:bring_about")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    if not Path("/proc/self/stat").exists() and not {"-h", "--help"} & set(argv or sys.argv):
        return say("disasters: needs Linux, whose /proc tells which processes there are", REFUSED)
    return COMMAND.run(argv)


if __name__ == "__main__":
    sys.exit(main())
