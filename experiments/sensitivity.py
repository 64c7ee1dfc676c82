"""`python -m experiments.sensitivity [key=value ...]` finds what an answer hangs on."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.decisions.decision_command import DecisionCommand

USAGE = """\
usage: python -m experiments.sensitivity [key=value ...]

Shares of an answer's variance that each parameter accounts for, by itself and with the others, and
the share of chance. The policy is observed unless another is chosen; parameters that you set are
held, all others are drawn from their priors in the coordinates of the calibration.

  measure=shortfall_percent  the answer: a measure of summary.json
  at=deadline           the month in which it is read, such as 2019-12
  by=top                top: a screening first, then an index for each of the largest parameters and
                        one for all others together; section: one for each part of the model;
                        parameter: one for each parameter
  top=6                 parameters with an index of their own
  rows=128              rows of the design; a row takes a run for each index and three more
  screening=8           rows of the screening
  inputs=prior          prior: as above; posterior: draws of the posterior, whose parameters go
                        together, and Shapley effects, in which nothing is counted twice; of the
                        keys above, rows and screening then have no part
  draws=400             draws of the posterior, with inputs=posterior
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return DecisionCommand(
        "sensitivity",
        "experiments.decisions.global_sensitivity",
        USAGE,
        defaults=("policy=observed",),
        preset={"replicates": 16},
    ).run(argv)


if __name__ == "__main__":
    sys.exit(main())
