"""What `python -m experiments.sweep --help` prints; read from configs/ without Hydra."""

from __future__ import annotations

import itertools
import textwrap
from pathlib import Path

HEAD = """\
usage: python -m experiments.sweep [experiment=NAME] [options] [key=value ...]

Simulates a design: every combination of the values of its axes, under the same seeds. Every run is
kept in a store. If the command is stopped or killed, the same command simulates what is missing.
A finer grid extends the store, and so do more replicates of designs whose parameters are not drawn.

Parameters are drawn as in experiments.run, and under the same draws and seeds at every point: a
point has the numbers that experiments.run has of its scenario. What is set or varied is not drawn.

options:
  -h, --help       show this text
  --dry-run        show the size of the design, its time and its disk; start nothing
  --read OUT FOLDER...
                   write the same report to OUT, over result folders of experiments.run, such as
                   those of its --multirun

keys of a sweep (the keys of experiments.run, see its --help, apply to every point):
  experiment=NAME       the design, a file of configs/experiment
  KEY=a,b,c             an axis of your own, in addition to those of the design or in place of the
    or KEY=range(0,5)   one over KEY; KEY=a fixes an axis of the design at one value
  replicates=N  seed=N  in place of those of the design
  uncertainty=none      hold parameters at their values: intervals then hold chance only
  store=FOLDER          where results are kept; default: a folder in OUTPUT_DIR/sweeps, named by
                        what all its runs have in common
  executor=local|dask   this machine, or a Dask cluster: executor.address=tcp://HOST:8786;
                        default address: a cluster is started on this machine
  executor.workers=N    threads, processes or Dask workers to start; default: one per core
  executor.pool=NAME    auto, threads or processes (executor=local)
  retry_failed=true     try runs again that failed before

a design of your own (configs/experiment/mine.yaml, used as experiment=mine):
  axes:
    grid:                                              # every combination
      policy.compliance: {range: [0, 1], levels: 11}   # or {values: [0, 0.5, 1]}
      policy: {values: [un2397, blind_eye]}            # {values: all}: every file of configs/policy
    sobol:                              # or latin_hypercube; each draw under every combination
      points: 64
      ranges: {policy.inspection_rate: [0.01, 0.15]}
      priors: [population.russian.pool] # with the ranges of sim/evidence/parameters.yaml
    # or draws: {points: 50, file: mine.csv}           # a table: a column for each key
  replicates: 20
  seed: 1

examples:
  python -m experiments.sweep
  python -m experiments.sweep experiment=policies replicates=100
  python -m experiments.sweep experiment=compliance policy=blind_eye market.scale=0.1
  python -m experiments.sweep policy.compliance=0,0.5,1 policy.retained_workers=0,5000,10000
  python -m experiments.sweep experiment=compliance_x_retained executor=dask --dry-run

designs:"""


NAME_WIDTH, WIDTH = 26, 100


def help_text(configs: Path) -> str:
    """The whole text: options, and what each shipped design is."""
    files = sorted((configs / "experiment").glob("*.yaml"))
    return "\n".join([HEAD, *map(design_lines, files)])


def design_lines(file: Path) -> str:
    """A design's name and the first sentence of its file, wrapped."""
    name = f"  {file.stem:<{NAME_WIDTH}}"
    return textwrap.fill(
        first_sentence(file), WIDTH, initial_indent=name, subsequent_indent=" " * len(name)
    )


def first_sentence(file: Path) -> str:
    """The first sentence of the comment at the head of a file of configs/."""
    lines = file.read_text(encoding="utf-8").splitlines()
    comment = itertools.takewhile(lambda line: line.startswith("#"), lines)
    return " ".join(line.lstrip("# ") for line in comment).split(". ")[0].removesuffix(".") + "."
