"""Parameters sampled for a run: only those that nobody has set, two replicates a draw.

The variance between replicates is split into parameters and chance.
"""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.calibration.posterior import (
    POSTERIOR,
    PRIOR,
    SHIPPED,
    crew_labour,
    evenly_ordered,
    is_behaviour,
    posterior_medians,
    random_draws,
    read_draws,
    stratified_draws,
)
from experiments.calibration.space import prior_space
from experiments.ensembles.drivers import sampled_ranges
from experiments.ensembles.uncertainty import (
    interval_meaning,
    interval_note,
    median_error_sentence,
    median_errors,
    percent,
    sampled_keys,
    sampled_parameters,
    sampled_scenarios,
    share_of_parameters,
    uncertainty_summary,
)
from experiments.results.result_folder import load_result
from experiments.run import main
from experiments.storage.digests import hash_of
from sim.inputs.dated_inputs import parameters
from sim.inputs.problems import ScenarioError
from tests.support.shipped_scenarios import make_settings


def test_shipped_draws_lie_within_the_priors_and_have_every_parameter() -> None:
    for kind in (POSTERIOR, PRIOR):
        draws = read_draws(kind)
        assert set(draws[0]) == set(prior_space().keys)
        for key in prior_space().keys:
            low, high = parameters()[key].prior
            assert all(low - 1e-9 <= draw[key] <= high + 1e-9 for draw in draws), key


def test_each_draw_is_used_once_before_one_is_used_again() -> None:
    size = len(read_draws(POSTERIOR))
    found = [tuple(draw.values()) for draw in random_draws(POSTERIOR, 2 * size, 5)]
    assert sorted(found[:size]) == sorted(found[size:])
    assert found == [tuple(draw.values()) for draw in random_draws(POSTERIOR, 2 * size, 5)]
    assert found != [tuple(draw.values()) for draw in random_draws(POSTERIOR, 2 * size, 6)]


def test_behaviour_is_neither_description_nor_policy() -> None:
    keys = {key for key in prior_space().keys if is_behaviour(key)}
    assert "market.wages.adjustment_per_month" in keys
    assert (
        not {
            "population.russian.employed",
            "policy.compliance",
            "population.north_korean.efficiency",
        }
        & keys
    )


def test_a_missing_posterior_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="restore it"):
        read_draws(POSTERIOR, tmp_path)


def test_pairs_of_replicates_share_their_draw() -> None:
    found = sampled_scenarios(make_settings("market.scale=0.02").resolved, POSTERIOR, 5, 1)
    assert found is not None
    assert (len(found), found[0] == found[1], found[1] == found[2]) == (5, True, False)
    assert sampled_scenarios(make_settings().resolved, "none", 5, 1) is None


def test_what_the_user_has_set_is_not_sampled() -> None:
    settings = make_settings("market.wages.adjustment_per_month=0.02", "policy.compliance=0.6")
    assert "market.wages.adjustment_per_month" not in sampled_keys(settings.resolved)
    assert not any(key.startswith("policy.") for key in sampled_keys(settings.resolved))
    found = sampled_scenarios(settings.resolved, POSTERIOR, 4, 1)
    assert {scenario.market.wages.adjustment_per_month for scenario in found} == {0.02}
    assert {scenario.policy for scenario in found} == {settings.scenario.policy}


@pytest.mark.parametrize(
    "held", ["population.north_korean.heads=10200", "held=[population.north_korean.heads]"]
)
def test_what_the_user_has_set_to_its_default_is_not_sampled_either(held: str) -> None:
    found = sampled_scenarios(make_settings(held).resolved, POSTERIOR, 20, 1)
    assert {scenario.population["north_korean"].heads for scenario in found} == {10200}
    assert len({scenario.population["north_korean"].efficiency for scenario in found}) == 10


def test_what_is_held_is_written_down_and_must_exist() -> None:
    settings = make_settings("market.wages.base_wage_rub=28000", "policy=cliff")
    assert settings.resolved["held"] == ["market.wages.base_wage_rub"]
    with pytest.raises(ScenarioError, match=r"closest is population\.north_korean\.heads"):
        make_settings("held=[population.north_korean.head]")


GERMAN = ("market=german_border_1991", "population=german_border_1991", "policy=none")


