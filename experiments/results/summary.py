"""summary.json: percentiles of the runs by month, and all that figures and tables need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.ensembles.drivers import PERCENTILES, sampled_ranges
from experiments.ensembles.every_draw import EveryDraw, at_scale
from experiments.ensembles.naive_rule import naive_rule_summary
from experiments.ensembles.uncertainty import NONE, interval_note, uncertainty_summary
from experiments.results.result_folder import FORMAT, RESULT_FORMAT
from sim.calendar import label
from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import dated_inputs
from sim.inputs.dotted_keys import flatten
from sim.measures.catalogue import measures_of
from sim.measures.measure import Measure
from sim.measures.names import money_of
from sim.policy.programme import market_announcements, policy_announcements
from sim.scenario import Scenario
from sim.structure_keys import not_sampled_notes

SIGNIFICANT_DIGITS = 9


def summarise(
    scenario: Scenario,
    values: Mapping[str, Array],
    uncertainty: str = NONE,
    sampled: Sequence[Scenario] | None = None,
    every: EveryDraw | None = None,
) -> dict[str, Any]:
    """The summary of an ensemble's measures, f8[R, T] each.

    sampled: the scenario of each replicate where parameters are uncertain; every: the small runs of
    every draw, where there are such.
    """
    table, about = measures_of(scenario), uncertainty_summary(uncertainty, values, sampled, every)
    months = [label(month, scenario.start) for month in range(scenario.months)]
    ranges = {
        key: [rounded(end) for end in ends]
        for key, ends in ranges_of_draws(scenario, sampled or (), every).items()
    }
    return {
        FORMAT: RESULT_FORMAT,
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
        "structure": flatten(scenario.structure),
        "uncertainty": about,
        "naive_rule": naive_rule_summary(uncertainty, values, months, every),
        "sampled": ranges,
        "notes": [
            interval_note(about, scenario.market.name),
            *dated_inputs(scenario).notes,
            *not_sampled_notes(scenario),
        ],
        "means_at_end": means_at_end(every.values if every else values, table),
        "measures": {
            name: {
                "unit": known.unit,
                "label": known.label,
                "note": known.note,
                "by_month": by_month(values[name], months)
                if every is None
                else by_label(every.percentiles(name, values[name], PERCENTILES), months),
            }
            for name, known in table.items()
        },
    }


def ranges_of_draws(
    scenario: Scenario, sampled: Sequence[Scenario], every: EveryDraw | None
) -> dict[str, list[float]]:
    """[p5, median, p95] of every sampled parameter: over every draw, or over the replicates."""
    if every is None:
        return sampled_ranges(scenario, sampled)
    return sampled_ranges(at_scale(scenario, every.scale), every.scenarios)


def by_month(values: Array, months: Sequence[str]) -> dict[str, list[float]]:
    """[p5, median, p95] of the replicates that have a value, by month.

    A month in which no replicate has a value is left out.
    """
    # All months in one call, many times faster than one by one; months with gaps are taken again.
    whole = np.percentile(values, PERCENTILES, axis=0, method="linear").T.tolist()
    missing = np.isnan(values).sum(axis=0).tolist()
    found = {}
    for number, month in enumerate(months):
        row = whole[number]
        if 0 < missing[number] < len(values):
            # Percentiles of a column with a NaN are NaN: take those of the values that are there.
            given = values[~np.isnan(values[:, number]), number]
            row = np.percentile(given, PERCENTILES, method="linear").tolist()
        if missing[number] < len(values):
            found[month] = [rounded(value) for value in row]
    return found


def by_label(percentiles: Array, months: Sequence[str]) -> dict[str, list[float]]:
    """Percentiles f8[P, T] by month, without the months in which they are NaN."""
    return {
        month: [rounded(value) for value in row]
        for month, row in zip(months, percentiles.T.tolist(), strict=True)
        if not np.isnan(row).any()
    }


def means_at_end(values: Mapping[str, Array], table: Mapping[str, Measure]) -> dict[str, float]:
    """Means over runs in the last month, of heads and of cumulated amounts.

    Accounts are shown in means, as means add up and medians do not.
    """
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
    """A value to nine significant digits, without the noise of floating-point arithmetic."""
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def policy_dates(scenario: Scenario) -> list[dict[str, str]]:
    """The month and title of each decision that takes effect within the run, in order.

    'enforcement begins' is left out, as it coincides with the first date of the policy.
    """
    announced = sorted(
        [*policy_announcements(scenario), *market_announcements(scenario)],
        key=lambda announced: announced.month,
    )
    return [
        {"month": label(each.month, scenario.start), "title": each.title}
        for each in announced
        if 0 <= each.month < scenario.months and each.title != "enforcement begins"
    ]


def levers_on(scenario: Scenario) -> list[str]:
    """Names of the levers that are in force from some date on."""
    levers = scenario.levers
    return [
        name for name in levers.__dataclass_fields__ if getattr(levers, name).from_date is not None
    ]
