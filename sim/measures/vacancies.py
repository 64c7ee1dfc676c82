"""Vacancies: job vacancy rate, duration and tightness."""

from __future__ import annotations

from sim.calendar import WORKING_DAYS_A_MONTH
from sim.engine.panel import ByGroupTrade, ByTrade
from sim.engine.worker_columns import Array
from sim.measures.comparison import Comparison, FullScaleBranch, ratio
from sim.measures.measure import BASELINE, Measure, TotalAndTrades, ratio_of_sums


def job_vacancy_rate(branch: FullScaleBranch) -> TotalAndTrades:
    """100 V/(V+N): open vacancies in percent of all posts, filled or open."""
    stock = branch.of(ByTrade.VACANCY_STOCK)
    return ratio_of_sums(100.0 * stock, stock + branch.heads_by_trade())


def vacancy_duration_days(branches: Comparison) -> TotalAndTrades:
    """Working days for which a vacancy stays open: stock over the hires of a day."""
    stock = branches.policy.of(ByTrade.VACANCY_STOCK)
    hires = branches.policy.summed_over_groups(ByGroupTrade.HIRES)
    return ratio_of_sums(WORKING_DAYS_A_MONTH * stock, hires)


def vacancies_per_seeker(branches: Comparison) -> TotalAndTrades:
    """Market tightness."""
    seekers = branches.policy.summed_over_groups(ByGroupTrade.HEADS_SEEKING)
    return ratio_of_sums(branches.policy.of(ByTrade.VACANCY_STOCK), seekers)


def seeker_share(branch: FullScaleBranch) -> Array:
    """Seekers in percent of those seeking or employed: f8[T]."""
    seekers = branch.of(ByGroupTrade.HEADS_SEEKING).sum(axis=(1, 2))
    return 100.0 * ratio(seekers, seekers + branch.heads_by_trade().sum(axis=1))


SEEKERS = "Seekers among those seeking or employed in construction"

VACANCIES = {
    "job_vacancy_rate": Measure(
        "percent",
        "Job vacancy rate V/(V+N)",
        lambda branches: job_vacancy_rate(branches.policy),
        "policy branch; V mean of four week-ends, N heads employed",
        by_trade=True,
    ),
    "job_vacancy_rate_baseline": Measure(
        "percent",
        "Job vacancy rate without the expulsion",
        lambda branches: job_vacancy_rate(branches.baseline).total,
        BASELINE,
    ),
    "vacancy_duration_days": Measure(
        "working days",
        "Mean duration of a vacancy",
        vacancy_duration_days,
        f"policy branch; {WORKING_DAYS_A_MONTH:.0f} x vacancy stock / hires of the month",
        by_trade=True,
    ),
    "vacancies_per_seeker": Measure(
        "vacancies per seeker", "Vacancies per seeker", vacancies_per_seeker, by_trade=True
    ),
    "seeker_share": Measure("percent", SEEKERS, lambda branches: seeker_share(branches.policy)),
    "seeker_share_baseline": Measure(
        "percent",
        f"{SEEKERS}, without the expulsion",
        lambda branches: seeker_share(branches.baseline),
        BASELINE,
    ),
}
