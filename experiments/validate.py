"""`python -m experiments.validate` scores the model's forecasts beside those of naive rules.

Natural experiments elsewhere, hindcasts of the krai, and quantities that emerge from the model.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.configuration.key_commands import KeyCommand
from experiments.configuration.keys import Key
from sim.scenario import Quantity

CASES = Path(__file__).parent / "validation" / "cases"
PROGRAM = "python -m experiments.validate"
USAGE = """\
usage: python -m experiments.validate [key=value ...]

  replicates=20         of each simulated market
  scale=0.2             of the simulated markets; 1 simulates every worker
  seed=1                of the simulated markets and of parameter draws
  parameters=posterior  each replicate has its own draw of the shipped posterior;
                        default: the krai's defaults, so that intervals hold chance only
  hindcast_draws=800    prior draws that foresee the krai, weighted by what was known
  only=all              a natural experiment by its name: that alone, without hindcasts; naive rules
                        then have no past errors on earlier experiments
  output_dir=outputs    parent of the result folder
  ship=no               yes: also write the page to docs/validation.md

Simulates the natural experiments of experiments/validation/cases/, the hindcasts of
experiments/validation/hindcast.yaml and the quantities of experiments/validation/expectations.yaml.
Scores each target once, by case; experiments/calibration/split.yaml tells training cases from
held-out ones. Writes validation.md and validation.json. Misses are results, not errors: exit status
0.
"""
KEYS = {
    "replicates": Key(20, Quantity("replicates", 2, 10_000)),
    "scale": Key(0.2, Quantity("model workers per worker", 0.01, 10.0)),
    "seed": Key(1, Quantity("seed", 0, 2**62)),
    "parameters": Key("posterior", ("default", "posterior")),
    "hindcast_draws": Key(800, Quantity("draws", 10, 100_000)),
    "only": Key("all", ("all", *sorted(path.stem for path in CASES.glob("*.yaml")))),
    "output_dir": Key("outputs"),
    "ship": Key("no", ("no", "yes")),
}
COMMAND = KeyCommand(PROGRAM, USAGE, KEYS, "experiments.validation.validating:validate")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return COMMAND.run(argv)


if __name__ == "__main__":
    sys.exit(main())
