"""Every rule of the model, found in the sources, with random arguments.

The arguments lie within the ranges that the input checks allow.
"""

from __future__ import annotations

import ast
import functools
import importlib
import struct
from collections.abc import Callable
from typing import Any

import numba
from hypothesis import strategies as st

from sim.engine.compiling import SIM_FOLDER
from sim.engine.draws import WORD_MASK

Rule = Callable[..., Any]


def found_rules() -> dict[str, Rule]:
    """Name and function of everything marked @rule under sim/."""
    rules: dict[str, Rule] = {}
    for path in sorted(SIM_FOLDER.rglob("*.py")):
        module = ".".join(
            ("sim", *path.relative_to(SIM_FOLDER).with_suffix("").parts)
        ).removesuffix(".__init__")
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(mark, ast.Name) and mark.id == "rule" for mark in node.decorator_list
            ):
                rules[node.name] = getattr(importlib.import_module(module), node.name)
    return rules


RULES = found_rules()


def real(low: float, high: float) -> st.SearchStrategy[float]:
    """A finite number of a closed range."""
    return st.floats(low, high, allow_nan=False, allow_infinity=False, allow_subnormal=False)


# Whole numbers of a wide range are nearly all small: the coarse draws reach the upper half as well.
DRAW = st.integers(0, 1023).map(lambda number: number / 2.0**10) | st.integers(0, 2**53 - 1).map(
    lambda number: number / 2.0**53
)
SHARE = real(0.0, 1.0)
WORD = st.integers(0, WORD_MASK)
WAGE = real(0.05, 20.0)
ELASTICITY = real(0.05, 0.95)
LABOUR = real(0.05, 1e5)
MONEY = real(0.0, 1e6)
HEADS = st.integers(0, 10**7)

