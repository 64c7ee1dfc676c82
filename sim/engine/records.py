"""Fields of the records of firms, cells, trades, groups and the market that make up a State."""

from __future__ import annotations

import numpy as np

from sim.scenario import numbers_of_levers
from sim.structure import rules
from sim.workers.kinds import Traits

CELL = np.dtype(
    [
        (name, "f8")
        for name in (
            "wage",
            "log_wage",
            "attraction",
            "demand_factor",
            "planned_labour",
            "log_labour",
            "layoff_notice",
        )
    ]
    + [(name, "i8") for name in ("efficiency", "dismissible")]
    + [(name, "i4") for name in ("heads", "opened", "vacancies", "week_start_vacancies")]
)
WAIT = np.dtype([("bound", "f8"), ("guide", "i2")])
STAFF = np.dtype([("heads", "i8"), ("efficiency", "i8")])
FIRM = np.dtype(
    [
        (name, "f8")
        for name in (
            "size",
            "normal_output",
            "backlog",
            "normal_backlog",
            "log_labour_per_unit",
            "labour_per_unit",
            "log_wage_index",
            "log_labour_cost",
            "log_cost",
            "log_labour_value",
            "log_composite",
            "cost",
            "price",
            "orders",
            "labour_value",
            "composite",
            "target",
            "output",
            "completions",
            "cancelled",
        )
    ]
)
TRADE = np.dtype(
    [
        ("weight", "f8"),
        ("weight_root", "f8"),
        ("log_weight", "f8"),
        ("normal_unfilled_share", "f8"),
        ("unfilled_share", "f8"),
        ("unfilled_share_sum", "f8"),
        ("vacancy_stock", "f8"),
        ("opened", "i8"),
        ("opened_last", "i8"),
        ("unfilled", "i8"),
    ]
)
GROUP_KEYS = {
    "stay_months": "stay_months",
    "learning_months": "learning_months",
    "taste_sd": "taste_sd",
    "choice_noise": "choice_noise",
    "job_finding_elasticity": "job_finding_elasticity",
    "reconsider_rate": "reconsider_rate_per_month",
    "job_end_rate": "job_end_rate_per_month",
    "on_the_job_search_rate": "on_the_job_search_rate_per_month",
    "seeker_share": "seeker_share",
    "moving_cost_share": "moving_cost_share",
    "income_tax_share": "income_tax_share",
    "permit_fee_rub": "permit_fee_rub_per_month",
    "contract_price_usd": "contract_price_usd",
    "home_income_usd": "home_income_usd",
    "short_contract_share": "short_contract_share",
    "seasonal_share": "seasonal_share",
    "student_paper_share": "student_paper_share",
    "last_minute_share": "last_minute_share",
    "last_minute_months": "last_minute_months",
    "recruits_per_vacancy": "recruits_per_vacancy_per_month",
    "recruitment_lag_months": "recruitment_lag_months",
    "network_elasticity": "network_elasticity",
    "quota_step_share": "quota_step_share",
}
"""Fields of a group's record copied from its configuration, and their keys there."""
GROUP_DERIVED = (
    "pay_ratio",
    "attachment",
    "event_rate_employed",
    "log_no_event",
    "log_no_event_employed",
)
GROUP_WHOLE = ("kind", "first", "last", "efficiency", "learner_efficiency", "tied", "free", "quota")
GROUP_MONTHS = (
    "stay_months",
    "learning_months",
    "last_minute_months",
    "recruitment_lag_months",
)
GROUP = np.dtype(
    [(name, "i8") for name in (*GROUP_WHOLE, *GROUP_MONTHS, *Traits._fields)]
    + [(name, "f8") for name in (*GROUP_KEYS, *GROUP_DERIVED) if name not in GROUP_MONTHS]
)
GROUP_NOW = np.dtype(
    [
        ("home_pay_rub", "f8"),
        ("pay_rub", "f8"),
        ("levy_usd", "f8"),
        ("dispatch_wanted", "f8"),
        ("commuter_heads", "i8"),
        ("levy_sum", "i8"),
        ("repatriated", "i8"),
        ("quota", "i8"),
    ]
)
PARAMETER_KEYS = {
    "trade_substitution_elasticity": "production.trade_substitution_elasticity",
    "demand_price_elasticity": "production.demand_price_elasticity",
    "labour_share": "production.labour_share",
    "capital_labour_elasticity": "production.capital_labour_elasticity",
    "technology_adjustment_months": "production.technology_adjustment_months",
    "price_backlog_elasticity": "production.price_backlog_elasticity",
    "normal_backlog_months": "production.normal_backlog_months",
    "backlog_adjustment_months": "production.backlog_adjustment_months",
    "backlog_limit_months": "production.backlog_limit_months",
    "cancellation_rate": "production.cancellation_rate_per_month",
    "capacity_over_normal": "production.capacity_over_normal",
    "reach_share": "hiring.reach_share",
    "hoarding_share": "hiring.hoarding_share",
    "layoff_share": "hiring.layoff_share_per_month",
    "seniority_months": "hiring.seniority_months",
    "wage_adjustment": "wages.adjustment_per_month",
    "largest_raise": "wages.largest_raise_per_month",
    "application_probability": "matching.application_probability_per_week",
    "wage_sensitivity": "matching.wage_sensitivity",
    "base_wage_rub": "wages.base_wage_rub",
    "scale": "scale",
    "downward_speed_share": "wages.downward_speed_share",
    "contract_months": "wages.contract_months",
    "curve_elasticity": "wages.curve_elasticity",
    "curve_adjustment_months": "wages.curve_adjustment_months",
    "rent_share": "wages.rent_share",
    "on_cost_share": "wages.on_cost_share",
    "vacancy_technology_response": "production.vacancy_technology_response",
    "machine_saving_share": "production.machine_saving_share",
    "machine_payback_months": "production.machine_payback_months",
    "machine_cost_months": "production.machine_cost_months",
    "use_outside_teams": "production.use_outside_teams",
    "site_least_coverage": "production.site_least_coverage",
    "site_coverage_spread": "production.site_coverage_spread",
    "household_elasticity": "demand.household_elasticity",
    "waiting_elasticity": "demand.waiting_elasticity",
}
"""Parameters of the market that kernels read, and their keys in the section `market`."""
PARAMETERS = np.dtype([(name, "f8") for name in PARAMETER_KEYS])
STRUCTURE = np.dtype([(rule, "i8") for rule in rules()])
"""The number of the alternative in force of each rule."""
LEVER_NUMBERS = tuple(
    f"{lever}_{number}" for lever, numbers in numbers_of_levers().items() for number in numbers
)
"""Numbers of the levers in force, named by lever and number: `wage_subsidy_share`."""
NOW = np.dtype(
    [
        (name, "i8")
        for name in (
            "month",
            "key",
            "wages_free",
            "new_contracts",
            "deadline",
            "announced_deadline",
            "expulsion",
            "places",
            "places_held",
            "border_closed",
            "on_the_job_searchers",
            "newcomers",
            "heads_normal",
        )
    ]
    + [
        (name, "f8")
        for name in (
            "consumer_prices",
            "outside_pay",
            "log_outside_pay_growth",
            "rub_per_usd",
            "order_index",
            "permit_renewal",
            "presigned",
            "compliance",
            "quiet_renewal",
            "inspection_rate",
            "transport_per_month",
            "mean_wage",
            "log_wage_inside",
            "log_tightness",
            "log_tightness_normal",
            "log_tightness_sum",
            "log_seekers",
            "log_seekers_normal",
            "log_seekers_sum",
            "log_labour_cost_normal",
            *LEVER_NUMBERS,
        )
    ]
)
DATED = np.dtype(
    [
        (name, "f8")
        for name in (
            "consumer_prices",
            "outside_pay",
            "log_outside_pay_growth",
            "rub_per_usd",
            "order_index",
        )
    ]
)
DATED_BY_GROUP = np.dtype([("home_pay_rub", "f8"), ("commuter_heads", "i8")])
