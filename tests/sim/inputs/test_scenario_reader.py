"""A plain mapping becomes a frozen scenario, or one error that lists everything wrong with it."""

import dataclasses
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.inputs.dotted_keys import declared_keys
from sim.inputs.problems import ScenarioError, nearest
from sim.inputs.scenario_reader import build_scenario
from sim.scenario import ContractCrew, Quantity, Resident, Scenario, TemporaryMigrant
from tests.support.shipped_scenarios import descend, make_raw, make_scenario, quantities

NUMBERS = dict(quantities(make_scenario()))
CHINESE = "population.chinese"
RUSSIAN = "population.russian"
KOREAN = "population.north_korean"


def problems(changes: dict[str, Any]) -> tuple[str, ...]:
    """What the checks say about the shipped configuration with these changes."""
    with pytest.raises(ScenarioError) as caught:
        build_scenario(make_raw(changes))
    assert all(line in str(caught.value) for line in caught.value.problems)
    return caught.value.problems


def about(key: str, lines: tuple[str, ...]) -> str:
    """The line on one key."""
    return next(line for line in lines if line.startswith(f"{key}: "))


def outside(quantity: Quantity) -> st.SearchStrategy[object]:
    """Numbers just or far outside a range, and what is no number at all."""
    far = st.floats(min_value=0.001, max_value=1e30)
    return st.one_of(
        far.map(lambda step: quantity.high + max(step, abs(quantity.high) * 1e-6)),
        far.map(lambda step: quantity.low - max(step, abs(quantity.low) * 1e-6)),
        st.sampled_from(
            [float("nan"), float("inf"), float("-inf"), True, False, "abc", "", [], {}, 10**400]
        ),
    )


def test_shipped_configuration_is_a_frozen_scenario() -> None:
    scenario = build_scenario(make_raw())
    assert [type(group) for group in scenario.population.values()] == [
        ContractCrew,
        TemporaryMigrant,
        Resident,
    ]
    assert list(scenario.population) == ["north_korean", "chinese", "russian"]
    assert scenario.start == dt.date(2016, 1, 1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        scenario.months = 3  # type: ignore[misc]


def test_trade_shares_follow_the_market_and_are_zero_where_not_given() -> None:
    scenario = build_scenario(make_raw())
    assert scenario.population["north_korean"].trade_shares == {
        "structural": 0.45,
        "finishing": 0.55,
        "technical": 0.0,
    }


@given(st.data())
def test_a_number_outside_its_range_is_refused_by_name_range_and_unit(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(NUMBERS)))
    given_value = data.draw(outside(NUMBERS[key]))
    line = about(key, problems({key: given_value}))
    assert "given" in line
    assert NUMBERS[key].unit in line
    assert f"{NUMBERS[key].low:g}" in line


@given(st.sampled_from(sorted(NUMBERS)), st.integers(0, 30))
def test_a_misspelt_key_is_refused_with_the_right_one(key: str, at: int) -> None:
    raw = make_raw()
    section, last = descend(raw, key)
    wrong = last[: at % len(last)] + "x" + last[at % len(last) :]
    section[wrong] = section.pop(last)
    with pytest.raises(ScenarioError) as caught:
        build_scenario(raw)
    prefix = key.removesuffix(last)
    assert f"closest existing key is {key};" in about(prefix + wrong, caught.value.problems)
    assert "missing" in about(key, caught.value.problems)


@given(st.sets(st.sampled_from(sorted(NUMBERS)), min_size=2, max_size=12))
def test_everything_wrong_is_listed_at_once(keys: set[str]) -> None:
    lines = problems(dict.fromkeys(sorted(keys), "wrong"))
    assert {line.split(":")[0] for line in lines} >= keys


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_rubbish_is_refused_in_one_way(rubbish: object) -> None:
    with pytest.raises(ScenarioError):
        build_scenario(rubbish)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "key",
    sorted(
        {
            *declared_keys(Scenario),
            f"{CHINESE}.home_pay",
            f"{RUSSIAN}.kind",
            f"{KOREAN}.trade_shares",
        }
    ),
)
def test_any_key_survives_any_shape(key: str) -> None:
    for value in ({}, [], "", 3.5, "???", [1, 2], {"a": {"b": 1}}):
        try:
            build_scenario(make_raw({key: value}))
        except ScenarioError as error:
            assert any(line.startswith(key.rsplit(".", 1)[0]) for line in error.problems)


