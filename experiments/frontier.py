"""`python -m experiments.frontier over=KEY,KEY [key=value ...]`: what is traded against what."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.decisions.decision_command import DecisionCommand

USAGE = """\
usage: python -m experiments.frontier over=KEY[:LOW..HIGH],KEY[:LOW..HIGH] [key=value ...]

The trade-off between revenue denied, output lost and public cost over schedules of an expulsion:
the schedules that are beaten in nothing by any other, and each shipped policy that one of them
beats, by how much. Needs the extra `frontier`.

  over=policy.leave_by:2018-12-01..2020-12-31,policy.transport_per_month:200..2000
                        dates and numbers of policy or levers to search over; a date needs its
                        range, a number has that of its prior unless given. A lever needs its date,
                        such as levers.employer_fine.from_date=2018-01
  maximise=dprk_revenue_lost_usd
  minimise="never_built_worker_months,public_cost_rub"
                        what is traded: measures in the last month, or with `at MONTH` or
                        `max over FROM..TO`; two or three in all
  candidates=400        schedules tried, in generations of `population`
  population=40         schedules on the front at most
  draws=20              draws of the posterior under which candidates are compared
  fresh_draws=60        further draws, with seeds of their own, under which the front is run again
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return DecisionCommand(
        "frontier", "experiments.decisions.pareto_front", USAGE, preset={"replicates": 8}
    ).run(argv)


if __name__ == "__main__":
    sys.exit(main())
