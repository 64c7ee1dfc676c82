"""Each target counts once, beside the best naive rule; what is assumed counts nowhere."""

import numpy as np
import pytest
from scipy import stats

from experiments.validation.score_rows import ScoredTarget, score_row, score_summary
from experiments.validation.scores import draws_forecast, point_forecast


def scored(
    case: str = "krai_to_2018", model: float = 1.0, observed: float = 1.0, error: float = 0.1
) -> ScoredTarget:
    return ScoredTarget(
        case=case,
        target="housing_2017",
        unit="ratio",
        observed=observed,
        foreseen_from="then",
        standard_error=error,
        standard_error_reason="assumption",
        model=draws_forecast(np.array([model]), error),
        naive={
            "far": point_forecast(3.0, (), error),
            "near": point_forecast(1.5, (), error),
            "silent": None,
        },
    )


def test_skill_is_model_over_the_best_naive_rule() -> None:
    row = score_row(scored())
    assert row["best_naive"] == {"crps": "near", "interval_score": "near"}
    assert row["silent"] == ["silent"]
    assert row["skill"]["crps"] == pytest.approx(
        row["model"]["crps"] / row["naive"]["near"]["crps"], rel=1e-3
    )
    assert row["skill"]["crps"] < 1.0 < score_row(scored(model=2.0))["skill"]["crps"]


def test_the_best_rule_may_differ_by_score() -> None:
    wide = point_forecast(1.2, (2.0,), 0.1)
    row = score_row(
        ScoredTarget(**{**vars(scored()), "naive": {"sure": point_forecast(1.5), "wide": wide}})
    )
    assert row["best_naive"] == {"crps": "wide", "interval_score": "wide"}
    near = score_row(
        ScoredTarget(**{**vars(scored()), "naive": {"sure": point_forecast(1.2), "wide": wide}})
    )
    assert near["best_naive"]["crps"] == "sure"


def test_coverage_is_counted_with_and_without_the_standard_error() -> None:
    row = score_row(scored(model=1.05))
    assert row["model"]["covered"]
    assert not row["covered_without_error"]
    assert row["draws"] == [1.05] * 3


def test_geometric_means_and_counts_over_targets() -> None:
    rows = [score_row(scored(model=value)) for value in (1.0, 1.3, 4.0)]
    together = score_summary(rows)["all"]
    skills = [row["skill"]["crps"] for row in rows]
    assert together["skill"]["crps"] == pytest.approx(stats.gmean(skills), rel=1e-3)
    assert together["targets"] == 3
    assert together["better"]["crps"] == sum(skill < 1.0 for skill in skills) == 2
    assert together["covered"] == 1
    assert together["pit"] == sorted(together["pit"])


def test_what_is_assumed_counts_nowhere_and_groups_are_told_apart() -> None:
    rows = [score_row(scored(case)) for case in ("krai_2019", "german_border_outflow")]
    summary = score_summary(rows)
    assert set(summary) == {"all", "held_out", "krai_2019"}
    assert summary["all"] == summary["held_out"]
    assert rows[1]["role"] == "assumed"
