"""People: heads and labour by nationality, by paper and by trade."""

from __future__ import annotations

from sim.engine.panel import ByGroupTrade, ByPaper
from sim.engine.worker_columns import Array
from sim.measures.comparison import Comparison, FullScaleBranch
from sim.measures.measure import (
    BASELINE,
    PAIRED,
    Measure,
    TotalAndTrades,
    ratio_of_sums,
    summed,
)
from sim.measures.shortage import heads_gone


def group_heads(branch: FullScaleBranch, group: int) -> Array:
    """Employed heads of a group: f8[T]."""
    heads: Array = branch.of(ByGroupTrade.HEADS_EMPLOYED)[:, group].sum(axis=1)
    return heads


def effective_labour_percent_of_baseline(branches: Comparison) -> TotalAndTrades:
    """Effective labour in percent of the baseline's."""
    labour, labour_baseline = branches.policy.labour_by_trade(), branches.baseline.labour_by_trade()
    return ratio_of_sums(100.0 * labour, labour_baseline)


PEOPLE = {
    "{group}_heads": Measure(
        "workers",
        "{Group} workers employed",
        lambda branches, group: group_heads(branches.policy, group),
    ),
    "{group}_heads_baseline": Measure(
        "workers",
        "{Group} workers employed without the expulsion",
        lambda branches, group: group_heads(branches.baseline, group),
        BASELINE,
    ),
    "{group}_effective_labour_workers": Measure(
        "standard workers",
        "{Group} effective labour",
        lambda branches, group: branches.policy.of(ByGroupTrade.EFFECTIVE_LABOUR)[:, group].sum(
            axis=1
        ),
    ),
    "{crew}_heads_{paper}": Measure(
        "workers",
        "{Crew} workers employed, {paper} paper",
        lambda branches, group, paper: branches.policy.of(ByPaper.HEADS_EMPLOYED_BY_PAPER)[
            :, group, paper
        ],
    ),
    "{crew}_registrations_{paper}": Measure(
        "registrations a month",
        "{Crew} registrations, {paper} paper",
        lambda branches, group, paper: branches.policy.of(ByPaper.REGISTRATIONS)[:, group, paper],
    ),
    "{crew}_gone_heads": Measure("workers", "{Crew} workers gone", heads_gone, PAIRED),
    "heads": Measure(
        "workers",
        "Workers employed",
        lambda branches: summed(branches.policy.heads_by_trade()),
        by_trade=True,
    ),
    "effective_labour_workers": Measure(
        "standard workers",
        "Effective labour",
        lambda branches: summed(branches.policy.labour_by_trade()),
        by_trade=True,
    ),
    "effective_labour_percent_of_baseline": Measure(
        "percent of baseline",
        "Effective labour",
        effective_labour_percent_of_baseline,
        PAIRED,
        by_trade=True,
    ),
}
