"""Every draw at a small scale: percentiles with known answers, and what a run makes of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.calibration.posterior import read_draws
from experiments.configuration.settings import ConfigError
from experiments.ensembles import every_draw
from experiments.ensembles.every_draw import (
    SMALL_SCALE,
    corrected_percentiles,
    difference_between_scales,
    every_scenario,
    places_among,
    scale_of_every_draw,
    simulate_every_draw,
)
from experiments.ensembles.uncertainty import sampled_scenarios
from experiments.results.result_folder import load_result
from experiments.run import main
from tests.support.shipped_scenarios import make_settings

LIMITS = (5.0, 50.0, 95.0)
DRAWS, PAIRS = 800, 15


def two_scales(seed: int, shift: float, chance: float = 0.3) -> tuple[np.ndarray, ...]:
    """Small runs, replicates and places: answers spread by 1, with chance, and shifted in full."""
    generator = np.random.default_rng(seed)
    answer = np.linspace(9.0, 11.0, DRAWS)[:, None]
    small = answer + generator.normal(0.0, chance, (DRAWS, 1))
    places = np.repeat(generator.choice(DRAWS, PAIRS, replace=False), 2)
    return small, answer[places] + shift + generator.normal(0.0, 0.01, (2 * PAIRS, 1)), places


def test_the_choice_of_draws_hardly_moves_the_percentiles() -> None:
    found = np.array([corrected_percentiles(*two_scales(n, 0.0), LIMITS)[:, 0] for n in range(40)])
    alone = np.array([np.percentile(two_scales(n, 0.0)[1], 50.0) for n in range(40)])
    assert found[:, 1].mean() == pytest.approx(10.0, abs=0.02)
    assert found[:, 1].std() < alone.std() / 4.0


def test_what_the_scale_changes_moves_every_percentile() -> None:
    unmoved = np.mean([corrected_percentiles(*two_scales(n, 0.0), LIMITS) for n in range(20)], 0)
    moved = np.mean([corrected_percentiles(*two_scales(n, 2.0), LIMITS) for n in range(20)], 0)
    assert moved - unmoved == pytest.approx(np.full((3, 1), 2.0), abs=0.05)


def test_a_difference_within_two_standard_errors_is_chance() -> None:
    moves = [difference_between_scales(*two_scales(n, 0.0))[0] for n in range(200)]
    assert np.mean(np.array(moves) == 0.0) > 0.9
    small, full, places = two_scales(1, 5.0)
    assert not difference_between_scales(small, full[:8], places[:8]).any()


def test_a_percentile_at_an_end_stays_there() -> None:
    small = np.concatenate([np.zeros(500), np.linspace(1.0, 9.0, 300)])[:, None]
    places = np.arange(0, 800, 20)
    found = corrected_percentiles(small, small[places] + 1.0, places, LIMITS)[:, 0]
    assert found[:2].tolist() == [0.0, 0.0]
    assert found[2] == pytest.approx(np.percentile(small, 95.0) + 1.0)


def test_runs_without_a_value_are_left_out() -> None:
    small = np.full((DRAWS, 2), np.nan)
    small[:100, 0] = np.arange(100.0)
    found = corrected_percentiles(small, small[:20], np.arange(20), LIMITS)
    assert found[:, 0].tolist() == np.percentile(np.arange(100.0), LIMITS).tolist()
    assert np.isnan(found[:, 1]).all()


def test_replicates_are_found_among_the_small_runs_of_all_draws() -> None:
    settings = make_settings("market.scale=0.5")
    sampled = sampled_scenarios(settings.resolved, "posterior", 3, 1)
    assert sampled is not None
    small = every_scenario(settings.resolved, "posterior", SMALL_SCALE)
    places = places_among(small, [*sampled, settings.scenario])
    assert (places[0], places[3]) == (places[1], -1)
    assert small[places[2]].market.hiring == sampled[2].market.hiring
    assert {each.market.scale for each in small} == {SMALL_SCALE}


@pytest.mark.parametrize(
    ("given", "uncertainty", "scale", "replicates", "expected"),
    [
        (None, "posterior", 1.0, 30, SMALL_SCALE),
        (None, "posterior", 1.0, 29, None),
        (None, "posterior", 0.4, 100, None),
        (None, "none", 1.0, 100, None),
        (0.0, "posterior", 1.0, 100, None),
        (0.02, "posterior", 0.1, 2, 0.02),
    ],
)
def test_large_runs_have_every_draw_unless_the_user_says_otherwise(
    given: float | None,
    uncertainty: str,
    scale: float,
    replicates: int,
    expected: float | None,
) -> None:
    assert scale_of_every_draw(given, uncertainty, scale, replicates) == expected


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (("every_draw_scale=0.05", "uncertainty=none"), "null or 0 with uncertainty=none"),
        (("every_draw_scale=0.2", "market.scale=0.1"), "less than market.scale, which is 0.1"),
        (("every_draw_scale=2",), "every_draw_scale: given 2"),
    ],
)
def test_small_runs_that_make_no_sense_are_refused(overrides: tuple[str, ...], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        make_settings(*overrides)


@pytest.fixture
def eight_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """A posterior of eight draws."""
    first = read_draws("posterior")[:8]
    monkeypatch.setattr(every_draw, "read_draws", lambda kind: first)


def test_a_run_reports_the_percentiles_of_every_draw_on_any_number_of_threads(
    eight_draws: None, tmp_path: Path
) -> None:
    small = ("market.scale=0.01", "every_draw_scale=0.005", "replicates=4", "months=30")
    for threads in (1, 2):
        assert main([*small, f"threads={threads}", f"output_dir={tmp_path / str(threads)}"]) == 0
    (first,), (second,) = ((tmp_path / str(threads)).glob("2*") for threads in (1, 2))
    assert (first / "summary.json").read_bytes() == (second / "summary.json").read_bytes()
    summary = load_result(first).summary
    assert summary["uncertainty"]["draws"] == 8
    assert "all 8 draws, each simulated once at 0.005 of the market's size" in summary["notes"][0]
    settings = make_settings(*small)
    alone = simulate_every_draw(settings.resolved, "posterior", 0.005, [settings.scenario])
    expected = np.percentile(alone.values["heads"], LIMITS, axis=0).T
    found = list(summary["measures"]["heads"]["by_month"].values())
    assert found == pytest.approx(expected, rel=1e-8)
