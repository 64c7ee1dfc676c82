"""The monthly panel as a Mesa DataCollector, made when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import mesa

from sim.calendar import label
from sim.engine.panel import ByGroup, ByGroupTrade, ByTrade, OfMarket, Panel
from sim.engine.worker_columns import BURN_IN_MONTHS, Array

COLLECTED = "_collected_panel"


class PanelCollector(mesa.DataCollector):
    """Every month so far, one row a step: the market's measures, those of each group and trade."""

    def collect(self, model: Any) -> None:
        """Take over a month of the panel; a model records its months itself."""
        if isinstance(model, mesa.Model):
            raise TypeError(
                "collect: the panel is recorded by the model itself; to collect something else "
                "give it a collector of your own: model.datacollector = mesa.DataCollector(...)"
            )
        super().collect(model)


class CollectedPanel:
    """`market.datacollector`, unless one's own was set: what `mesa.batch_run` reads results from.

    It costs nothing before it is asked for, as it is read from the panel.
    """

    def __get__(self, market: Any, owner: type) -> Any:
        """The panel of one model up to now."""
        if market is None:
            return self
        month, collector = vars(market).get(COLLECTED, (None, None))
        if month != market.month:
            collector = collected(market)
            vars(market)[COLLECTED] = (market.month, collector)
        return collector


def collected(market: Any) -> PanelCollector:
    """The months that a model has recorded, by Mesa time at their end."""
    columns = columns_of(market.panel, market.specification)
    collector = PanelCollector(model_reporters={name: name for name in ("month", *columns)})
    for place in range(market.month + BURN_IN_MONTHS):
        month = label(place - BURN_IN_MONTHS, market.specification.start)
        values = {name: column[place].item() for name, column in columns.items()}
        collector.collect(SimpleNamespace(time=float(place + 1), month=month, **values))
    return collector


def columns_of(panel: Panel, specification: Any) -> dict[str, Array]:
    """Measures by name, those of a group or trade with its name behind: f8[T] each."""
    groups, trades = list(specification.population), specification.market.trades
    columns = {measure.key: panel.of(measure) for measure in OfMarket}
    for of_trades in ByTrade:
        columns |= named(of_trades.key, trades, panel.of(of_trades))
    for of_groups in ByGroup:
        columns |= named(of_groups.key, groups, panel.of(of_groups))
    for of_cells in ByGroupTrade:
        columns |= named(of_cells.key, groups, panel.of(of_cells).sum(axis=2))
    return columns


def named(key: str, names: Iterable[str], values: Array) -> dict[str, Array]:
    """A column for each name."""
    return {f"{key}_{name}": values[:, place] for place, name in enumerate(names)}
