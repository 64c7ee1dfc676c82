"""The ordinary Mesa model that speed is measured against runs the same market."""

import numpy as np
import pytest

from sim.engine.panel import Panel, measure_named
from sim.engine.worker_columns import BURN_IN_MONTHS
from sim.model import LabourMarket
from tests.reference.ordinary import OrdinaryMarket
from tests.support.shipped_scenarios import make_scenario

MONTHS = 24


def mean_of(panels: list[Panel], name: str) -> float:
    """Mean over replicates, months, groups and trades of a measure's monthly total."""
    measure = measure_named(name)
    return float(
        np.mean(
            [panel.of(measure)[BURN_IN_MONTHS:].reshape(MONTHS, -1).sum(axis=1) for panel in panels]
        )
    )


@pytest.mark.slow
def test_an_ordinary_model_has_the_same_flows() -> None:
    scenario = make_scenario("market.scale=0.05", "policy=none", f"months={MONTHS}")
    ordinary, engine = [], []
    for replicate in range(3):
        objects, columns = OrdinaryMarket(scenario, replicate), LabourMarket(scenario, replicate)
        objects.run_to(MONTHS)
        columns.run_to_end()
        ordinary.append(objects.panel)
        engine.append(columns.panel)
    for name, tolerance in {
        "heads_employed": 0.01,
        "effective_labour": 0.01,
        "hires": 0.04,
        "job_to_job_moves": 0.06,
        "jobs_ended": 0.04,
        "entered": 0.1,
        "vacancy_stock": 0.1,
    }.items():
        assert mean_of(ordinary, name) == pytest.approx(mean_of(engine, name), rel=tolerance), name
