"""The evidence files: every number has a default, range and source.

A malformed file is refused with all that is wrong in it.
"""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.inputs.dated_inputs import facts, parameters, series
from sim.inputs.evidence_files import read_facts, read_parameters, read_series
from sim.inputs.problems import ScenarioError
from sim.inputs.scenario_reader import build_scenario
from tests.support.shipped_scenarios import (
    descend,
    make_raw,
    make_scenario,
    make_settings,
    quantities,
)

RUN_KEYS = {"seed", "months"}
EVERY_GROUP = "population=primorye_central_asians"
"""The default configuration, and the groups beside it that have parameters."""
GOOD = {
    "unit": "RUB per USD",
    "period": "year",
    "source": "a bank",
    "confidence": "high",
    "values": {2016: 67.03, 2017: 58.35},
}


def test_every_number_of_the_configuration_has_a_default_range_unit_and_source() -> None:
    resolved = make_settings(EVERY_GROUP).resolved
    keys = {key for key, _ in quantities(make_scenario(EVERY_GROUP))} - RUN_KEYS
    shares = {
        f"population.{name}.trade_shares.{trade}"
        for name, group in resolved["population"].items()
        for trade in group["trade_shares"]
    }
    assert set(parameters()) == keys | shares
    for key, parameter in parameters().items():
        section, last = descend(resolved, key)
        assert section[last] == parameter.default, key
        assert (parameter.source is None) != (parameter.reason is None), key


def test_priors_lie_within_what_the_checks_allow() -> None:
    limits = dict(quantities(make_scenario(EVERY_GROUP)))
    for key, parameter in parameters().items():
        if parameter.prior and key in limits:
            assert limits[key].low <= parameter.prior[0] < parameter.prior[1] <= limits[key].high, (
                key
            )


@pytest.mark.parametrize(
    "key",
    [
        "market.production.trade_substitution_elasticity",
        "population.russian.taste_sd",
        "policy.inspection_rate",
    ],
)
def test_the_ends_of_a_prior_make_a_valid_scenario(key: str) -> None:
    for value in parameters()[key].prior or ():
        build_scenario(make_raw({key: value}))


def test_policy_dates_are_those_of_the_resolutions() -> None:
    policy = make_scenario().policy
    dates = [
        facts()[name].value
        for name in ("ban_on_new_contracts", "adoption_of_2397", "deadline_of_2397")
    ]
    assert dates == [policy.new_contracts_end_from, policy.adopted_from, policy.leave_by]
    assert (
        make_scenario("policy=retain_10000").policy.retained_workers
        == facts()["retained_workers_requested"].value
    )


def test_facts_agree_with_the_series() -> None:
    permits = series()["dprk_permits_russia"].values
    assert (permits["2017-12"], permits["2018-12"]) == (
        facts()["dprk_permits_russia_end_2017"].value,
        facts()["dprk_permits_russia_end_2018"].value,
    )
    assert facts()["dprk_overseas_revenue"].value == (200e6, 500e6)


def written(folder: Path, entries: object) -> Path:
    """An evidence file with these entries."""
    path = folder / "sim" / "evidence" / "series.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    return path


BROKEN = [
    ({"unit": None}, "unit: given null, needs text"),
    ({"source": ""}, "source: given '', needs text"),
    ({"confidence": "certain"}, "confidence: given 'certain', needs one of high, medium, low"),
    ({"period": "week"}, "period: given 'week', needs one of year, month"),
    ({"values": {}}, "values: given {}"),
    ({"values": [1, 2]}, "values: given [1, 2]"),
    ({"values": {2016: "67"}}, "values.2016: given '67', needs a finite number"),
    ({"values": {2016: True}}, "values.2016: given true"),
    ({"values": {2016: float("nan")}}, "values.2016: given nan"),
    ({"values": {2016: -1.0}}, "values.2016: given -1.0, out of range for RUB per USD"),
    ({"values": {2016: 0.0}}, "out of range"),
    ({"values": {2016: 1.0, 2018: 1.0}}, "needs every year"),
    ({"values": {"2016-13": 1.0}}, "dates 2016-13 do not fit period year"),
]


@pytest.mark.parametrize(("change", "said"), BROKEN)
def test_a_malformed_series_is_refused_by_name(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_series(written(tmp_path, {"good": GOOD, "broken": {**GOOD, **change}}))
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith("sim/evidence/series.yaml: broken: ")
    assert said in caught.value.problems[0]


@given(
    entries=st.dictionaries(
        st.text(max_size=5),
        st.none() | st.integers() | st.text() | st.lists(st.integers()) | st.just(GOOD),
        max_size=4,
    )
)
def test_every_malformed_entry_is_listed(
    tmp_path_factory: pytest.TempPathFactory, entries: dict[str, object]
) -> None:
    wrong = [name for name, entry in entries.items() if entry != GOOD]
    path = written(tmp_path_factory.mktemp("evidence"), entries)
    if wrong or not entries:
        with pytest.raises(ScenarioError) as caught:
            read_series(path)
        assert len(caught.value.problems) == max(1, len(wrong))
    else:
        assert set(read_series(path)) == set(entries)


@pytest.mark.parametrize("text", ["a: [1", "a: 1\na: 2", "", "- 1", "\x00", "a: {b: 1, b: 2}"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, {})
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"sim/evidence/series\.yaml"):
        read_series(path)


def test_parameters_and_facts_are_checked_too(tmp_path: Path) -> None:
    whole = {
        "default": 1,
        "prior": [0, 2],
        "unit": "share",
        "confidence": "low",
        "assumption": True,
        "reason": "why not",
    }
    assert read_parameters(written(tmp_path, {"a": whole}))["a"].prior == (0.0, 2.0)
    wrong = {
        "a": {**whole, "default": 3},
        "b": {**whole, "prior": [2, 1]},
        "c": {**whole, "reason": ""},
        "d": {**whole, "assumption": False},
    }
    with pytest.raises(ScenarioError) as caught:
        read_parameters(written(tmp_path, wrong))
    assert len(caught.value.problems) == 4
    with pytest.raises(ScenarioError, match="needs a date as YYYY-MM-DD"):
        read_facts(
            written(
                tmp_path,
                {
                    "a": {
                        "value": "soon",
                        "unit": "date",
                        "period": "2018",
                        "source": "x",
                        "confidence": "low",
                    }
                },
            )
        )
