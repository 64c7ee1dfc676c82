"""What `python -m experiments.sweep --help` prints; read from configs/ without Hydra."""

from __future__ import annotations

from pathlib import Path

HEAD = """\
usage: python -m experiments.sweep [experiment=NAME] [options] [key=value ...]

Runs a design: every combination of the values of its axes, under the same seeds. Results are kept run by run in a store: stop it or kill
it at any moment, and the same command runs what is missing. More replicates or a finer grid extend the store.

options:
  -h, --help       this text
  --dry-run        size of the design, time and disk; nothing is started
  --read OUT FOLDER...
                   the same report, written to OUT, over result folders of experiments.run, such as those of its --multirun

keys of a sweep, beside those of experiments.run (see its --help), which apply to every point:
  experiment=NAME               the design, a file of configs/experiment
  KEY=a,b,c  KEY=range(0,5)     an axis of your own, beside or in place of the preset's; KEY=a fixes an axis of the preset
  replicates=N  seed=N          in place of the preset's
  store=FOLDER                  where results are kept; default: a folder in OUTPUT_DIR/sweeps named by what all its runs share
  executor=local|dask           this machine, or a Dask cluster: executor.address=tcp://HOST:8786; default: one is started here
  executor.workers=N            threads, processes or workers to start; default: all cores
  executor.pool=NAME            auto, threads or processes (executor=local)
  retry_failed=true             runs that failed before are tried again

a design of your own (configs/experiment/mine.yaml, run as experiment=mine):
  axes:
    grid:                                              # every combination
      policy.compliance: {range: [0, 1], levels: 11}   # or {values: [0, 0.5, 1]}
      policy: {values: [un2397, blind_eye]}            # {values: all}: every file of configs/policy
    sobol:                                             # or latin_hypercube; each draw under every combination
      points: 64
      ranges: {policy.inspection_rate: [0.01, 0.15]}
      priors: [population.russian.pool]                # ranges of sim/evidence/parameters.yaml
  replicates: 20
  seed: 1

examples:
  python -m experiments.sweep
  python -m experiments.sweep experiment=policies replicates=100
  python -m experiments.sweep experiment=compliance policy=blind_eye market.scale=0.1
  python -m experiments.sweep policy.compliance=0,0.5,1 policy.retained_workers=0,5000,10000
  python -m experiments.sweep experiment=compliance_x_retained executor=dask --dry-run

designs:"""


def help_text(configs: Path) -> str:
    """The whole text: options, and every shipped design with the first line of its file."""
    files = sorted((configs / "experiment").glob("*.yaml"))
    return "\n".join(
        [
            HEAD,
            *(
                f"  {file.stem:<26}{file.read_text(encoding='utf-8').splitlines()[0].lstrip('# ')}"
                for file in files
            ),
        ]
    )
