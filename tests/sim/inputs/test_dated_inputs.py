"""Dated inputs: steps, price level, conversions, and months beyond a series or without it."""

import dataclasses
import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest

from sim.engine.worker_columns import BURN_IN_MONTHS
from sim.inputs import dated_inputs as inputs
from sim.inputs.dated_inputs import dated_inputs, facts, parameters, series
from sim.inputs.evidence_files import Series
from sim.inputs.problems import ScenarioError
from sim.inputs.scenario_reader import build_scenario
from tests.support.shipped_scenarios import make_raw, make_scenario


def at(month: int) -> int:
    """Index of a month counted from start."""
    return BURN_IN_MONTHS + month


def test_arrays_cover_the_burn_in_and_the_run() -> None:
    found = dated_inputs(make_scenario("months=37"))
    assert (
        found.consumer_prices.shape
        == found.outside_pay.shape
        == found.rub_per_usd.shape
        == found.order_index.shape
        == (BURN_IN_MONTHS + 37,)
    )
    assert found.home_pay_rub.shape == found.commuter_heads.shape == (3, BURN_IN_MONTHS + 37)
    assert [str(found.home_pay_rub.dtype), str(found.commuter_heads.dtype)] == ["float64", "int64"]


def test_exchange_rate_is_a_step_by_calendar_year_held_before_the_start() -> None:
    rate = dated_inputs(make_scenario()).rub_per_usd
    assert set(rate[: at(12)]) == {67.03}
    assert [rate[at(month)] for month in (12, 23, 24, 59)] == [58.35, 58.35, 62.71, 72.15]


def test_prices_grow_geometrically_to_the_published_rate_of_each_year() -> None:
    found = dated_inputs(make_scenario())
    level = found.consumer_prices
    assert set(level[: at(1)]) == {1.0}
    for year, percent in enumerate((2.52, 4.27, 3.05, 4.91), start=1):
        assert level[at(12 * year + 11)] / level[at(12 * year - 1)] == pytest.approx(
            1 + percent / 100, rel=1e-12
        )
    assert level[at(11)] == pytest.approx(1.0538 ** (11 / 12), rel=1e-12)


def test_growth_of_pay_outside_is_that_of_its_level_and_indexation_before() -> None:
    scenario = make_scenario()
    found = dated_inputs(scenario)
    assert set(found.log_outside_pay_growth[:BURN_IN_MONTHS]) == {
        scenario.market.wages.indexation_per_month
    }
    growth = np.diff(np.log(found.outside_pay[BURN_IN_MONTHS:]))
    np.testing.assert_allclose(
        found.log_outside_pay_growth[BURN_IN_MONTHS + 1 :], growth, atol=1e-14
    )


def test_pay_outside_grows_evenly_between_two_dates_and_with_prices_elsewhere() -> None:
    found = dated_inputs(make_scenario("months=72"))
    growth, inflation = (
        np.diff(np.log(level[BURN_IN_MONTHS:]))
        for level in (found.outside_pay, found.consumer_prices)
    )
    np.testing.assert_allclose(growth[8:45], math.log(45030 / 34900) / 37, rtol=1e-10)
    np.testing.assert_allclose(growth[45:57], math.log(48400 / 45030) / 12, rtol=1e-10)
    np.testing.assert_allclose(
        np.delete(growth, range(8, 57)), np.delete(inflation, range(8, 57)), rtol=1e-10
    )


def test_pay_outside_of_a_yearly_series_is_that_of_its_middle() -> None:
    found = dated_inputs(make_scenario("market.inputs.outside_pay=construction_pay_russia"))
    assert found.outside_pay[at(18)] / found.outside_pay[at(6)] == pytest.approx(33678 / 32332)


def test_without_a_series_pay_outside_follows_prices() -> None:
    found = dated_inputs(make_scenario("market.inputs.outside_pay=null"))
    assert found.outside_pay.tobytes() == found.consumer_prices.tobytes()