CONTRADICTIONS: list[tuple[dict[str, Any], str, str]] = [
    (
        {"policy.leave_by": "2017-11-01"},
        "policy.leave_by",
        "2017-12-22 (policy.adopted_from) or later",
    ),
    (
        {"policy.adopted_from": None, "policy.leave_by": "2017-01"},
        "policy.leave_by",
        "policy.new_contracts_end_from",
    ),
    ({"policy.adopted_from": "2017-02-30"}, "policy.adopted_from", "YYYY-MM-DD"),
    ({"policy.adopted_from": "20171222"}, "policy.adopted_from", "YYYY-MM-DD"),
    ({"start": "2018-03"}, "policy.new_contracts_end_from", "bind in 2018-03 (start) or later"),
    ({"start": "2016-01-15"}, "start", "write 2016-01"),
    ({"start": "2015-12"}, "start", "2016-01 or later; the series construction_pay_china"),
    ({"start": "9999-12"}, "start", "2100-12"),
    ({"start": 2016}, "start", "YYYY-MM"),
    (
        {"market.border_closed_from": "2014-03"},
        "market.border_closed_from",
        "2016-01 (start) or later",
    ),
    (
        {"levers.border_closed.from_date": "2015-06"},
        "levers.border_closed.from_date",
        "2016-01 (start) or later",
    ),
    (
        {"levers.chinese_quota.heads": 20000},
        "levers.chinese_quota.from_date",
        "levers.chinese_quota.heads is 20000",
    ),
    (
        {"levers.chinese_quota.from_date": "2018-01"},
        "levers.chinese_quota.heads",
        "give the lever's strength",
    ),
    (
        {"levers.training.to_date": "2018-01"},
        "levers.training.from_date",
        "missing, but to_date is 2018-01-01",
    ),
    (
        {"levers.wage_subsidy": {"share": 0.1, "from_date": "2018-02", "to_date": "2018-01"}},
        "levers.wage_subsidy.to_date",
        "on or after 2018-02-01",
    ),
    (
        {"levers.border_closed": {"from_date": "2018-01-10", "to_date": "2018-01-20"}},
        "levers.border_closed.to_date",
        "never in force",
    ),
    ({"market.firms.number": 0}, "market.firms.number", "1 to 1000000 (firms)"),
    (
        {"market.production.backlog_limit_months": 5},
        "market.production.backlog_limit_months",
        "6 or more",
    ),
    ({"market.trades": []}, "market.trades", "one or more different names"),
    ({"market.trades": ["structural", "structural"]}, "market.trades", "different names"),
    (
        {"market.trades": ["structural", "finishing", "technical", "roofing"]},
        "market.trades",
        "somebody works at the start",
    ),
    (
        {"market.inputs.rub_per_usd": "rub_per_dollar"},
        "market.inputs.rub_per_usd",
        "is rub_per_usd",
    ),
    (
        {"market.inputs.rub_per_usd": "cny_per_usd"},
        "market.inputs.rub_per_usd",
        "a series in RUB per USD",
    ),
    (
        {f"{CHINESE}.home_pay": "construction_pay_russia"},
        f"{CHINESE}.home_pay",
        "a series in CNY a month",
    ),
    (
        {f"{CHINESE}.home_currency_per_usd": "construction_pay_china"},
        f"{CHINESE}.home_currency_per_usd",
        "per USD",
    ),
    (
        {f"{CHINESE}.kind": "temporary_migrants"},
        f"{CHINESE}.kind",
        "the closest is temporary_migrant",
    ),
    ({f"{CHINESE}.kind": ["resident"]}, f"{CHINESE}.kind", "one of contract_crew"),
    ({f"{CHINESE}.reconsider_rate_per_month": 1.0}, CHINESE, "below 1 (rate per month)"),
    ({f"{RUSSIAN}.on_the_job_search_rate_per_month": 0.95}, RUSSIAN, "below 1 (rate per month)"),
    ({f"{RUSSIAN}.pool": 51_700}, f"{RUSSIAN}.pool", "more than 51750 workers"),
    (
        {f"{RUSSIAN}.employed": 3, "market.scale": 0.001},
        f"{RUSSIAN}.employed",
        "500 or more workers",
    ),
    (
        {f"{RUSSIAN}.trade_shares": {"structural": 0.5, "finishing": 0.4}},
        f"{RUSSIAN}.trade_shares",
        "sum to 0.9",
    ),
    (
        {f"{RUSSIAN}.trade_shares": {"strucural": 1.0}},
        f"{RUSSIAN}.trade_shares.strucural",
        f"{RUSSIAN}.trade_shares.structural",
    ),
    ({f"{RUSSIAN}.trade_shares": {}}, f"{RUSSIAN}.trade_shares", "a share for each trade"),
    (
        {f"{RUSSIAN}.pool": 1_000_000, "market.scale": 100.0},
        "market.scale",
        "20000000 simulated workers",
    ),
    ({"population": {}}, "population", "one section for each group"),
    ({"population.Two Words": {"kind": "resident"}}, "population.Two Words", "small letters"),
]


