"""What a month is measured by: the panel's measures and their units."""

from __future__ import annotations

from typing import NamedTuple

from sim.engine.records import FATES
from sim.engine.worker_columns import Array

BY_GROUP_TRADE = {
    "heads_employed": "workers",
    "heads_seeking": "workers",
    "effective_labour": "standard workers",
    "hires": "workers a month",
    "separations": "workers a month",
    "quits": "workers a month",
    "job_to_job_moves": "workers a month",
    "layoffs": "workers a month",
    "jobs_ended": "workers a month",
    "left_construction": "workers a month",
    "stays_ended": "workers a month",
    "repatriated": "workers a month",
    "dispatched": "workers a month",
    "entered": "workers a month",
    "gave_up_seeking": "workers a month",
    "trained": "workers a month",
}
BY_GROUP = {
    "heads_away": "workers",
    "heads_repatriated": "workers",
    "pay_rub": "nominal RUB a month",
    "pay_usd": "USD a month",
    "levy_usd": "USD a month",
    "kept_usd": "USD a month",
    "pay_per_head_rub": "nominal RUB a month",
    "pay_per_head_real_rub": "RUB a month, prices of start",
    "pay_per_head_usd": "USD a month",
} | {f"crew_{fate}": "workers a month" for fate in FATES}
BY_PAPER = {
    "heads_employed_by_paper": "workers",
    "effective_labour_by_paper": "standard workers",
    "registrations": "registrations a month",
}
BY_TRADE = {
    "vacancies_opened": "vacancies a month",
    "vacancy_stock": "vacancies",
    "vacancies_unfilled": "vacancies",
    "wage_posted_real": "base wages",
    "planned_labour": "standard workers",
}
MARKET = {
    "orders": "standard worker-months a month",
    "output": "standard worker-months a month",
    "completions": "standard worker-months a month",
    "backlog": "standard worker-months",
    "cancelled": "standard worker-months a month",
    "output_target": "standard worker-months a month",
    "output_price": "ratio to the start",
    "labour_value": "base wages",
    "labour_per_unit": "composite labour a unit of output",
    "composite_labour": "standard workers",
    "wage_real": "base wages",
    "wage_real_rub": "RUB a month, prices of start",
    "wage_nominal_rub": "nominal RUB a month",
    "wage_usd": "USD a month",
    "consumer_prices": "ratio to the start",
    "rub_per_usd": "RUB per USD",
    "public_cost_wage_subsidy_rub": "nominal RUB a month",
    "public_cost_relocation_grant_rub": "nominal RUB a month",
    "public_cost_training_rub": "nominal RUB a month",
}


class Panel(NamedTuple):
    """Monthly measures of one run; axis 0 is the month (burn-in first), axis 1 the measure."""

    by_group_trade: Array  # f8[T, len(BY_GROUP_TRADE), G, K]
    by_group: Array  # f8[T, len(BY_GROUP), G]
    by_paper: Array  # f8[T, len(BY_PAPER), G, 4]
    by_trade: Array  # f8[T, len(BY_TRADE), K]
    market: Array  # f8[T, len(MARKET)]
