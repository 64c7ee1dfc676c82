"""Every rule: finite on its whole range, the same compiled as interpreted, arguments ranged."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.rule_checks import (
    ARGUMENTS,
    OWN_ARGUMENTS,
    RULES,
    argument_names,
    arguments,
    bits,
    compiled,
)

SHARES = {
    "keep_probability",
    "uniform",
    "layoff_probability",
    "unfilled_share",
    "cover_probability",
    "inside_probability",
    "move_probability",
    "logistic",
    "share_of_sites_open",
    "agency_experience",
    "margin_after_finds",
    "layoff_probability_after_notice",
}
NEVER_NEGATIVE = {
    "scrambled",
    "replicate_key",
    "stream",
    "slot",
    "rounded_at_random",
    "orders_placed",
    "output_target",
    "labour_demand_scale",
    "notional_labour",
    "planned_labour",
    "vacancies_to_open",
    "orders_cancelled",
    "order_book_left",
    "power",
    "exp",
    "labour_power",
    "labour_cost_term",
    "composite_term",
    "demand_factor",
    "wage_index_term",
    "labour_value",
    "output_built",
    "attraction",
    "contract_end_month_of_year",
    "dispatched_workers",
    "entry_wage",
    "grant_as_wage",
    "quota_in_force",
    "expected_fine_rub",
    "local_labour_cost_rub",
    "pay_per_head_rub",
    "crew_wage",
    "demand_of_the_waiting",
    "household_demand",
    "labour_cost_over_wage",
    "labour_in_teams",
    "season_factor",
    "replacements_wanted",
    "recruits_wanted",
    "revised_quota",
}


def test_every_rule_has_a_range_for_every_argument() -> None:
    assert len(RULES) > 50
    wanted = {(rule, argument) for rule in RULES for argument in argument_names(rule)}
    assert [
        f"{rule}({argument})"
        for rule, argument in sorted(wanted)
        if argument not in ARGUMENTS and (rule, argument) not in OWN_ARGUMENTS
    ] == []


def test_the_properties_below_name_rules_that_exist() -> None:
    assert (SHARES | NEVER_NEGATIVE) - set(RULES) == set()


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_is_finite_and_the_same_compiled(name: str) -> None:
    @settings(max_examples=200)
    @given(arguments(name))
    def agrees(given_arguments: tuple[float, ...]) -> None:
        plain = RULES[name](*given_arguments)
        assert math.isfinite(plain)
        assert bits(compiled(name)(*given_arguments)) == bits(plain)

    agrees()


def test_a_rate_too_small_to_matter_means_never() -> None:
    assert RULES["waiting_months"](0.5, RULES["log_no_event"](1e-17)) > 126


@pytest.mark.parametrize("name", sorted(SHARES))
@given(data=st.data())
def test_a_probability_or_share_lies_between_0_and_1(name: str, data: st.DataObject) -> None:
    assert (
        0.0
        <= RULES[name](
            *data.draw(arguments(name).filter(lambda a: name != "unfilled_share" or a[0] <= a[1]))
        )
        <= 1.0
    )


@pytest.mark.parametrize("name", sorted(NEVER_NEGATIVE))
@given(data=st.data())
def test_an_amount_is_never_negative(name: str, data: st.DataObject) -> None:
    assert RULES[name](*data.draw(arguments(name))) >= 0.0
