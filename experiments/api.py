"""The model from Python: `from experiments.api import simulate, sweep, compare, load`.

    from experiments.api import simulate

    letter = simulate("un2397", compliance=0.6, replicates=20)
    letter.answer                    # in words, with intervals
    letter.frame()                   # measures and parameters by replicate and month
    letter.figure("shortfall")       # a Plotly figure
    letter.to_excel("letter.xlsx")

Parameters are drawn from the posterior as `experiments.run` does, unless `uncertainty="none"`.
"""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.command import DONE, say
from experiments.configuration.asked_names import asked_name
from experiments.configuration.keys_without_effect import keys_without_effect
from experiments.configuration.settings import load_settings
from experiments.configuration.short_keys import overrides_of
from experiments.python_interface.compared_simulations import Comparison
from experiments.python_interface.simulation import Simulation
from experiments.python_interface.sweep_result import SweepResult
from experiments.results.provenance import run_record
from experiments.results.result_folder import RECORD, new_result
from experiments.storage.folder_error import FolderError
from experiments.storage.recorded_folder import write_record

__all__ = ["Comparison", "Simulation", "SweepResult", "compare", "load", "simulate", "sweep"]


def simulate(policy: str = "un2397", *overrides: str, **keys: Any) -> Simulation:
    """Simulate a policy, a file of configs/policy, as experiments.run does.

    keys: values by short key, such as `compliance=0.6` or `firms__number=90` (see
    experiments.configuration.short_keys). overrides: as on the command line, such as
    "levers.wage_subsidy.share=0.2". Raises ScenarioError with everything that is wrong.
    """
    from experiments.run import PROGRAM, progress_bar, report_of, simulate_into

    words = [f"policy={policy}", *overrides, *overrides_of(keys)]
    settings = load_settings(words)
    for line in keys_without_effect(settings):
        say(line, DONE)
    parent = Path(tempfile.mkdtemp(prefix="primorye-"))
    with new_result(parent, asked_name(settings.resolved)) as draft, progress_bar() as bar:
        simulate_into(draft.folder, settings, bar)
        record = run_record(settings, f"{PROGRAM} {shlex.join(words)}")
        write_record(draft.folder, record, RECORD)
    assert draft.final is not None
    report_of(draft.final)
    return Simulation.in_temporary_folder(draft.final, parent)


def sweep(design: str = "compliance", *overrides: str, **keys: Any) -> SweepResult:
    """Simulate what is missing of a design, a file of configs/experiment, as the command does.

    Its runs are kept in the same store as those of the command, `store` or a folder in
    `output_dir`, so that a design that grows is simulated only where it is new. Lists are axes:
    "policy.compliance=0,0.5,1". Raises ScenarioError with everything that is wrong, and
    RuntimeError if runs failed.
    """
    from experiments.sweep import PROGRAM, simulated
    from experiments.sweeps.design.sweep_settings import load_sweep
    from experiments.sweeps.sweep_session import opened_store, prepare, progress_of, write_outputs

    words = [f"experiment={design}", *overrides, *overrides_of(keys)]
    prepared = prepare(load_sweep(words))
    with opened_store(prepared) as (store, _):
        progress = progress_of(prepared, store)
        if progress.missing and simulated(prepared, store, progress):
            raise KeyboardInterrupt(f"finished runs are in {prepared.folder}")
        write_outputs(prepared, store, f"{PROGRAM} {shlex.join(words)}")
        if failed := progress_of(prepared, store).failed:
            raise RuntimeError(f"{failed:,} runs failed: see {prepared.folder}/failures")
    return SweepResult(prepared.folder)


def compare(*simulations: Simulation, names: Sequence[str] | None = None) -> Comparison:
    """Simulations beside the first of them; differences are paired where the draws are the same.

    Raises ValueError where they cannot be compared.
    """
    given = names or unique_names([str(each.config["name"]) for each in simulations])
    if len(given) != len(simulations) or len(set(given)) != len(given):
        raise ValueError(f"names: give {len(simulations)} different names, not {list(given)}")
    return Comparison(dict(zip(given, simulations, strict=True)))


def load(folder: str | Path) -> Simulation | SweepResult:
    """A finished result of experiments.run, or a finished sweep; raises FolderError."""
    place = Path(folder)
    if not place.is_dir():
        raise FolderError(f"load: {place} is no folder")
    return Simulation(place) if (place / RECORD).is_file() else SweepResult(place)


def unique_names(names: Sequence[str]) -> list[str]:
    """The names; those that occur twice with their place."""
    return [
        name if names.count(name) == 1 else f"{name} ({place})"
        for place, name in enumerate(names, 1)
    ]