ARGUMENTS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("draw", "first", "second", "season", "year_draw"), DRAW),
    **dict.fromkeys(("word", "key", "stream"), WORD),
    **dict.fromkeys(
        (
            "compliance",
            "presigned",
            "permit_renewal",
            "inspection_rate",
            "reach_share",
            "short_contract_share",
        ),
        SHARE,
    ),
    **dict.fromkeys(
        (
            "seasonal_share",
            "dispatch_rate",
            "hazard_rate_per_month",
            "hoarding_share",
            "layoff_share",
            "trade_share",
        ),
        SHARE,
    ),
    **dict.fromkeys(
        (
            "cancellation_rate",
            "normal_unfilled",
            "reconsider_rate",
            "on_the_job_search_rate",
            "job_end_rate",
        ),
        SHARE,
    ),
    **dict.fromkeys(
        ("wage", "wage_relative", "wage_index", "price", "cost", "demand_factor", "value_factor"),
        WAGE,
    ),
    **dict.fromkeys(("labour", "dismissible", "balanced", "composite"), LABOUR),
    **dict.fromkeys(
        ("planned", "notional", "orders", "target", "capacity", "amount", "labour_demand_scale"),
        real(0.0, 1e6),
    ),
    **dict.fromkeys(("orders_there", "output", "cancelled"), real(0.0, 1e6)),
    **dict.fromkeys(("backlog", "agency_cost_usd", "quota"), MONEY),
    **dict.fromkeys(
        (
            "log_wage",
            "log_wage_old",
            "log_wage_new",
            "log_wage_index",
            "log_cost",
            "log_value",
            "log_price",
            "log_value_of_marginal_product",
        ),
        real(-3.0, 3.0),
    ),
    **dict.fromkeys(
        ("heads_target", "heads_inside", "heads_away", "opened", "vacancies_opened", "seekers"),
        HEADS,
    ),
    **dict.fromkeys(("log_tightness", "log_tightness_normal"), real(-22.0, 22.0)),
    "job_finding_elasticity": SHARE,
    "weeks": st.integers(0, 15),
    "week": st.integers(0, 3),
    "seed": st.integers(0, 2**62),
    "replicate": st.integers(0, 10**6),
    "decision": st.integers(1, 90),
    "month": st.integers(-128, 127),
    "space": st.integers(0, 251),
    "index": st.integers(0, 2**40 - 1),
    "slot": st.integers(0, 2**48),
    "normal_backlog": real(1e-3, 1e6),
    "backlog_limit": real(0.0, 1e6),
    "normal_output": real(1e-3, 1e6),
    "order_index": real(1e-3, 1e3),
    "price_backlog_elasticity": real(0.0, 2.0),
    "demand_price_elasticity": real(0.0, 5.0),
    "adjustment_months": real(2.0, 120.0),
    "months": real(1.0, 240.0),
    "weight": real(1e-4, 1.0),
    "weight_root": real(1e-80, 1.0),
    "labour_per_unit": real(0.05, 20.0),
    "log_labour_per_unit": real(-3.0, 3.0),
    "sigma": ELASTICITY,
    "labour_share": real(0.05, 0.95),
    "capital_labour_elasticity": real(0.0, 0.99),
    "base": real(1e-6, 1e6),
    "exponent": real(-20.0, 20.0),
    "efficiency_thousandths": st.integers(0, 2**40),
    **dict.fromkeys(("log_labour", "log_balanced"), real(-3.0, 12.0)),
    "sum_of_terms": real(0.01, 100.0),
    "raise_over_outside_pay": real(-0.1, 0.6),
    "log_outside_pay_growth": real(-0.06, 0.1),
    "adjustment": SHARE,
    "places_per_month": real(0.0, 1e6),
    "largest_raise": real(0.0, 0.5),
    "wage_sensitivity": real(0.0, 20.0),
    "application_probability": real(1e-6, 1.0),
    "z": real(-1e5, 1e5),
    "length": st.sampled_from((12, 36)),
    "end_month_of_year": st.integers(0, 11),
    "month_of_year": st.integers(0, 11),
    "new_contracts": st.integers(0, 2),
    "pay_kept_usd": st.just(0.0) | real(1e-3, 1e4),
    "home_income_usd": real(1.0, 1e4),
    "levy_usd": real(0.0, 1e4),
    "is_student": st.booleans(),
    "log_no_event": real(-27.6, 0.0),
    "log_wage_relative": real(-20.7, 10.0),
    "attachment": real(-60.0, 60.0),
    "taste": real(-32.0, 32.0),
    "choice_noise": real(0.01, 5.0),
    "taste_sd": real(0.01, 5.0),
    "standard_normal": real(-8.6, 8.6),
    "subsidy_share": real(0.0, 2.0),
    "grant_wage": real(0.0, 1e4),
    "grant_rub": real(0.0, 1e7),
    "consumer_prices": real(0.01, 1e3),
    "fine_rub": real(0.0, 1e7),
    **dict.fromkeys(("local_cost_rub", "crew_cost_rub"), real(1e-2, 1e9)),
    "expected_fine_rub": real(0.0, 1e9),
    "cap": real(-1.0, 1e6),
    "pay_rub": real(0.0, 1e9),
    "pay_kept_rub": real(-1e7, 1e9),
    "permit_fee_rub": real(0.0, 1e7),
    "home_pay_rub": real(1.0, 1e9),
    "income_tax_share": real(0.0, 0.9),
    "moving_cost_share": real(0.0, 5.0),
    "gain": real(-30.0, 30.0),
    "efficiency": real(0.05, 10.0),
    "pay_ratio": real(0.2, 10.0),
    "base_wage_rub": real(100.0, 1e7),
    "outside_pay": real(0.01, 1e3),
    **dict.fromkeys(
        ("downward_speed_share", "rent_share", "crew_share", "use_outside_teams", "persistence"),
        SHARE,
    ),
    **dict.fromkeys(("saving_response", "coverage", "size_over_mean"), real(0.0, 20.0)),
    "firm": st.integers(0, 10**6),
    "contract_months": st.integers(1, 60),
    "employed": HEADS,
    **dict.fromkeys(("log_seekers", "log_seekers_normal"), real(-17.0, 0.0)),
    "curve_elasticity": SHARE,
    "log_raise": real(-20.0, 20.0),
    "excess_unfilled": real(-1.0, 1.0),
    "value_over_cost": real(1e-3, 1e3),
    "saving_share": real(0.0, 0.95),
    **dict.fromkeys(("payback_months", "adoption_cost_months"), real(0.1, 240.0)),
    **dict.fromkeys(("pays_now", "pays_at_rest"), st.booleans()),
    "complete_teams": real(0.0, 1e5),
    "least_coverage": real(0.0, 0.99),
    "coverage_spread": real(0.01, 1.0),
    "contract_price_rub": real(1.0, 1e9),
    "on_cost_share": SHARE,
    "crew_wage": real(1e-3, 1e3),
    **dict.fromkeys(("heads", "normal_heads"), HEADS),
    **dict.fromkeys(("household_elasticity", "waiting_elasticity", "sd"), SHARE),
    "log_demand": real(-5.0, 5.0),
    "peak_month_of_year": st.integers(0, 11),
    "amplitude": real(0.0, 0.9),
    "months_in_job": st.integers(0, 2000),
    "seniority_months": real(1.0, 240.0),
    "job_began": st.integers(-2000, 126),
    **dict.fromkeys(("due_now", "due_before", "lost_share", "rate", "worthwhile"), SHARE),
    **dict.fromkeys(("last_minute_share", "step_share"), SHARE),
    "learning_months": real(0.5, 120.0),
    **dict.fromkeys(("found", "sent", "unreplaced"), real(0.0, 1e6)),
    "deadline": st.integers(-24, 128),
    "last_minute_months": st.integers(1, 24),
    "network_elasticity": real(0.0, 3.0),
    **dict.fromkeys(("compatriots", "settled"), HEADS),
    "vacancies": real(0.0, 1e6),
    "recruits_per_vacancy": SHARE,
}
OWN_ARGUMENTS: dict[tuple[str, str], st.SearchStrategy[Any]] = {
    ("unfilled_share", "unfilled"): HEADS,
    ("raise_over_outside_pay", "unfilled"): SHARE,
    ("two_way_raise", "unfilled"): SHARE,
    ("exit_rate_per_month", "inside_probability"): SHARE,
    ("exp", "x"): real(-708.0, 709.0),
    ("log", "x"): real(2.2250738585072014e-308, 1.7976931348623157e308),
    ("cosine_of_turns", "turns"): DRAW,
    ("quota_in_force", "quota"): HEADS,
    ("revised_quota", "quota"): HEADS,
    ("agency_experience", "months"): st.integers(0, 126),
    ("composite_term", "labour_power"): real(1e-99, 1e25),
    ("log_unit_cost", "labour_cost_term"): real(1e-3, 100.0),
}


def argument_names(name: str) -> tuple[str, ...]:
    """What a rule is given, in order."""
    code = RULES[name].__code__
    return code.co_varnames[: code.co_argcount]


def arguments(name: str) -> st.SearchStrategy[tuple[Any, ...]]:
    """Random arguments of a rule."""
    return st.tuples(
        *(
            OWN_ARGUMENTS.get((name, argument), ARGUMENTS.get(argument, st.nothing()))
            for argument in argument_names(name)
        )
    )


@functools.cache
def compiled(name: str) -> Rule:
    """A rule as the kernels run it."""
    return numba.njit(error_model="numpy")(RULES[name])  # type: ignore[no-any-return]


def bits(number: float) -> tuple[str, bytes]:
    """Kind and bytes of a number, so that -0.0 and 0.0 differ."""
    if isinstance(number, float):
        return "float", struct.pack("<d", number)
    return "whole", int(number).to_bytes(16, "little", signed=True)
