"""`python -m experiments.discover "GOAL" [key=value ...]`: in which futures a policy fails."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.decisions.decision_command import DecisionCommand

USAGE = """\
usage: python -m experiments.discover "GOAL" ["GOAL" ...] [key=value ...]

In which futures a policy fails to meet goals: the few ranges of parameters that hold most of the
failures, how dense they are with failures, how many they hold, and whether they are more than
chance.

  "shortfall_percent at 2019-12 <= 10"
                        a goal: a measure of summary.json, a month or `deadline`, and a limit
  draws=400             draws of the parameters, each simulated once
  of=posterior          posterior, or prior: what the draws are taken from
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return DecisionCommand(
        "discover",
        "experiments.decisions.scenario_discovery",
        USAGE,
        preset={"replicates": 8},
        words_wanted="goals",
    ).run(argv)


if __name__ == "__main__":
    sys.exit(main())
