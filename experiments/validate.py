"""`python -m experiments.validate` scores the model's forecasts beside those of naive rules.

Natural experiments elsewhere, hindcasts of the krai, and quantities that emerge from the model.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.calibration.posterior import POSTERIOR, is_behaviour, is_not_policy, random_draws
from experiments.command import OnDisk
from experiments.configuration.key_commands import KeyCommand
from experiments.configuration.keys import Key
from experiments.reporting.html import page_of_data
from experiments.results.provenance import program_record
from experiments.results.result_folder import new_result
from experiments.storage.recorded_folder import write_record
from experiments.storage.sealed_json import write_json
from experiments.storage.whole_files import write_whole
from experiments.validation.case_files import read_cases
from experiments.validation.emergent import emergent_values, read_expectations
from experiments.validation.experiment_scores import scored_effects
from experiments.validation.hindcast import hindcast
from experiments.validation.natural_experiments import ParameterDraws, predict
from experiments.validation.score_rows import score_row, score_summary
from experiments.validation.validation_report import emergent_rows, validation_page
from sim.scenario import Quantity

PROGRAM = "python -m experiments.validate"
USAGE = """\
usage: python -m experiments.validate [key=value ...]

  replicates=20         of each simulated market
  scale=0.2             of the simulated markets; 1 simulates every worker
  seed=1                of the simulated markets and of parameter draws
  parameters=posterior  each replicate has its own draw of the shipped posterior;
                        default: the krai's defaults, so that intervals hold chance only
  hindcast_draws=800    prior draws that foresee the krai, weighted by what was known
  output_dir=outputs    parent of the result folder
  ship=no               yes: also write the page to docs/validation.md

Simulates the natural experiments of experiments/validation/cases/, the hindcasts of
experiments/validation/hindcast.yaml and the quantities of experiments/validation/expectations.yaml.
Scores each target once, by case; experiments/calibration/split.yaml tells training cases from
held-out ones. Writes validation.md and validation.json. Misses are results, not errors: exit status
0.
"""
PARAMETERS = {
    "default": "parameters at the krai's defaults",
    "posterior": "parameters drawn from the shipped posterior",
}
INTERVALS = {
    "default": "chance only, parameters fixed",
    "posterior": "chance and parameters",
}
KEYS = {
    "replicates": Key(20, Quantity("replicates", 2, 10_000)),
    "scale": Key(0.2, Quantity("model workers per worker", 0.01, 10.0)),
    "seed": Key(1, Quantity("seed", 0, 2**62)),
    "parameters": Key("posterior", tuple(PARAMETERS)),
    "hindcast_draws": Key(800, Quantity("draws", 10, 100_000)),
    "output_dir": Key("outputs"),
    "ship": Key("no", ("no", "yes")),
}
SHIPPED_PAGE = Path(__file__).parents[1] / "docs" / "validation.md"


def validate(settings: Mapping[str, Any], command: str, on_disk: OnDisk) -> str:
    """Simulate everything and write the report; returns its page."""
    report = validation_report(settings, command)
    with new_result(Path(settings["output_dir"]), "validation") as draft:
        on_disk.results.append(lambda: draft.final)
        write_json(draft.folder / "validation.json", report)
        write_record(draft.folder, {"command": command, **program_record()})
    assert draft.final is not None
    page = page_of_data(
        draft.final / "validation.md",
        lambda: validation_page(report, read_cases()),
        "the same command makes it again",
    )
    if settings["ship"] == "yes":
        write_whole(SHIPPED_PAGE, page.encode())
    return f"{page}\nwritten to {draft.final}"


def validation_report(settings: Mapping[str, Any], command: str) -> dict[str, Any]:
    """Everything that is reported."""
    extra = (f"market.scale={settings['scale']}", f"seed={settings['seed']}")
    # Other markets take the krai's behaviour only; the krai takes every parameter but the policy.
    behaviour = parameter_draws(settings, is_behaviour)
    krai = parameter_draws(settings, is_not_policy)
    cases = read_cases()
    scored = [
        *hindcast(settings["hindcast_draws"], settings["seed"], extra),
        *scored_effects(cases, {case.name: predict(case, behaviour, extra) for case in cases}),
    ]
    rows = [score_row(target) for target in scored]
    return {
        "command": command,
        "parameters": PARAMETERS[settings["parameters"]],
        "interval": INTERVALS[settings["parameters"]],
        "replicates": settings["replicates"],
        "scale": settings["scale"],
        "hindcast_draws": settings["hindcast_draws"],
        "summary": score_summary(rows),
        "targets": rows,
        "emergent": emergent_rows(emergent_values(krai, extra), read_expectations()),
        **program_record(),
    }


def parameter_draws(settings: Mapping[str, Any], is_kept: Callable[[str], bool]) -> ParameterDraws:
    """The parameters of each replicate: none, or those that are kept of a draw of the posterior."""
    if settings["parameters"] == "default":
        return [{} for _ in range(settings["replicates"])]
    return random_draws(POSTERIOR, settings["replicates"], settings["seed"], is_kept)


COMMAND = KeyCommand(PROGRAM, USAGE, KEYS, validate)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    return COMMAND.run(argv)


if __name__ == "__main__":
    sys.exit(main())
