"""Heads, labour, posts and output against numbers computed by hand, at half scale."""

from __future__ import annotations

import numpy as np
import pytest

from sim.measures.heads_and_labour import PEOPLE
from sim.measures.measure import values_of
from sim.measures.output import OUTPUT
from sim.measures.vacancies import VACANCIES
from tests.support.panels import (
    CHINESE,
    FINISHING,
    NORTH_KOREAN,
    RUSSIAN,
    STRUCTURAL,
    TECHNICAL,
    compared,
    empty_pair,
    put,
    short_scenario,
)

SCENARIO = short_scenario()
STUDENT = 2


@pytest.fixture(scope="module")
def found():
    """Twice the heads of the half market: 30 Russians, 10 Chinese, 6 North Koreans in the policy.

    The baseline has 40 Russians and 20 North Koreans.
    """
    pair = empty_pair(SCENARIO)
    for panel, russian, north_korean in ((pair.policy, 15.0, 3.0), (pair.baseline, 20.0, 10.0)):
        put(panel, "heads_employed", russian, RUSSIAN, STRUCTURAL)
        put(panel, "heads_employed", north_korean, NORTH_KOREAN, FINISHING)
        put(panel, "effective_labour", russian, RUSSIAN, STRUCTURAL)
        put(panel, "effective_labour", 2.0 * north_korean, NORTH_KOREAN, FINISHING)
    put(pair.policy, "heads_employed", 5.0, CHINESE, TECHNICAL)
    put(pair.policy, "effective_labour", 4.0, CHINESE, TECHNICAL)
    put(pair.policy, "heads_employed_by_paper", 2.0, NORTH_KOREAN, STUDENT)
    put(pair.policy, "registrations", 1.0, NORTH_KOREAN, STUDENT)
    put(pair.policy, "heads_seeking", 2.0, RUSSIAN, FINISHING)
    put(pair.baseline, "heads_seeking", 10.0, RUSSIAN, FINISHING)
    put(pair.policy, "vacancy_stock", 5.0, STRUCTURAL)
    put(pair.baseline, "vacancy_stock", 10.0, FINISHING)
    put(pair.policy, "vacancies_unfilled", 4.0, STRUCTURAL)
    put(pair.policy, "hires", 3.5, RUSSIAN, STRUCTURAL)
    for name, policy, baseline in (("output", 9.0, 12.0), ("orders", 11.0, 10.0)):
        put(pair.policy, name, policy)
        put(pair.baseline, name, baseline)
    put(pair.policy, "backlog", [72.0, 36.0])
    put(pair.baseline, "backlog", 60.0)
    put(pair.policy, "cancelled", 1.0)
    return values_of(PEOPLE | VACANCIES | OUTPUT, compared(pair, SCENARIO))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("russian_heads", 30.0),
        ("russian_heads_baseline", 40.0),
        ("chinese_heads", 10.0),
        ("north_korean_gone_heads", 14.0),
        ("north_korean_effective_labour_workers", 12.0),
        ("north_korean_heads_student", 4.0),
        ("north_korean_heads_work", 0.0),
        ("north_korean_registrations_student", 2.0),
        ("heads", 46.0),
        ("heads_structural", 30.0),
        ("effective_labour_workers", 50.0),
        ("effective_labour_workers_technical", 8.0),
        ("effective_labour_percent_of_baseline", 62.5),
        ("effective_labour_percent_of_baseline_structural", 75.0),
        ("job_vacancy_rate", 100.0 * 10.0 / 56.0),
        ("job_vacancy_rate_structural", 25.0),
        ("job_vacancy_rate_finishing", 0.0),
        ("job_vacancy_rate_baseline", 25.0),
        ("vacancy_duration_days", 21.0 * 10.0 / 7.0),
        ("vacancies_per_seeker", 2.5),
        ("seeker_share", 100.0 * 4.0 / 50.0),
        ("seeker_share_baseline", 25.0),
        ("output_percent_of_baseline", 75.0),
        ("orders_percent_of_baseline", 110.0),
        ("output_worker_months", 18.0),
        ("cancelled_worker_months", 2.0),
    ],
)
def test_a_number_by_hand(found, name, value):
    assert found[name] == pytest.approx([value, value])


def test_the_delay_is_the_growth_of_the_backlog_in_months(found):
    assert found["backlog_months"] == pytest.approx([8.0, 4.0])
    assert found["delay_months"] == pytest.approx([3.0, -1.0])


def test_what_has_no_whole_has_no_share(found):
    """Nobody works or worked in the technical trades of the baseline."""
    assert np.isnan(found["effective_labour_percent_of_baseline_technical"]).all()
    assert np.isnan(found["completions_percent_of_baseline"]).all()
