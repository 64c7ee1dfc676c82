"""`python -m experiments.worth policy=NAME,NAME [key=value ...]`: at which price which is best."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.decisions.decision_command import DecisionCommand

USAGE = """\
usage: python -m experiments.worth policy=NAME,NAME[,NAME] [key=value ...]

At which price of what is lost each policy is best, on average and with which probability; at which
price one gives way to another; and what knowing a parameter before choosing would be worth. Any
keys of policy or levers with several values make the list, such as policy.compliance=0.2,0.6,1.

  gain=dprk_revenue_lost_usd       what is gained, in the last month or with `at MONTH`
  loss=never_built_worker_months   what is lost, likewise
  prices=auto           range of the curves, LOW..HIGH, in units of the gain per unit of the loss
  price=auto            the price at which knowing a parameter is valued: yours to state; where
                        perfect information is worth most unless given
  draws=200             draws of the posterior
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return DecisionCommand(
        "worth", "experiments.decisions.acceptability", USAGE, preset={"replicates": 8}
    ).run(argv)


if __name__ == "__main__":
    sys.exit(main())