def test_a_start_in_the_middle_of_a_year_keeps_that_year_s_rate() -> None:
    level = dated_inputs(make_scenario("policy=none", "start=2016-07")).consumer_prices
    assert level[at(5)] / level[at(4)] == pytest.approx(1.0538 ** (1 / 12))
    assert level[at(6)] / level[at(5)] == pytest.approx(1.0252 ** (1 / 12))


def test_home_pay_is_converted_through_the_dollar() -> None:
    found = dated_inputs(make_scenario())
    chinese = list(make_scenario().population).index("chinese")
    assert found.home_pay_rub[chinese, at(30)] == pytest.approx(4208 * 62.71 / 6.6174)
    assert not found.home_pay_rub[[0, 2]].any()


def test_orders_grow_from_month_zero_on() -> None:
    found = dated_inputs(make_scenario("market.order_growth_percent_per_year=6"))
    assert set(found.order_index[: at(1)]) == {1.0}
    assert found.order_index[at(12)] == pytest.approx(1.06)


def test_orders_follow_a_series_from_its_level_at_the_start() -> None:
    named = "market.inputs.orders=construction_orders_primorye_2019"
    found = dated_inputs(make_scenario(named)).order_index
    assert set(found[: at(36)]) == {1.0}
    assert found[[at(36), at(43), at(44), at(45)]].tolist() == [1.19, 0.97, 0.77, 1.0]
    later = dated_inputs(make_scenario(named, "start=2019-02", "policy=none", "months=12"))
    assert later.order_index[at(7)] == pytest.approx(0.77 / 1.19)
    growing = make_scenario(named, "market.order_growth_percent_per_year=6")
    assert dated_inputs(growing).order_index[at(36)] == pytest.approx(1.19 * 1.06**3)


def test_the_orders_of_2019_give_the_reported_growth_of_seven_eight_and_nine_months() -> None:
    index = series()["construction_orders_primorye_2019"].values
    volume_2018 = [42.9 / 1.19, 50.6 / 1.15 - 42.9 / 1.19, 57.0 / 1.09 - 50.6 / 1.15]
    volume_2019 = np.cumsum(np.array(volume_2018) * [index[f"2019-0{m}"] for m in (1, 8, 9)])
    assert volume_2019 / np.cumsum(volume_2018) == pytest.approx([1.19, 1.15, 1.09], abs=0.002)


