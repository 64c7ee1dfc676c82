"""R2 of the naive rule over parameter draws, against regression and by construction."""

import numpy as np
import pytest
from scipy import stats

from experiments.calibration.posterior import POSTERIOR
from experiments.ensembles.naive_rule import naive_rule_summary

MONTHS = ("2019-11", "2019-12")


def made_up(noise: float, draws: int = 40) -> dict[str, np.ndarray]:
    """Replicates in pairs: in the first month nobody is gone."""
    generator = np.random.default_rng(1)
    naive = np.repeat(generator.uniform(5.0, 20.0, draws), 2)
    shortfall = 0.8 * naive + np.repeat(generator.normal(0.0, noise, draws), 2)
    return {
        "naive_loss_workers": np.column_stack([np.zeros_like(naive), naive]),
        "shortfall_workers": np.column_stack([np.zeros_like(naive), shortfall]),
    }


def test_a_shortfall_that_is_a_share_of_the_rule_is_said_by_it_wholly() -> None:
    found = naive_rule_summary(POSTERIOR, made_up(noise=0.0), MONTHS)
    assert found == {"r2_by_month": {"2019-12": pytest.approx(1.0)}}


def test_r2_is_that_of_a_straight_line_over_draws() -> None:
    values = made_up(noise=3.0)
    line = stats.linregress(
        values["naive_loss_workers"][::2, 1], values["shortfall_workers"][::2, 1]
    )
    found = naive_rule_summary(POSTERIOR, values, MONTHS)["r2_by_month"]["2019-12"]
    assert found == pytest.approx(line.rvalue**2, abs=1e-3)
    assert 0.2 < found < 0.95


def test_chance_within_a_draw_is_averaged_first() -> None:
    values = made_up(noise=0.0)
    values["shortfall_workers"][:, 1] += np.tile([5.0, -5.0], 40)
    assert naive_rule_summary(POSTERIOR, values, MONTHS)["r2_by_month"]["2019-12"] == 1.0


def test_without_draws_nothing_is_said() -> None:
    nothing = {"r2_by_month": {}}
    assert naive_rule_summary("none", made_up(1.0), MONTHS) == nothing
    assert naive_rule_summary(POSTERIOR, made_up(1.0, draws=4), MONTHS) == nothing
