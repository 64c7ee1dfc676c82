"""Everything that changes or is read in a month, as arrays: what kernels work on and what a fork copies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.population import WORKER, Array

CELL = np.dtype(
    [
        ("wage", "f8"),
        ("log_wage", "f8"),
        ("attraction", "f8"),
        ("planned_labour", "f8"),
        ("layoff_probability", "f8"),
        ("efficiency", "i8"),
        ("dismissible", "i8"),
        ("heads", "i8"),
        ("opened", "i8"),
        ("vacancies", "i8"),
        ("week_start_vacancies", "i8"),
    ]
)
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
            "wage_index",
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
        for name in ("kind", "first", "last", "efficiency", "learner_efficiency", "learning_months", "stay_months", "tied", "quota")
    ]
    + [
        (name, "f8")
        for name in (
            "pay_ratio",
            "taste_sd",
            "attachment",
            "choice_noise",
            "reconsider_rate",
            "occasion_rate_employed",
            "log_no_occasion",
            "log_no_occasion_employed",
            "job_end_rate",
            "look_around_rate",
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
            "technique_adjustment_months",
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
            "transport",
            "places",
            "places_held",
            "quota_cap",
            "training_places",
            "border_closed",
            "seekers",
            "lookers",
            "newcomers",
        )
    ]
    + [
        (name, "f8")
        for name in (
            "consumer_prices",
            "log_inflation",
            "rub_per_usd",
            "order_index",
            "permit_renewal",
            "presigned",
            "compliance",
            "quiet_renewal",
            "inspection_rate",
            "subsidy_share",
            "grant_wage",
            "grant_rub",
            "training_cost_rub",
            "mean_wage",
            "log_wage_inside",
        )
    ]
)
FLOWS = (
    "hired",
    "job_to_job",
    "dispatched",
    "jobs_ended",
    "laid_off",
    "left_job",
    "stay_ended",
    "repatriated",
    "entered",
    "gave_up",
    "trained",
)
HIRED, JOB_TO_JOB, DISPATCHED, JOBS_ENDED, LAID_OFF, LEFT_JOB, STAY_ENDED, SENT_HOME, ENTERED, GAVE_UP, TRAINED = range(11)
FATES = ("contract_replaced", "due", "retained", "complied", "quietly_renewed", "under_cover", "gave_in", "found")
REPLACED, FELL_DUE, KEPT_PLACE, COMPLIED, RENEWED_QUIETLY, WENT_UNDER_COVER, GAVE_IN, WAS_FOUND = range(8)
UNFILLED_WINDOW = 6
CANDIDATES, WAITING, LOOKERS = range(3)


class Field(NamedTuple):
    """One array of the state: what it holds and along which axes."""

    dtype: np.dtype[Any] | str
    dimensions: int
    meaning: str


FIELDS = {
    "parameters": Field(PARAMETERS, 1, "[1] numbers of the market"),
    "groups": Field(GROUP, 1, "[G] numbers of each group, rows first to last"),
    "entry_shares": Field("f8", 2, "[G, K] cumulated trade shares of the configuration"),
    "firm_shares": Field("f8", 1, "[J] cumulated sizes"),
    "now": Field(NOW, 1, "[1] what is in force this month"),
    "groups_now": Field(GROUP_NOW, 1, "[G] what holds for a group this month"),
    "keys": Field("i8", 1, "[100] streams of the month by decision"),
    "workers": Field(WORKER, 1, "[N] worker columns, rows of a group together"),
    "due": Field("i1", 1, "[N] month of the next occasion, 127 never"),
    "cells": Field(CELL, 1, "[C] trade by trade in every firm"),
    "staff": Field(STAFF, 2, "[C, G] heads and efficiency of a group in a cell"),
    "firms": Field(FIRM, 1, "[J]"),
    "trades": Field(TRADE, 1, "[K]"),
    "unfilled": Field("f8", 2, "[6, C] unfilled shares of the last six months"),
    "pipeline": Field("f8", 2, "[months, J] work built and not yet completed"),
    "stock": Field("i8", 3, "[G, K, 4] heads by group, trade, status (seeking and employed)"),
    "papers": Field("i8", 2, "[G, 4] employed heads by paper"),
    "flows": Field("i8", 3, "[G, K, FLOWS] of the month"),
    "fates": Field("i8", 2, "[G, FATES] of the month"),
    "registrations": Field("i8", 2, "[G, 4] of the month"),
    "seekers": Field("i4", 1, "[N] rows; the first now.seekers count"),
    "visits": Field("i4", 1, "[N] rows due this month, by group"),
    "visit_ends": Field("i8", 1, "[G + 1] bounds of the groups in visits"),
    "lists": Field("i4", 2, "[3, N] room for the verbs: candidates, waiting, lookers"),
    "numbers": Field("f8", 1, "[N] room for the verbs"),
}
"""G groups, K trades, J firms, C = J * K cells (firm * K + trade), N workers."""

SHARED = ("parameters", "groups", "entry_shares", "firm_shares")
SCRATCH = ("visits", "visit_ends", "lists", "numbers")
WORDS = 4


class State:
    """The market's arrays by name (FIELDS). Kernels reach them through `address`: a table of addresses and lengths."""

    __slots__ = (*FIELDS, "address", "_table")

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._table = np.zeros((len(FIELDS), WORDS), np.int64)
        for row, (name, field) in zip(self._table, FIELDS.items(), strict=True):
            array = arrays[name]
            if array.dtype != field.dtype or array.ndim != field.dimensions or not array.flags.c_contiguous:
                raise TypeError(f"{name}: {array.dtype} with {array.ndim} dimensions; {field.dtype} with {field.dimensions} is needed")
            row[0] = array.ctypes.data
            row[1 : 1 + array.ndim] = array.shape
            setattr(self, name, array)
        self.address: int = self._table.ctypes.data

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Array: ...


def forked(state: State) -> State:
    """An independent copy that goes on from here; constants are shared, room for the verbs is fresh."""

    def copy(name: str) -> Array:
        array: Array = getattr(state, name)
        if name in SHARED:
            return array
        return np.empty_like(array) if name in SCRATCH else array.copy()

    return State({name: copy(name) for name in FIELDS})
