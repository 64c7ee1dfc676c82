"""What the rules of workers must do whatever the numbers: ends of ranges, directions, symmetry."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.elementary import LEAST_NORMAL, logistic
from sim.workers.commuter import heads_to_move
from sim.workers.contract_crew import (
    CONTRACTS_ALLOWED,
    CONTRACTS_NEVER,
    CONTRACTS_PRESIGNED,
    complies,
    contract_end_month_of_year,
    contract_is_replaced,
    contract_months,
    cover_paper_months,
    cover_probability,
    dispatched_workers,
    is_found,
    months_left,
    permit_is_renewed,
)
from sim.workers.resident import (
    JOB_ENDS,
    RECONSIDERS,
    SEARCHES_ON_THE_JOB,
    employed_event_kind,
    entry_wage,
    exit_rate_per_month,
    grant_as_wage,
    inside_probability,
    log_expected_pay,
    log_tightness,
    move_probability,
    taste_in_thousandths,
)
from sim.workers.temporary_migrant import (
    NO_QUOTA,
    comes,
    log_gain_from_migrating,
    pay_kept_rub,
    pay_per_head_rub,
    quota_in_force,
)
from tests.support.rule_checks import DRAW, HEADS, SHARE, WAGE, real

TWO_SHARES = st.tuples(SHARE, SHARE).map(sorted)
TWO_WAGES = st.tuples(WAGE, WAGE).map(sorted)


@given(real(-50.0, 50.0))
def test_logistic_is_symmetric_and_half_at_zero(z: float) -> None:
    assert logistic(z) + logistic(-z) == pytest.approx(1.0)
    assert logistic(0.0) == 0.5


@given(st.tuples(real(-1e4, 1e4), real(-1e4, 1e4)).map(sorted))
def test_logistic_never_falls(pair: list[float]) -> None:
    assert logistic(pair[0]) <= logistic(pair[1])


@given(DRAW, SHARE)
def test_contracts_last_a_year_or_three(draw: float, share: float) -> None:
    assert contract_months(draw, share) == (12 if draw < share else 36)
    assert (contract_months(draw, 0.0), contract_months(draw, 1.0)) == (36, 12)


@given(DRAW, DRAW)
def test_seasonal_contracts_end_by_july(season: float, draw: float) -> None:
    assert 0 <= contract_end_month_of_year(season, draw, 1.0) <= 6
    assert 0 <= contract_end_month_of_year(season, draw, 0.0) <= 11


@given(st.sampled_from((12, 36)), DRAW, st.integers(0, 11), st.integers(0, 11))
def test_a_running_contract_ends_within_its_length_in_its_calendar_month(
    length: int, draw: float, end: int, now: int
) -> None:
    left = months_left(length, draw, end, now)
    assert 1 <= left <= length
    assert (now + left) % 12 == end


@given(DRAW, SHARE)
def test_contracts_are_replaced_before_the_ban_and_never_after_adoption(
    draw: float, presigned: float
) -> None:
    assert contract_is_replaced(draw, CONTRACTS_ALLOWED, presigned)
    assert contract_is_replaced(draw, CONTRACTS_PRESIGNED, 1.0)
    assert not contract_is_replaced(draw, CONTRACTS_PRESIGNED, 0.0)
    assert not contract_is_replaced(draw, CONTRACTS_NEVER, presigned)


@given(DRAW, TWO_SHARES)
def test_who_stays_at_more_compliance_stays_at_less(draw: float, pair: list[float]) -> None:
    assert complies(draw, pair[0]) <= complies(draw, pair[1])
    assert complies(draw, 1.0)
    assert not complies(draw, 0.0)
    assert permit_is_renewed(draw, pair[0]) <= permit_is_renewed(draw, pair[1])


@given(DRAW, SHARE, TWO_SHARES)
def test_more_inspection_spares_nobody(draw: float, other: float, pair: list[float]) -> None:
    assert is_found(draw, pair[0], other) <= is_found(draw, pair[1], other)
    assert is_found(draw, other, pair[0]) <= is_found(draw, other, pair[1])
    assert not is_found(draw, other, 0.0)


@given(real(1.0, 1e4), real(1.0, 1e4), TWO_SHARES, SHARE)
def test_cover_pays_less_the_more_is_inspected(
    pay: float, home: float, pair: list[float], compliance: float
) -> None:
    safe, watched = (cover_probability(pay, home, inspection, compliance) for inspection in pair)
    assert watched <= safe
    assert cover_probability(2.0 * pay, home, pair[0], compliance) >= safe
    assert cover_probability(0.0, home, pair[0], compliance) == 0.0
    assert cover_probability(LEAST_NORMAL, home, pair[0], compliance) == 0.0


@given(real(1.0, 1e4))
def test_cover_is_even_odds_where_pay_equals_home_and_nobody_looks(home: float) -> None:
    assert cover_probability(home, home, 0.05, 0.0) == 0.5


def test_cover_papers_last_a_year_or_a_quarter() -> None:
    assert (cover_paper_months(True), cover_paper_months(False)) == (12, 3)


@given(SHARE, real(0.0, 1e5), TWO_SHARES, real(0.0, 1e4), real(0.0, 1e4))
def test_the_agency_sends_fewer_under_more_compliance(
    rate: float, quota: float, pair: list[float], cost: float, levy: float
) -> None:
    lax, strict = (dispatched_workers(rate, quota, compliance, cost, levy) for compliance in pair)
    assert 0.0 <= strict <= lax <= rate * quota
    assert dispatched_workers(rate, quota, 1.0, cost, levy) == 0.0
    assert cost < levy or lax == 0.0


@given(TWO_WAGES, real(-5.0, 5.0), TWO_SHARES, real(0.01, 5.0))
def test_more_come_inside_at_a_higher_wage_and_with_weaker_outside_options(
    wages: list[float], attachment: float, tastes: list[float], noise: float
) -> None:
    low, high = (math.log(wage) for wage in wages)
    assert inside_probability(low, attachment, tastes[0], noise) <= inside_probability(
        high, attachment, tastes[0], noise
    )
    assert inside_probability(low, attachment, tastes[0], noise) >= inside_probability(
        low, attachment, tastes[1], noise
    )


@given(
    real(-3.0, 3.0),
    st.lists(st.integers(0, 10**6), min_size=2, max_size=2).map(sorted),
    st.integers(0, 10**6),
    real(0.0, 1.0),
)
def test_more_vacancies_per_seeker_make_a_job_yet_to_be_found_worth_more(
    wage: float, vacancies: list[int], seekers: int, elasticity: float
) -> None:
    few, many = (log_tightness(opened, seekers) for opened in vacancies)
    assert log_expected_pay(wage, few, few, elasticity) == wage
    assert (
        log_expected_pay(wage, few, many, elasticity)
        <= wage
        <= log_expected_pay(wage, many, few, elasticity)
    )
    assert log_expected_pay(wage, few, many, 0.0) == wage
    gained = log_expected_pay(wage, many, few, elasticity) - wage
    assert gained == pytest.approx(
        elasticity * math.log((vacancies[1] + 1) / (vacancies[0] + 1)), abs=1e-9
    )


@given(WAGE, real(-3.0, 3.0), real(0.01, 5.0))
def test_the_marginal_resident_is_indifferent(wage: float, attachment: float, noise: float) -> None:
    assert inside_probability(
        math.log(wage), attachment, math.log(wage) + attachment, noise
    ) == pytest.approx(0.5)


@given(DRAW, real(0.01, 0.3), real(0.01, 0.3), real(0.01, 0.3))
def test_the_kind_of_an_event_is_drawn_in_proportion(
    draw: float, rho: float, around: float, end: float
) -> None:
    position = draw * (rho + around + end)
    expected = (
        RECONSIDERS
        if position < rho
        else SEARCHES_ON_THE_JOB
        if position < rho + around
        else JOB_ENDS
    )
    assert employed_event_kind(draw, rho, around, end) == expected
    assert employed_event_kind(draw, rho, 0.0, 0.0) == RECONSIDERS


@given(real(-3.0, 3.0), real(-3.0, 3.0))
def test_moving_is_symmetric_and_even_at_equal_wages(old: float, new: float) -> None:
    assert move_probability(old, new) + move_probability(new, old) == pytest.approx(1.0)
    assert move_probability(old, old) == 0.5
    ratio = math.exp(old - new)
    assert move_probability(old, new) == pytest.approx(1.0 / (1.0 + ratio**10), rel=1e-9)


@given(WAGE, real(0.0, 2.0), real(0.0, 10.0))
def test_subsidy_and_grant_only_add_to_the_wage(wage: float, share: float, grant: float) -> None:
    assert entry_wage(wage, share, grant) >= wage
    assert entry_wage(wage, 0.0, 0.0) == wage


@given(real(-8.6, 8.6), real(0.01, 5.0))
def test_tastes_fit_their_column_and_are_rounded(normal: float, spread: float) -> None:
    stored = taste_in_thousandths(normal, spread)
    assert -32000 <= stored <= 32000
    assert abs(stored - max(-32000.0, min(32000.0, 1000.0 * spread * normal))) <= 0.5


@given(TWO_WAGES, real(1.0, 1e6), real(0.0, 5.0))
def test_a_candidate_gains_more_at_more_pay_and_less_with_costs(
    pays: list[float], home: float, cost: float
) -> None:
    assert log_gain_from_migrating(pays[0], home, cost) <= log_gain_from_migrating(
        pays[1], home, cost
    )
    assert (
        log_gain_from_migrating(pays[0], home, cost)
        <= log_gain_from_migrating(pays[0], home, 0.0) + 1e-9
    )
    assert log_gain_from_migrating(home, home, 0.0) == pytest.approx(0.0, abs=1e-9)


@given(TWO_WAGES, real(0.0, 0.9), real(0.0, 1e5))
def test_the_fee_of_a_permit_is_an_advance_on_the_tax(
    pays: list[float], tax: float, fee: float
) -> None:
    kept = [pay_kept_rub(pay, tax, fee) for pay in pays]
    assert kept[0] <= kept[1]
    assert pays[0] - kept[0] == pytest.approx(max(tax * pays[0], fee), abs=1e-6)
    assert pay_kept_rub(pays[0], tax, 0.0) == (1.0 - tax) * pays[0]


@given(HEADS, real(0.0, 1e6))
def test_the_lever_caps_a_quota_and_nobody_without_one(quota: int, cap: float) -> None:
    assert quota_in_force(quota, -1.0) == quota
    assert quota_in_force(quota, cap) == int(cap + 0.5)
    assert quota_in_force(NO_QUOTA, cap) == NO_QUOTA


@given(DRAW, real(-2.0, 2.0), real(0.05, 1.0))
def test_whoever_comes_for_less_comes_for_more(draw: float, gain: float, noise: float) -> None:
    assert comes(draw, gain, noise) <= comes(draw, gain + 0.5, noise)
    assert comes(draw, 0.0, noise) == (draw < 0.5)


@given(WAGE, real(0.2, 10.0), real(1.0, 1e5), real(0.5, 3.0))
def test_expected_pay_is_proportional_to_wage_and_discounted(
    wage: float, ratio: float, base: float, prices: float
) -> None:
    assert pay_per_head_rub(wage, 0.0, 1.0, ratio, base, prices) == pytest.approx(
        wage / ratio * base * prices
    )
    assert pay_per_head_rub(wage, 0.1, 1.8, ratio, base, prices) == pytest.approx(
        1.98 * wage / ratio * base * prices
    )


@given(HEADS, HEADS, HEADS)
def test_commuters_never_leave_or_enter_beyond_who_is_there(
    target: int, inside: int, away: int
) -> None:
    moving = heads_to_move(target, inside, away)
    assert -inside <= moving <= away
    assert inside + moving == min(target, inside + away)


def chance(z: float) -> float:
    """The logistic function as textbooks write it."""
    return 1.0 / (1.0 + math.exp(-z))


def test_a_draw_at_the_seasonal_share_is_not_seasonal() -> None:
    assert contract_end_month_of_year(0.39, 0.9, 0.4) == 6
    assert contract_end_month_of_year(0.4, 0.9, 0.4) == 10


@pytest.mark.parametrize(
    ("length", "year_draw", "end", "now", "left"),
    [
        (12, 0.99, 5, 2, 3),
        (12, 0.99, 2, 2, 12),
        (12, 0.0, 1, 2, 11),
        (36, 0.33, 5, 2, 3),
        (36, 0.34, 5, 2, 15),
        (36, 0.99, 5, 2, 27),
        (36, 0.99, 2, 2, 36),
    ],
)
def test_months_left_of_a_contract_by_hand(
    length: int, year_draw: float, end: int, now: int, left: int
) -> None:
    assert months_left(length, year_draw, end, now) == left


def test_a_draw_at_a_probability_is_a_no() -> None:
    """Draws lie in [0, 1), so that a probability is the share of draws below it."""
    assert not complies(0.5, 0.5)
    assert not permit_is_renewed(0.5, 0.5)
    assert not is_found(0.125, 0.25, 0.5)
    assert not contract_is_replaced(0.5, CONTRACTS_PRESIGNED, 0.5)
    assert contract_months(0.5, 0.5) == 36
    assert not comes(0.5, 0.0, 0.3)


def test_cover_weighs_pay_over_home_against_a_year_s_risk() -> None:
    """Twice the income at home, and a risk of 12 x 5 % x 1/2 = 0.3, at a noise of half."""
    found = cover_probability(800.0, 400.0, 0.05, 0.5)
    assert found == pytest.approx(chance((math.log(2.0) - 0.3) / 0.5))


def test_a_resident_s_chance_to_work_inside_by_hand() -> None:
    """A gain of 0.1 + 0.3 - 0.2 over a noise of 0.5."""
    assert inside_probability(0.1, 0.3, 0.2, 0.5) == pytest.approx(chance(0.4))


def test_tightness_counts_one_more_of_both() -> None:
    assert log_tightness(0, 0) == 0.0
    assert log_tightness(9, 4) == pytest.approx(math.log(2.0))
    assert log_tightness(0, 3) == pytest.approx(-math.log(4.0))


@pytest.mark.parametrize(
    ("draw", "kind"),
    [
        (0.2499, RECONSIDERS),
        (0.25, SEARCHES_ON_THE_JOB),
        (0.49, SEARCHES_ON_THE_JOB),
        (0.5, JOB_ENDS),
        (0.999, JOB_ENDS),
    ],
)
def test_a_draw_at_an_edge_belongs_to_the_later_kind(draw: float, kind: int) -> None:
    assert employed_event_kind(draw, 0.25, 0.25, 0.5) == kind


def test_a_grant_is_spread_over_a_year_of_the_base_wage() -> None:
    """A year's base wage at prices half again as high, over pay a fifth higher."""
    assert grant_as_wage(12 * 20_000.0, 20_000.0, 1.5, 1.2) == pytest.approx(1.25)


