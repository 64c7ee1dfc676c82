"""`python -m experiments.calibrate` fits the uncertain parameters to observations up to 2018.

A fit takes hours at full size; if it is stopped, the same command continues it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.configuration.key_commands import KeyCommand
from experiments.configuration.keys import Key
from sim.scenario import Quantity

PROGRAM = "python -m experiments.calibrate"
USAGE = """\
usage: python -m experiments.calibrate [key=value ...]

  particles=300       parameter draws in each generation
  moves=2             Metropolis steps of each draw in a generation
  generations=12      generations at most; each lowers the tolerance
  scale=0.1           size of the simulated krai; 1 simulates every worker
  seed=1              of the parameter draws and of the simulated krai
  executor=local      where draws are simulated: local (this machine) or dask (a cluster);
                      the fit is the same
  threads=1           local: threads of this machine, which pay from about scale=0.5 on;
                      dask without an address: processes of this machine
  address=            dask: address of a running scheduler
  output_dir=outputs  parent of the result folder; unfinished fits are kept in its folder
                      .calibration
  ship=no             yes: also copy the result to sim/evidence/posterior/
  recovery=0          N: test the method instead, on N made-up data sets with known parameters

Fits the uncertain parameters to the targets of experiments/calibration/targets.yaml. Writes
posterior.parquet, prior.parquet (the prior draws that were not refused), fit.md, fit.json and
record.json. If the fit is stopped, the same command continues after the last finished generation.
With recovery=100: how often intervals cover the known parameters, in recovery.md and recovery.json.
"""
KEYS = {
    "particles": Key(300, Quantity("particles", 8, 100_000)),
    "moves": Key(2, Quantity("Metropolis steps", 1, 100)),
    "generations": Key(12, Quantity("generations", 1, 100)),
    "scale": Key(0.1, Quantity("model workers per worker", 0.005, 10.0)),
    "seed": Key(1, Quantity("seed", 0, 2**62)),
    "executor": Key("local", ("local", "dask")),
    "threads": Key(1, Quantity("threads", 1, 4096)),
    "address": Key(""),
    "output_dir": Key("outputs"),
    "ship": Key("no", ("no", "yes")),
    "recovery": Key(0, Quantity("data sets", 0, 100_000)),
}
COMMAND = KeyCommand(PROGRAM, USAGE, KEYS, "experiments.calibration.fitting:fit_or_recover")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return COMMAND.run(argv)


if __name__ == "__main__":
    sys.exit(main())
