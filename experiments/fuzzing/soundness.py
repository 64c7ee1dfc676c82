"""What a valid configuration must give: a run that adds up and whose every number is finite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from experiments.configuration.settings import Settings
from experiments.fuzzing.unread_keys import falsely_without_effect
from experiments.reporting.report_page import report_html
from experiments.results import result_folder
from experiments.results.provenance import run_record
from experiments.results.result_folder import Result, as_yaml
from experiments.results.summary import summarise
from experiments.storage.recorded_folder import FILES
from experiments.storage.sealed_json import as_json
from sim.branches import POLICY
from sim.identities import run_checked
from sim.inputs.dated_inputs import dated_inputs
from sim.inputs.dotted_keys import flatten
from sim.measures.monthly import measure
from sim.model import LabourMarket
from sim.opening import group_rows
from sim.paired import PairedBranches, run_paired
from sim.scenario import Scenario, scaled

MOST_WORKERS, MOST_PLACES = 5_000, 20_000
"""Workers, and firms x trades x groups, up to which a case is simulated, which takes a second."""
FINITE = ("by_group_trade", "by_group", "by_trade", "market")


def is_small(scenario: Scenario) -> bool:
    """Whether a case is simulated at all."""
    market, groups = scenario.market, scenario.population
    workers = sum(group_rows(group, market.scale) for group in groups.values())
    firms = max(1, scaled(market.firms.number, market.scale))
    return workers <= MOST_WORKERS and firms * len(market.trades) * len(groups) <= MOST_PLACES


def ignored_keys(settings: Settings, given: dict[str, Any]) -> Iterator[str]:
    """Keys that were given and that the checked settings do not have, or have otherwise."""
    held = flatten(settings.scenario) | {
        name: getattr(settings, name)
        for name in ("replicates", "threads", "output_dir", "every_draw_scale")
    }
    for key, value in flatten(given).items():
        if key in ("name", "held", "uncertainty"):
            continue
        if key not in held:
            yield f"{key}: ignored"
        elif isinstance(held[key], int | float) and held[key] != value:
            yield f"{key}: given {value!r}, taken as {held[key]!r}"


def unsound(settings: Settings, replicate: int, folder: Any = None) -> Iterator[str]:
    """What does not add up, or is not finite, in a simulation; with a folder its page as well."""
    scenario = settings.scenario
    model = LabourMarket(scenario, replicate, branch=POLICY)
    yield from run_checked(model, scenario.months)[:3]
    yield from not_finite(model.panel, "policy branch on its own")
    pair = run_paired(scenario, replicate)
    yield from falsely_without_effect(scenario, replicate, pair)
    for name in ("baseline", "policy", "policy_at_baseline_wages"):
        yield from not_finite(getattr(pair, name), name)
    yield from unreportable(settings, pair, folder)


def not_finite(panel: Any, branch: str) -> Iterator[str]:
    """Tables of a panel with a number that is not finite."""
    for name in FINITE:
        months, *_ = np.nonzero(~np.isfinite(getattr(panel, name)))
        if months.size:
            yield f"{branch}: {name} is not finite from row {months.min()} on"


def unreportable(settings: Settings, pair: PairedBranches, folder: Any) -> Iterator[str]:
    """Measures that are infinite; a summary or page that cannot be written raises."""
    scenario = settings.scenario
    values = measure(pair, scenario, dated_inputs(scenario))
    yield from (f"{name}: infinite" for name, row in values.items() if np.isinf(row).any())
    summary = summarise(scenario, {name: row[None] for name, row in values.items()})
    as_json(summary)
    if folder is not None:
        (folder / result_folder.CONFIG).write_text(as_yaml(settings.resolved), encoding="utf-8")
        record = run_record(settings, "python -m experiments.fuzz")
        record |= {FILES: {result_folder.MONTHS: ""}}
        report_html(Result(folder, summary, settings.resolved, record))
