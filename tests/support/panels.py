"""Made-up runs of two or three months for hand computation: everything 0 but what a test sets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.engine.panel import TABLES, Panel, measure_named
from sim.engine.worker_columns import PAPERS
from sim.inputs.dated_inputs import dated_inputs
from sim.measures.comparison import Comparison, comparison
from sim.paired import PairedBranches
from sim.scenario import Scenario
from tests.support.shipped_scenarios import make_scenario

NORTH_KOREAN, CHINESE, RUSSIAN = range(3)
STRUCTURAL, FINISHING, TECHNICAL = range(3)
Value = float | Sequence[float]


def short_scenario(*overrides: str, months: int = 2) -> Scenario:
    """The shipped scenario over a few months, at half scale so that a forgotten division shows."""
    return make_scenario("market.scale=0.5", f"months={months}", *overrides)


def blank_panel(months: int, groups: int, trades: int) -> Panel:
    """A panel of NaN for `months` months: a month that was not recorded can never pass for zero."""
    axes = ((groups, trades), (groups,), (groups, len(PAPERS)), (trades,), ())
    return Panel(
        *(
            np.full((months, len(table), *lengths), np.nan)
            for table, lengths in zip(TABLES.values(), axes, strict=True)
        )
    )


def empty_panel(scenario: Scenario) -> Panel:
    """A panel in which nobody is there and nothing happens."""
    panel = blank_panel(scenario.months, len(scenario.population), len(scenario.market.trades))
    for array in panel:
        array[:] = 0.0
    return panel


def put(panel: Panel, name: str, value: Value, *where: int) -> None:
    """Set a measure to one number in all months, or month by month.

    `where` gives the positions of group and trade, as far as the measure has them.
    """
    panel.of(measure_named(name))[(slice(None), *where)] = value


def empty_pair(scenario: Scenario) -> PairedBranches:
    """Three empty runs."""
    return PairedBranches(0, 0, *(empty_panel(scenario) for _ in range(3)))


def random_pair(scenario: Scenario, seed: int) -> PairedBranches:
    """Three runs of random positive numbers."""
    generator = np.random.default_rng(seed)
    panels = (
        Panel(*(generator.uniform(0.1, 9.0, array.shape) for array in empty_panel(scenario)))
        for _ in range(3)
    )
    return PairedBranches(0, 0, *panels)


def compared(pair: PairedBranches, scenario: Scenario) -> Comparison:
    """The pair at krai scale."""
    return comparison(pair, scenario, dated_inputs(scenario))
