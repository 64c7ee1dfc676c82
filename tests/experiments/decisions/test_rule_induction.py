"""Boxes that are known, in few and many dimensions, with wrong labels, and without any signal."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.decisions.methods.rule_induction import discovered, everywhere, induced


def labelled(
    inputs: int, points: int, seed: int, wrong: float = 0.1
) -> tuple[np.ndarray, np.ndarray]:
    """Points that fail where input 1 is above 0.6 and input 3 below 0.5, but for wrong labels."""
    generator = np.random.default_rng(seed)
    found = generator.random((points, inputs))
    fails = (found[:, 1] > 0.6) & (found[:, 3] < 0.5)
    return found, fails ^ (generator.random(points) < wrong)


@pytest.mark.parametrize(("inputs", "points"), [(6, 1000), (57, 4096)])
def test_a_known_box_is_found_with_a_tenth_of_the_labels_wrong(inputs: int, points: int) -> None:
    found = discovered(*labelled(inputs, points, 1), 1)
    assert found.box.restricted == [1, 3]
    assert found.box.low[1] == pytest.approx(0.6, abs=0.06)
    assert found.box.high[3] == pytest.approx(0.5, abs=0.06)
    hits, inside, failures = found.counts
    assert hits / inside == pytest.approx(0.9, abs=0.06)
    assert hits / failures > 0.6
    assert max(found.p_values) < 1e-6
    assert found.survival == [1.0, 1.0]


@pytest.fixture
def one_resample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resamples take most of the time, and choose no restriction."""
    monkeypatch.setattr("experiments.decisions.methods.rule_induction.RESAMPLES", 1)


@pytest.mark.usefixtures("one_resample")
def test_false_restrictions_are_found_in_at_most_1_of_20_data_sets() -> None:
    repetitions = 60
    false = 0
    for seed in range(repetitions):
        found = discovered(*labelled(15, 300, seed), seed)
        false += bool(set(found.box.restricted) - {1, 3})
    assert false / repetitions <= 0.05


@pytest.mark.usefixtures("one_resample")
def test_no_signal_gives_no_box_in_19_of_20_data_sets() -> None:
    repetitions, found = 60, 0
    for seed in range(repetitions):
        generator = np.random.default_rng(seed)
        points, fails = generator.random((200, 10)), generator.random(200) < 0.3
        found += bool(discovered(points, fails, seed).box.restricted)
    assert found / repetitions <= 0.05


@pytest.mark.parametrize("value", [True, False])
def test_where_all_or_none_fail_nothing_is_restricted(value: bool) -> None:
    points = np.random.default_rng(1).random((200, 6))
    found = discovered(points, np.full(200, value), 1)
    assert found.box.restricted == []
    assert found.counts == ((100, 100, 100) if value else (0, 100, 0))


def test_an_input_that_does_not_vary_is_never_restricted() -> None:
    points, fails = labelled(6, 600, 2)
    points[:, 5] = 1.0
    assert 5 not in induced(points, fails).restricted


def test_the_same_seed_finds_the_same_box() -> None:
    points, fails = labelled(6, 400, 3)
    first, second = (discovered(points, fails, 4) for _ in range(2))
    assert first.box.low.tolist() == second.box.low.tolist()
    assert (first.counts, first.p_values) == (second.counts, second.p_values)


def test_a_box_without_restrictions_holds_everything() -> None:
    assert everywhere(3).holds(np.random.default_rng(1).random((10, 3))).all()
