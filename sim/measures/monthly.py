"""The monthly measures of one replicate, by name."""

from __future__ import annotations

from sim.engine.worker_columns import Array
from sim.inputs.dated_inputs import DatedInputs
from sim.measures.catalogue import MEASURES
from sim.measures.comparison import comparison
from sim.measures.measure import values_of
from sim.paired import PairedBranches
from sim.scenario import Scenario


def measure(pair: PairedBranches, scenario: Scenario, inputs: DatedInputs) -> dict[str, Array]:
    """Every measure of `measures_of(scenario)`, f8[T] at full scale from `start` on; else NaN."""
    return values_of(MEASURES, comparison(pair, scenario, inputs))
