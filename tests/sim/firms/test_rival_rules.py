"""Rival rules of firms: numbers computed by hand, and where a rival is the shipped rule."""

import math

import pytest

from sim.firms.crew_cost import crew_wage, labour_cost_over_wage
from sim.firms.demand import (
    demand_of_the_waiting,
    household_demand,
    next_log_demand,
    season_factor,
)
from sim.firms.sites import labour_in_teams, share_of_sites_open
from sim.firms.technology import (
    adoption_pays,
    next_log_labour_by_vacancies,
    next_log_labour_in_steps,
)
from sim.firms.wages import (
    contract_is_renewed,
    limited_raise,
    log_seeker_share,
    raise_over_outside_pay,
    raise_to_shared_surplus,
    raise_to_wage_curve,
    two_way_raise,
)


def test_wages_fall_in_slack_at_part_of_the_speed_at_which_they_rise_in_scarcity() -> None:
    assert two_way_raise(0.6, 0.4, 0.02, 0.03, 0.5) == pytest.approx(0.004)
    assert two_way_raise(0.2, 0.4, 0.02, 0.03, 0.5) == pytest.approx(-0.002)
    assert two_way_raise(1.0, 0.0, 0.5, 0.03, 0.5) == 0.03
    assert two_way_raise(0.0, 1.0, 0.5, 0.03, 0.5) == -0.03


def test_two_ways_at_full_speed_differ_from_the_shipped_rule_only_where_money_wages_are_cut() -> (
    None
):
    for unfilled in (0.0, 0.2, 0.4, 0.9):
        shipped = raise_over_outside_pay(unfilled, 0.4, 0.5, 0.02, 0.03)
        assert two_way_raise(unfilled, 0.4, 0.02, 0.03, 1.0) == shipped
    assert raise_over_outside_pay(0.0, 0.4, 0.001, 0.02, 0.03) == -0.001
    assert two_way_raise(0.0, 0.4, 0.02, 0.03, 1.0) == -0.008


def test_a_firm_renews_its_contract_once_in_its_length_and_a_twelfth_of_firms_each_month() -> None:
    renewed = [month for month in range(-24, 24) if contract_is_renewed(month, 5, 12)]
    assert renewed == [-17, -5, 7, 19]
    assert sum(contract_is_renewed(-3, firm, 12) for firm in range(120)) == 10
    assert all(contract_is_renewed(month, 7, 1) for month in range(-24, 24))


def test_halving_the_share_of_seekers_raises_the_curve_by_the_elasticity_times_ln_2() -> None:
    share = log_seeker_share(49, 949)
    assert share == pytest.approx(math.log(0.05))
    lower = log_seeker_share(24, 974)
    assert raise_to_wage_curve(0.0, lower, share, 0.1, 1.0) == pytest.approx(0.1 * math.log(2.0))
    assert raise_to_wage_curve(0.1, share, share, 0.1, 10.0) == pytest.approx(-0.01)


def test_workers_get_their_share_of_a_rise_of_the_value_of_labour() -> None:
    assert raise_to_shared_surplus(0.0, math.log(1.2), 0.1) == pytest.approx(0.1 * math.log(1.2))
    assert raise_to_shared_surplus(0.03, 0.3, 0.1) == pytest.approx(0.0)


def test_a_limited_raise_cuts_no_money_wage() -> None:
    assert limited_raise(-0.2, 0.004, 0.03) == -0.004
    assert limited_raise(0.2, 0.004, 0.03) == 0.03
    assert limited_raise(0.01, 0.004, 0.03) == 0.01


def test_technology_closes_a_part_of_the_gap_that_vacancies_open() -> None:
    assert next_log_labour_by_vacancies(0.0, 0.3, 0.5, 24.0) == pytest.approx(-0.15 / 24.0)
    assert next_log_labour_by_vacancies(-0.15, 0.3, 0.5, 24.0) == pytest.approx(-0.15)
    assert next_log_labour_by_vacancies(-0.12, 0.0, 0.5, 24.0) == pytest.approx(-0.115)


