"""Every forecast simulated and scored, from settings to the folder of a validation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from experiments.calibration.posterior import POSTERIOR, is_behaviour, is_not_policy, random_draws
from experiments.command import OnDisk
from experiments.ensembles.uncertainty import FIXED_PARAMETERS
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
from sim.inputs.problems import ScenarioError, refused

PARAMETERS = {
    "default": "parameters at the krai's defaults",
    "posterior": "parameters drawn from the shipped posterior",
}
INTERVALS = {
    "default": FIXED_PARAMETERS,
    "posterior": "chance and parameters",
}
EVERYTHING = "all"
SHIPPED_PAGE = Path(__file__).parents[2] / "docs" / "validation.md"


def validate(settings: Mapping[str, Any], command: str, on_disk: OnDisk) -> str:
    """Simulate everything, or one experiment, and write the report; returns its page."""
    if settings["ship"] == "yes" and settings["only"] != EVERYTHING:
        allowed = f"{EVERYTHING}, as the shipped page has every score"
        raise ScenarioError([refused("only", settings["only"], allowed, "leave ship=yes out")])
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
    whole = settings["only"] == EVERYTHING
    cases = [case for case in read_cases() if whole or case.name == settings["only"]]
    scored = [
        *(hindcast(settings["hindcast_draws"], settings["seed"], extra) if whole else ()),
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
        "emergent": (
            emergent_rows(emergent_values(krai, extra), read_expectations()) if whole else []
        ),
        **program_record(),
    }


def parameter_draws(settings: Mapping[str, Any], is_kept: Callable[[str], bool]) -> ParameterDraws:
    """The parameters of each replicate: none, or those that are kept of a draw of the posterior."""
    if settings["parameters"] == "default":
        return [{} for _ in range(settings["replicates"])]
    return random_draws(POSTERIOR, settings["replicates"], settings["seed"], is_kept)
