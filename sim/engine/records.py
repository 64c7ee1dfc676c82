"""What is known of a firm, a trade, a group, the market: the fields of their records; and what is counted of a month."""

from __future__ import annotations

import numpy as np

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
GROUP = np.dtype(
    [
        (name, "i8")
        for name in (
            "kind",
            "first",
            "last",
            "efficiency",
            "learner_efficiency",
            "learning_months",
            "stay_months",
            "tied",
            "quota",
        )
    ]
    + [
        (name, "f8")
        for name in (
            "pay_ratio",
            "taste_sd",
            "attachment",
            "choice_noise",
            "job_finding_elasticity",
            "reconsider_rate",
            "event_rate_employed",
            "log_no_event",
            "log_no_event_employed",
            "job_end_rate",
            "on_the_job_search_rate",
            "seeker_share",
            "moving_cost_share",
            "income_tax_share",
            "contract_price_usd",
            "home_income_usd",
            "short_contract_share",
            "seasonal_share",
            "student_paper_share",
        )
    ]
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
    ]
)
PARAMETERS = np.dtype(
    [
        (name, "f8")
        for name in (
            "trade_substitution_elasticity",
            "demand_price_elasticity",
            "labour_share",
            "capital_labour_elasticity",
            "technology_adjustment_months",
            "price_backlog_elasticity",
            "normal_backlog_months",
            "backlog_adjustment_months",
            "backlog_limit_months",
            "cancellation_rate",
            "capacity_over_normal",
            "reach_share",
            "hoarding_share",
            "layoff_share",
            "wage_adjustment",
            "largest_raise",
            "application_probability",
            "wage_sensitivity",
            "base_wage_rub",
            "scale",
        )
    ]
)
NOW = np.dtype(
    [
        (name, "i8")
        for name in (
            "month",
            "key",
            "wages_free",
            "new_contracts",
            "deadline",
            "expulsion",
            "places",
            "places_held",
            "quota_cap",
            "border_closed",
            "on_the_job_searchers",
            "newcomers",
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
            "training_places_per_month",
            "subsidy_share",
            "grant_wage",
            "grant_rub",
            "training_cost_rub",
            "mean_wage",
            "log_wage_inside",
            "log_tightness",
            "log_tightness_normal",
            "log_tightness_sum",
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