def test_another_market_is_given_the_krais_behaviour_and_nothing_else() -> None:
    other = make_settings(*GERMAN, "start=1990-06").resolved
    keys = sampled_parameters(other)
    assert keys["population.german.taste_sd"] == "population.russian.taste_sd"
    assert all(is_behaviour(key) for key in keys.values())
    assert not any(key.startswith(("policy.", "population.czech.")) for key in keys)
    assert "population.german.pool" not in keys
    first, second = sampled_scenarios(other, POSTERIOR, 4, 1)[::2]
    assert first.population["german"].taste_sd != second.population["german"].taste_sd
    assert first.population["german"].pool == second.population["german"].pool
    assert first.population["czech"] == second.population["czech"]


def test_what_another_market_says_itself_is_not_sampled() -> None:
    other = make_settings(
        *GERMAN,
        "start=1990-06",
        "population.german.taste_sd=0.9",
        "market.hiring.reach_share=0.3",
    )
    assert not {"population.german.taste_sd", "market.hiring.reach_share"} & sampled_keys(
        other.resolved
    )
    ranges = sampled_ranges(other.scenario, sampled_scenarios(other.resolved, POSTERIOR, 6, 1))
    assert "population.german.choice_noise" in ranges
    assert "population.german.taste_sd" not in ranges


def test_what_is_set_to_its_default_in_another_market_is_not_sampled_either() -> None:
    default = parameters()["population.russian.taste_sd"].default
    other = make_settings(*GERMAN, "start=1990-06", f"population.german.taste_sd={default:g}")
    assert other.resolved["held"] == ["population.russian.taste_sd"]
    assert "population.german.taste_sd" not in sampled_keys(other.resolved)
    krai = make_settings(f"population.russian.taste_sd={default:g}")
    assert krai.resolved["held"] == ["population.russian.taste_sd"]


def test_of_another_market_the_note_says_whose_behaviour_is_sampled() -> None:
    about = {"kind": POSTERIOR, "draws": 10, "parameters_share": {}}
    assert "are Primorsky Krai's and say how people" in interval_note(about, "german_border_1991")
    assert "Primorsky" not in interval_note(about)


def test_in_the_krai_every_parameter_is_at_its_own_key() -> None:
    keys = sampled_parameters(make_settings().resolved)
    assert all(there == key for there, key in keys.items())
    assert "population.north_korean.heads" in keys


def test_draws_are_spread_over_the_crews_labour() -> None:
    every = sorted(crew_labour(draw) for draw in read_draws(POSTERIOR))
    parts = np.array_split(every, 50)
    for seed in range(5):
        found = sorted(
            crew_labour(draw) for draw in stratified_draws(POSTERIOR, 50, 200, seed)[:50]
        )
        assert all(part[0] <= labour <= part[-1] for part, labour in zip(parts, found, strict=True))
    whole = stratified_draws(POSTERIOR, 1000, 1600, 1)
    assert sorted(crew_labour(draw) for draw in whole[:800]) == every


@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=300, unique=True))
def test_every_beginning_of_an_even_order_is_spread_over_the_amounts(amounts: list[float]) -> None:
    order = evenly_ordered(amounts)
    assert sorted(order) == list(range(len(amounts)))
    ranks = {
        place: rank
        for rank, place in enumerate(sorted(range(len(amounts)), key=amounts.__getitem__))
    }
    width = 1 << max(1, (len(amounts) - 1).bit_length())
    while width > 1:
        width //= 2
        count = len(range(0, len(amounts), width))
        assert sorted(ranks[place] for place in order[:count]) == list(
            range(0, len(amounts), width)
        )


def test_the_first_shipped_draws_are_spread_over_the_crews_labour() -> None:
    every = [crew_labour(draw) for draw in read_draws(POSTERIOR)]
    assert np.median(every[:50]) == pytest.approx(np.median(every), rel=0.02)


def test_error_of_the_median_is_that_of_independent_draws() -> None:
    rows = np.repeat(np.random.default_rng(1).normal(10.0, 1.0, (400, 1)), 2, axis=0)
    expected = pytest.approx(1.2533 / np.sqrt(400) / 10.0, rel=0.25)
    assert median_errors(rows) == (expected, expected)
    assert median_errors(rows[:6]) is None
    assert median_errors(np.zeros((40, 3))) is None


def test_the_worst_month_is_told_and_months_of_nearly_nothing_are_not_counted() -> None:
    noise = np.repeat(np.random.default_rng(1).normal(0.0, 1.0, (400, 1)), 2, axis=0)
    errors = median_errors(np.hstack([10.0 + noise, 10.0 + noise, 10.0 + 2.0 * noise, 0.5 + noise]))
    assert errors is not None
    assert errors.worst_month == pytest.approx(2.0 * errors.usual, rel=0.05)
    (sentence,) = median_error_sentence(
        {"shortfall_median_error": 0.081, "shortfall_median_error_worst_month": 0.104}
    )
    assert "about 8 %, 10 % in the worst month" in sentence
    assert "another fit" in sentence


