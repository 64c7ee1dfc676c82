"""`python -m experiments.ask "GOAL" [key=value ...]`: which policies meet goals, how surely."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.decisions.decision_command import DecisionCommand

USAGE = """\
usage: python -m experiments.ask "GOAL" ["GOAL" ...] over=KEY[,KEY] [key=value ...]
       python -m experiments.ask "GOAL" ["GOAL" ...] policy=NAME,NAME[,NAME] [key=value ...]

Which policies meet goals with a probability over the draws of the posterior; how sure the edge of
the set is; which of them is the best; what each goal costs. Of a list of policies also the regret.

  "shortfall_percent at 2019-12 <= 5 with 0.9"
                        a goal: a measure of summary.json, a month or `deadline`, a limit, and the
                        probability (0.9 unless given)
  "shortfall_percent max over 2018-01..2020-12 <= 8"
                        the peak of several months; likewise min and mean
  over=policy.compliance,policy.retained_workers:0..10000
                        one to three numbers of policy or levers to search over, each over its
                        prior or over LOW..HIGH
  maximise=dprk_revenue_lost_usd   or minimise=...: what is best among the policies that meet the
                        goals, in the last month or with `at MONTH`
  draws=40              draws of the posterior
  precision=0.03        distance of simulated policies along the edge, as a share of each range
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return DecisionCommand(
        "ask",
        "experiments.decisions.goal_search",
        USAGE,
        preset={"replicates": 8},
        words_wanted="goals",
    ).run(argv)


if __name__ == "__main__":
    sys.exit(main())
