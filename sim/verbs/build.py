"""Verb 9: output, cancellations, backlog, the pipeline of work under way, and technique."""

from __future__ import annotations

import math

from sim.compiled_state import sweep
from sim.firms.demand import orders_cancelled
from sim.firms.production import next_log_labour_per_unit, output_built
from sim.state import State
from sim.verbs.plan_hiring import count_hands


@sweep
def build(state: State) -> None:
    """Build with the hands of month end; what was built `pipeline_months` ago is completed."""
    parameters = state.parameters[0]
    stage = (state.now[0].month + 1024) % state.pipeline.shape[0]
    for j in range(state.firms.size):
        firm = state.firms[j]
        count_hands(state, j)
        firm.output = output_built(firm.composite, firm.labour_per_unit, firm.target)
        limit = parameters.backlog_limit_months * firm.normal_output
        firm.cancelled = orders_cancelled(firm.backlog, limit, parameters.cancellation_rate)
        firm.backlog = firm.backlog + firm.orders - firm.output - firm.cancelled
        firm.completions = state.pipeline[stage, j]
        state.pipeline[stage, j] = firm.output
        firm.log_labour_per_unit = next_log_labour_per_unit(
            firm.log_labour_per_unit,
            firm.log_labour_value,
            firm.log_cost,
            parameters.capital_labour_elasticity,
            parameters.technique_adjustment_months,
        )
        firm.labour_per_unit = math.exp(firm.log_labour_per_unit)
