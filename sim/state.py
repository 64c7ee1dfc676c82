"""Everything that changes or is read in a month, as arrays: what kernels work on and what a fork copies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.columns import Columns
from sim.population import WORKER

CELL = np.dtype(
    [(name, "f8") for name in ("wage", "log_wage", "attraction", "demand_factor", "planned_labour", "log_labour")]
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
        for name in ("kind", "first", "last", "efficiency", "learner_efficiency", "learning_months", "stay_months", "tied", "quota")
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
            "places",
            "places_held",
            "quota_cap",
            "border_closed",
            "lookers",
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
CANDIDATES, WAITING, LOOKERS, DUE = range(4)


DATED = np.dtype([(name, "f8") for name in ("consumer_prices", "outside_pay", "log_outside_pay_growth", "rub_per_usd", "order_index")])
DATED_BY_GROUP = np.dtype([("home_pay_rub", "f8"), ("commuter_heads", "i8")])


class Field(NamedTuple):
    """One array of the state: what it holds and along which axes."""

    dtype: np.dtype[Any] | str
    dimensions: int
    meaning: str
    by_column: bool = False


FIELDS = {
    "parameters": Field(PARAMETERS, 1, "[1] numbers of the market"),
    "groups": Field(GROUP, 1, "[G] numbers of each group, rows first to last"),
    "entry_shares": Field("f8", 2, "[G, K] cumulated trade shares of the configuration"),
    "firm_shares": Field("f8", 1, "[J] cumulated sizes"),
    "waits": Field(WAIT, 1, "[G * 2 * PARTS] waits of each group without and with a job, tabulated (sim.waiting)", by_column=True),
    "dated": Field(DATED, 1, "[T] what the outside world does, by month, burn-in first"),
    "dated_by_group": Field(DATED_BY_GROUP, 2, "[T, G] the same by group"),
    "now": Field(NOW, 1, "[1] what is in force this month"),
    "groups_now": Field(GROUP_NOW, 1, "[G] what holds for a group this month"),
    "keys": Field("i8", 1, "[100] streams of the month by decision"),
    "workers": Field(WORKER, 1, "[N] rows of a group together", by_column=True),
    "due": Field("i1", 1, "[N] month of the next occasion, 127 never"),
    "cells": Field(CELL, 1, "[C] trade by trade in every firm", by_column=True),
    "staff": Field(STAFF, 2, "[C, G] heads and efficiency of a group in a cell"),
    "firms": Field(FIRM, 1, "[J]", by_column=True),
    "trades": Field(TRADE, 1, "[K]"),
    "unfilled": Field("f8", 2, "[6, C] unfilled shares of the last six months"),
    "pipeline": Field("f8", 2, "[months, J] work built and not yet completed"),
    "stock": Field("i8", 3, "[G, K, 4] heads by group, trade, status (seeking and employed)"),
    "papers": Field("i8", 2, "[G, 4] employed heads by paper"),
    "flows": Field("i8", 3, "[G, K, FLOWS] of the month"),
    "fates": Field("i8", 2, "[G, FATES] of the month"),
    "registrations": Field("i8", 2, "[G, 4] of the month"),
    "lists": Field("i4", 2, "[4, N + 3] room for the verbs: candidates, waiting, lookers, those whose month has come"),
    "numbers": Field("f8", 1, "[N] room for the verbs"),
    "given_log_wages": Field("f8", 1, "[C] wages that a pinned run is to post"),
    "by_group_trade": Field("f8", 4, "[T, measures, G, K] the panel (sim.panel), burn-in first"),
    "by_group": Field("f8", 3, "[T, measures, G]"),
    "by_paper": Field("f8", 4, "[T, measures, G, 4]"),
    "by_trade": Field("f8", 3, "[T, measures, K]"),
    "market": Field("f8", 2, "[T, measures]"),
}
"""G groups, K trades, J firms, C = J * K cells (firm * K + trade), N workers, T months."""

SHARED = ("parameters", "groups", "entry_shares", "firm_shares", "waits", "dated", "dated_by_group")
SCRATCH = ("lists", "numbers", "given_log_wages")


def words_of(field: Field) -> int:
    """Words a field takes in the table: its lengths, then the address of its data or of each column."""
    return field.dimensions + (len(np.dtype(field.dtype).names or ()) if field.by_column else 1)


FIRST_WORD = dict(zip(FIELDS, np.cumsum([0, *map(words_of, FIELDS.values())]).tolist(), strict=False))


class State:
    """The market's arrays by name (FIELDS). Kernels reach them through `address`: a table of lengths and addresses."""

    __slots__ = (*FIELDS, "address", "_table")

    def __init__(self, arrays: Mapping[str, Any]) -> None:
        words: list[int] = []
        for name, field in FIELDS.items():
            found = arrays[name]
            check(name, field, found)
            words += [found.size] if field.by_column else found.shape
            words += found.addresses if field.by_column else [found.ctypes.data]
            setattr(self, name, found)
        self._table = np.array(words, np.int64)
        self.address: int = self._table.ctypes.data

    def __index__(self) -> int:
        return self.address

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


def check(name: str, field: Field, found: Any) -> None:
    """Raise TypeError unless these are the columns or the contiguous array that the field needs."""
    fits = found.dtype == field.dtype and isinstance(found, Columns) == field.by_column
    if not fits or (not field.by_column and (found.ndim != field.dimensions or not found.flags.c_contiguous)):
        given = f"{type(found).__name__} of {found.dtype}"
        raise TypeError(f"{name}: {field.dtype}, contiguous, with {field.dimensions} dimensions is needed; given {given}")


def forked(state: State) -> State:
    """An independent copy that goes on from here; constants are shared, room for the verbs is fresh."""

    def copy(name: str) -> Any:
        array = getattr(state, name)
        if name in SHARED:
            return array
        return np.empty_like(array) if name in SCRATCH else array.copy()

    return State({name: copy(name) for name in FIELDS})
