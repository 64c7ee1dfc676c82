"""A reported measure: its unit, its words, its formula, and what it is computed for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sim.engine.worker_columns import PAPERS, Array
from sim.measures.comparison import Comparison, ratio
from sim.scenario import ContractCrew, Group, Scenario, TemporaryMigrant

BASELINE = "baseline"
POLICY_BRANCH = "policy branch"
PAIRED = "policy branch against its baseline"
AT_BASELINE_WAGES = (
    "policy branch at baseline wages against its baseline: posted wages held at the baseline's"
)
GROUPS: dict[str, Callable[[Group], bool]] = {
    "group": lambda group: True,
    "crew": lambda group: isinstance(group, ContractCrew),
    "migrant": lambda group: isinstance(group, TemporaryMigrant),
    "other": lambda group: not isinstance(group, ContractCrew),
}
"""The groups for which a measure is computed whose name holds the word in braces."""


class TotalAndTrades(NamedTuple):
    """A measure of the whole market and of each trade."""

    total: Array  # f8[T]
    by_trade: Array  # f8[T, K]


def summed(by_trade: Array) -> TotalAndTrades:
    """A level: the market's is the sum over trades."""
    return TotalAndTrades(by_trade.sum(axis=1), by_trade)


def ratio_of_sums(part: Array, whole: Array) -> TotalAndTrades:
    """A ratio: the market's is the sum over trades of the one over that of the other."""
    return TotalAndTrades(ratio(part.sum(axis=1), whole.sum(axis=1)), ratio(part, whole))


def always(scenario: Scenario) -> bool:
    """Reported for every scenario."""
    return True


@dataclass(frozen=True)
class Measure:
    """One monthly series of the market, f8[T] at full scale.

    formula: takes the Comparison and, where the name holds {group}, {crew}, {migrant} or {other}
    and {paper}, the positions of the group and the paper; gives an array, or TotalAndTrades if
    `by_trade`, which is then also reported for each trade under name_trade.
    """

    unit: str
    label: str
    formula: Callable[..., Array | TotalAndTrades]
    note: str = POLICY_BRANCH
    by_trade: bool = False
    is_reported: Callable[[Scenario], bool] = always


class Filling(NamedTuple):
    """What the words in braces of a measure's name stand for: names, and positions for formulas."""

    names: dict[str, str]
    positions: tuple[int, ...]


def fillings(pattern: str, scenario: Scenario) -> Iterator[Filling]:
    """What the words in braces of a name stand for, one after the other, in a scenario."""
    word = next((word for word in GROUPS if f"{{{word}}}" in pattern), None)
    if word is None:
        yield Filling({}, ())
        return
    papers = PAPERS if "{paper}" in pattern else ()
    for position, (name, group) in enumerate(scenario.population.items()):
        if not GROUPS[word](group):
            continue
        if not papers:
            yield Filling({word: name}, (position,))
        for number, paper in enumerate(papers):
            yield Filling({word: name, "paper": paper}, (position, number))


def values_of(measures: Mapping[str, Measure], branches: Comparison) -> dict[str, Array]:
    """The series of some measures by their names, f8[T] each; NaN where one has no meaning."""
    found: dict[str, Array] = {}
    trades = branches.scenario.market.trades
    for pattern, measure in measures.items():
        if not measure.is_reported(branches.scenario):
            continue
        for names, positions in fillings(pattern, branches.scenario):
            name, values = pattern.format(**names), measure.formula(branches, *positions)
            if isinstance(values, TotalAndTrades):
                found[name] = values.total
                found |= {
                    f"{name}_{trade}": values.by_trade[:, k] for k, trade in enumerate(trades)
                }
            else:
                found[name] = values
    return found
