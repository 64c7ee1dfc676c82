"""Address, sliders, command line and engine mean the same scenario; hostile input is checked."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.configuration.settings import ConfigError, load_settings
from experiments.ensembles.uncertainty import sampled_scenarios
from experiments.explorer.address import (
    ExplorerScenario,
    explorer_scenario,
    from_query,
    number_or_text,
    overrides_of,
    settings_of,
    to_query,
    value_as_text,
)
from experiments.explorer.controls import (
    CONTROLS,
    LEVERS_FROM,
    POLICIES,
    default_value,
    month_at,
    position_of,
)
from experiments.explorer.page_state import (
    as_config,
    as_csv,
    from_sliders,
    open_address,
    slider_positions,
)
from experiments.reporting.overlay import NamedSummary
from experiments.results.result_folder import load_result

MEASURES, TRADES = ["shortfall_workers", "wage_real_rub"], ["structural"]


def positions(control):
    """Positions that a slider may have."""
    steps = round((control.high - control.low) / control.step)
    whole = float(control.step).is_integer()
    return st.integers(0, steps).map(
        lambda n: (
            int(control.low + n * control.step)
            if whole
            else round(control.low + n * control.step, 10)
        )
    )


SLIDERS = st.tuples(*(positions(control) for control in CONTROLS))
SCENARIOS = st.builds(from_sliders, st.sampled_from(POLICIES), SLIDERS, positions(LEVERS_FROM))


def outcome(work, *arguments):
    """What a function returns, or the problems that it raises."""
    try:
        return work(*arguments)
    except ConfigError as error:
        return sorted(error.problems)


@given(SCENARIOS)
@settings(max_examples=60)
def test_an_address_opens_the_scenario_it_was_made_from(scenario):
    assert outcome(from_query, to_query(scenario)) in (scenario, outcome(settings_of, scenario))
    assert (
        from_sliders(scenario.policy, slider_positions(scenario), position_of(scenario.levers_from))
        == scenario
    )


@pytest.mark.slow
@given(SCENARIOS)
@settings(max_examples=25)
def test_the_copied_command_simulates_the_same_scenario_or_is_refused_in_the_same_words(scenario):
    by_command = outcome(lambda: load_settings(overrides_of(scenario)).scenario)
    assert by_command == outcome(lambda: settings_of(scenario).scenario)


@given(
    st.dictionaries(
        st.sampled_from([control.key for control in CONTROLS] + ["policy", "levers_from", "x"]),
        st.text(max_size=30),
    )
)
@settings(max_examples=150)
def test_any_address_opens_or_is_refused(pairs):
    from urllib.parse import urlencode

    found = outcome(open_address, urlencode(pairs), MEASURES, TRADES)
    assert isinstance(found, list) or from_query(to_query(found.scenario)) == found.scenario


@given(st.text(max_size=200))
def test_any_text_as_an_address_opens_or_is_refused(text):
    assert outcome(open_address, text, MEASURES, TRADES) is not None


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "policy=un2379",
            "policy: given 'un2379'; allowed: one of blind_eye, cliff, none, observed, "
            "retain_10000, un2397; the closest is policy=un2397",
        ),
        (
            "policy.compliance=2",
            "policy.compliance: given 2; allowed: 0 to 1 (probability); change it",
        ),
        (
            "policy.complience=0.5",
            "policy.complience: no such key (given '0.5'); "
            "the closest existing key is policy.compliance",
        ),
        ("policy.compliance=${oc.env:HOME}", "given '${oc.env:HOME}'; allowed: 0 to 1"),
        ("policy.leave_by=2019-13", "allowed: a date as YYYY-MM-DD"),
        ("levers_from=2019-13", "levers_from: given '2019-13'; allowed: a month as YYYY-MM"),
        ("levers_from=soon", "allowed: a month as YYYY-MM"),
        ("levers_from=\uff12\uff10\uff11\uff19-02", "allowed: a month as YYYY-MM"),
        ("policy.compliance=\uff10.5", "allowed: 0 to 1"),
        ("policy.retained_workers=\u0665", "allowed: a whole number 0 to 20000000"),
        ("policy.compliance=nan", "given 'nan'; allowed: 0 to 1"),
        ("policy.retained_workers=1e999", "allowed: a whole number 0 to 20000000"),
        ("output_dir=/tmp", "output_dir: no such key"),
        ("policy.compliance=-inf", "given '-inf'; allowed: 0 to 1"),
        ("policy.retained_workers=" + "9" * 400, "allowed: a whole number 0 to 20000000"),
        ("policy.compliance=%F0%9F%92%A9%E2%80%AE", "allowed: 0 to 1"),
        ("policy.compliance=0.5&policy.compliance=9", "policy.compliance: given 9"),
        ("policy=../../etc/passwd", "policy: given '../../etc/passwd'; allowed: one of"),
        ("policy=%00", "allowed: one of"),
        ("pin=pin%3Dpolicy", "pin: no such key"),
        ("reference=Nobody", "reference: no such reference"),
        ("&".join(f"pin=policy%3Dnone%26name%3D{n}" for n in range(13)), "allowed: up to 12"),
        ("uncertainty=maybe", "uncertainty: given 'maybe'; allowed: "),
        ("replicates=1000", "replicates: given 1000; allowed: one of 20, 40, 100"),
        (
            "population.russian.employed=20000000",
            "workers in the explorer; use",
        ),
        ("policy.transport_per_month=null&policy.presigned=2", "policy.presigned: given 2"),
        ("market.scale=50", "market.scale: no such key"),
        ("measures=__class__", "measures: no such measure"),
        ("view=<script>", "view: no such view"),
        ("trade=x", "trade: no such trade"),
        ("pin=policy%3Dx", "policy: given 'x'"),
        ("a=" + "x" * 30_000, "shorten it"),
        ("&".join("a=1" for _ in range(200)), "leave some out"),
    ],
)
def test_hostile_addresses_are_answered_by_the_checks(query, message):
    with pytest.raises(ConfigError) as caught:
        open_address(query, MEASURES, TRADES)
    assert any(message in problem for problem in caught.value.problems)


def test_an_address_is_refused_in_the_words_of_the_command_line():
    by_command = outcome(load_settings, ["policy.compliance=2", "policy.retained_workers=-1"])
    assert by_command == outcome(from_query, "policy.compliance=2&policy.retained_workers=-1")


def test_what_is_as_shipped_is_not_in_the_address():
    for policy in POLICIES:
        assert explorer_scenario(
            policy, {control.key: default_value(control, policy) for control in CONTROLS}
        ) == ExplorerScenario(policy)
        assert to_query(ExplorerScenario(policy)) == f"policy={policy}"


def test_a_lever_that_is_moved_is_switched_on_from_its_date():
    scenario = explorer_scenario("un2397", {"levers.training.places_per_month": 100}, "2018-06")
    assert "levers.training.from_date=2018-06" in overrides_of(scenario)
    assert settings_of(scenario).scenario.levers.training.from_date.isoformat() == "2018-06-01"


def test_command_and_config_sample_parameters_as_the_explorer_does():
    scenario = explorer_scenario("cliff", {"policy.compliance": 0.5})
    by_command, here = load_settings(overrides_of(scenario)), settings_of(scenario)
    config = yaml.safe_load(as_config(here.resolved))
    assert [
        (each["uncertainty"], each["replicates"]) for each in (by_command.resolved, config)
    ] == [("posterior", 20)] * 2
    assert sampled_scenarios(by_command.resolved, "posterior", 20, 1) == sampled_scenarios(
        here.resolved, "posterior", 20, 1
    )


def test_numbers_survive_being_written():
    assert [number_or_text(value_as_text(value)) for value in (0.1, 3, -2.5, "2019-06")] == [
        0.1,
        3,
        -2.5,
        "2019-06",
    ]
    assert month_at(position_of("2019-06")) == "2019-06"


def test_downloads_hold_every_measure_and_a_config_that_composes(finished, tmp_path):
    summary = load_result(finished).summary
    lines = as_csv([NamedSummary("a", summary)]).splitlines()
    assert lines[0] == "scenario,scale,replicates,measure,unit,month,p5,median,p95"
    assert {line.split(",")[3] for line in lines[1:]} >= {"shortfall_workers", "wage_real_rub"}
    scenario = settings_of(explorer_scenario("blind_eye", {"policy.compliance": 0.3}))
    (tmp_path / "config.yaml").write_text(as_config(scenario.resolved), encoding="utf-8")
    assert (
        yaml.safe_load((tmp_path / "config.yaml").read_text(encoding="utf-8"))["policy"][
            "compliance"
        ]
        == 0.3
    )
    assert load_settings([], tmp_path).scenario == scenario.scenario


def test_what_a_mail_program_adds_to_a_link_refused_the_link() -> None:
    ours = "?policy=cliff&policy.compliance=0.5"
    assert from_query(f"{ours}&utm_source=mail&fbclid=Iw&utm_campaign=x%20y") == from_query(ours)
    with pytest.raises(ConfigError, match="source: no such key"):
        from_query(f"{ours}&source=mail")