@pytest.mark.parametrize(
    ("name", "why"),
    [("orders", "it holds 0"), ("rub_per_usd", "rub_per_usd is in RUB per USD")],
)
def test_orders_take_only_an_index_above_zero(
    name: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Series("index of orders", "month", "made up", "low", {"2016-01": 1.0, "2017-01": 0.0})
    known = {**series(), "orders": nothing}
    for user in ("sim.inputs.dated_inputs.series", "sim.inputs.consistency.series"):
        monkeypatch.setattr(user, lambda: known)
    with pytest.raises(ScenarioError, match=why):
        build_scenario(make_raw({"market.inputs.orders": name}))


def test_held_inputs_are_constant() -> None:
    found = dated_inputs(make_scenario("market.inputs.held_at_start=true", "months=126"))
    for values in (
        found.consumer_prices,
        found.outside_pay,
        found.rub_per_usd,
        found.order_index,
        found.home_pay_rub[1],
    ):
        assert np.ptp(values) == 0.0
    assert (found.consumer_prices[0], found.log_outside_pay_growth[0], found.notes) == (
        1.0,
        0.0033,
        (),
    )


def test_beyond_its_end_a_series_is_held_and_the_run_says_so() -> None:
    assert dated_inputs(make_scenario("market.inputs.outside_pay=null")).notes == ()
    found = dated_inputs(make_scenario("months=126"))
    assert (
        "series construction_pay_china ends in 2020; its last value is held from 2021-01"
        in found.notes
    )
    assert (
        "series pay_primorye_all_sectors ends in 2020-10; "
        "pay outside follows consumer prices from 2020-11" in found.notes
    )
    assert (
        "series pay_primorye_all_sectors begins in 2016-09; "
        "until then pay outside follows consumer prices" in found.notes
    )
    assert len(found.notes) == 6
    assert found.rub_per_usd[-1] == 73.65


def test_a_note_never_dates_the_holding_before_the_start() -> None:
    found = dated_inputs(make_scenario("policy=none", "start=2023-05", "months=12"))
    assert "series rub_per_usd ends in 2021; its last value is held from 2023-05" in found.notes


def commuting(monkeypatch: pytest.MonkeyPatch, pool: int = 900) -> dict[str, object]:
    """The shipped configuration with border commuters who follow a monthly series."""
    heads = Series(
        "workers", "month", "made up", "low", {"2016-01": 0.0, "2016-07": 845.0, "2018-01": 300.0}
    )
    known = {**series(), "commuters": heads}
    monkeypatch.setattr(inputs, "series", lambda: known)
    monkeypatch.setattr("sim.inputs.consistency.series", lambda: known)
    group = {
        "kind": "commuter",
        "heads": "commuters",
        "pool": pool,
        "efficiency": 1.0,
        "trade_shares": {"structural": 1.0},
    }
    rates = {
        "pay_ratio_resident_to_migrant": 1.0,
        "job_end_rate_per_month": 0.03,
        "on_the_job_search_rate_per_month": 0.1,
    }
    rates |= {"removal_from": None, "removal_rate_per_month": 0.0}
    return make_raw({"population.czech": {**group, **rates}, "market.scale": 0.1})


def test_commuters_follow_their_series_at_the_scale_of_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = dated_inputs(build_scenario(commuting(monkeypatch)))
    assert [found.commuter_heads[3, at(month)] for month in (-24, 5, 6, 23, 24, 59)] == [
        0,
        0,
        85,
        85,
        30,
        30,
    ]
    assert not found.commuter_heads[:3].any()
    assert "series commuters ends in 2018-01; its last value is held from 2018-02" in found.notes


def test_commuters_are_removed_at_a_hazard_rate_from_a_date_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = commuting(monkeypatch)
    raw["population"]["czech"] |= {"removal_from": "2017-01-01", "removal_rate_per_month": 0.1}
    found = dated_inputs(build_scenario(raw))
    left = [845.0 * 0.1 * 0.9**months for months in (0, 1, 2, 3)]
    assert [found.commuter_heads[3, at(month)] for month in (11, 12, 13, 14)] == [
        int(heads + 0.5) for heads in left
    ]


def test_commuters_need_a_pool_as_large_as_their_series(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        ScenarioError, match=r"population\.czech\.pool: given 800; allowed: 845 or more"
    ):
        build_scenario(commuting(monkeypatch, pool=800))


def test_a_series_that_begins_after_the_start_is_an_error() -> None:
    with pytest.raises(ScenarioError, match=r"cny_per_usd|construction_pay_china"):
        dated_inputs(dataclasses.replace(make_scenario(), start=dt.date(2014, 1, 1)))


@pytest.mark.parametrize("missing", ["series", "parameters", "facts"])
def test_a_missing_evidence_file_stops_every_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    raw = make_raw({"policy.compliance": 7})
    for name in {"series", "parameters", "facts"} - {missing}:
        (tmp_path / f"{name}.yaml").write_bytes((inputs.EVIDENCE / f"{name}.yaml").read_bytes())
    monkeypatch.setattr(inputs, "EVIDENCE", tmp_path)
    for read in (series, parameters, facts):
        read.cache_clear()
    with pytest.raises(ScenarioError) as caught:
        build_scenario(raw)
    for read in (series, parameters, facts):
        read.cache_clear()
    assert any(
        f"{missing}.yaml: file missing or unreadable" in line for line in caught.value.problems
    )
    assert any(line.startswith("policy.compliance") for line in caught.value.problems)