@pytest.mark.parametrize(("changes", "key", "said"), CONTRADICTIONS)
def test_contradictions_name_the_key_and_what_is_allowed(
    changes: dict[str, Any], key: str, said: str
) -> None:
    assert said in about(key, problems(changes))


def test_a_market_in_which_nobody_works_is_refused() -> None:
    raw = make_raw({f"{KOREAN}.heads": 0})
    raw["population"] = {"north_korean": raw["population"]["north_korean"]}
    with pytest.raises(ScenarioError, match="nobody who works at the start"):
        build_scenario(raw)


def test_ranges_and_contradictions_are_reported_together() -> None:
    lines = problems(
        {
            "policy.compliance": 1.5,
            "policy.leave_by": "2017-10-01",
            "market.firms.number": 0,
            "seed": None,
        }
    )
    assert {line.split(":")[0] for line in lines} == {
        "policy.compliance",
        "policy.leave_by",
        "market.firms.number",
        "seed",
    }


def test_a_whole_float_is_an_integer_and_an_integer_a_float() -> None:
    scenario = build_scenario(make_raw({"months": 12.0, "market.scale": 1}))
    assert (type(scenario.months), type(scenario.market.scale)) == (int, float)


def test_a_rule_from_the_middle_of_the_month_before_start_still_binds() -> None:
    scenario = build_scenario(make_raw({"levers.border_closed.from_date": "2015-12-15"}))
    assert scenario.levers.border_closed.from_date == dt.date(2015, 12, 15)


@pytest.mark.parametrize("kind", ["resident", "temporary_migrant", "contract_crew"])
def test_a_fourth_nationality_is_a_name_a_kind_and_numbers(kind: str) -> None:
    raw = make_raw()
    model = next(group for group in raw["population"].values() if group["kind"] == kind)
    raw["population"]["central_asian"] = model
    assert list(build_scenario(raw).population)[-1] == "central_asian"


def test_nearest_prefers_the_whole_path_then_the_last_part() -> None:
    keys = ["policy.compliance", "policy.name", "market.name", "market.firms.number"]
    assert nearest("policy.complience", keys) == "policy.compliance"
    assert nearest("compliance", keys) == "policy.compliance"
    assert nearest("market.nam", keys) == "market.name"
    assert nearest("zzz", keys) is None


