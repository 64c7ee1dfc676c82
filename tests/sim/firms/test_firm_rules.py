"""What rules of firms and matching must do for any numbers: limits, directions, homogeneity."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.firms.demand import (
    labour_demand_scale,
    layoff_probability,
    log_asking_price,
    notional_labour,
    order_book_left,
    orders_cancelled,
    orders_placed,
    output_target,
    planned_labour,
    vacancies_to_open,
)
from sim.firms.production import (
    LARGEST_OUTPUT_OVER_TARGET,
    composite_term,
    demand_factor,
    labour_cost_term,
    labour_power,
    labour_value,
    log_composite_labour,
    log_labour_used,
    log_unit_cost,
    log_wage_index,
    next_log_labour_per_unit,
    output_built,
    power,
    wage_index_term,
)
from sim.firms.wages import (
    log_value_of_marginal_product,
    next_log_wage,
    raise_over_outside_pay,
    unfilled_share,
)
from sim.market.matching import (
    WEEKS,
    application_weeks,
    applies,
    attraction,
    monthly_application_probability,
)
from tests.support.rule_checks import DRAW, ELASTICITY, LABOUR, SHARE, WAGE, real

WEIGHTS = st.lists(real(0.05, 1.0), min_size=2, max_size=4).map(
    lambda parts: [part / sum(parts) for part in parts]
)
TWO_WAGES = st.tuples(WAGE, WAGE).map(sorted)


def composite(weights: list[float], labour: list[float], sigma: float) -> float:
    """H of these hands."""
    terms = [
        composite_term(power(weight, 1.0 / sigma), labour_power(math.log(hands), sigma))
        for weight, hands in zip(weights, labour, strict=True)
    ]
    return math.exp(log_composite_labour(sum(terms), sigma))


@given(real(1e-3, 1e3), real(-3.0, 3.0), real(-3.0, 3.0))
def test_power_is_a_power(base: float, first: float, second: float) -> None:
    assert power(base, first) == pytest.approx(base**first)
    assert power(base, first) * power(base, second) == pytest.approx(power(base, first + second))


@given(WEIGHTS, real(0.1, 0.9), real(0.1, 1e4))
def test_hands_in_the_trades_proportions_give_their_sum(
    weights: list[float], sigma: float, total: float
) -> None:
    assert composite(weights, [weight * total for weight in weights], sigma) == pytest.approx(total)


@given(WEIGHTS, real(0.1, 0.9), real(0.1, 10.0), st.data())
def test_composite_labour_has_constant_returns_and_more_hands_never_hurt(
    weights: list[float], sigma: float, factor: float, data: st.DataObject
) -> None:
    labour = [data.draw(real(0.1, 100.0)) for _ in weights]
    before = composite(weights, labour, sigma)
    assert composite(weights, [factor * hands for hands in labour], sigma) == pytest.approx(
        factor * before
    )
    assert composite(weights, [labour[0] * 1.5, *labour[1:]], sigma) >= before
    assert before <= sum(labour) * (1.0 + 1e-9)


@given(WEIGHTS, real(0.1, 0.9), WAGE)
def test_the_composite_wage_is_homogeneous_and_1_at_1(
    weights: list[float], sigma: float, wage: float
) -> None:
    terms = [
        wage_index_term(weight, wage, demand_factor(math.log(wage), sigma)) for weight in weights
    ]
    assert math.exp(log_wage_index(sum(terms), sigma)) == pytest.approx(wage)


@given(st.integers(0, 10**9))
def test_a_firm_never_quite_lacks_a_trade(thousandths: int) -> None:
    assert log_labour_used(thousandths) == pytest.approx(
        math.log(max(0.05, thousandths / 1000.0)), rel=1e-15
    )


@given(TWO_WAGES, real(0.05, 0.95), real(0.0, 0.9))
def test_cost_lies_between_1_and_the_wage_and_rises_with_it(
    pair: list[float], share: float, substitution: float
) -> None:
    low, high = (
        math.exp(
            log_unit_cost(
                labour_cost_term(math.log(wage), share, substitution), share, substitution
            )
        )
        for wage in pair
    )
    assert low <= high * (1.0 + 1e-9)
    assert min(1.0, pair[0]) - 1e-9 <= low <= max(1.0, pair[0]) + 1e-9
    assert log_unit_cost(
        labour_cost_term(0.0, share, substitution), share, substitution
    ) == pytest.approx(0.0, abs=1e-12)


@given(WAGE, real(0.05, 0.95), WAGE)
def test_where_price_is_cost_labour_is_worth_its_wage(
    cost: float, share: float, wage: float
) -> None:
    assert labour_value(cost, cost, share, wage, 1.0) == pytest.approx(max(wage, 0.05))
    assert labour_value(2.0 * cost, cost, share, wage, 1.0) >= labour_value(
        cost, cost, share, wage, 1.0
    )
    assert labour_value(0.0, 100.0, share, wage, 1.0) == 0.05


@given(real(-1.0, 1.0), WAGE, WAGE, real(0.0, 0.99), real(1.0, 240.0))
def test_technology_moves_towards_its_aim_and_never_past_it(
    log_h: float, value: float, cost: float, substitution: float, months: float
) -> None:
    aim = -substitution * math.log(value / cost)
    after = next_log_labour_per_unit(log_h, math.log(value), math.log(cost), substitution, months)
    assert min(log_h, aim) - 1e-9 <= after <= max(log_h, aim) + 1e-9
    assert next_log_labour_per_unit(
        aim, math.log(value), math.log(cost), substitution, months
    ) == pytest.approx(aim)


@given(LABOUR, real(0.1, 10.0), real(0.0, 1e5), real(0.0, 1e5))
def test_output_is_limited_by_hands_by_the_plan_and_by_orders(
    hands: float, per_unit: float, target: float, orders_there: float
) -> None:
    assert output_built(hands, per_unit, target, orders_there) == min(
        hands / per_unit, LARGEST_OUTPUT_OVER_TARGET * target, orders_there
    )


@given(real(0.0, 1e5), real(0.0, 1e5), real(0.0, 1e5), SHARE, LABOUR, real(0.0, 1e6))
def test_no_firm_builds_or_cancels_more_than_its_order_book(
    backlog: float, orders: float, limit: float, rate: float, hands: float, target: float
) -> None:
    cancelled = orders_cancelled(backlog, limit, rate)
    output = output_built(hands, 1.0, target, backlog + orders - cancelled)
    left = order_book_left(backlog, orders, output, cancelled)
    assert left >= 0.0
    assert left == pytest.approx(backlog + orders - output - cancelled, abs=1e-9 * (1.0 + backlog))


@given(WAGE, st.tuples(real(0.0, 1e5), real(0.0, 1e5)).map(sorted), real(1.0, 1e4), real(0.0, 2.0))
def test_full_order_books_raise_prices_within_bounds(
    cost: float, books: list[float], normal: float, psi: float
) -> None:
    low, high = (math.exp(log_asking_price(math.log(cost), book, normal, psi)) for book in books)
    assert low <= high * (1.0 + 1e-12)
    assert cost * 0.5**psi * (1 - 1e-9) <= low
    assert high <= cost * 3.0**psi * (1 + 1e-9)
    assert log_asking_price(math.log(cost), normal, normal, psi) == pytest.approx(math.log(cost))


@given(real(1.0, 1e5), TWO_WAGES, real(0.0, 5.0))
def test_orders_never_rise_with_the_price(normal: float, prices: list[float], eta: float) -> None:
    cheap, dear = (orders_placed(normal, 1.0, math.log(price), eta) for price in prices)
    assert cheap >= dear * (1.0 - 1e-12)
    assert orders_placed(normal, 1.2, 0.0, eta) == pytest.approx(1.2 * normal)


@given(real(0.0, 1e5), real(0.0, 1e5), real(1.0, 120.0), real(0.0, 1e5))
def test_the_target_works_off_an_unusual_backlog_within_capacity(
    orders: float, backlog: float, tau: float, capacity: float
) -> None:
    assert 0.0 <= output_target(orders, backlog, 1000.0, tau, capacity) <= capacity
    assert output_target(orders, 1000.0, 1000.0, tau, 1e9) == pytest.approx(orders)
    assert output_target(orders, backlog + 10.0, 1000.0, tau, capacity) >= output_target(
        orders, backlog, 1000.0, tau, capacity
    )


@given(real(0.05, 1.0), real(0.1, 5.0), real(0.0, 1e4), TWO_WAGES, ELASTICITY)
def test_fewer_hands_are_wanted_of_a_dearer_trade(
    weight: float, per_unit: float, target: float, wages: list[float], sigma: float
) -> None:
    wanted = labour_demand_scale(per_unit, target, 0.0, sigma)
    cheap, dear = (
        notional_labour(weight, wanted, demand_factor(math.log(wage), sigma)) for wage in wages
    )
    assert dear <= cheap * (1.0 + 1e-12)
    even = labour_demand_scale(per_unit, target, math.log(wages[0]), sigma)
    assert notional_labour(weight, even, demand_factor(math.log(wages[0]), sigma)) == pytest.approx(
        weight * per_unit * target
    )


@given(real(0.0, 1e4), LABOUR, WAGE, WAGE, ELASTICITY, SHARE)
def test_nobody_plans_past_demand_or_below_what_the_other_trades_use(
    notional: float, balanced: float, value: float, wage: float, sigma: float, reach: float
) -> None:
    worth, factor = demand_factor(-math.log(value), sigma), demand_factor(math.log(wage), sigma)
    planned = planned_labour(notional, balanced, worth, factor, reach)
    assert vacancies_to_open(planned, balanced) == max(0.0, planned - balanced)
    assert min(notional, balanced) <= planned <= notional
    assert planned_labour(1e9, balanced, 1.0 / factor, factor, reach) == pytest.approx(
        (1.0 + reach) * balanced
    )


@given(LABOUR, SHARE, real(0.0, 1e5), SHARE, SHARE)
def test_hoarded_hands_are_never_laid_off(
    labour: float, part: float, planned: float, hoard: float, fire: float
) -> None:
    chance = layoff_probability(labour, part * labour, planned, hoard, fire)
    assert (chance == 0.0) or labour > (1.0 + hoard) * planned
    assert chance * part * labour <= fire * max(0.0, labour - (1.0 + hoard) * planned) + 1e-6
    assert layoff_probability(labour, 0.0, planned, hoard, fire) == 0.0


@given(real(0.0, 1e5), real(0.0, 1e5), SHARE)
def test_only_what_waits_beyond_the_limit_is_cancelled(
    backlog: float, limit: float, rate: float
) -> None:
    assert orders_cancelled(backlog, limit, rate) == rate * max(0.0, backlog - limit)


@given(st.integers(1, 1000), st.integers(0, 1000), SHARE)
def test_the_unfilled_share_is_half_the_firm_s_half_the_trade_s(
    opened: int, left: int, trade: float
) -> None:
    unfilled = min(left, opened)
    assert unfilled_share(unfilled, opened, trade) == pytest.approx(
        0.5 * unfilled / opened + 0.5 * trade
    )
    assert unfilled_share(0, 0, trade) == trade


@given(st.tuples(SHARE, SHARE).map(sorted), SHARE, real(0.0, 0.1), SHARE, real(0.0, 0.5))
def test_nominal_wages_rise_with_scarcity_and_are_never_cut(
    pair: list[float], normal: float, pi: float, kappa: float, most: float
) -> None:
    low, high = (raise_over_outside_pay(unfilled, normal, pi, kappa, most) for unfilled in pair)
    assert -pi <= low <= high <= most
    assert raise_over_outside_pay(normal, normal, pi, kappa, most) == 0.0


@given(real(0.1, 10.0), real(1.0, 100.0), ELASTICITY)
def test_one_more_hand_of_a_balanced_trade_is_worth_v(
    value: float, labour: float, sigma: float
) -> None:
    log_value, log_labour = math.log(value), math.log(labour)
    assert log_value_of_marginal_product(log_value, log_labour, log_labour, sigma) == pytest.approx(
        log_value
    )
    assert log_value_of_marginal_product(
        log_value, log_labour, log_labour + 0.7, sigma
    ) == pytest.approx(log_value - 0.7 / sigma)


@given(real(-2.0, 2.0), real(-0.1, 0.2), WAGE)
def test_the_cap_stops_raises_but_never_cuts(log_wage: float, raised: float, value: float) -> None:
    after = next_log_wage(log_wage, raised, math.log(value))
    free = log_wage + raised
    assert after <= free
    assert after >= min(free, log_wage)
    assert after <= max(log_wage, math.log(value))


def test_the_target_adds_a_share_of_the_surplus_backlog() -> None:
    assert output_target(100.0, 150.0, 100.0, 10.0, 1e9) == pytest.approx(105.0)
    assert output_target(100.0, 50.0, 100.0, 10.0, 1e9) == pytest.approx(95.0)
    assert output_target(100.0, 150.0, 100.0, 10.0, 102.0) == 102.0
    assert output_target(1.0, 0.0, 100.0, 10.0, 1e9) == 0.0


@pytest.mark.parametrize(
    ("labour", "dismissible", "chance"),
    [
        (120.0, 60.0, 0.5 * 10.0 / 60.0),
        (110.5, 60.0, 0.5 * 0.5 / 60.0),
        (110.0, 60.0, 0.0),
        (111.0, 0.75, 0.5 / 0.75),
        (120.0, 4.0, 1.0),
        (90.0, 60.0, 0.0),
    ],
)
def test_half_of_what_exceeds_the_plan_and_a_hoarded_tenth_is_laid_off(
    labour: float, dismissible: float, chance: float
) -> None:
    assert layoff_probability(labour, dismissible, 100.0, 0.1, 0.5) == pytest.approx(chance)


def test_unit_cost_by_hand() -> None:
    """Labour has a share of 0.4 and costs four times as much, at an elasticity of one half.

    0.4 x 4^(1/2) + 0.6 = 1.4, to the power of 1 / (1/2).
    """
    term = labour_cost_term(math.log(4.0), 0.4, 0.5)
    assert term == pytest.approx(0.8)
    assert log_unit_cost(term, 0.4, 0.5) == pytest.approx(math.log(1.96))


def test_the_value_of_labour_by_hand() -> None:
    """A price 0.2 above cost and 0.5 x 2 x 0.8 of wages, over 0.5 x 0.8 of labour."""
    assert labour_value(1.2, 1.0, 0.5, 2.0, 0.8) == pytest.approx(2.5)


@given(real(-2.0, 2.0), real(-2.0, 2.0), real(0.0, 20.0))
def test_a_higher_wage_never_attracts_less(first: float, second: float, mu: float) -> None:
    low, high = sorted((first, second))
    assert attraction(low, mu) <= attraction(high, mu)
    assert attraction(0.0, mu) == attraction(first, 0.0) == 1.0


@pytest.mark.parametrize("q", [0.05, 0.16, 0.5, 0.97])
def test_every_week_is_one_of_application_with_its_probability_whatever_the_others_are(
    q: float,
) -> None:
    draws = (np.arange(200_000) + 0.5) / 200_000
    weeks = np.array([application_weeks(draw, q) for draw in draws])
    for pattern in range(2**WEEKS):
        times = sum(applies(pattern, week) for week in range(WEEKS))
        assert np.mean(weeks == pattern) == pytest.approx(
            q**times * (1.0 - q) ** (WEEKS - times), abs=2e-5
        )


@given(DRAW, real(0.01, 0.99))
def test_draws_below_the_chance_to_apply_lead_to_an_application(draw: float, q: float) -> None:
    chance = monthly_application_probability(q)
    assert (application_weeks(draw, q) > 0) == (draw < chance) or draw == pytest.approx(
        chance, abs=1e-12
    )


def test_whoever_never_or_always_applies() -> None:
    assert (application_weeks(0.5, 0.0), application_weeks(0.5, 1.0)) == (0, 15)
    assert (monthly_application_probability(0.0), monthly_application_probability(1.0)) == (
        0.0,
        1.0,
    )
