"""Key numbers claim no more digits than their intervals allow."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.reporting.key_numbers import about, cards, key_numbers, part_of, rounding_step
from experiments.results.result_folder import load_result
from experiments.results.summary_reader import EN_DASH


@pytest.mark.parametrize(
    ("low", "median", "high", "unit", "text"),
    [
        (6_122.0, 10_369.0, 14_372.0, "", ("10,500", "6,000-14,500")),
        (-22.9, -15.1, -8.0, "%", ("-15 %", "-23 to -8 %")),
        (-0.04, 4.38, 13.5, "%", ("+4 %", "0 to +14 %")),
        (0.0, 0.0, 0.0, "", ("0", "0-0")),
        (0.12, 0.2345, 0.31, "", ("0.23", "0.12-0.31")),
        (1_234.0, 1_234.0, 1_234.0, "", ("1,234", "1,234-1,234")),
        (math.nan, math.nan, math.nan, "", ("no value", "")),
    ],
)
def test_numbers_are_rounded_to_what_the_interval_allows(low, median, high, unit, text) -> None:
    plain = {"\u00a0": " ", EN_DASH: "-"}
    found = (each.translate(str.maketrans(plain)) for each in about(low, median, high, unit))
    assert tuple(found) == text


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9))
def test_a_step_fits_ten_times_into_the_interval_and_twenty_five_times_at_most(low, width) -> None:
    step = rounding_step(low, low + width)
    held = ((low + width) - low) / step if step else 10.0
    assert 9.9999 <= held <= 25.001


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (14.4, "one in seven"),
        (50.0, "one in two"),
        (8.0, "one in 12"),
        (80.0, "80 %"),
        (1.2, "1 %"),
        (0.04, "0.04 %"),
        (0.0, "none"),
    ],
)
def test_a_share_in_words(percent: float, words: str) -> None:
    assert part_of(percent) == words


def test_a_report_begins_with_them(finished) -> None:
    summary = load_result(finished).summary
    numbers = key_numbers(summary)
    assert [each.name.split(",")[0] for each in numbers] == [
        "Standard workers short",
        "Built",
        "Posted wage",
        "Denied to Pyongyang",
    ]
    page = (finished / "report.html").read_text(encoding="utf-8")
    assert page.index(cards(numbers)) < page.index('<p class="answer">')