def test_the_observed_policy_is_the_posteriors_median_and_is_sampled() -> None:
    settings = make_settings("policy=observed")
    strength = {
        key: value for key, value in posterior_medians().items() if key.startswith("policy.")
    }
    for key, value in strength.items():
        assert settings.resolved["policy"][key.removeprefix("policy.")] == value, key
    assert strength.keys() <= sampled_keys(settings.resolved)
    assert (
        len(
            {
                scenario.policy.compliance
                for scenario in sampled_scenarios(settings.resolved, POSTERIOR, 8, 1)
            }
        )
        == 4
    )


def test_a_configuration_that_no_draw_fits_is_refused() -> None:
    settings = make_settings("population.russian.employed=90000", "population.russian.pool=1000000")
    resolved = {
        **settings.resolved,
        "market": {**settings.resolved["market"], "trades": ["structural"]},
    }
    with pytest.raises(ScenarioError, match="choose uncertainty=none"):
        sampled_scenarios(resolved, POSTERIOR, 4, 1)


@pytest.mark.parametrize(
    ("parameters_sd", "chance_sd", "share"), [(1.0, 0.0, 1.0), (0.0, 1.0, 0.0), (1.0, 1.0, 0.5)]
)
def test_variance_is_split(parameters_sd: float, chance_sd: float, share: float) -> None:
    generator = np.random.default_rng(1)
    own = np.repeat(generator.normal(0.0, parameters_sd, (2000, 1)), 2, axis=0)
    rows = own + generator.normal(0.0, chance_sd, (4000, 3))
    assert share_of_parameters(rows) == pytest.approx(share, abs=0.06)


def test_no_share_is_given_where_nothing_varies_or_there_are_too_few_replicates() -> None:
    assert share_of_parameters(np.zeros((6, 2))) is None
    assert share_of_parameters(np.array([[1.0], [2.0]])) is None
    assert share_of_parameters(np.full((6, 2), np.nan)) is None


def test_notes_and_captions_say_what_intervals_show() -> None:
    values = {"shortfall_workers": np.arange(8.0)[:, None]}
    for kind, words in (("none", "chance only"), (POSTERIOR, "posterior"), (PRIOR, "prior")):
        about = uncertainty_summary(kind, values)
        assert words in interval_note(about)
        assert words in interval_meaning({"uncertainty": about}, "shortfall_workers")


def test_parameters_never_account_for_all_of_the_variance() -> None:
    assert [percent(share) for share in (0.0, 0.346, 0.99, 0.997, 1.0)] == [
        "0%",
        "35%",
        "99%",
        "over 99%",
        "over 99%",
    ]
    about = {"kind": POSTERIOR, "draws": 50, "parameters_share": {"shortfall_workers": 0.997}}
    assert "over 99% of the shortfall" in interval_note(about)
    assert "account for over 99% of the variance" in interval_meaning(
        {"uncertainty": about}, "shortfall_workers"
    )


def test_a_run_with_the_posterior_is_wider_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    width = {}
    for kind in ("none", POSTERIOR):
        arguments = [
            "market.scale=0.02",
            "replicates=6",
            "months=30",
            f"uncertainty={kind}",
            f"name={kind}",
            f"output_dir={tmp_path}",
        ]
        assert main(arguments) == 0
        (folder,) = tmp_path.glob(f"*-{kind}")
        result = load_result(folder)
        low, _, high = result.summary["measures"]["heads"]["by_month"]["2018-06"]
        width[kind] = high - low
    assert width[POSTERIOR] > 2.0 * width["none"]
    assert "parameters and not chance account for" in " ".join(capsys.readouterr().out.split())
    assert "chance and parameters" in (folder / "report.html").read_text()
    assert result.summary["uncertainty"]["parameters_share"]["heads"] > 0.5
    assert result.record["draws_hash"] == hash_of([SHIPPED / "posterior.parquet"])
    (fixed,) = tmp_path.glob("*-none")
    assert "draws_hash" not in load_result(fixed).record


def test_an_unknown_kind_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["uncertainty=guess"]) == 2
    assert "posterior, prior, elicited or none" in capsys.readouterr().err


def test_parameters_are_sampled_from_the_posterior_unless_settings_say_otherwise() -> None:
    assert make_settings().uncertainty == POSTERIOR
    assert make_settings("uncertainty=prior").uncertainty == "prior"
    assert dataclasses.is_dataclass(make_settings())