def test_whoever_reconsiders_and_does_not_stay_leaves() -> None:
    assert exit_rate_per_month(0.75, 0.2) == pytest.approx(0.05)
    assert exit_rate_per_month(1.0, 0.2) == 0.0
    assert exit_rate_per_month(0.0, 0.2) == 0.2


def test_tastes_beyond_their_column_are_held_at_its_ends() -> None:
    assert taste_in_thousandths(8.0, 5.0) == 32_000
    assert taste_in_thousandths(-8.0, 5.0) == -32_000
    assert taste_in_thousandths(0.5, 0.003) == 2


@pytest.mark.parametrize(("draw", "whether"), [(0.74, True), (0.76, False)])
def test_noise_flattens_a_candidate_s_choice(draw: float, whether: bool) -> None:
    """A gain of half of ln 3 over a noise of a half: three in four come."""
    assert comes(draw, 0.5 * math.log(3.0), 0.5) == whether


@pytest.mark.parametrize(
    ("cap", "quota"), [(-1.0, 7), (-0.01, 7), (0.0, 0), (0.4, 0), (2.4, 2), (2.5, 3)]
)
def test_a_cap_of_a_lever_replaces_the_quota_and_is_rounded_half_up(cap: float, quota: int) -> None:
    assert quota_in_force(7, cap) == quota
