"""`python -m experiments.fuzz n=1000 seed=1` tries hostile and unusual inputs at random.

Each case must give a run that adds up, or a refusal that names the key.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.command import DONE, FAILED, run_command
from experiments.configuration.keys import Key, read_keys
from sim.scenario import Quantity

USAGE = """\
usage: python -m experiments.fuzz [key=value ...]

Tries configurations, saved files, overrides, files of one's own, links, results and stores made at
random from every shipped market. Each must give a valid run whose identities hold and whose numbers
are finite, or a refusal that names the key. Anything else is a finding, printed with the command
that shows it again. Exit status: 0 without a finding, 1 with one.

keys and their defaults:
  n=1000         how many cases to try; about one in twenty is simulated
  seed=1         cases of another seed are other cases
  first=0        number of the first case; first=17 n=1 tries and prints case 17 alone
  processes=1    processes that try cases at the same time
"""
KEYS = {
    "n": Key(1000, Quantity("cases", 1, 100_000_000)),
    "seed": Key(1, Quantity("seed", 0, 2**62)),
    "first": Key(0, Quantity("number of a case", 0, 100_000_000)),
    "processes": Key(1, Quantity("processes", 1, 1024)),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    return run_command(lambda: command(given))


def command(given: Sequence[str]) -> int:
    """Try all cases and print how they ended, every finding first."""
    if {"-h", "--help"} & set(given):
        print(USAGE, end="")
        return DONE
    from experiments.fuzzing.cases import described, make_case
    from experiments.fuzzing.many_cases import try_all
    from experiments.fuzzing.trials import OUTCOMES
    from experiments.run import progress_bar

    keys = read_keys(given, KEYS)
    seed, first, count, processes = (keys[name] for name in ("seed", "first", "n", "processes"))
    with progress_bar() as bar:
        task = bar.add_task("trying", total=count)
        counts, findings = try_all(seed, first, count, lambda: bar.advance(task), processes)
    for finding in findings:
        print(finding)
    if count == 1 and not findings:
        print(described(make_case(seed, first)))
    ended = ", ".join(f"{counts[outcome]:,} {outcome}" for outcome in OUTCOMES)
    print(f"{count:,} cases: {ended}; {f'{len(findings)} findings' if findings else 'no finding'}")
    return FAILED if findings else DONE


if __name__ == "__main__":
    sys.exit(main())
