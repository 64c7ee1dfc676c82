"""The monthly measures of one replicate, by name: shortage, vacancies, wages, output, people, money."""

from __future__ import annotations

import numpy as np

from sim.engine.worker_columns import PAPERS, Array
from sim.inputs.dated_inputs import DatedInputs, series
from sim.measures.catalogue import MEASURES, Measure, measures_of
from sim.measures.comparison import Comparison, FullScaleBranch, comparison, ratio
from sim.measures.crew_fates import crew_fate_measures
from sim.measures.names import reported_of
from sim.measures.replacement import replacement_measures
from sim.measures.revenue import public_cost_measures, revenue_measures
from sim.measures.shortage import heads_gone, in_all_and_by_trade, shortage_measures, split_by_trade
from sim.paired import PairedBranches
from sim.scenario import ContractCrew, Scenario, TemporaryMigrant

__all__ = ["MEASURES", "Measure", "measure", "measures_of"]

WORKING_DAYS_A_MONTH = 21.0
INDEX_YEAR = 2016


def measure(pair: PairedBranches, scenario: Scenario, inputs: DatedInputs) -> dict[str, Array]:
    """Every measure of `measures_of(scenario)`, f8[T] at full scale from `start` on; NaN where it has no meaning."""
    branches = comparison(pair, scenario, inputs)
    found: dict[str, Array] = {}
    for part in (
        shortage_measures,
        vacancy_measures,
        wage_measures,
        output_measures,
        people_measures,
        replacement_measures,
    ):
        found |= part(branches)
    return found | revenue_measures(branches) | public_cost_measures(branches)


def vacancy_measures(branches: Comparison) -> dict[str, Array]:
    """Job vacancy rate, duration, tightness, and the flows behind them."""
    policy = branches.policy
    stock, heads = policy.by_trade("vacancy_stock"), policy.heads_by_trade()
    hires, seekers = (
        policy.by_group_trade(name).sum(axis=1) for name in ("hires", "heads_seeking")
    )
    found = ratio_in_all_and_by_trade("job_vacancy_rate", 100.0 * stock, stock + heads, branches)
    found |= ratio_in_all_and_by_trade(
        "vacancy_duration_days", WORKING_DAYS_A_MONTH * stock, hires, branches
    )
    found |= ratio_in_all_and_by_trade("vacancies_per_seeker", stock, seekers, branches)
    found["job_vacancy_rate_baseline"] = job_vacancy_rate(branches.baseline)
    found["seeker_share"], found["seeker_share_baseline"] = (
        seeker_share(policy),
        seeker_share(branches.baseline),
    )
    found |= in_all_and_by_trade("hires", hires, branches)
    return found | in_all_and_by_trade(
        "separations", policy.by_group_trade("separations").sum(axis=1), branches
    )


def ratio_in_all_and_by_trade(
    name: str, part: Array, whole: Array, branches: Comparison
) -> dict[str, Array]:
    """Sum over sum under `name`, each trade's ratio under `name_trade`; part and whole f8[T, K]."""
    return {name: ratio(part.sum(axis=1), whole.sum(axis=1))} | split_by_trade(
        name, ratio(part, whole), branches
    )


def job_vacancy_rate(run: FullScaleBranch) -> Array:
    """100 V/(V+N), all trades: f8[T]."""
    stock = run.by_trade("vacancy_stock").sum(axis=1)
    return 100.0 * ratio(stock, stock + run.heads_by_trade().sum(axis=1))


def seeker_share(run: FullScaleBranch) -> Array:
    """Seekers in percent of those seeking or employed: f8[T]."""
    seekers = run.by_group_trade("heads_seeking").sum(axis=(1, 2))
    return 100.0 * ratio(seekers, seekers + run.heads_by_trade().sum(axis=1))


def wage_measures(branches: Comparison) -> dict[str, Array]:
    """The posted wage in every money, against the baseline, and what migrants weigh it against."""
    policy, baseline = branches.policy, branches.baseline
    found = {
        name: policy.market(name) for name in ("wage_real_rub", "wage_nominal_rub", "wage_usd")
    }
    base = branches.scenario.market.wages.base_wage_rub
    found |= split_by_trade("wage_real_rub", base * policy.by_trade("wage_posted_real"), branches)
    found["wage_real_rub_baseline"] = baseline.market("wage_real_rub")
    found["wage_drift_percent"] = 100.0 * (
        ratio(policy.market("wage_real"), baseline.market("wage_real")) - 1.0
    )
    for group, (name, people) in enumerate(branches.scenario.population.items()):
        if isinstance(people, TemporaryMigrant):
            offered = policy.by_group("pay_per_head_rub")[:, group] * (
                1.0 + subsidy_share(branches)
            )
            found[f"{name}_pay_after_tax_rub"] = (1.0 - people.income_tax_share) * offered
            found[f"{name}_home_pay_rub"] = (1.0 + people.moving_cost_share) * branches.dated(
                "home_pay_rub"
            )[group]
    return found