def test_a_machine_pays_where_its_payback_covers_its_cost_large_firms_first() -> None:
    # 24 months x a quarter of the wage bill are six monthly wage bills of the mean firm.
    assert not adoption_pays(1.0, 1.0, 0.25, 24.0, 6.0)
    assert adoption_pays(1.01, 1.0, 0.25, 24.0, 6.0)
    assert adoption_pays(1.0, 1.1, 0.25, 24.0, 6.0)
    assert not adoption_pays(1.5, 0.6, 0.25, 24.0, 6.0)


def test_a_machine_is_bought_once_and_kept_and_large_firms_have_theirs_from_the_start() -> None:
    bought = next_log_labour_in_steps(0.0, True, False, 0.25)
    assert bought == math.log(0.75)
    assert next_log_labour_in_steps(bought, True, False, 0.25) == bought
    assert next_log_labour_in_steps(bought, False, False, 0.25) == bought
    assert next_log_labour_in_steps(0.0, True, True, 0.25) == 0.0
    assert next_log_labour_in_steps(0.0, False, False, 0.25) == 0.0


def test_whoever_has_no_team_works_in_part() -> None:
    # Five of the scarce trade (weight a quarter) make 20 teams; 15 of the other trade are in them.
    assert labour_in_teams(5.0, 0.25, 20.0, 0.4) == 5.0
    assert labour_in_teams(25.0, 0.75, 20.0, 0.4) == pytest.approx(15.0 + 0.4 * 10.0)
    assert labour_in_teams(25.0, 0.75, 20.0, 1.0) == pytest.approx(25.0)


def test_sites_shut_below_their_least_labour_and_output_falls_by_more_than_labour() -> None:
    assert share_of_sites_open(1.0, 0.7, 0.1) == 1.0 == share_of_sites_open(1.4, 0.7, 0.1)
    assert share_of_sites_open(0.7, 0.7, 0.1) == pytest.approx((1.0 + math.exp(-3.0)) / 2.0)
    assert share_of_sites_open(0.8, 0.7, 0.1) == pytest.approx(
        (1.0 + math.exp(-3.0)) / (1.0 + math.exp(-1.0))
    )


def test_what_a_crew_s_labour_costs_beside_a_posted_wage_with_contributions() -> None:
    # 900 USD at 65 RUB for 1.8 standard workers, against 25,000 RUB and 30 % of contributions.
    assert crew_wage(58_500.0, 1.8, 25_000.0, 1.0, 0.3) == pytest.approx(1.0)
    assert crew_wage(58_500.0, 1.8, 25_000.0, 1.25, 0.3) == pytest.approx(0.8)
    assert labour_cost_over_wage(0.25, 0.8, 1.0) == pytest.approx(0.95)
    assert labour_cost_over_wage(0.0, 0.8, 1.0) == labour_cost_over_wage(0.3, 1.2, 1.2) == 1.0


def test_fewer_people_order_fewer_dwellings() -> None:
    assert household_demand(999, 999, 0.1) == 1.0
    assert household_demand(799, 999, 0.1) == pytest.approx(0.8**0.1)


def test_investors_wait_where_order_books_are_long_and_do_not_hurry_where_they_are_short() -> None:
    assert demand_of_the_waiting(2.0, 1.0, 0.5) == pytest.approx(2.0**-0.5)
    assert demand_of_the_waiting(6.0, 3.0, 0.5) == pytest.approx(2.0**-0.5)
    assert demand_of_the_waiting(0.5, 1.0, 0.5) == 1.0


def test_aggregate_demand_keeps_its_lasting_spread() -> None:
    assert next_log_demand(0.1, 0.9, 0.2, 0.0) == pytest.approx(0.09)
    assert next_log_demand(0.0, 0.6, 0.5, 1.0) == pytest.approx(0.4)
    moved = next_log_demand(0.0, 0.9, 0.2, 1.0)
    assert 0.9**2 * 0.2**2 + moved**2 == pytest.approx(0.2**2)


def test_the_season_is_highest_in_its_peak_month_and_1_on_average() -> None:
    year = [season_factor(month, 9, 0.2) for month in range(12)]
    assert year.index(max(year)) == 9
    assert max(year) == pytest.approx(1.2)
    assert year[3] == pytest.approx(0.8)
    assert sum(year) / 12.0 == pytest.approx(1.0)