def test_a_trade_that_loses_its_heads_at_a_small_scale_is_refused() -> None:
    lines = problems(
        {
            "market.scale": 0.0005,
            f"{RUSSIAN}.employed": 1200,
            f"{RUSSIAN}.pool": 9000,
            f"{CHINESE}.tied_heads": 0,
            f"{KOREAN}.heads": 0,
        }
    )
    assert [line.split("; ")[0] for line in lines] == [
        f"market.trades: given '{trade}'" for trade in ("structural", "finishing", "technical")
    ]
    assert "1 or more workers at market.scale 0.0005 (heads x trade_shares: 0.45)" in lines[-1]


@pytest.mark.parametrize(
    "key", [f"{KOREAN}.heads", f"{CHINESE}.tied_heads", f"{CHINESE}.candidates"]
)
def test_a_group_that_loses_its_heads_at_a_small_scale_is_refused(key: str) -> None:
    assert "0, or 50 or more workers" in about(key, problems({"market.scale": 0.01, key: 49}))
    build_scenario(make_raw({"market.scale": 0.01, key: 50}))


def test_a_pool_that_rounding_makes_too_small_is_refused() -> None:
    changes = {"market.scale": 0.001, f"{RUSSIAN}.employed": 29_500, f"{RUSSIAN}.pool": 30_600}
    assert "more than 31050 workers" in about(f"{RUSSIAN}.pool", problems(changes))


def test_a_market_without_residents_is_refused() -> None:
    raw = make_raw()
    del raw["population"]["russian"]
    with pytest.raises(ScenarioError, match="population: given no group of kind resident"):
        build_scenario(raw)


def test_more_firms_than_memory_holds_are_refused() -> None:
    lines = problems({"market.firms.number": 1_000_000, "market.scale": 5.0})
    assert "at most 222222 firms at market.scale 5" in about("market.firms.number", lines)


@pytest.mark.parametrize("name", ["all", "baseline", "a" * 41])
def test_names_that_tables_need_for_themselves_are_refused(name: str) -> None:
    assert "not all or baseline" in about("market.trades", problems({"market.trades": [name]}))
    raw = make_raw()
    raw["population"][name] = raw["population"]["chinese"]
    with pytest.raises(ScenarioError, match="allowed as a group's name"):
        build_scenario(raw)


def nested(depth: int) -> list[Any]:
    """A list in a list in a list."""
    deep: list[Any] = []
    for _ in range(depth):
        deep = [deep]
    return deep


TOO_LARGE = {
    "number": 10**5000,
    "below": -(10**5000),
    "list": nested(5000),
    "text": "9" * 10**5,
    "numbers": [10**5000],
}


@pytest.mark.parametrize("name", TOO_LARGE)
@pytest.mark.parametrize(
    "key",
    [
        *("seed", "months", "market.trades", "market.name", "policy", "population", "start"),
        *(f"{RUSSIAN}.kind", f"{RUSSIAN}.trade_shares", "policy.leave_by"),
    ],
)
def test_what_is_too_large_to_be_written_out_is_refused_all_the_same(key: str, name: str) -> None:
    assert any(line.startswith(key) for line in problems({key: TOO_LARGE[name]}))


def test_ten_thousand_unknown_keys_are_refused_at_once() -> None:
    raw = make_raw() | {f"key_{number}": number for number in range(10_000)}
    with pytest.raises(ScenarioError) as caught:
        build_scenario(raw)
    assert caught.value.problems[-1] == "scenario: no such keys: 9,980 more keys; leave them out"


def test_control_characters_in_a_name_do_not_reach_the_terminal() -> None:
    raw = make_raw() | {"bad\x1b[2Jname\n": 1}
    with pytest.raises(ScenarioError) as caught:
        build_scenario(raw)
    assert caught.value.problems[0].startswith(r"bad\x1b[2Jname\n: no such key")


def test_digits_of_other_scripts_are_no_date() -> None:
    assert "YYYY-MM" in about("start", problems({"start": "\uff12\uff10\uff11\uff16-01"}))