def subsidy_share(branches: Comparison) -> Array:
    """Wage subsidy in force, as a share of pay: f8[T]."""
    others = [
        group for group in range(len(branches.scenario.population)) if group not in branches.crews
    ]
    pay = branches.policy.by_group("pay_rub")[:, others].sum(axis=1)
    return np.nan_to_num(ratio(branches.policy.market("public_cost_wage_subsidy_rub"), pay))


def output_measures(branches: Comparison) -> dict[str, Array]:
    """Orders, output, completions and delay against the baseline; completions beside reported housing."""
    policy, baseline = branches.policy, branches.baseline
    found = {
        f"{name}_percent_of_baseline": 100.0 * ratio(policy.market(name), baseline.market(name))
        for name in ("orders", "output", "completions")
    }
    found["output_worker_months"] = policy.market("output")
    found["cancelled_worker_months"] = policy.market("cancelled")
    found["backlog_months"] = backlog_months(policy)
    found["delay_months"] = backlog_months(policy) - backlog_months(baseline)
    years = years_of(branches.scenario)
    found["completions_index"] = index_of(policy.market("completions"), years)
    if reported := reported_of(branches.scenario):
        found["housing_completed_index"] = reported_index(reported.housing_completed, years)
    return found


def years_of(scenario: Scenario) -> Array:
    """Calendar year of each month: i8[T]."""
    years: Array = (
        scenario.start.year + (scenario.start.month - 1 + np.arange(scenario.months)) // 12
    )
    return years


def backlog_months(run: FullScaleBranch) -> Array:
    """B/Y at month end: f8[T]."""
    return ratio(run.market("backlog"), run.market("output"))


def index_of(values: Array, years: Array) -> Array:
    """Values with the mean of 2016 = 100; NaN if the run has no month of 2016."""
    base = years == INDEX_YEAR
    return (
        100.0 * ratio(values, values[base].mean()) if base.any() else np.full(values.shape, np.nan)
    )


def reported_index(name: str, years: Array) -> Array:
    """An annual series with 2016 = 100, each month at its year's value; NaN where nothing is reported."""
    reported = series()[name].values
    index = {
        year: 100.0 * reported.get(str(year), np.nan) / reported[str(INDEX_YEAR)]
        for year in np.unique(years).tolist()
    }
    return np.array([index[year] for year in years.tolist()])


def people_measures(branches: Comparison) -> dict[str, Array]:
    """Heads and labour by nationality, by paper and by trade."""
    policy, baseline = branches.policy, branches.baseline
    found = in_all_and_by_trade("heads", policy.heads_by_trade(), branches)
    found |= in_all_and_by_trade("effective_labour_workers", policy.labour_by_trade(), branches)
    found |= ratio_in_all_and_by_trade(
        "effective_labour_percent_of_baseline",
        100.0 * policy.labour_by_trade(),
        baseline.labour_by_trade(),
        branches,
    )
    for group, (name, people) in enumerate(branches.scenario.population.items()):
        found[f"{name}_heads"] = policy.by_group_trade("heads_employed")[:, group].sum(axis=1)
        found[f"{name}_heads_baseline"] = baseline.by_group_trade("heads_employed")[:, group].sum(
            axis=1
        )
        found[f"{name}_effective_labour_workers"] = policy.by_group_trade("effective_labour")[
            :, group
        ].sum(axis=1)
        if isinstance(people, ContractCrew):
            found |= crew_measures(branches, group, name)
    return found


def crew_measures(branches: Comparison, group: int, name: str) -> dict[str, Array]:
    """Crew members gone, those who stay by paper, and what has become of all."""
    heads, registered = (
        branches.policy.by_paper(measure)[:, group]
        for measure in ("heads_employed_by_paper", "registrations")
    )
    found = {f"{name}_gone_heads": heads_gone(branches, group)}
    for number, paper in enumerate(PAPERS):
        found[f"{name}_heads_{paper}"] = heads[:, number]
        found[f"{name}_registrations_{paper}"] = registered[:, number]
    return found | crew_fate_measures(branches, group, name)
