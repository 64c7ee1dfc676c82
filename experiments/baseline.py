"""Compare this engine with the numbers of the design's prototype and write sim/BASELINE.md: `python -m experiments.baseline`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from experiments.baseline_notes import EXPLANATIONS, SUMMARY, SWITCHES
from experiments.baseline_rows import ROWS, Row
from experiments.config import load_settings
from sim.full_scale import Comparison, comparison
from sim.inputs import dated_inputs
from sim.paired import run_paired
from sim.population import Array

TARGET = Path(__file__).parents[1] / "sim" / "BASELINE.md"
MONTHS = 120
NO_QUEUE = "policy.transport_per_month=null"
"""The prototype had no transport queue: it is left out of every comparison, and switched on below."""
SAMPLES: dict[str, tuple[str, ...]] = {
    "no policy": ("policy=none", "market.inputs.held_at_start=true"),
    "policy": (NO_QUEUE,),
    "efficiency 1.2": (NO_QUEUE, "population.north_korean.efficiency=1.2"),
    "efficiency 2.4": (NO_QUEUE, "population.north_korean.efficiency=2.4"),
}
BASE: dict[str, tuple[str, ...]] = {"transport queue on, as shipped": ()}


def simulate(overrides: Sequence[str], replicates: int) -> list[Comparison]:
    """Ten years of paired runs, as the krai would count them."""
    scenario = load_settings([f"months={MONTHS}", *overrides]).scenario
    inputs = dated_inputs(scenario)
    return [comparison(run_paired(scenario, replicate), scenario, inputs) for replicate in range(replicates)]


def values(row: Row, sample: Sequence[Comparison]) -> Array:
    """The row's number in every replicate."""
    return np.array([row.read(runs) for runs in sample])


def shown(number: float) -> str:
    """A number with as many digits as it deserves."""
    return f"{number:,.0f}" if abs(number) >= 100.0 else f"{number:.2f}" if abs(number) < 1.0 else f"{number:.1f}"


def comparison_table(replicates: int, scale: float) -> Iterator[str]:
    """The table's lines: the prototype's number, this engine's, and whether they agree."""
    yield "| number | unit | prototype | engine: mean (5-95 %) | agrees | explanation |"
    yield "|---|---|---:|---:|---|---|"
    for name, overrides in SAMPLES.items():
        sample = simulate((*overrides, f"market.scale={scale}"), replicates)
        for row in ROWS:
            if row.sample == name:
                yield line(row, values(row, sample))


def line(row: Row, found: Array) -> str:
    """One line of the table; it agrees if the mean lies within the row's margin."""
    low, high = np.percentile(found, (5, 95))
    agrees = "yes" if abs(found.mean() - row.prototype) <= row.close else "no"
    cells = (row.name, row.unit, shown(row.prototype), f"{shown(found.mean())} ({shown(low)} to {shown(high)})", agrees)
    return f"| {' | '.join(cells)} | {EXPLANATIONS.get(row.name, '')} |"


def experiments(replicates: int, scale: float) -> Iterator[str]:
    """One thing switched at a time: what moves which number."""
    switched = [row for row in ROWS if row.switched]
    yield f"| switched | override | {' | '.join(f'{row.name}, {row.unit}' for row in switched)} |"
    yield f"|---|---|{'---:|' * len(switched)}"
    for switch, overrides in SWITCHES.items():
        with_policy = simulate((*BASE.get(switch, (NO_QUEUE,)), *overrides, f"market.scale={scale}"), replicates)
        means = [shown(float(values(row, with_policy).mean())) for row in switched]
        yield f"| {switch} | {' '.join(f'`{text}`' for text in overrides) or '-'} | {' | '.join(means)} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--target", type=Path, default=TARGET)
    given = parser.parse_args(arguments)
    command = f"python -m experiments.baseline --replicates {given.replicates} --scale {given.scale:g}"
    parts = (
        "# This engine against the prototype",
        f"Written by `{command}`; elasticities are left for the calibration.",
        f"Shipped configuration, {MONTHS} months from 2016-01, seed 1, policy un2397 at compliance 1",
        "without its transport queue, which the prototype did not have. The deadline is 2019-12, four years later 2023-12, mid-July",
        "half way between the ends of June and July.",
        "A number agrees if the mean over replicates lies within the margin that stands beside it in `experiments/baseline_rows.py`; the",
        "interval is over replicates, parameters fixed.",
        "",
        *comparison_table(given.replicates, given.scale),
        "",
        "## One thing switched at a time",
        "",
        *experiments(max(1, given.replicates // 2), given.scale),
        "",
        "## Explanation",
        "",
        SUMMARY.strip(),
    )
    given.target.write_text("\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
