"""Rival rules of workers: numbers computed by hand, and where a rival is the shipped rule."""

import math

import pytest

from sim.workers.contract_crew import (
    agency_experience,
    dispatched_workers,
    margin_after_finds,
    month_of_departure,
    replacements_wanted,
)
from sim.workers.incumbent import job_end_is_due, layoff_probability_after_notice, layoff_rank
from sim.workers.temporary_migrant import gain_with_network, recruits_wanted, revised_quota

NO_DEADLINE = 128


def test_the_agency_has_learned_half_after_its_learning_months() -> None:
    assert agency_experience(0, 12.0) == 0.0
    assert agency_experience(12, 12.0) == 0.5
    assert agency_experience(36, 12.0) == 0.75


def test_finds_lower_the_levy_that_the_agency_counts_on() -> None:
    assert margin_after_finds(300.0, 600.0, 0.0, 0.0) == 0.5
    assert margin_after_finds(300.0, 600.0, 5.0, 20.0) == pytest.approx(1.0 - 300.0 / 450.0)
    assert margin_after_finds(300.0, 600.0, 10.0, 20.0) == 0.0


def test_replacement_rises_with_the_share_of_places_lost() -> None:
    # A tenth of 400 places a month, half of the quota lost, compliance 0.6, worth 0.25.
    assert replacements_wanted(400.0, 0.5, 0.1, 0.6, 0.25) == pytest.approx(2.0)
    assert replacements_wanted(400.0, 0.0, 0.1, 0.6, 0.25) == 0.0
    assert replacements_wanted(400.0, 0.5, 0.1, 1.0, 0.25) == 0.0


def test_replacement_is_dispatch_where_all_is_lost_and_all_is_learned() -> None:
    margin = margin_after_finds(300.0, 600.0, 0.0, 0.0)
    shipped = dispatched_workers(0.05, 400.0, 0.6, 300.0, 600.0)
    assert replacements_wanted(400.0, 1.0, 0.05, 0.6, margin) == pytest.approx(shipped)


@pytest.mark.parametrize(
    ("draw", "month", "leaves"),
    [
        (0.50, 30, 30),  # not below the share: at once
        (0.49, 30, 46),  # 3 x 0.98^2 = 2.9: two months before
        (0.30, 30, 46 + 1),  # 3 x 0.6^2 = 1.08: one month before
        (0.10, 30, 48),  # 3 x 0.2^2 = 0.12: the month of the deadline
        (0.10, 46, 46),  # in the last months nobody puts it off
        (0.10, 45, 48),
    ],
)
def test_departures_bunch_before_the_deadline(draw: float, month: int, leaves: int) -> None:
    assert month_of_departure(draw, month, 48, 0.5, 3) == leaves


def test_without_an_announced_deadline_nobody_waits_for_it() -> None:
    assert month_of_departure(0.0, 30, NO_DEADLINE, 1.0, 3) == 30


def test_a_job_ends_half_as_often_after_the_months_of_seniority() -> None:
    assert job_end_is_due(0.999, 0, 24.0)
    assert job_end_is_due(0.499, 24, 24.0)
    assert not job_end_is_due(0.501, 24, 24.0)
    assert not job_end_is_due(0.251, 72, 24.0)


def test_who_was_hired_last_goes_first_and_the_draw_decides_among_equals() -> None:
    ranks = [layoff_rank(0.9, 12), layoff_rank(0.1, 12), layoff_rank(0.0, 11)]
    assert sorted(ranks) == [ranks[1], ranks[0], ranks[2]]


def test_notice_needs_an_excess_in_two_months() -> None:
    assert layoff_probability_after_notice(0.2, 0.0) == 0.0
    assert layoff_probability_after_notice(0.2, 0.3) == 0.2


def test_compatriots_raise_the_odds_up_to_those_of_pay_alone() -> None:
    assert gain_with_network(0.2, 0.1, 0.5, 999, 999) == 0.2
    # A tenth of the quota: odds times 10^-0.5.
    assert gain_with_network(0.2, 0.1, 0.5, 99, 999) == pytest.approx(0.2 - 0.05 * math.log(10.0))
    assert gain_with_network(0.2, 0.1, 0.0, 5, 999) == 0.2


def test_recruits_are_a_share_of_vacancies_of_whom_those_accept_whom_it_pays() -> None:
    assert recruits_wanted(100.0, 0.2, 0.0, 0.1) == pytest.approx(10.0)
    assert recruits_wanted(100.0, 0.2, 0.1, 0.1) == pytest.approx(20.0 / (1.0 + math.exp(-1.0)))


def test_a_quota_steps_up_when_full_and_down_when_a_step_is_unused() -> None:
    assert revised_quota(1000, 950, 0.15) == 1150
    assert revised_quota(1000, 949, 0.15) == 1000
    assert revised_quota(1000, 850, 0.15) == 1000
    assert revised_quota(1000, 849, 0.15) == 850
