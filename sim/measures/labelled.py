"""Measures of the panel that carry a label: they are reported without a formula of their own."""

from __future__ import annotations

from sim.engine.panel import PARTS, ByGroup, ByGroupTrade, ByTrade, PanelMeasure
from sim.engine.worker_columns import Array
from sim.measures.comparison import Comparison
from sim.measures.measure import Measure, TotalAndTrades, summed

CREW = "crew_"


def reported_name(measure: PanelMeasure) -> str:
    """The name in reports; one for each nationality where a measure is counted by nationality."""
    if not isinstance(measure, ByGroup):
        return measure.key
    of_crews = measure.key.startswith(CREW)
    return f"{{crew}}_{measure.key.removeprefix(CREW)}" if of_crews else f"{{group}}_{measure.key}"


def reported_measure(measure: PanelMeasure) -> Measure:
    """A labelled measure of the policy branch, by trade where it is counted by trade."""

    def series(branches: Comparison, *group: int) -> Array | TotalAndTrades:
        values = branches.policy.of(measure)
        if isinstance(measure, ByGroupTrade):
            return summed(values.sum(axis=1))
        if isinstance(measure, ByTrade):
            return summed(values)
        return values[:, group[0]] if group else values

    by_trade = isinstance(measure, ByGroupTrade | ByTrade)
    return Measure(measure.unit.replace("RUB", "{money}"), measure.label, series, by_trade=by_trade)


LABELLED = {
    reported_name(measure): reported_measure(measure)
    for table in PARTS
    for measure in table
    if measure.label
}
