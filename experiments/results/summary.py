"""summary.json: percentiles of the replicates, month by month, with everything figures and tables need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.ensembles.drivers import PERCENTILES, sampled_ranges
from experiments.ensembles.uncertainty import NONE, note, uncertainty_summary
from sim.calendar import label
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import dated_inputs
from sim.measures.catalogue import measures_of
from sim.measures.measure import Measure
from sim.measures.names import money_of
from sim.policy.programme import market_announcements, policy_announcements
from sim.scenario import Scenario

SIGNIFICANT_DIGITS = 9


def summarise(
    scenario: Scenario,
    values: Mapping[str, Array],
    uncertainty: str = NONE,
    drawn: Sequence[Scenario] | None = None,
) -> dict[str, Any]:
    """The summary of an ensemble's measures, f8[R, T] each; drawn: the scenario of each replicate where parameters are uncertain."""
    table, about = measures_of(scenario), uncertainty_summary(uncertainty, values, drawn)
    months = [label(month, scenario.start) for month in range(scenario.months)]
    ranges = {
        key: [rounded(end) for end in ends]
        for key, ends in sampled_ranges(scenario, drawn or ()).items()
    }
    return {
        "policy": scenario.policy.name,
        "compliance": ranges.get("policy.compliance", [0.0, scenario.policy.compliance, 0.0])[1],
        "replicates": len(next(iter(values.values()))),
        "seed": scenario.seed,
        "start": label(0, scenario.start),
        "months": scenario.months,
        "scale": scenario.market.scale,
        "market": scenario.market.name,
        "region": scenario.market.region,
        "money": money_of(scenario),
        "percentiles": list(PERCENTILES),
        "trades": list(scenario.market.trades),
        "nationalities": {name: group.kind for name, group in scenario.population.items()},
        "policy_dates": policy_dates(scenario),
        "levers": levers_on(scenario),
        "uncertainty": about,
        "sampled": ranges,
        "notes": [note(about, scenario.market.name), *dated_inputs(scenario).notes],
        "means_at_end": means_at_end(values, table),
        "measures": {
            name: {
                "unit": known.unit,
                "label": known.label,
                "note": known.note,
                "by_month": by_month(values[name], months),
            }
            for name, known in table.items()
        },
    }


def by_month(values: Array, months: Sequence[str]) -> dict[str, list[float]]:
    """[p5, median, p95] of the replicates that have a value, by month; a month in which none has one is left out."""
    missing = np.isnan(values).sum(axis=0).tolist()
    whole = np.percentile(values, PERCENTILES, axis=0, method="linear").T.tolist()
    found = {}
    for number, month in enumerate(months):
        if missing[number] == 0:
            found[month] = [rounded(value) for value in whole[number]]
        elif missing[number] < len(values):
            given = values[~np.isnan(values[:, number]), number]
            found[month] = [
                rounded(value)
                for value in np.percentile(given, PERCENTILES, method="linear").tolist()
            ]
    return found


def means_at_end(values: Mapping[str, Array], table: Mapping[str, Measure]) -> dict[str, float]:
    """Means over replicates in the last month, of heads and of cumulated amounts: means add up where medians do not."""
    added = [
        name
        for name, known in table.items()
        if known.unit.startswith("workers") or "cumulated" in known.unit
    ]
    return {
        name: rounded(float(values[name][:, -1].mean()))
        for name in added
        if not np.isnan(values[name][:, -1]).any()
    }


def rounded(value: float) -> float:
    """A value to nine significant digits: no float noise, no claim beyond it."""
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def policy_dates(scenario: Scenario) -> list[dict[str, str]]:
    """What binds within the run and when, in order; 'enforcement begins' goes with the first date of the policy."""
    announced = sorted(
        [*policy_announcements(scenario), *market_announcements(scenario)],
        key=lambda event: event.month,
    )
    return [
        {"month": label(event.month, scenario.start), "title": event.title}
        for event in announced
        if 0 <= event.month < scenario.months and event.title != "enforcement begins"
    ]


def levers_on(scenario: Scenario) -> list[str]:
    """Names of the levers that have a date."""
    levers = scenario.levers
    return [
        name for name in levers.__dataclass_fields__ if getattr(levers, name).from_date is not None
    ]
